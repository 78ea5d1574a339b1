"""The text of an exported file, whatever wrote it."""

#: One more byte than this is left unread, and said so.
BYTES_MAX = 5_000_000
MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def decode(content: bytes) -> str:
    """By its mark, else as UTF-8, else as Windows writes western languages. Never raises."""
    for mark, encoding in MARKS:
        if content.startswith(mark):
            return content.decode(encoding, errors="replace")
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")
