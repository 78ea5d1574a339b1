"""What whoever measures must know of a filled database."""

#: A word in every fifth ticket, and one in twenty tickets of all.
COMMON, RARE = "quarantine", "xylograph"
RARE_TICKETS = 20
#: So many articles, and a word in every tenth of those that are not the guide's own.
ARTICLES, FOUND = 500, "windjammer"
#: A database of so many tickets ends with the number BEFORE + so many: an open one of the partner with most tickets.
BEFORE = 1_000_000
#: So many of the newest tickets have ten messages, the others two or three.
TALKATIVE = 50

#: The one password of all logins. The database is a scratch one and holds nothing else.
PASSWORD = "slow-boat-to-fast"  # noqa: S105
AGENT, MANAGER = "agent0@desk.example", "manager@desk.example"
#: Administers the contacts of the partner with most tickets and sees all its tenants.
CONTACT = "first0@p0.example"
