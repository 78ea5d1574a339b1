"""From bytes to text, whatever the label says. Never an error: the worst there is are replacement characters.

Labels are looked up in a list of our own. Python's registry also knows codecs that are no charsets at all, and the
label comes from a stranger. Old labels mean their successors, as in every mail program: who writes `iso-8859-1` sends
the quotes and dashes of `windows-1252`, who writes `gb2312` sends `gb18030`.
"""

import re
from collections.abc import Iterator

#: Codec of Python by the labels that mean it, lower case and without punctuation.
LABELS_OF = {
    "utf-8": "utf8 utf08 unicode11utf8 utf8mb4 xutf8 unicode utf8n csutf8 xunicode20utf8",
    "utf-7": "utf7 unicode11utf7 csunicode11utf7 xunicode20utf7",
    "utf-16": "utf16 ucs2 iso10646ucs2 csunicode",
    "utf-16-le": "utf16le",
    "utf-16-be": "utf16be",
    "utf-32": "utf32",
    "cp1252": "iso88591 iso885911987 latin1 l1 ibm819 cp819 isoir100 csisolatin1 windows1252 cp1252 xcp1252 win1252 "
    "xansi ansi iso8859 windowslatin1 iso885911 iso88591windows1252",
    "iso8859_2": "iso88592 latin2 l2 isoir101 csisolatin2",
    "iso8859_3": "iso88593 latin3",
    "iso8859_4": "iso88594 latin4",
    "iso8859_5": "iso88595 cyrillic isoir144",
    "iso8859_6": "iso88596 arabic iso88596i iso88596e asmo708 ecma114",
    "iso8859_7": "iso88597 greek greek8 ecma118 elot928",
    "iso8859_8": "iso88598 hebrew iso88598i iso88598e visual logical",
    "cp1254": "iso88599 latin5 l5 windows1254 cp1254",
    "iso8859_10": "iso885910 latin6",
    "cp874": "tis620 iso885911tis windows874 cp874 dos874 isoir166",
    "iso8859_13": "iso885913 latin7",
    "iso8859_14": "iso885914 latin8",
    "iso8859_15": "iso885915 latin9 l9 latin0 csisolatin9",
    "iso8859_16": "iso885916 latin10",
    "cp1250": "windows1250 cp1250 xcp1250 win1250",
    "cp1251": "windows1251 cp1251 xcp1251 win1251 ansi1251",
    "cp1253": "windows1253 cp1253",
    "cp1255": "windows1255 cp1255",
    "cp1256": "windows1256 cp1256",
    "cp1257": "windows1257 cp1257",
    "cp1258": "windows1258 cp1258",
    "koi8_r": "koi8r koi8 koi cskoi8r",
    "koi8_u": "koi8u koi8ru",
    "cp437": "cp437 ibm437",
    "cp850": "cp850 ibm850",
    "cp852": "cp852 ibm852",
    "cp858": "cp858 ibm00858",
    "cp866": "cp866 ibm866",
    "mac_roman": "macintosh macroman xmacroman mac xmac csmacintosh",
    "mac_cyrillic": "macukrainian xmaccyrillic xmacukrainian",
    "gb18030": "gb2312 gbk gb18030 cp936 ms936 windows936 euccn xgbk csgb2312 gb231280 gb23121980 chinese xeuccn",
    "hz": "hz hzgb2312",
    "big5hkscs": "big5 big5hkscs cnbig5 xxbig5 csbig5 xbig5 big5eten cp950 ms950",
    "cp932": "shiftjis sjis xsjis mskanji cp932 ms932 windows31j csshiftjis shiftjisx0213",
    "euc_jis_2004": "eucjp xeucjp xeuc euc cseucpkdfmtjapanese",
    "iso2022_jp_ext": "iso2022jp iso2022jpms csiso2022jp iso2022jp1 cp50220 cp50221",
    "iso2022_jp_2": "iso2022jp2",
    "iso2022_jp_3": "iso2022jp3 iso2022jp2004",
    "cp949": "euckr kr ksc56011987 ksc5601 ksc56011989 korean windows949 cp949 uhc cseuckr ksx1001 xwindows949",
    "johab": "johab",
    "iso2022_kr": "iso2022kr csiso2022kr",
    "viscii": "",
}
CODECS = {label: codec for codec, labels in LABELS_OF.items() for label in labels.split()}
PLAIN = frozenset(["usascii", "ascii", "ansix341968", "iso646us", "646", "us", "ansix34", "csascii"])

UTF_8_LETTER = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
HIGH = re.compile(rb"[\x80-\xff]")
PUNCTUATION = re.compile(r"[^a-z0-9]")
SHIFTED = (b"\x1b$B", b"\x1b$@", b"\x1b(J")  # how iso-2022-jp says that Japanese follows


def known(label: str) -> bool:
    return codec_of(label) != ""


def codec_of(label: str) -> str:
    """The codec a label means; empty for one that says nothing."""
    bare = PUNCTUATION.sub("", label.lower()[:60])
    return "ascii" if bare in PLAIN else CODECS.get(bare, "")


def decode(data: bytes, label: str = "", otherwise: str = "") -> str:
    """`data` as text by its label; `otherwise` is a second label, for when the first says nothing."""
    if not data:
        return ""
    codec = codec_of(label) or codec_of(otherwise)
    for attempt in attempts(data, codec):
        try:
            return data.decode(attempt)
        except (UnicodeError, LookupError):
            continue
    return data.decode(last_resort(data, codec), errors="replace")


def attempts(data: bytes, codec: str) -> Iterator[str]:
    if codec in {"", "ascii"}:
        if codec == "" and any(shift in data for shift in SHIFTED):
            yield "iso2022_jp_ext"
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            yield "utf-16"
        yield "utf-8"
        yield "cp1252"
        return
    yield codec
    if codec == "big5hkscs":
        yield "cp950"
    if codec == "euc_jis_2004":
        yield "euc_jp"
        yield "cp932"
    if codec == "utf-8" and not UTF_8_LETTER.search(data):
        yield "cp1252"  # the label is a lie from the first letter to the last


def last_resort(data: bytes, codec: str) -> str:
    """With replacement characters for what cannot be read: of the codecs, the one that reads most."""
    if codec in {"", "ascii"}:
        letters = sum(len(found) for found in UTF_8_LETTER.findall(data[:100_000]))
        return "utf-8" if letters * 2 > len(HIGH.findall(data[:100_000])) else "cp1252"
    return codec
