"""Where mail lands when no EMAIL_URL is set: spoken to over SMTP like a real server, kept as files, sent to nobody."""

import asyncio
import itertools
import re
import threading
from datetime import UTC, datetime
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from partnerdesk.local.processes import CannotStartError


class Mailbox:
    """Writes each mail as `<moment, UTC>-<number>-<recipient>.eml` into `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.numbers = itertools.count(1)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  # aiosmtpd's
        recipient = re.sub(r"[^\w.@+-]", "_", envelope.rcpt_tos[0])[:100]
        name = f"{datetime.now(UTC):%Y-%m-%dT%H%M%S}-{next(self.numbers)}-{recipient}.eml"
        (self.folder / name).write_bytes(envelope.original_content or b"")
        return "250 Kept"


class MailSink:
    """Listens on a free port of this machine only, in a thread that ends with the process."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = 0
        self.listening = threading.Event()

    def start(self) -> None:
        threading.Thread(target=lambda: asyncio.run(self.serve()), name="mail", daemon=True).start()
        if not self.listening.wait(10):
            raise CannotStartError("The local mail server did not start: set EMAIL_URL.")

    async def serve(self) -> None:
        mailbox = Mailbox(self.folder)
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: SMTP(mailbox, enable_SMTPUTF8=True, loop=loop), "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self.listening.set()
        await server.serve_forever()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"
