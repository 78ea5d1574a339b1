"""Attachments: a safe name for each, whatever the mail calls it."""

import mimetypes
import re
from dataclasses import dataclass

from mailroom.reading import headers, text
from mailroom.reading.structure import Part, head

NAME_CHARACTERS = 150
UNSAFE = re.compile(r'[<>:"|?*\x00-\x1f]')
DOTS = re.compile(r"^[.\s]+|[.\s]+$")

#: Names for parts that have none.
BY_TYPE = {
    "message/rfc822": "mail.eml",
    "message/global": "mail.eml",
    "message/delivery-status": "delivery-status.txt",
    "message/disposition-notification": "receipt.txt",
    "message/feedback-report": "feedback-report.txt",
    "text/rfc822-headers": "headers.txt",
    "message/rfc822-headers": "headers.txt",
    "text/calendar": "invitation.ics",
    "application/ics": "invitation.ics",
    "application/ms-tnef": "winmail.dat",
    "application/vnd.ms-tnef": "winmail.dat",
    "application/pkcs7-mime": "smime.p7m",
    "application/x-pkcs7-mime": "smime.p7m",
    "application/pkcs7-signature": "smime.p7s",
    "application/x-pkcs7-signature": "smime.p7s",
    "application/pgp-signature": "signature.asc",
    "application/pgp-encrypted": "version.asc",
    "application/pgp-keys": "key.asc",
    "application/octet-stream": "attachment.bin",
    "text/x-vcard": "contact.vcf",
    "text/vcard": "contact.vcf",
    "text/html": "attachment.html",
    "text/plain": "attachment.txt",
    "text/csv": "attachment.csv",
    "text/rtf": "attachment.rtf",
    "application/rtf": "attachment.rtf",
    "image/jpeg": "image.jpg",
    "image/jpg": "image.jpg",
    "image/pjpeg": "image.jpg",
    "image/png": "image.png",
    "image/gif": "image.gif",
    "image/bmp": "image.bmp",
    "image/tiff": "image.tif",
    "audio/wav": "audio.wav",
    "audio/x-wav": "audio.wav",
    "audio/mpeg": "audio.mp3",
}


@dataclass(frozen=True)
class Found:
    """An attachment with its content."""

    name: str
    type: str
    data: bytes
    cid: str = ""
    inline: bool = False


def given_name(part: Part) -> str:
    """As the mail names it, decoded; empty when it does not. `filename` counts more than `name`."""
    named = part.disposition[1].get("filename") or part.parameters.get("name") or ""
    return safe(named)


def safe(name: str) -> str:
    """Without folders, without what a file system or a header could take for something else."""
    name = text.line(headers.words(name), 1_000).replace("\\", "/").rpartition("/")[2]
    name = DOTS.sub("", UNSAFE.sub("_", name)).strip()
    if len(name) > NAME_CHARACTERS:
        stem, dot, ending = name.rpartition(".")
        keep = dot + ending if 0 < len(ending) <= 10 else ""
        name = (stem if keep else name)[: NAME_CHARACTERS - len(keep)] + keep
    return name


def name_of(part: Part) -> str:
    if name := given_name(part):
        return name
    if part.type in {"message/rfc822", "message/global"}:
        subject = safe(headers.line(head(part.data).get("subject"), 120).replace("/", "-"))
        return f"{subject}.eml" if subject else "mail.eml"
    ending = mimetypes.guess_extension(part.type) or ".bin"
    return BY_TYPE.get(part.type, f"{part.type.partition('/')[0] or 'attachment'}{ending}")


def found(part: Part, *, inline: bool = False) -> Found:
    cid = text.line(part.get("content-id").decode("utf-8", "replace"), 200).strip("<> ")
    data = part.data if part.content or not part.children else b""
    return Found(name_of(part), text.line(part.type, 100), data, cid, inline)


def told_apart(files: list[Found]) -> list[Found]:
    """With different names: the second image.png becomes image-2.png."""
    seen: dict[str, int] = {}
    apart: list[Found] = []
    for file in files:
        key = file.name.lower()
        seen[key] = seen.get(key, 0) + 1
        if seen[key] > 1:
            stem, dot, ending = file.name.rpartition(".")
            name = f"{stem}-{seen[key]}.{ending}" if dot else f"{file.name}-{seen[key]}"
            file = Found(name, file.type, file.data, file.cid, file.inline)
        apart.append(file)
    return apart
