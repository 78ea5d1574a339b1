"""Mail of the local start is spoken to over SMTP and kept in a folder."""

import smtplib
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from partnerdesk.local.mail import MailSink


def test_mail_is_kept_as_it_was_sent(tmp_path: Path) -> None:
    sink = MailSink(tmp_path)
    sink.start()
    sent = EmailMessage()
    sent["From"], sent["To"], sent["Subject"] = "support@desk.example", "l2@alpine.example", "Störung RCR-1000001"
    sent.set_content("Wir prüfen das.\n.\nEin Punkt allein beendet nichts.\n")
    with smtplib.SMTP("127.0.0.1", sink.port) as line:
        line.send_message(sent, to_addrs=["../../l2@alpine.example"])
    (kept,) = tmp_path.iterdir()
    read = message_from_bytes(kept.read_bytes(), policy=policy.default)
    assert read["Subject"] == sent["Subject"]
    assert read.get_content().splitlines() == sent.get_content().splitlines()
    assert kept.name.endswith("-1-.._.._l2@alpine.example.eml")
