"""Content-Transfer-Encoding undone, damage included: what can be read is read (RFC 2045)."""

import binascii
import re

NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")
SOFT_BREAK = re.compile(rb"=[ \t]*(?:\r\n|\n|\r|\Z)")
BLANK_END = re.compile(rb"(?<![ \t])[ \t]+(?=\r?\n|\Z)")
HEX = re.compile(rb"=([0-9A-Fa-f]{2})")
UU_BEGIN = re.compile(rb"^begin(?:-base64)? [0-7]{3,4} ([^\r\n]{1,255})\r?\n", re.MULTILINE)


def decode(data: bytes, encoding: str) -> bytes:
    if encoding == "base64":
        return base64(data)
    if encoding == "quoted-printable":
        return quoted_printable(data)
    if encoding in {"uuencode", "x-uuencode", "x-uue", "uue"}:
        found = UU_BEGIN.search(data)
        return uu_lines(data[found.end() :])[0] if found else data
    return data


def base64(data: bytes) -> bytes:
    """Strangers in the text are passed over; a padded end in the middle (two texts glued together) is no end."""
    data = data.strip()
    try:
        return binascii.a2b_base64(data, strict_mode=False) if b"=" not in data[:-2] else glued(data)
    except (binascii.Error, ValueError):
        return glued(data)


def glued(data: bytes) -> bytes:
    pieces = []
    for piece in data.split(b"="):
        letters = NOT_BASE64.sub(b"", piece)
        letters = letters[: len(letters) - 1] if len(letters) % 4 == 1 else letters
        pieces.append(binascii.a2b_base64(letters + b"=" * (-len(letters) % 4)))
    return b"".join(pieces)


def quoted_printable(data: bytes) -> bytes:
    """A `=` that begins nothing known stands for itself."""
    if b"=" not in data:
        return data
    without_breaks = SOFT_BREAK.sub(b"", BLANK_END.sub(b"", data))
    return HEX.sub(lambda match: binascii.unhexlify(match.group(1)), without_breaks)


def uu_lines(data: bytes) -> tuple[bytes, int]:
    """The content of uuencoded lines up to `end`, and how many bytes of `data` they took; 0 when there is no end."""
    content: list[bytes] = []
    at = 0
    while at < len(data):
        stop = data.find(b"\n", at)
        stop = len(data) if stop < 0 else stop
        row = data[at:stop].rstrip(b"\r")
        at = stop + 1
        if row.strip() == b"end":
            return b"".join(content), min(at, len(data))
        try:
            content.append(binascii.a2b_uu(row))
        except binascii.Error:
            length = (((row[0] - 32) & 63) * 4 + 5) // 3 if row else 0
            try:
                content.append(binascii.a2b_uu(row[:length]))
            except binascii.Error:
                return b"", 0
    return b"", 0
