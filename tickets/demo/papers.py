"""Small real files for the demo's attachments: what the name's ending promises is what they hold."""

import io
import struct
import zipfile
import zlib
from datetime import datetime, timedelta
from random import Random

from django.core.files.base import ContentFile, File

from tickets.demo.slots import Slots
from tickets.workflow import files
from tickets.workflow.files import Upload

EML = """\
Received: from mail.{other} ([{ip}]) by mx01.{domain}; {stamp}
From: {outside}
To: {inside}
Subject: Invoice {few}{count}
Message-ID: <{id}@{other}>
Date: {stamp}
X-Quarantine-Reason: {reason}
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8

Please find the invoice in your account.
"""
LOG = "{stamp} id={id} from=<{outside}> to=<{inside}> relay={ip}\n"
TEXT = "{stamp}\nJob {job}\nNumber {number}\nPages sent: {pages}\nResult: OK\nError correction: on\n"
CSV_HEAD = "Job ID;Recipient;Status;Substatus;Details;Data centre\n"
CSV_ROW = "{job};{outside};ERROR;BOUNCED;SOFT_BOUNCE;{dc}\n"


def make(rng: Random, ending: str, slots: Slots, at: datetime) -> Upload:
    """A file of this kind with the ticket's own names in it, checked like any upload."""
    name, content = _MAKERS[ending](rng, slots, at)
    file: File[bytes] = ContentFile(content, name=name)
    return files.check([file])[0]


def _eml(rng: Random, slots: Slots, at: datetime) -> tuple[str, bytes]:
    return f"quarantine-{rng.randint(100, 999)}.eml", slots.fill(EML, at).encode()


def _log(rng: Random, slots: Slots, at: datetime) -> tuple[str, bytes]:
    moments = [at - timedelta(seconds=rng.randint(1, 90) * back) for back in range(40, 0, -1)]
    return f"mail-{at:%Y%m%d}.log", "".join(slots.fill(LOG, moment) for moment in moments).encode()


def _txt(rng: Random, slots: Slots, at: datetime) -> tuple[str, bytes]:
    return f"report-{at:%Y%m%d}.txt", slots.fill(TEXT, at).encode()


def _csv(rng: Random, slots: Slots, at: datetime) -> tuple[str, bytes]:
    return f"udr-{at:%Y%m%d}.csv", (CSV_HEAD + slots.fill(CSV_ROW, at) * rng.randint(5, 30)).encode()


def _zip(rng: Random, slots: Slots, at: datetime) -> tuple[str, bytes]:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("register.txt", slots["tenant"])
        archive.writestr("example.txt", "Your code is 123456. It is valid for ten minutes.")
    return "papers.zip", packed.getvalue()


def _png(rng: Random, slots: Slots, at: datetime) -> tuple[str, bytes]:
    return f"screenshot-{at:%H%M}.png", bars([rng.randint(8, 60) for _ in range(24)])


def bars(heights: list[int]) -> bytes:
    """A picture of columns, as a report page draws them: 10 pixels each, 72 high, in grey on white."""
    rows = []
    for line in range(72):
        pixels = b"".join((b"\x55" if 72 - line <= height else b"\xff") * 8 + b"\xff\xff" for height in heights)
        rows.append(b"\x00" + pixels)
    head = struct.pack(">IIBBBBB", len(heights) * 10, 72, 8, 0, 0, 0, 0)
    parts = [(b"IHDR", head), (b"IDAT", zlib.compress(b"".join(rows))), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in parts)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


_MAKERS = {"eml": _eml, "log": _log, "txt": _txt, "csv": _csv, "zip": _zip, "png": _png}
