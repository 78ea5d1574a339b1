"""One proposed row, and the names under which its parts stand in reports, logs and mails."""

import re
from collections.abc import Iterable
from functools import lru_cache

from tickets.evidence.codes import located
from tickets.evidence.columns import ALL

Row = dict[str, str]

#: Characters. At most what an example stores (tickets.models); a log extract is cut far below its limit, because a
#: row proposes and the file attached is the proof.
LIMITS = {
    "occurred": 60,
    "job_id": 100,
    "sender": 320,
    "recipient": 320,
    "sending_account": 100,
    "inbound_number": 50,
    "termination_address": 100,
    "status": 500,
    "log_extract": 2_000,
}
#: Field names without anything but letters and figures: reports of transactional e-mail, fax rows, SMS lists, headers
#: people give their own sheets, in English and German. The first name that has a value wins, status takes all.
NAMES: dict[str, tuple[str, ...]] = {
    "occurred": (
        "timestamp", "datetime", "datereceived", "datesent", "sentdate", "sentat", "eventtime", "created", "createdat",
        "processed", "submitted", "finished", "occurred", "zeitpunkt", "zeitstempel",
        "date", "datum", "time", "zeit", "uhrzeit",
    ),
    "job_id": ("jobid", "jobnumber", "auftragsnummer", "auftragsid", "smsid", "usageid"),
    "sender": ("sender", "from", "mailfrom", "envelopefrom", "fromaddress", "senderaddress", "absender", "von"),
    "recipient": (
        "recipient", "to", "rcptto", "envelopeto", "toaddress", "recipientaddress", "empfänger", "empfaenger", "an",
    ),
    "sending_account": ("sendingaccount", "account", "technicalaccountid", "callingnumber", "userid", "sendekonto"),
    "inbound_number": ("inboundnumber", "callednumber", "eingangsnummer"),
    "termination_address": ("terminationaddress", "destination", "destinationnumber", "msisdn", "dst", "zieladresse"),
    "status": (
        "status", "substatus", "detail", "details", "result", "state", "smtpcode", "smtpstatus", "smtpreply",
        "enhancedcode", "diagnosticcode", "reason", "quarantinereason", "error", "errorcode", "errormessage",
        "statuscode", "fehler", "fehlermeldung", "grund",
    ),
}  # fmt: skip
COLUMN_OF = {name: column for column, names in NAMES.items() for name in names}
DAY, HOUR = {"date", "datum"}, {"time", "zeit", "uhrzeit"}
NUMBER = re.compile(r"\+?[\d ()/\-]{5,30}")
BY_NUMBER = {"sender": "sending_account", "recipient": "termination_address"}


@lru_cache(maxsize=1_000)  # a table asks for the same few names in each of its rows
def plain(name: str) -> str:
    """`Job ID`, `job_id` and `JobID` are one name."""
    return "".join(letter for letter in name[:60].lower() if letter.isalnum())


def known(names: Iterable[str]) -> int:
    """How many different columns these names stand for."""
    return len({COLUMN_OF[name] for text in names if (name := plain(text)) in COLUMN_OF})


def row(**cells: str) -> Row:
    """A row with every column, blanks for what is not given; each cut to what can be stored."""
    return {column: cut(cells.get(column, ""), LIMITS[column]) for column in ALL}


def cut(text: str, limit: int) -> str:
    text = text.replace("\x00", "").strip()
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def from_fields(fields: Iterable[tuple[str, str]]) -> Row | None:
    """A row of named values; None when they identify no transaction. What has no column goes to the log extract."""
    named: dict[str, dict[str, str]] = {}
    rest = []
    for name, value in fields:
        if not (value := value.strip()):
            continue
        called = plain(name)
        column = COLUMN_OF.get(called)
        if column is None:
            rest.append(f"{name.strip()}: {value}")
        else:
            named.setdefault(column, {})[called] = value
    if len(named) < 2 and "job_id" not in named:
        return None  # `identifies` would ask for two things at least
    cells = {column: _chosen(column, values) for column, values in named.items()}
    _move_numbers(cells)
    cells["log_extract"] = "\n".join(rest)
    return row(**cells) if identifies(cells) else None


def identifies(cells: Row) -> bool:
    """A number, or an address with a moment or an error: less could be anything."""
    whom = any(cells.get(column) for column in ("sender", "recipient", "sending_account", "inbound_number"))
    whom = whom or bool(cells.get("termination_address"))
    return bool(cells.get("job_id")) or (whom and bool(cells.get("occurred") or cells.get("status")))


def _chosen(column: str, values: dict[str, str]) -> str:
    ordered = [values[name] for name in NAMES[column] if name in values]
    if column == "status":
        return " · ".join(dict.fromkeys(ordered))
    day, hour = (next((values[name] for name in values if name in group), "") for group in (DAY, HOUR))
    return f"{day} {hour}" if column == "occurred" and day and hour else ordered[0]


def _move_numbers(cells: Row) -> None:
    """Fax and SMS reports call numbers sender and recipient too."""
    for column, other in BY_NUMBER.items():
        if other not in cells and NUMBER.fullmatch(cells.get(column, "")[:40]):
            cells[other] = cells.pop(column)


def error_in(text: str) -> str:
    """The text from its most telling code to its end: a reply code with an enhanced one, else the first code."""
    found = located(text)
    if not found:
        return ""
    start = next((start for code, start in found if " " in code), found[0][1])
    said = text[start:].strip()
    return said.removesuffix(")") if said.count(")") > said.count("(") else said
