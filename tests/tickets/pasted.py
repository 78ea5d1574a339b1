"""What people paste, and every row it stands for. Columns that are not named are blank."""

from tickets.evidence import ALL

REPORT = """\
Job ID;Timestamp;Status;Substatus;Details;SMTP Code;Sender;Recipient;Processing Domain;Interface
8c1f;2026-11-20T09:14:03Z;ERROR;BOUNCED;HARD_BOUNCE;550 5.1.1;news@bergbahn.example;gast@example.net;DE1;smtp
"8c20";"2026-11-20T09:15:10Z";ERROR;BOUNCED;SOFT_BOUNCE;"452 4.2.2; full";news@bergbahn.example;b@example.net;DE2;rest
"""
POSTFIX = """\
Nov 20 09:14:03 mx1 postfix/qmgr[123]: 4F2A1B3C: from=<news@bergbahn.example>, size=550, nrcpt=1 (queue active)
Nov 20 09:14:05 mx1 postfix/smtp[124]: 4F2A1B3C: to=<gast@example.net>, orig_to=<guest@alias.example>, \
relay=mx.example.net[192.0.2.1]:25, delay=1.2, dsn=5.1.1, status=bounced (host mx.example.net[192.0.2.1] said: \
550 5.1.1 <gast@example.net>: Recipient address rejected (in reply to RCPT TO command))
"""
EXIM = """\
2026-11-20 09:14:03 1tDkXy-00012a-3B <= news@bergbahn.example H=mx1 [192.0.2.3] P=esmtp S=1234 id=17@bergbahn.example
2026-11-20 09:14:05 1tDkXy-00012a-3B ** gast@example.net R=dnslookup T=remote_smtp H=mx.example.net [192.0.2.1]: \
SMTP error from remote mail server after RCPT TO:<gast@example.net>: 550 5.1.1 user unknown
"""
BOUNCE = """\
From: MAILER-DAEMON@mx1.bergbahn.example (Mail Delivery System)
To: news@bergbahn.example
Date: Fri, 20 Nov 2026 09:14:06 +0100
Subject: Undelivered Mail Returned to Sender
Content-Type: multipart/report; report-type=delivery-status;
    boundary="x"

I'm sorry to have to tell you that your message could not be delivered.

<gast@example.net>: host mx.example.net[192.0.2.1] said: 550 5.1.1 user unknown

--x
Content-Type: message/delivery-status

Reporting-MTA: dns; mx1.bergbahn.example
Arrival-Date: Fri, 20 Nov 2026 09:14:03 +0100 (CET)

Final-Recipient: rfc822; gast@example.net
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 <gast@example.net>: Recipient address
    rejected

Final-Recipient: rfc822; zwei@example.net
Action: delayed
Status: 4.2.2
Last-Attempt-Date: Fri, 20 Nov 2026 10:00:00 +0100

--x
Content-Type: message/rfc822

From: "Bergbahn, Talstation" <news@bergbahn.example>
To: gast@example.net, zwei@example.net
Date: Fri, 20 Nov 2026 09:14:00 +0100
Subject: Your booking
Message-ID: <17@bergbahn.example>

Hello,
see you at 10:00, room 550.
--x--
"""
TOLD = """\
From: MAILER-DAEMON@mx1.bergbahn.example
To: <news@bergbahn.example>
Date: Fri, 20 Nov 2026 09:14:06 +0100

Hi. This is the program at mx1.
<gast@example.net>: 192.0.2.1 said: 550 no such user here
"""
EML = """\
Received: from mx1.bergbahn.example by mx.example.net; Fri, 20 Nov 2026 09:14:02 +0100
From: "news@elsewhere.example" <news@bergbahn.example>
To: Gast <gast@example.net>
Date: Fri, 20 Nov 2026 09:14:00 +0100
Subject: Your booking
Message-ID: <17@bergbahn.example>

Dear guest, write to info@bergbahn.example before 20.11.2026 10:00.
"""
JOBS = """\
J.0123456789abcdefghij
2026-11-20 10:00:00 J.0123456789abcdefghik +4915112345678 INVALID_DST
J.tooshort
"""
FAX_XML = """\
<?xml version="1.0"?>
<Faxes><Fax>
<JobID>4711</JobID><DateReceived>2026-11-20 10:00:00</DateReceived>
<CalledNumber>+498912345</CalledNumber><CallingNumber>+4930123</CallingNumber>
<PageCount>2</PageCount><Status>OK</Status>
</Fax>
<Fax><JobID>4712</JobID><Status>ERROR</Status></Fax></Faxes>
"""
FAX_CSV = """\
"JobID","DateReceived","CalledNumber","CallingNumber","PageCount","Status"
"4711","2026-11-20 10:00:00","+498912345","+4930123","2","OK"
"""
SHEET = "Datum\tUhrzeit\tAbsender\tEmpfänger\tFehler\n20.11.2026\t09:14\t+49 30 123\t+49 89 12345\tbesetzt\n"
FIELDS = "Job ID: 8c1f\nTimestamp: 2026-11-20 09:14\nStatus: ERROR\nDetails: SUPPRESSED\n"
QUOTED = 'Timestamp,Recipient,Error,Note\n2026-11-20 09:14,gast@example.net,"550 5.1.1\nuser ""unknown""",x\n'

FROM_NEWS = {"sender": "news@bergbahn.example"}
TO_GAST = {**FROM_NEWS, "recipient": "gast@example.net"}
FAX = {
    "occurred": "2026-11-20 10:00:00",
    "job_id": "4711",
    "sending_account": "+4930123",
    "inbound_number": "+498912345",
    "status": "OK",
    "log_extract": "PageCount: 2",
}
PASTED = {
    "report": (
        REPORT,
        [
            {
                **TO_GAST,
                "occurred": "2026-11-20T09:14:03Z",
                "job_id": "8c1f",
                "status": "ERROR · BOUNCED · HARD_BOUNCE · 550 5.1.1",
                "log_extract": "Processing Domain: DE1\nInterface: smtp",
            },
            {
                **FROM_NEWS,
                "recipient": "b@example.net",
                "occurred": "2026-11-20T09:15:10Z",
                "job_id": "8c20",
                "status": "ERROR · BOUNCED · SOFT_BOUNCE · 452 4.2.2; full",
                "log_extract": "Processing Domain: DE2\nInterface: rest",
            },
        ],
        [],
    ),
    "postfix": (
        POSTFIX,
        [
            {
                **TO_GAST,
                "occurred": "Nov 20 09:14:05",
                "status": "550 5.1.1 <gast@example.net>: Recipient address rejected (in reply to RCPT TO command)",
                "log_extract": POSTFIX.strip(),
            }
        ],
        [],
    ),
    "exim": (
        EXIM,
        [
            {
                **TO_GAST,
                "occurred": "2026-11-20 09:14:05",
                "status": "550 5.1.1 user unknown",
                "log_extract": EXIM.strip(),
            }
        ],
        [],
    ),
    "bounce": (
        BOUNCE,
        [
            {
                **TO_GAST,
                "occurred": "Fri, 20 Nov 2026 09:14:03 +0100 (CET)",
                "status": "550 5.1.1 <gast@example.net>: Recipient address rejected",
                "log_extract": "Final-Recipient: rfc822; gast@example.net\nAction: failed\nStatus: 5.1.1\n"
                "Diagnostic-Code: smtp; 550 5.1.1 <gast@example.net>: Recipient address\n    rejected",
            },
            {
                **FROM_NEWS,
                "recipient": "zwei@example.net",
                "occurred": "Fri, 20 Nov 2026 10:00:00 +0100",
                "status": "4.2.2",
                "log_extract": "Final-Recipient: rfc822; zwei@example.net\nAction: delayed\nStatus: 4.2.2\n"
                "Last-Attempt-Date: Fri, 20 Nov 2026 10:00:00 +0100",
            },
        ],
        [],
    ),
    "bounce in words": (
        TOLD,
        [
            {
                **TO_GAST,
                "occurred": "Fri, 20 Nov 2026 09:14:06 +0100",
                "status": "550 no such user here",
                "log_extract": "<gast@example.net>: 192.0.2.1 said: 550 no such user here",
            }
        ],
        [],
    ),
    "mail": (
        EML,
        [
            {
                **TO_GAST,
                "occurred": "Fri, 20 Nov 2026 09:14:00 +0100",
                "log_extract": "Subject: Your booking\nMessage-ID: <17@bergbahn.example>",
            }
        ],
        [],
    ),
    "SMS jobs": (
        JOBS,
        [
            {"job_id": "J.0123456789abcdefghij"},
            {
                "job_id": "J.0123456789abcdefghik",
                "occurred": "2026-11-20 10:00:00",
                "termination_address": "+4915112345678",
                "status": "INVALID_DST",
                "log_extract": "2026-11-20 10:00:00 J.0123456789abcdefghik +4915112345678 INVALID_DST",
            },
        ],
        [3],
    ),
    "fax as XML": (FAX_XML, [FAX, {"job_id": "4712", "status": "ERROR"}], []),
    "fax as CSV": (FAX_CSV, [FAX], []),
    "own sheet": (
        SHEET,
        [
            {
                "occurred": "20.11.2026 09:14",
                "sending_account": "+49 30 123",
                "termination_address": "+49 89 12345",
                "status": "besetzt",
            }
        ],
        [],
    ),
    "fields": (FIELDS, [{"occurred": "2026-11-20 09:14", "job_id": "8c1f", "status": "ERROR · SUPPRESSED"}], []),
    "cell over two lines": (
        QUOTED,
        [
            {
                "occurred": "2026-11-20 09:14",
                "recipient": "gast@example.net",
                "status": '550 5.1.1\nuser "unknown"',
                "log_extract": "Note: x",
            }
        ],
        [],
    ),
    "Windows line ends": (
        FIELDS.replace("\n", "\r\n"),
        [{"occurred": "2026-11-20 09:14", "job_id": "8c1f", "status": "ERROR · SUPPRESSED"}],
        [],
    ),
    "nothing": ("", [], []),
    "a letter": (
        "Hello,\n\nsince this morning nothing arrives.\nCall me at 10:00 on +49 89 1234.\nVersion 5.1.1 is installed.",
        [],
        [1, 3, 4, 5],
    ),
    "a damaged report": (
        REPORT.replace('"8c20"', '"8c20') + "only two;cells\n",
        [
            {
                **TO_GAST,
                "occurred": "2026-11-20T09:14:03Z",
                "job_id": "8c1f",
                "status": "ERROR · BOUNCED · HARD_BOUNCE · 550 5.1.1",
                "log_extract": "Processing Domain: DE1\nInterface: smtp",
            },
            ...,
        ],
        [4],
    ),
}


def whole(cells: dict[str, str]) -> dict[str, str]:
    return {column: cells.get(column, "") for column in ALL}
