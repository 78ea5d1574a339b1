"""Shall a mail that did not leave be tried again, and when? Told what happened, reads nothing."""

import smtplib
from datetime import datetime, timedelta

LONGEST_WAIT = timedelta(hours=1)
PATIENCE = timedelta(days=1)

# Replies that speak of our login or our order of commands, not of this mail: somebody will put that right.
ABOUT_US = frozenset({503, 530, 534, 535, 538})
TOO_LARGE = 552


def wait(attempts: int, first: timedelta) -> timedelta:
    """How long to wait after the given number of failed attempts: `first`, then doubled up to an hour."""
    return min(first * int(2 ** min(attempts - 1, 20)), LONGEST_WAIT)


def is_over(first_attempt_at: datetime, now: datetime) -> bool:
    """A day of trying is enough. It counts from the first attempt: time without a worker is nobody's refusal."""
    return now - first_attempt_at >= PATIENCE


def is_final(error: Exception) -> bool:
    """Whether trying again cannot help: the server refused this recipient or this mail for good (RFC 5321, 4.2.1),
    or the mail cannot be written at all (line break in a header, no valid address).

    For errors of sending only. Whatever goes wrong while connecting or signing in is not the mail's fault.
    """
    if isinstance(error, ValueError | smtplib.SMTPNotSupportedError):
        return True
    code = reply(error)[0]
    if isinstance(error, smtplib.SMTPSenderRefused):
        return code == TOO_LARGE  # any other refusal of our own address is a fault of the set-up
    return 500 <= code <= 599 and code not in ABOUT_US


def reply(error: Exception) -> tuple[int, str]:
    """The server's code and words, also for its first refused recipient; 0 when no server spoke."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, said = next(iter(error.recipients.values()))
        return code, said.decode(errors="replace")
    if isinstance(error, smtplib.SMTPResponseException):
        spoken = error.smtp_error
        return error.smtp_code, spoken.decode(errors="replace") if isinstance(spoken, bytes) else spoken
    return 0, str(error) or type(error).__name__


def words(error: Exception) -> str:
    """One line for people: the server's own words with their code, or what the network said."""
    code, said = reply(error)
    return " ".join(f"{code or ''} {said}".split())[:1000]
