"""What a mail says, case by case."""

from dataclasses import astuple

import pytest

from mailroom import reading
from mailroom.reading.parsed import Address, Automatic, Notice, Parsed, Verdict
from tests.mailroom.reading.mails import mail, parts, rich


def test_a_mail_of_today_is_read_as_its_writer_sees_it() -> None:
    said = reading.read(rich().as_bytes())
    assert said.sender == Address("Jörg Müller", "bob@alpine.example")
    assert said.to == [Address("", "support@desk.example"), Address("Bahn, Berg", "berg@alpine.example")]
    assert said.subject == "Störung: Zustellung verzögert, seit heute früh – größere Rückstände"
    assert said.sent_at == "2019-08-27T09:00:00+00:00"
    assert said.message_id == "<first@alpine.example>"
    assert said.text == "Guten Tag,\n\nseit heute früh kommt nichts an."
    assert said.has_html
    assert [(file.name, file.type, file.size, file.cid, file.inline) for file in said.files] == [
        ("shot.png", "image/png", 8, "shot", True),
        ("Übersicht.pdf", "application/pdf", 8, "", False),
    ]
    assert Parsed.from_json(said.as_json()) == said


@pytest.mark.parametrize(
    "written, read",
    [
        ("=?utf-8?Q?Gr=C3=BC=C3=9Fe?= aus =?utf-8?B?TcO8bmNoZW4=?=", "Grüße aus München"),
        ("=?utf-8?Q?Gr=C3=BC?=\n =?utf-8?Q?=C3=9Fe?=", "Grüße"),
        ("=?utf-8?B?R3LDvMM=?= =?utf-8?B?n2U=?=", "Grüße"),  # cut in the middle of a letter
        ("=?iso-8859-1?Q?Gr=FC=DFe?= =?windows-1252?Q?_=80?=", "Grüße €"),
        ("=?ISO-2022-JP?B?GyRCRnxLXDhsGyhC?=", "日本語"),
        ("=?gb2312?B?1tDOxA==?=", "中文"),
        ("=?koi8-r?B?8NLJ18XU?=", "Привет"),
        ("=?big5?B?pKSk5Q==?=", "中文"),
        ("=?x-unknown?Q?Gr=FC=DFe?=", "Grüße"),
        ("=?rot13?Q?uryyb?=", "uryyb"),  # a codec of Python, no charset
        ("=?utf-8?Q?no end", "=?utf-8?Q?no end"),
        ("=?utf-8?X?odd?= =?", "=?utf-8?X?odd?= =?"),
        ("=?utf-8?Q?a b c?=", "a b c"),
        ("=?utf-8?B?TcO8bmNoZW4?=", "München"),  # without padding
        ("=?utf-8?Q??=", ""),
        ("two\n\tlines", "two lines"),
        ("=?utf-8?Q?line=0D=0ABcc:_evil=00?=", "line Bcc: evil"),
        ("\u202eevil", "evil"),
        ("Störung", "Störung"),
    ],
)
def test_subjects(written: str, read: str) -> None:
    assert reading.read(mail(f"Subject: {written}")).subject == read


def test_raw_letters_in_a_header_are_meant_in_the_charset_of_the_body() -> None:
    raw = mail(content_type="text/plain; charset=koi8-r").replace(b"To:", b"Subject: \xf0\xd2\xc9\xd7\xc5\xd4\nTo:")
    assert reading.read(raw).subject == "Привет"


@pytest.mark.parametrize(
    "written, read",
    [
        ('"Bahn, Berg" <b@x.example>', ("Bahn, Berg", "b@x.example")),
        ("b@x.example (Berg (Bahn))", ("Berg Bahn", "b@x.example")),
        ("b@x.example", ("", "b@x.example")),
        ("<b@x.example>", ("", "b@x.example")),
        ("Berg b@x.example", ("Berg", "b@x.example")),
        ("=?utf-8?Q?Bahn=2C_Berg?= <b@x.example>", ("Bahn, Berg", "b@x.example")),
        ('"=?utf-8?Q?M=C3=BCller?=" <b@x.example>', ("Müller", "b@x.example")),
        ("'Berg' <b@x.example>", ("Berg", "b@x.example")),
        ('"b@x.example" <b@x.example>', ("b@x.example", "b@x.example")),
        ("Undisclosed: b@x.example;", ("", "b@x.example")),
        ("Berg <b@x.example", ("Berg", "b@x.example")),
        ('"Berg \\"Bahn\\"" <b@x.example>', ('Berg "Bahn"', "b@x.example")),
        ("Berg", ("Berg", "")),
        ("", ("", "")),
        ("<@relay.example:b@x.example>", ("", "b@x.example")),
    ],
)
def test_senders(written: str, read: tuple[str, str]) -> None:
    raw = mail().replace(b"From: Bob <bob@alpine.example>", b"From: " + written.encode())
    assert astuple(reading.read(raw).sender) == read


@pytest.mark.parametrize(
    "charset, data, read",
    [
        ("iso-8859-1", b"\x84quoted\x93 \x80", "„quoted“ €"),
        ("us-ascii", "Grüße".encode(), "Grüße"),
        ("us-ascii", b"Gr\xfc\xdfe", "Grüße"),
        ("utf-8", b"Gr\xfc\xdfe", "Grüße"),
        ("utf-8", "Grüße ".encode() + b"\xff", "Grüße \ufffd"),
        ("", "Grüße".encode(), "Grüße"),
        ("unknown-8bit", b"Gr\xfc\xdfe", "Grüße"),
        ("iso-2022-jp", "日本語".encode("iso2022_jp"), "日本語"),
        ("", "日本語".encode("iso2022_jp"), "日本語"),
        ("gb2312", "镕基".encode("gb18030"), "镕基"),
        ("ks_c_5601-1987", "한국어".encode("cp949"), "한국어"),
        ("Shift_JIS", "①日本".encode("cp932"), "①日本"),
        ("windows-1251", "Привет".encode("cp1251"), "Привет"),
        ("x-mac-roman", "Grüße".encode("mac_roman"), "Grüße"),
        ("zip_codec", b"plain", "plain"),
        ("UTF-8; format=flowed", "ä".encode(), "ä"),
        ("utf-16", "Grüße".encode("utf-16"), "Grüße"),
    ],
)
def test_charsets(charset: str, data: bytes, read: str) -> None:
    assert reading.read(mail(body=data, content_type=f"text/plain; charset={charset}")).text == read


@pytest.mark.parametrize(
    "encoding, body, read",
    [
        ("base64", b"R3LDvMOfZQ==", "Grüße"),
        ("base64", b"R3LD\nvMOf\n ZQ", "Grüße"),
        ("BASE64", b"R3LD!vMOf*ZQ==\n\n--\n", "Grüße"),
        ("base64", b"YQ==Yg==", "ab"),
        ("quoted-printable", b"Gr=C3=BC=C3=9Fe =\nhier", "Grüße hier"),
        ("quoted-printable", b"50 =% off = =ZZ a=", "50 =% off = =ZZ a"),
        ("8bit", "Grüße".encode(), "Grüße"),
        ("odd", "Grüße".encode(), "Grüße"),
        ("x-uuencode", b"begin 644 a.txt\n#86)C\n`\nend\n", "abc"),
    ],
)
def test_transfer_encodings(encoding: str, body: bytes, read: str) -> None:
    raw = mail(f"Content-Transfer-Encoding: {encoding}", body=body, content_type="text/plain; charset=utf-8")
    assert reading.read(raw).text == read


def test_flowed_lines_are_joined_within_their_depth_and_before_no_signature() -> None:
    body = "One \nline.\n> quoted \n> text\n>> deeper\n From the start\nend \n-- \nBob\n"
    read = reading.read(mail(body=body, content_type="text/plain; format=flowed")).text
    assert read == "One line.\n> quoted text\n>> deeper\nFrom the start\nend\n-- \nBob".replace("end\n", "end\n")
    japanese = reading.read(
        mail(body="日本 \n語\n", content_type="text/plain; charset=utf-8; format=flowed; delsp=yes")
    )
    assert japanese.text == "日本語"


@pytest.mark.parametrize(
    "html, read",
    [
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        ("One<br>Two<br><br>Three", "One\nTwo\n\nThree"),
        ("<div>One</div><div><br></div><div>Two</div>", "One\n\nTwo"),
        ("<p class=MsoNormal>One</p><p class=MsoNormal>&nbsp;</p><p class=MsoNormal>Two</p>", "One\n\nTwo"),
        ("<style>p {}</style><script>x()</script><title>No</title>&euro;&nbsp;5 &lt;b&gt;", "€ 5 <b>"),
        ('<a href="https://x.example/a">here</a>', "here (https://x.example/a)"),
        ('<a href="https://www.x.example/">www.x.example</a>', "www.x.example"),
        ('<a href="mailto:a@x.example">a@x.example</a> <a href="javascript:x()">no</a>', "a@x.example no"),
        ("<ul><li>One<li>Two</ul><ol start=3><li>Three</ol>", "- One\n- Two\n\n3. Three"),
        ("<table><tr><td>A</td><td>B</td></tr><tr><td>C</td><td>D</td></tr></table>", "A\tB\nC\tD"),
        ("I<blockquote type=cite><p>You</p></blockquote>said", "I\n\n> You\n\nsaid"),
        ("<blockquote>Set in</blockquote>", "    Set in"),
        ('<div style="display:none">hidden</div><span style="font-size:0px">too</span>seen', "seen"),
        ("<pre>  a\n    b</pre>", "  a\n    b"),
        ('<img src="cid:x" alt="A picture"> <img src=y>', "[A picture]"),
        ("one <b>two</b><i> three</i>\nfour", "one two three four"),
        ("unclosed <b>tag <p>and <unknown>this", "unclosed tag\n\nand this"),
        ("plain", "plain"),
        ("<!-- no --><![CDATA[x]]>a<!-- open", "a"),
        ("a&#8203;b&shy;c", "abc"),
    ],
)
def test_html(html: str, read: str) -> None:
    assert reading.read(mail(body=html, content_type="text/html; charset=utf-8")).text == read


def test_the_charset_of_a_page_may_stand_in_the_page() -> None:
    page = b'<html><head><meta http-equiv=Content-Type content="text/html; charset=windows-1251"></head>\xcf\xf0'
    assert reading.read(mail(body=page, content_type="text/html")).text == "Пр"


def test_tables_are_also_kept_as_tables() -> None:
    page = "<table><tr><td><p>Affected service</p></td><td><p>Email</p><p>Fax</p></td></tr></table>"
    assert reading.read(mail(body=page, content_type="text/html")).tables == [[["Affected service", "Email\n\nFax"]]]


PLAIN, HTML = "Content-Type: text/plain\n\nPlain\n", "Content-Type: text/html\n\n<p>Rich</p>\n"
IMAGE = 'Content-Type: image/png; name="a.png"\nContent-ID: <a>\nContent-Transfer-Encoding: base64\n\niVBORw0KGgo=\n'


@pytest.mark.parametrize(
    "raw, text, names",
    [
        (parts("multipart/alternative", PLAIN, HTML), "Plain", []),
        (parts("multipart/alternative", HTML, PLAIN), "Plain", []),
        (parts("multipart/alternative", "Content-Type: text/plain\n\n  \n", HTML), "Rich", []),
        (parts("multipart/related", HTML, IMAGE), "Rich", ["a.png"]),
        (parts("multipart/mixed", PLAIN, IMAGE, HTML), "Plain\n\nRich", ["a.png"]),
        (parts("multipart/mixed", PLAIN, IMAGE, IMAGE), "Plain", ["a.png", "a-2.png"]),
        (parts("multipart/signed", PLAIN, "Content-Type: application/pkcs7-signature\n\nx"), "Plain", ["smime.p7s"]),
        (parts("multipart/mixed", PLAIN, "Content-Type: application/ms-tnef\n\nx"), "Plain", ["winmail.dat"]),
        (parts("multipart/mixed", PLAIN, "Content-Type: text/calendar\n\nBEGIN:"), "Plain", ["invitation.ics"]),
        (parts("multipart/mixed", PLAIN, "Content-Type: message/rfc822\n\nSubject: A/B\n\nx"), "Plain", ["A-B.eml"]),
        (parts("multipart/digest", "\nSubject: Inner\n\nx"), "", ["Inner.eml"]),
        (
            parts("multipart/encrypted", "Content-Type: application/pgp-encrypted\n\nVersion: 1",
                  "Content-Type: application/octet-stream; name=encrypted.asc\n\nx"),
            "",
            ["version.asc", "encrypted.asc"],
        ),
        (mail(body="MII", content_type="application/pkcs7-mime; name=smime.p7m"), "", ["smime.p7m"]),
        (mail(body="x", content_type="image/png"), "", ["image.png"]),
        (mail("Content-Disposition: attachment; filename=log.txt", body="log"), "", ["log.txt"]),
        (
            parts("multipart/mixed", PLAIN, "Content-Disposition: attachment; filename=log.txt\n\nlog"),
            "Plain",
            ["log.txt"],
        ),
        (mail(body="Before\nbegin 644 a.txt\n#86)C\n`\nend\nAfter"), "Before\nAfter", ["a.txt"]),
        (parts("multipart/report; report-type=delivery-status", PLAIN, "Content-Type: text/rfc822-headers\n\nA: b"),
         "Plain", ["headers.txt"]),
    ],
)  # fmt: skip
def test_which_parts_are_text_and_which_are_files(raw: bytes, text: str, names: list[str]) -> None:
    said = reading.read(raw)
    assert (said.text, [file.name for file in said.files]) == (text, names)
    assert [found.name for found in reading.contents(raw)] == names


def test_a_plain_text_that_only_sends_to_the_html_gives_way_to_it() -> None:
    stub = "Content-Type: text/plain\n\nYour mail client does not support HTML.\n"
    page = "Content-Type: text/html\n\n<p>" + "A long text with much to say. " * 10 + "</p>\n"
    assert reading.read(parts("multipart/alternative", stub, page)).text.startswith("A long text")


@pytest.mark.parametrize(
    "header, name",
    [
        ('filename="Übersicht.pdf"', "Übersicht.pdf"),
        ("filename*=utf-8''%C3%9Cbersicht.pdf", "Übersicht.pdf"),
        ("filename*0*=utf-8''%C3%9Cber; filename*1=sicht.pdf", "Übersicht.pdf"),
        ('filename*0="Ueber"; filename*1="sicht.pdf"', "Uebersicht.pdf"),
        ('filename="=?utf-8?Q?=C3=9Cbersicht.pdf?="', "Übersicht.pdf"),
        ("filename=two words.pdf", "two words.pdf"),
        ('filename="../../etc/passwd"', "passwd"),
        ('filename="C:\\\\temp\\\\log.txt"', "log.txt"),
        ('filename="a\r\n b.txt"', "a b.txt"),
        ('filename="a<b>|c.txt"', "a_b__c.txt"),
        ('filename="...."', "attachment.bin"),
        (f'filename="{"x" * 300}.pdf"', "x" * 146 + ".pdf"),
        ("", "attachment.bin"),
    ],
)
def test_names_of_files(header: str, name: str) -> None:
    part = f"Content-Type: application/octet-stream\nContent-Disposition: attachment; {header}\n\nx"
    assert [file.name for file in reading.read(parts("multipart/mixed", PLAIN, part)).files] == [name]


@pytest.mark.parametrize(
    "raw, text",
    [
        (b"From bob Thu Nov  1 00:00:00 2026\nFrom: b@x.example\n\nText", "Text"),
        (b"From: b@x.example\r\rText\rmore", "Text\nmore"),
        (b"From: b@x.example\r\n\r\nText\r\nmore\r\n", "Text\nmore"),
        (b"From: b@x.example\nSubject: x\nNo header line\nText", "No header line\nText"),
        (b"From: b@x.example\nno header\nContent-Type: text/plain\n\nText", "Text"),
        (b"Text and nothing else", "Text and nothing else"),
        (b"", ""),
        (b"\n\n", ""),
        (b"From: b@x.example", ""),
        (mail(body="Text", content_type="multipart/mixed"), "Text"),
        (mail(body="Text", content_type='multipart/mixed; boundary="gone"'), "Text"),
        (mail(body="--b\nContent-Type: text/plain\n\nText\n--b--\n", content_type="multipart/mixed"), "Text"),
        (mail(body="--b\n\nText, cut of", content_type="multipart/mixed; boundary=b"), "Text, cut of"),
        (mail(body="--b\n\nOne\n--b\n\nTwo\n", content_type="multipart/mixed; boundary=b"), "One\n\nTwo"),
        (mail(body="Text", content_type="text"), "Text"),
        (mail(body="Text", content_type="nonsense"), "Text"),
        (mail(body="Text\x00\x07 \x1b[31m", content_type="text/plain"), "Text [31m"),
    ],
)
def test_broken_mails_give_the_best_there_is_to_read(raw: bytes, text: str) -> None:
    assert reading.read(raw).text == text


def test_dates_nobody_can_read_are_none() -> None:
    dates = [
        "Tue, 27 Aug 19 11:00 +0200",
        "27 Aug 2019 11:00:00 CEST",
        "yesterday",
        "Tue, 99 Foo 2019",
        "",
        "1 Jan 99999",
    ]
    assert [reading.moment(date.encode()) for date in dates] == [
        "2019-08-27T09:00:00+00:00", "2019-08-27T11:00:00+00:00", "", "", "", "",
    ]  # fmt: skip


def test_message_ids_keep_their_brackets() -> None:
    said = reading.read(
        mail("Message-ID: a@x.example", "In-Reply-To: <b@x> (comment)", "References: <c@x>\n <d@x><e@x>")
    )
    assert (said.message_id, said.in_reply_to, said.references) == (
        "<a@x.example>",
        ["<b@x>"],
        ["<c@x>", "<d@x>", "<e@x>"],
    )


@pytest.mark.parametrize(
    "header, found",
    [
        ("Auto-Submitted: auto-replied; x=y", Automatic(auto_submitted="auto-replied")),
        ("Auto-Submitted: no", Automatic(auto_submitted="no")),
        ("Precedence: BULK", Automatic(precedence="bulk")),
        ("List-Id: <news.x.example>", Automatic(list_id="<news.x.example>")),
        ("Return-Path: <>", Automatic(null_sender=True)),
        ("Return-Path: <b@x.example>", Automatic()),
        ("X-Auto-Response-Suppress: All", Automatic(suppress="all")),
        ("X-Loop: desk", Automatic(loop="desk")),
    ],
)
def test_signs_that_no_person_wrote(header: str, found: Automatic) -> None:
    automatic = reading.read(mail(header)).automatic
    assert automatic == found
    assert automatic.any is (header not in {"Auto-Submitted: no", "Return-Path: <b@x.example>"})


def test_the_envelope_knows_the_sender_better_than_a_header() -> None:
    assert not reading.read(mail("Return-Path: <>"), envelope_from="b@x.example").automatic.null_sender
    assert reading.read(mail(), envelope_from="").automatic.null_sender


def test_delivery_reports_are_read_by_recipient() -> None:
    raw = parts(
        "multipart/report; report-type=delivery-status",
        PLAIN,
        "Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n"
        "Final-Recipient: rfc822; Alice@Alpine.example\nAction: failed\nStatus: 5.1.1 (unknown)\n"
        "Diagnostic-Code: smtp; 550 5.1.1\n no such user\n\n"
        "Final-Recipient: rfc822;b@x.example\nAction: delayed\nStatus: 4.4.1",
        "Content-Type: message/rfc822\n\nMessage-ID: <ours@desk.example>\nSubject: x\n\ny",
    )
    said = reading.read(raw)
    assert said.notices == [
        Notice("Alice@Alpine.example", "failed", "5.1.1", "smtp; 550 5.1.1 no such user"),
        Notice("b@x.example", "delayed", "4.4.1", ""),
    ]
    assert said.bounced_message_id == "<ours@desk.example>"
    assert [file.name for file in said.files] == ["delivery-status.txt", "x.eml"]


OURS = "Authentication-Results: mx.desk.example"


@pytest.mark.parametrize(
    "headers, verdict",
    [
        ([f"{OURS}; dmarc=pass (p=reject) header.from=alpine.example"], Verdict(True, "dmarc")),
        (
            [f"{OURS} 1; dmarc=fail header.from=alpine.example; dkim=pass header.d=alpine.example"],
            Verdict(False, "dmarc"),
        ),
        ([f"{OURS}; dkim=pass header.d=alpine.example"], Verdict(True, "dkim")),
        ([f"{OURS}; dkim=pass header.i=@alpine.example;\n spf=fail"], Verdict(True, "dkim")),
        ([f"{OURS}; dkim=pass header.d=evil.example"], Verdict()),
        ([f"{OURS}; spf=pass smtp.mailfrom=bounce@alpine.example"], Verdict(True, "spf")),
        ([f"{OURS}; spf=pass smtp.mailfrom=x@evil.example"], Verdict()),
        ([f"{OURS}; dmarc=pass header.from=evil.example"], Verdict()),
        ([f"{OURS}; none"], Verdict()),
        (["Authentication-Results: mx.evil.example; dmarc=pass header.from=alpine.example"], Verdict()),
        ([f"{OURS}; dmarc=none", f"{OURS}; dmarc=pass header.from=alpine.example"], Verdict()),
        ([f"{OURS}.evil.example; dmarc=pass"], Verdict()),
        ([f"{OURS}; x=y (dmarc=pass; dmarc=pass)"], Verdict()),
        ([], Verdict()),
    ],
)
def test_only_our_own_servers_word_counts_for_the_sender(headers: list[str], verdict: Verdict) -> None:
    assert reading.read(mail(*headers), servers=["mx.desk.example"]).verdict == verdict
    assert reading.read(mail(*headers)).verdict == Verdict()
