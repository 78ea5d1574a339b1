"""What is new in a reply, and what only repeats the mail before it.

Lines are looked at once, from top to bottom, so the time grows with the text and with nothing else. When unsure, a
line stays: a quotation too much is a nuisance, a hidden sentence a fault. The whole text is kept beside the result.
Only replies are cut. In a first mail, lines with `>` are a log or a prompt, and `From:` is a header to be looked into.
"""

import re
from dataclasses import dataclass

LINE_CHARACTERS = 1_000  # longer ones are no header of a quotation
SIGNATURE_LINES = 15
ATTRIBUTION_LINES = 4

REPLY = re.compile(r"^\s*(?:re|aw|antw|sv|ref|rif|res|réf)\s*(?:\[\d+\])?\s*:", re.IGNORECASE)
FORWARD = re.compile(r"^\s*(?:fwd?|wg|tr|rv|enc|i|inoltra|weitergeleitet|reenv)\s*:", re.IGNORECASE)

#: Above these stands what is new, below them the old mail to its end.
ORIGINAL = re.compile(
    r"^[ *>]*[-_]{2,}\s*\**\s*(?:original message|original appointment|original-nachricht|originalnachricht|"
    r"urspr(?:ü|ue|\?)ngliche(?:r)? (?:nachricht|termin)|message d['’]origine|message original|mensaje original|"
    r"messaggio originale|reply message|antwort|nachricht)\s*\**\s*[-_]{2,}",
    re.IGNORECASE,
)
FORWARDED = re.compile(
    r"^[ *>]*(?:[-_]{2,}\s*(?:forwarded|weitergeleitete|message transf|mensaje reenviado|messaggio inoltrato|"
    r"doorgestuurd)|begin forwarded message|anfang der weitergeleiteten|début du (?:message )?(?:réexp|transf)|"
    r"inicio del mensaje reenviado|inizio messaggio inoltrato)",
    re.IGNORECASE,
)
FROM = r"from|von|de|da|expéditeur|remitente|mittente"
SENT = r"sent|date|gesendet|datum|envoyé(?: le)?|fecha|enviado(?: el)?|enviada|inviato|data|gesendet am"
TO = r"to|an|à|a|para|per|cc|kopie|bcc|reply-to|antwort an"
SUBJECT = r"subject|betreff|objet|asunto|oggetto|assunto"
FROM_LINE = re.compile(rf"^[ *]*(?:{FROM})\s*:\**\s*\S", re.IGNORECASE)
SENT_LINE = re.compile(rf"^[ *]*(?:{SENT})\s*:", re.IGNORECASE)
TO_LINE = re.compile(rf"^[ *]*(?:{TO})\s*:", re.IGNORECASE)
SUBJECT_LINE = re.compile(rf"^[ *]*(?:{SUBJECT})\s*:", re.IGNORECASE)
RAW_HEADER = re.compile(r"^(?:received|message-id|mime-version|content-type|return-path|dkim-signature|x-\S+):", re.I)
ONE_LINE_BLOCK = re.compile(
    rf"^[ *]*(?:{FROM})\s*:.{{3,200}}?\b(?:{SENT})\s*:.{{3,200}}?\b(?:{SUBJECT})\s*:", re.IGNORECASE
)
RULE = re.compile(r"^[ ]*[_\-=*]{5,}[ ]*$")

VERB = re.compile(
    r"\b(?:wrote|writes|schrieb|schreibt|geschrieben|a écrit|écrit|écrivait|escribió|escribe|ha escrito|ha scritto|"
    r"scrive|scritto|skrev|schreef|escreveu|said)\b",
    re.IGNORECASE,
)
OPENING = re.compile(
    r"^\s*(?:on|am|le|el|il|em|op|den|quoting|zitat von|at|in message|il giorno|vom|a)\s", re.IGNORECASE
)
OLD_GMAIL = re.compile(r"^\s*\d{4}-\d\d-\d\d \d{1,2}:\d\d (?:GMT|UTC)?[+-]?[\d:]* ?.{0,120}<\S{3,200}@\S{3,200}>:\s*$")
NAMING = re.compile(r"^\s*(?:quoting|zitat von|citando)\s.{0,200}:\s*$", re.IGNORECASE)
DATED = re.compile(r"\d{1,4}[./ -]|\b\d{4}\b|\d:\d\d")

SIGNATURE = re.compile(r"^--\s*$")
MOBILE = re.compile(
    r"^\W{0,3}(?:sent from (?:my|mail for|yahoo|outlook|samsung|proton|gmail|the|a)\b|sent (?:with|via) \w|"
    r"get outlook for|von meinem? .{1,60} gesendet|gesendet (?:von|mit|über|aus)\b|diese nachricht wurde von meinem|"
    r"outlook für (?:ios|android)|envoyé (?:de|depuis|à partir)\b|télécharge[rz] outlook|obtenez outlook|"
    r"enviado (?:desde|con|do)\b|obtener outlook|inviato (?:da|dal|con)\b|scarica outlook|ottieni outlook|"
    r"verzonden vanaf)",
    re.IGNORECASE,
)
MOBILE_CHARACTERS = 150


@dataclass(frozen=True)
class Cut:
    text: str
    cut: bool


def is_reply(subject: str, answers: bool) -> bool:
    """`answers`: whether the mail names another one that it answers. A forward says all it holds."""
    return not FORWARD.match(subject) and (answers or REPLY.match(subject) is not None)


def cut(text: str, *, reply: bool) -> Cut:
    lines = text.split("\n")
    kept = without_signature(new_lines(lines) if reply else lines)
    new = "\n".join(kept).strip("\n")
    if not new.strip():
        return Cut(text, False)
    return Cut(new, new != text.strip("\n"))


def new_lines(lines: list[str]) -> list[str]:
    """Top posting, bottom posting, or answers between the quoted lines: those stay with what they answer."""
    quoted, end = quotations(lines)
    own = [at for at in range(end) if not quoted[at] and lines[at].strip()]
    if not own:
        return lines
    first, last = own[0], own[-1]
    between = any(quoted[at] for at in range(first, last))
    return lines[0 if between else first : last + 1]


def quotations(lines: list[str]) -> tuple[list[bool], int]:
    """For each line whether it is quoted; and where the old mail begins that nothing new can follow."""
    quoted = [line.startswith(">") for line in lines]
    following = next_text(lines)
    for at, line in enumerate(lines):
        if quoted[at] or len(line) > LINE_CHARACTERS or not line:
            continue
        if FORWARDED.match(line):
            return quoted, len(lines)
        if ORIGINAL.match(line) or is_header_block(lines, at):
            return quoted, before_rule(lines, at)
        if line.rstrip().endswith(":") and (start := attribution(lines, quoted, at)) is not None:
            after = following[at]
            if after < len(lines) and quoted[after]:
                quoted[start : at + 1] = [True] * (at + 1 - start)
            elif is_sure(" ".join(lines[start : at + 1])):
                return quoted, start
    return quoted, len(lines)


def next_text(lines: list[str]) -> list[int]:
    """For each line, where the next one stands that is not blank."""
    found = [len(lines)] * len(lines)
    for at in range(len(lines) - 2, -1, -1):
        found[at] = at + 1 if lines[at + 1].strip() else found[at + 1]
    return found


def before_rule(lines: list[str], at: int) -> int:
    """Outlook draws a line above the old mail."""
    above = at
    while above and not lines[above - 1].strip() and at - above < 2:
        above -= 1
    return above - 1 if above and RULE.match(lines[above - 1]) else at


def is_header_block(lines: list[str], at: int) -> bool:
    """From, Sent, To, Subject as Outlook writes them above the old mail; not the headers of a mail as evidence."""
    if not FROM_LINE.match(lines[at]):
        return False
    if ONE_LINE_BLOCK.match(lines[at]):
        return True
    block = [line for line in lines[at + 1 : at + 14] if line.strip()][:8]
    if any(RAW_HEADER.match(line) for line in [*lines[max(0, at - 1) : at], *block]):
        return False
    sent = next((number for number, line in enumerate(block[:3]) if SENT_LINE.match(line)), None)
    subject = next((number for number, line in enumerate(block) if SUBJECT_LINE.match(line)), None)
    if sent is None or subject is None:
        return False
    return any(TO_LINE.match(line) for line in block[: subject + 1]) or subject > sent


def attribution(lines: list[str], quoted: list[bool], at: int) -> int | None:
    """Where `On …, somebody wrote:` begins that ends in this line; None when it is none."""
    if OLD_GMAIL.match(lines[at]) or NAMING.match(lines[at]):
        return at
    for start in range(at, max(-1, at - ATTRIBUTION_LINES), -1):
        if quoted[start] or not lines[start].strip() or len(lines[start]) > LINE_CHARACTERS:
            break
        whole = " ".join(lines[start : at + 1])
        if OPENING.match(lines[start]) and VERB.search(whole) and DATED.search(whole):
            return start
    return at if VERB.search(lines[at]) and ("@" in lines[at] or DATED.search(lines[at])) else None


def is_sure(whole: str) -> bool:
    """Without a quoted line below, only a date together with an address, or a time of day, makes sure."""
    return bool(DATED.search(whole)) and ("@" in whole or (re.search(r"\d:\d\d|\d{4}", whole) is not None))


def without_signature(lines: list[str]) -> list[str]:
    text = [at for at, line in enumerate(lines) if line.strip()]
    if not text:
        return lines
    mark = next((at for at in text if SIGNATURE.match(lines[at])), None)
    if mark is not None and mark != text[0]:
        below = [at for at in text if at > mark]
        if len(below) <= SIGNATURE_LINES and not any(lines[at].startswith(">") for at in below):
            lines = lines[:mark]
    return without_mobile(lines)


def without_mobile(lines: list[str]) -> list[str]:
    """`Sent from my telephone`, when nothing follows it."""
    end = len(lines)
    for _ in range(2):
        while end and not lines[end - 1].strip():
            end -= 1
        if not end or len(lines[end - 1]) > MOBILE_CHARACTERS or not MOBILE.match(lines[end - 1]):
            break
        end -= 1
    return lines[:end]
