"""What identifies one affected transaction, by service (guide, sections 4 and 5).

The templates speak of e-mail (sender, recipient), the matrix of fax and SMS (inbound number, termination address,
sending account): the same row has both, and the chosen service decides which columns are asked for.
"""

from collections.abc import Collection, Mapping

COMMON_FIRST, COMMON_LAST = ("occurred",), ("status", "log_extract")
MAIL = ("sender", "recipient")
NUMBER = ("sending_account", "inbound_number", "termination_address")

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "email-security": MAIL,
    "transactional-email": MAIL,
    "cloud-fax": NUMBER,
    "sms": NUMBER,
    "edi": MAIL,
}


def columns(services: Collection[str]) -> list[str]:
    """The columns for these service codes, in the order of the form; e-mail's for a service without own columns."""
    chosen = [COLUMNS.get(code, MAIL) for code in services] or [MAIL]
    middle = [name for group in (MAIL, NUMBER) if group in chosen for name in group]
    return [*COMMON_FIRST, *middle, *COMMON_LAST]
