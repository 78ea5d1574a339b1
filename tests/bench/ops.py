"""What people do most, as requests: who, which address, and what the answer must hold to count."""

from dataclasses import dataclass
from enum import Enum
from urllib.parse import urlencode

from tickets.bench.known import AGENT, COMMON, CONTACT, FOUND, MANAGER, RARE


class Who(Enum):
    NOBODY = ""
    CONTACT = "contact"
    AGENT = "agent"
    MANAGER = "manager"


EMAILS = {Who.CONTACT: CONTACT, Who.AGENT: AGENT, Who.MANAGER: MANAGER}


@dataclass(frozen=True)
class Op:
    """`{ticket}` in the path is a ticket of the contact's partner with ten messages. `files` posts a new ticket,
    `typed` what was typed of one so far, as the live parts of the form do, with `adds` behind it."""

    key: str
    label: str
    who: Who
    path: str
    holds: str = ""
    files: bool = False
    typed: bool = False
    adds: bytes = b""


LOG = "27.08.2019 11:02:13 mail postfix/smtp[7]: 4A1: to=<guest@other.example>, status=bounced (550 5.1.1 unknown)\n"
READ = f"&{urlencode({'read': '1', 'pasted': LOG * 40})}".encode()

QUEUE = "/admin/tickets/ticket/"

OPS = (
    Op("hello", "`/healthz`: the server and nothing else", Who.NOBODY, "/healthz", "alive"),
    Op("form", "open the form for a new ticket", Who.CONTACT, "/tickets/new/", 'name="submission"'),
    Op("file", "file it, with a 20 kB attachment", Who.CONTACT, "/tickets/new/", files=True),
    Op("missing", "while typing: what is missing", Who.CONTACT, "/tickets/new/missing/", typed=True),
    Op("beside", "while typing: tickets that read alike", Who.CONTACT, "/tickets/new/beside/", typed=True),
    Op("articles", "while typing: articles, of 500", Who.CONTACT, f"/knowledge/suggest/?subject={FOUND}", "<a "),
    Op("evidence", "read 40 pasted lines", Who.CONTACT, "/tickets/new/examples/", "guest@", typed=True, adds=READ),
    Op("list", "the partner's list", Who.CONTACT, "/tickets/", "RCR-"),
    Op("ticket", "a ticket with 10 messages, in the portal", Who.CONTACT, "/tickets/{ticket}/", "RCR-{ticket}"),
    Op("queue", "the agents' queue", Who.AGENT, QUEUE, "RCR-"),
    Op("desk", "the ticket with 10 messages, in the admin", Who.AGENT, QUEUE + "{ticket}/change/", "RCR-{ticket}"),
    Op("rare", f"agents search “{RARE}”, in 20 tickets", Who.AGENT, f"{QUEUE}?q={RARE}", "RCR-"),
    Op("common", f"agents search “{COMMON}”, in every fifth", Who.AGENT, f"{QUEUE}?q={COMMON}", "RCR-"),
    Op("own", f"a contact searches “{COMMON}” in the own", Who.CONTACT, f"/tickets/?q={COMMON}", "RCR-"),
    Op("report", "the monthly report of one partner", Who.CONTACT, "/reports/", "<svg"),
    Op("reports", "the monthly report of all 200", Who.MANAGER, "/reports/", "<svg"),
)

FLOOR = OPS[0]
