"""What people do most, as requests: who, which address, and what the answer must hold to count."""

from dataclasses import dataclass
from enum import Enum

from tickets.bench.known import AGENT, COMMON, CONTACT, MANAGER, RARE


class Who(Enum):
    NOBODY = ""
    CONTACT = "contact"
    AGENT = "agent"
    MANAGER = "manager"


EMAILS = {Who.CONTACT: CONTACT, Who.AGENT: AGENT, Who.MANAGER: MANAGER}


@dataclass(frozen=True)
class Op:
    """`{ticket}` in the path is a ticket of the contact's partner with ten messages. `files` posts a new ticket."""

    key: str
    label: str
    who: Who
    path: str
    holds: str = ""
    files: bool = False


QUEUE = "/admin/tickets/ticket/"

OPS = (
    Op("hello", "`/healthz`: the server and nothing else", Who.NOBODY, "/healthz", "alive"),
    Op("form", "open the form for a new ticket", Who.CONTACT, "/tickets/new/", 'name="submission"'),
    Op("file", "file it, with a 20 kB attachment", Who.CONTACT, "/tickets/new/", files=True),
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
