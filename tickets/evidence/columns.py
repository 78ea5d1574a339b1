"""What identifies one affected transaction, by service (guide, sections 4 and 5).

The templates speak of e-mail (sender, recipient), the matrix of fax and SMS (inbound number, termination address,
sending account): the same row has both, and the chosen service decides which columns are asked for. Where a
transaction has a number of its own (job ID), that comes first: with it nothing else needs to be searched.
"""

from collections.abc import Collection, Mapping

COMMON_FIRST, COMMON_LAST = ("occurred",), ("status", "log_extract")
JOB = ("job_id",)
MAIL = ("sender", "recipient")
NUMBER = ("sending_account", "inbound_number", "termination_address")
ALL = (*COMMON_FIRST, *JOB, *MAIL, *NUMBER, *COMMON_LAST)

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "email-security": MAIL,
    "transactional-email": JOB + MAIL,
    "cloud-fax": JOB + NUMBER,
    "sms": JOB + NUMBER,
    "edi": MAIL,
}


def columns(services: Collection[str]) -> list[str]:
    """The columns for these service codes, in the order of the form; e-mail's for a service without own columns."""
    wanted = {column for code in services for column in COLUMNS.get(code, MAIL)} or set(MAIL)
    return [*COMMON_FIRST, *(column for column in (*JOB, *MAIL, *NUMBER) if column in wanted), *COMMON_LAST]
