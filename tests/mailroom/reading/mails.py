"""Mails as bytes for the tests of what is read."""

from email.message import EmailMessage


def mail(*headers: str, body: bytes | str = "Hello\n", content_type: str = "") -> bytes:
    """Headers as written, then the body. Letters beyond ASCII go out as UTF-8 unless `body` is bytes."""
    lines = ["From: Bob <bob@alpine.example>", "To: support@desk.example", *headers]
    if content_type:
        lines.append(f"Content-Type: {content_type}")
    return "\n".join(lines).encode() + b"\n\n" + (body.encode() if isinstance(body, str) else body)


def parts(kind: str, *pieces: str | bytes, boundary: str = "cut") -> bytes:
    """A multipart of pieces that bring their own headers."""
    written = [piece.encode() if isinstance(piece, str) else piece for piece in pieces]
    mark = boundary.encode()
    body = b"".join(b"--" + mark + b"\n" + piece + b"\n" for piece in written) + b"--" + mark + b"--\n"
    return mail(body=body, content_type=f'{kind}; boundary="{boundary}"')


def rich() -> EmailMessage:
    """As a mail program of today writes it: two texts, an inline image, an attached file."""
    made = EmailMessage()
    made["From"] = "Jörg Müller <bob@alpine.example>"
    made["To"] = 'support@desk.example, "Bahn, Berg" <berg@alpine.example>'
    made["Subject"] = "Störung: Zustellung verzögert, seit heute früh – größere Rückstände"
    made["Date"] = "Tue, 27 Aug 2019 11:00:00 +0200"
    made["Message-ID"] = "<first@alpine.example>"
    made.set_content("Guten Tag,\n\nseit heute früh kommt nichts an.\n")
    made.add_alternative('<p>Guten Tag,</p><p>seit heute früh kommt <b>nichts</b> an.</p><img src="cid:shot">', "html")
    made.get_payload()[1].add_related(b"\x89PNG\r\n\x1a\n", "image", "png", cid="<shot>", filename="shot.png")
    made.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="Übersicht.pdf")
    return made
