"""When a mail is tried again, and when not: the tables."""

import smtplib
from datetime import UTC, datetime, timedelta

import pytest

from mailroom import retry

HALF_A_MINUTE = timedelta(seconds=30)
BEGAN_AT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("attempts", "seconds"),
    [(1, 30), (2, 60), (3, 120), (4, 240), (5, 480), (6, 960), (7, 1920), (8, 3600), (9, 3600), (30_000, 3600)],
)
def test_the_wait_doubles_up_to_an_hour(attempts: int, seconds: int) -> None:
    assert retry.wait(attempts, first=HALF_A_MINUTE) == timedelta(seconds=seconds)


@pytest.mark.parametrize(("hours", "over"), [(0, False), (23.99, False), (24, True), (60, True)])
def test_a_day_of_trying_is_enough(hours: float, over: bool) -> None:
    assert retry.is_over(BEGAN_AT, BEGAN_AT + timedelta(hours=hours)) is over


def refused(code: int) -> smtplib.SMTPRecipientsRefused:
    return smtplib.SMTPRecipientsRefused({"alice@alpine.example": (code, b"5.1.1 No such\nuser")})


@pytest.mark.parametrize(
    ("error", "final", "words"),
    [
        (refused(550), True, "550 5.1.1 No such user"),
        (refused(553), True, "553 5.1.1 No such user"),
        (refused(450), False, "450 5.1.1 No such user"),
        (refused(421), False, "421 5.1.1 No such user"),
        (refused(530), False, "530 5.1.1 No such user"),
        (smtplib.SMTPDataError(554, b"Looks like spam"), True, "554 Looks like spam"),
        (smtplib.SMTPDataError(451, b"Try later"), False, "451 Try later"),
        (smtplib.SMTPSenderRefused(550, b"Who are you", "desk@desk.example"), False, "550 Who are you"),
        (smtplib.SMTPSenderRefused(552, b"Too large", "desk@desk.example"), True, "552 Too large"),
        (smtplib.SMTPServerDisconnected("Connection unexpectedly closed"), False, "Connection unexpectedly closed"),
        (ConnectionRefusedError(111, "Connection refused"), False, "[Errno 111] Connection refused"),
        (TimeoutError("The mail server did not finish in time."), False, "The mail server did not finish in time."),
        (OSError(), False, "OSError"),
        (smtplib.SMTPNotSupportedError("SMTPUTF8 not supported"), True, "SMTPUTF8 not supported"),
        (ValueError("Header values can't contain newlines"), True, "Header values can't contain newlines"),
        (
            UnicodeEncodeError("ascii", "ü", 0, 1, "no"),
            True,
            "'ascii' codec can't encode character '\\xfc' in position 0: no",
        ),
    ],
)
def test_only_a_refusal_of_this_mail_is_final_and_its_words_are_kept(error: Exception, final: bool, words: str) -> None:
    assert (retry.is_final(error), retry.words(error)) == (final, words)
