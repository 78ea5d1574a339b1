"""Is the sender who From says? Our own mail server has looked, and wrote it down (RFC 8601).

Only lines that bear one of our servers' own names count, and of those only the topmost: everybody can write such a
line into a mail, but nobody can put it above the one our server adds on arrival.
"""

import re

from mailroom.reading import headers
from mailroom.reading.parsed import Verdict
from mailroom.reading.structure import Part

COMMENT = re.compile(r"\([^()]*\)")
RESULT = re.compile(r"^\s*([a-z0-9-]+)(?:/\d+)?\s*=\s*([a-z]+)", re.IGNORECASE)
PROPERTY = re.compile(
    r"\b(header\.d|header\.i|header\.from|smtp\.mailfrom|smtp\.helo)\s*=\s*\"?([^\s;\"]+)", re.IGNORECASE
)


def read(root: Part, email: str, servers: list[str]) -> Verdict:
    """`servers` are the names our own mail server signs with; none means that nobody's word counts."""
    domain = email.rpartition("@")[2].lower().rstrip(".")
    if not servers or not domain:
        return Verdict()
    for value in root.all("authentication-results"):
        said = COMMENT.sub(" ", headers.decode(value))
        server, _, results = said.partition(";")
        if server.split()[:1] and server.split()[0].lower() in servers:
            return judged(results, domain)
    return Verdict()


def judged(results: str, domain: str) -> Verdict:
    """DMARC says it all, for or against; without it, a signature or a sending server of the same domain will do."""
    found = [
        (match.group(1).lower(), match.group(2).lower(), properties(result))
        for result in results.split(";")
        if (match := RESULT.match(result))
    ]
    told = {(method, outcome): said for method, outcome, said in found}
    for outcome in ("fail", "pass"):
        if told.get(("dmarc", outcome), {"header.from": ""}).get("header.from", domain) == domain:
            return Verdict(outcome == "pass", "dmarc")
    for method, said in [(method, said) for method, outcome, said in found if outcome == "pass"]:
        if method == "dkim" and aligned(said.get("header.d") or said.get("header.i", ""), domain):
            return Verdict(True, "dkim")
        if method == "spf" and aligned(said.get("smtp.mailfrom", ""), domain):
            return Verdict(True, "spf")
    return Verdict()


def properties(result: str) -> dict[str, str]:
    return {name.lower(): value.lower() for name, value in PROPERTY.findall(result)}


def aligned(name: str, domain: str) -> bool:
    """The same domain, or one above it that is not a whole country's: strict enough without a list of suffixes."""
    signer = name.rpartition("@")[2].rstrip(".")
    return signer == domain or (
        signer.count(".") >= 1 and len(signer.partition(".")[0]) > 3 and domain.endswith(f".{signer}")
    )
