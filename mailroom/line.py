"""The line to the mail server: one connection for a batch, and no mail on it longer than its time."""

import smtplib
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import TracebackType

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend

from mailroom.rendering import Mail
from mailroom.retry import words

GOODBYE_SECONDS = 2.0


class ServerAwayError(Exception):
    """No connection, or no sign-in: no single mail is to blame. Its text is what the server or the network said."""


class Line:
    """Opens with the first mail, asks before each reuse whether the server still listens, starts afresh after errors.

    Works with every mail backend of Django; what is said here of connections and time holds for SMTP.
    """

    def __init__(self) -> None:
        self.backend: BaseEmailBackend = get_connection()

    def __enter__(self) -> "Line":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        with suppress(OSError):
            if self.smtp is not None and self.smtp.sock is not None:
                self.smtp.sock.settimeout(GOODBYE_SECONDS)  # a server that hangs on QUIT has all our mail already
            self.backend.close()

    def send(self, mail: Mail, until: float) -> None:
        """Return when the server has taken the mail; `until` is a moment of time.monotonic().

        Raises ServerAwayError before anything was said of this mail, else what smtplib or the network raise,
        TimeoutError when the time was over, and ValueError for a mail that cannot be written.
        """
        self.open()
        try:
            with self.cut_at(until):
                taken = self.backend.send_messages([mail])
        except Exception:
            self.drop()
            raise
        if not taken:
            raise ValueError("The mail has no recipient.")

    def open(self) -> None:
        try:
            if self.smtp is not None and not listens(self.smtp):
                self.drop()
            self.backend.open()
        except OSError as error:  # smtplib's errors are OSErrors too
            self.drop()
            raise ServerAwayError(words(error)) from error

    def drop(self) -> None:
        """Without the QUIT that a server in trouble would let us wait for."""
        if self.smtp is not None:
            self.smtp.close()
        self.backend = get_connection()

    @property
    def smtp(self) -> smtplib.SMTP | None:
        return self.backend.connection if isinstance(self.backend, EmailBackend) else None

    @contextmanager
    def cut_at(self, until: float) -> Iterator[None]:
        """Timeouts of sockets count each single answer anew: a server that drips letters would hold us for hours."""
        left = until - time.monotonic()
        if left <= 0:
            raise TimeoutError("The mail server took all the time there was to answer at all.")
        watch = threading.Timer(left, hang_up, [self.smtp.sock if self.smtp else None])
        watch.daemon = True
        watch.start()
        try:
            yield
        except OSError as error:
            if time.monotonic() >= until:
                raise TimeoutError("The mail server did not finish in time.") from error
            raise
        finally:
            watch.cancel()


def listens(smtp: smtplib.SMTP) -> bool:
    """Servers close a connection after so many mails or seconds; that is no refusal of the next mail."""
    try:
        return smtp.noop()[0] == 250
    except OSError:
        return False


def hang_up(line: socket.socket | None) -> None:
    with suppress(OSError):
        if line is not None:
            line.shutdown(socket.SHUT_RDWR)
