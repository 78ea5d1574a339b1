"""The troubleshooting of the partner guide (section 5): seven questions, nine places to find them."""

import re
from datetime import date, datetime, timezone

from django.db import migrations

WRITTEN_AT = datetime(2026, 11, 23, tzinfo=timezone.utc)

# service, topic, English, German
TOPICS = [
    ("email-security", "mailbox-management", "Mailbox management", "Postfächer verwalten"),
    ("email-security", "quarantine", "Quarantine", "Quarantäne"),
    ("email-security", "processing", "Processing", "Zustellung"),
    ("email-security", "billing", "Billing", "Abrechnung"),
    ("transactional-email", "processing", "Processing", "Zustellung"),
]

# The second block of the guide repeats the heading "Email Security" but speaks of transactional campaigns.
PLACEMENTS = [
    ("email-security", "mailbox-management", "mailbox-without-external-mail"),
    ("email-security", "mailbox-management", "configured-mailbox-without-mail"),
    ("email-security", "quarantine", "legitimate-mail-filtered"),
    ("email-security", "quarantine", "unwanted-mail-not-filtered"),
    ("email-security", "processing", "mail-does-not-reach-recipients"),
    ("email-security", "processing", "unwanted-mail-not-filtered"),
    ("email-security", "billing", "more-addresses-billed-than-users"),
    ("transactional-email", "processing", "mail-does-not-reach-recipients"),
    ("transactional-email", "processing", "deliverability-of-campaigns"),
]

MAILBOX_WITHOUT_EXTERNAL_MAIL = {
    "slug": "mailbox-without-external-mail",
    "question_en": "Why does a mailbox never receive mail from outside?",
    "question_de": "Warum kommt in einem Postfach nie E-Mail von außen an?",
    "answer_en": """\
Mail from outside only passes for addresses that the service knows. It knows an address when somebody has entered it by
hand, or when it is in the file of the directory synchronisation.

1. Note the exact address that is affected, letter by letter, and ask whether mail from colleagues inside arrives.
2. Sign in to myEAS, open the settings of the email directory and look for the address.
3. Does the end-customer synchronise the directory? Then look for the address in the file that was sent last.
4. If it is missing, add it in **one** of the two places: by hand in myEAS, or in the file. Choose the place where the
   end-customer's other mailboxes are kept.
5. Send a test mail from an outside account and follow it with Live Search in myEAS.
""",
    "answer_de": """\
E-Mails von außen werden nur für Adressen angenommen, die der Service kennt. Bekannt ist eine Adresse, wenn sie von Hand
eingetragen wurde oder in der Datei der Verzeichnissynchronisation steht.

1. Notieren Sie die betroffene Adresse genau, Buchstabe für Buchstabe. Klären Sie, ob E-Mails von Kollegen im Haus
   ankommen.
2. Melden Sie sich bei myEAS an, öffnen Sie die Einstellungen des E-Mail-Verzeichnisses und suchen Sie die Adresse.
3. Gleicht der Endkunde sein Verzeichnis ab? Dann suchen Sie die Adresse auch in der zuletzt übermittelten Datei.
4. Fehlt sie, tragen Sie sie an **einer** der beiden Stellen nach: von Hand in myEAS oder in der Datei. Nehmen Sie die
   Stelle, an der auch die übrigen Postfächer des Endkunden gepflegt werden.
5. Schicken Sie von einem externen Konto eine Test-E-Mail und verfolgen Sie sie in myEAS mit Live Search.
""",
    "next_step_en": "The address is known to the service, and the mailbox still stays empty? Then go on to the next article.",
    "next_step_de": "Die Adresse ist bekannt, und das Postfach bleibt trotzdem leer? Dann weiter mit dem nächsten Artikel.",
    "keywords_en": "mailbox gets no external mail, no inbound email, e-mail not arriving, user missing, new user, unknown "
    "recipient, directory filter, email directory, directory synchronization, sync file",
    "keywords_de": "Postfach bekommt keine externen Mails, erhält keine E-Mails, Mail kommt nicht an, Empfang, eingehend, "
    "Benutzer fehlt, neuer Benutzer, unbekannter Empfänger, Verzeichnisfilter, Directory Filter, Synchronisierung, Datei",
}

CONFIGURED_MAILBOX_WITHOUT_MAIL = {
    "slug": "configured-mailbox-without-mail",
    "question_en": "The mailbox is configured, or in the synchronisation file, and still receives nothing. What now?",
    "question_de": "Das Postfach ist eingerichtet oder steht in der Synchronisationsdatei und empfängt trotzdem nichts. "
    "Was nun?",
    "answer_en": """\
Find out first whether the mail reached the service at all, and what became of it there.

1. Take one mail that is missing: sender, recipient, and the time it was sent with its time zone.
2. Open Live Search in myEAS and look for it by recipient and period.
3. Not found? Then the mail never reached the service. Ask the sender for the error message that came back.
4. Found? Read the status. Anything but a delivery is worth a closer look: refused, held in quarantine, or still waiting.
5. Delivered according to Live Search? Then look in the end-customer's own system: junk folder, inbox rules, forwarding.
6. Compare with a mailbox that works. What is different there?
""",
    "answer_de": """\
Klären Sie zuerst, ob die E-Mail den Service überhaupt erreicht hat und was dort aus ihr geworden ist.

1. Nehmen Sie eine fehlende E-Mail als Beispiel: Absender, Empfänger, Sendezeit mit Zeitzone.
2. Öffnen Sie in myEAS Live Search und suchen Sie nach Empfänger und Zeitraum.
3. Nichts gefunden? Dann ist die E-Mail nie beim Service angekommen. Bitten Sie den Absender um die Fehlermeldung, die er
   erhalten hat.
4. Gefunden? Dann lesen Sie den Status. Auffällig ist alles außer einer Zustellung: abgelehnt, in Quarantäne, noch in
   Arbeit.
5. Laut Live Search zugestellt? Dann prüfen Sie das System des Endkunden: Junk-Ordner, Regeln im Posteingang,
   Weiterleitungen.
6. Vergleichen Sie mit einem Postfach, das funktioniert. Was ist dort anders?
""",
    "next_step_en": "Live Search shows nothing unusual? Open a ticket and give the mails you looked for as examples: time, "
    "sender, recipient and status.",
    "next_step_de": "Live Search zeigt nichts Auffälliges? Dann eröffnen Sie ein Ticket und nennen Sie die gesuchten E-Mails "
    "als Beispiele: Zeit, Absender, Empfänger und Status.",
    "keywords_en": "live search, message tracking, trace, anomaly, mailbox set up but empty, mail lost, email missing, "
    "e-mail disappeared",
    "keywords_de": "Live Search, Nachverfolgung, Nachricht suchen, Auffälligkeit, Postfach leer, E-Mail verschwunden, "
    "Mail verloren, fehlende Mails",
    "opens_ticket": True,
}

LEGITIMATE_MAIL_FILTERED = {
    "slug": "legitimate-mail-filtered",
    "question_en": "What can I do when legitimate mail is filtered (false positives)?",
    "question_de": "Was tun, wenn erwünschte E-Mails herausgefiltert werden (False Positives)?",
    "answer_en": """\
A filtered mail is not lost. It waits in the quarantine, as a rule for 30 days.

1. **By the digest:** the recipient opens the Email Security Report, finds the mail in it and releases it. The link from
   there to the portal works for two days; after that, ask for a new report.
2. **In the online quarantine:** in myEAS, open Search, then Quarantine Research, find the mail and release it. The
   column with the reason says which filter stopped it.
3. **So that it does not happen again:** the recipient signs in to the personal quarantine and puts the sender, or the
   sender's domain, on the personal allowlist.

An address is the safer choice for the allowlist: a domain lets everybody through who writes from there. Mail that
carries a virus cannot be released.
""",
    "answer_de": """\
Eine gefilterte E-Mail ist nicht verloren. Sie liegt in der Quarantäne, in der Regel 30 Tage lang.

1. **Über den Digest:** Der Empfänger öffnet den Email Security Report, sucht die E-Mail heraus und gibt sie frei. Der
   Link von dort ins Portal gilt zwei Tage; danach lässt sich ein neuer Report anfordern.
2. **In der Online-Quarantäne:** Öffnen Sie in myEAS die Suche, dann Quarantine Research, und geben Sie die E-Mail frei.
   Der angezeigte Grund verrät, welcher Filter sie angehalten hat.
3. **Damit es nicht wieder vorkommt:** Der Empfänger meldet sich in seiner persönlichen Quarantäne an und setzt den
   Absender oder dessen Domain auf die persönliche Allowlist.

Sicherer ist auf der Allowlist eine einzelne Adresse: Eine Domain lässt alle durch, die von dort schreiben. E-Mails mit
Viren können nicht freigegeben werden.
""",
    "next_step_en": "Does one sender keep being filtered although it is on the allowlist? Note the reason that the "
    "quarantine gives and download the mail as a file (.eml): both belong to a ticket, should you need one.",
    "next_step_de": "Wird ein Absender trotz Allowlist immer wieder gefiltert? Notieren Sie den Grund aus der Quarantäne "
    "und laden Sie die E-Mail als Datei (.eml) herunter: Beides gehört in ein Ticket, falls Sie eines brauchen.",
    "keywords_en": "whitelist, allow list, safe sender, release, quarantine, digest, email security report, wrongly blocked, "
    "good mail in spam, held back",
    "keywords_de": "Whitelist, Positivliste, Freigabe, freigeben, Quarantäne, Digest, Bericht, zu Unrecht blockiert, "
    "erwünschte Mail im Spam, zurückgehalten",
}

UNWANTED_MAIL_NOT_FILTERED = {
    "slug": "unwanted-mail-not-filtered",
    "question_en": "What can I do when spam, phishing or malware gets through (false negatives)?",
    "question_de": "Was tun, wenn Spam, Phishing oder Schadsoftware durchkommt (False Negatives)?",
    "answer_en": """\
First of all: nobody should click on links or open attachments of such a mail. Then decide how far the block should reach.

1. **One recipient is affected:** put the sender, or the sender's domain, on this user's personal blocklist.
2. **Many are affected:** put it on the global blocklist. This holds for **all** users of the end-customer, so check
   first that nobody expects mail from there.
3. Keep one of the mails as a file (.eml) with all its headers. A forwarded copy loses what is needed for the analysis.
4. With phishing: ask whether somebody has entered a password, and have it changed.
""",
    "answer_de": """\
Das Wichtigste zuerst: Links und Anhänge solcher E-Mails soll niemand öffnen. Dann entscheiden Sie, wie weit die Sperre
reichen soll.

1. **Ein Empfänger ist betroffen:** Setzen Sie den Absender oder dessen Domain auf die persönliche Blocklist dieses
   Benutzers.
2. **Viele sind betroffen:** Nehmen Sie die globale Blocklist. Sie gilt für **alle** Benutzer des Endkunden. Prüfen Sie
   also vorher, ob jemand von dort E-Mails erwartet.
3. Sichern Sie eine der E-Mails als Datei (.eml) mit allen Kopfzeilen. Beim Weiterleiten geht verloren, was für die
   Analyse gebraucht wird.
4. Bei Phishing: Fragen Sie, ob jemand ein Passwort eingegeben hat, und lassen Sie es ändern.
""",
    "next_step_en": "The senders keep changing, or blocking is not enough? Open a ticket and attach the mail as a file.",
    "next_step_de": "Die Absender wechseln ständig, oder das Sperren reicht nicht? Eröffnen Sie ein Ticket und hängen Sie die "
    "E-Mail als Datei an.",
    "keywords_en": "blacklist, block list, block sender, junk, virus, trojan, ransomware, scam, fraud, not detected, "
    "unsolicited email, e-mail",
    "keywords_de": "Blacklist, Sperrliste, Absender sperren, blockieren, Virus, Trojaner, Betrug, nicht erkannt, "
    "unerwünschte Mail, Werbung, Müll",
    "opens_ticket": True,
}

MAIL_DOES_NOT_REACH_RECIPIENTS = {
    "slug": "mail-does-not-reach-recipients",
    "question_en": "What can I do when mail does not reach single recipients or providers?",
    "question_de": "Was tun, wenn E-Mails einzelne Empfänger oder Provider nicht erreichen?",
    "answer_en": """\
The error code of the transmission tells you whether waiting helps.

1. Find the code. It stands in the message that came back to the sender, in the log of the sending server, and in the
   search and the reports of the service.
2. Look at its first figure:
   - **4.x is temporary,** for example 4.2.2, mailbox full. Wait. Most servers repeat by themselves; if yours does not,
     send again later.
   - **5.x is final,** for example 5.1.1, no such recipient. Sending again rarely helps. Read the text of the message,
     remove the cause, and send only then.
3. With a final error, check the address for typing errors and ask the recipient by another way whether it still exists.
4. With Transactional Email, check whether the address is on the suppression list. An entry goes by itself after 1 to 45
   days, depending on its reason, and each new attempt begins the time anew.
5. Compare: is it one recipient, one provider, or everybody? One provider alone points to that provider.
""",
    "answer_de": """\
Der Fehlercode der Übertragung verrät, ob Warten hilft.

1. Suchen Sie den Code. Er steht in der Meldung, die an den Absender zurückkam, im Protokoll des sendenden Servers und in
   Suche und Berichten des Service.
2. Entscheidend ist die erste Ziffer:
   - **4.x ist vorübergehend,** zum Beispiel 4.2.2, Postfach voll. Warten Sie ab. Die meisten Server wiederholen von
     selbst; tut Ihrer das nicht, senden Sie später noch einmal.
   - **5.x ist endgültig,** zum Beispiel 5.1.1, Empfänger unbekannt. Erneutes Senden lohnt sich selten. Lesen Sie den Text
     der Meldung, beheben Sie die Ursache und senden Sie erst dann.
3. Bei endgültigen Fehlern: Prüfen Sie die Adresse auf Tippfehler und fragen Sie den Empfänger auf anderem Weg, ob es sie
   noch gibt.
4. Bei Transactional Email: Prüfen Sie, ob die Adresse auf der Suppression List steht. Ein Eintrag verschwindet je nach
   Grund nach 1 bis 45 Tagen von selbst; jeder neue Versuch lässt die Frist von vorn beginnen.
5. Vergleichen Sie: Ist es ein Empfänger, ein Provider oder sind es alle? Ein einzelner Provider deutet auf eine Ursache
   dort.
""",
    "next_step_en": "You need to know more? Open a ticket with one or more examples: time, sender, recipient, error code, "
    "and the lines from the log.",
    "next_step_de": "Sie müssen mehr wissen? Eröffnen Sie ein Ticket mit einem oder mehreren Beispielen: Zeit, Absender, "
    "Empfänger, Fehlercode und die Zeilen aus dem Protokoll.",
    "keywords_en": "email does not arrive at gmail, outlook, error code, bounce, bounced, undeliverable, not delivered, delivery failure, NDR, ISP, rejected, "
    "temporary error, final error, hard bounce, soft bounce, suppression list, retry, resend, 4.x, 5.x, e-mail",
    "keywords_de": "Fehlercode, Bounce, unzustellbar, nicht zugestellt, Zustellung fehlgeschlagen, NDR, ISP, abgelehnt, "
    "vorübergehender Fehler, temporär, endgültiger Fehler, Suppression List, erneut senden, E-Mail, Mail kommt nicht an",
    "opens_ticket": True,
}

MORE_ADDRESSES_BILLED = {
    "slug": "more-addresses-billed-than-users",
    "question_en": "Why are more email addresses billed than I have users?",
    "question_de": "Warum werden mehr E-Mail-Adressen abgerechnet, als ich Benutzer habe?",
    "answer_en": """\
Addresses are billed, not users: what counts is how many email addresses are registered with the service.

**Why there are more addresses than users**

- Groups and functions have addresses of their own, such as info@ or sales@.
- So do mailboxes for marketing.
- Some users have several addresses.

**Which number of the month counts**

The highest one within the billing month. Addresses that you delete during a month are still part of that month's bill
and no longer part of the next one.

*Example:* on 3 May 310 addresses are registered, from 10 May on 295. The bill for May says 310; June starts with 295.

1. Open the email directory in myEAS and count the addresses, not the people.
2. Mark those that belong to no user, and decide which of them are still needed.
3. Delete the others. You will see it on the bill of the following month.
""",
    "answer_de": """\
Abgerechnet werden Adressen, nicht Benutzer: Es zählt, wie viele E-Mail-Adressen beim Service registriert sind.

**Warum es mehr Adressen als Benutzer gibt**

- Gruppen und Funktionen haben eigene Adressen, etwa info@ oder vertrieb@.
- Ebenso Postfächer für das Marketing.
- Manche Benutzer haben mehrere Adressen.

**Welche Zahl des Monats gilt**

Die höchste innerhalb des Abrechnungsmonats. Adressen, die Sie im Laufe eines Monats löschen, stehen noch auf der
Rechnung dieses Monats und nicht mehr auf der nächsten.

*Beispiel:* Am 3. Mai sind 310 Adressen registriert, ab dem 10. Mai noch 295. Die Rechnung für Mai nennt 310; der Juni
beginnt mit 295.

1. Öffnen Sie in myEAS das E-Mail-Verzeichnis und zählen Sie die Adressen, nicht die Personen.
2. Markieren Sie Adressen, die zu keinem Benutzer gehören, und entscheiden Sie, welche Sie noch brauchen.
3. Löschen Sie die übrigen. Auf der Rechnung sehen Sie das im folgenden Monat.
""",
    "next_step_en": "Questions about a single bill go to the person who looks after your contract. A technical ticket is "
    "not needed.",
    "next_step_de": "Fragen zu einer einzelnen Rechnung beantwortet, wer Ihren Vertrag betreut. Ein technisches Ticket ist "
    "dafür nicht nötig.",
    "keywords_en": "invoice, bill, billing, costs, charge, price, licence, number of users, group mailbox, functional mailbox, "
    "alias, aliases, deleted addresses",
    "keywords_de": "Rechnung, Abrechnung, Kosten, Preis, Lizenz, Anzahl Benutzer, Gruppenpostfach, Funktionspostfach, Alias, "
    "gelöschte Adressen, zu viel berechnet",
}

DELIVERABILITY_OF_CAMPAIGNS = {
    "slug": "deliverability-of-campaigns",
    "question_en": "How do I raise the deliverability of transactional email campaigns?",
    "question_de": "Wie verbessere ich die Zustellbarkeit von transaktionalen E-Mail-Kampagnen?",
    "answer_en": """\
The **Deliverability Guide for the Transactional Email Service** is the full answer. These checks come first:

1. **Clean addresses:** go through the report of the last campaign. What has bounced for good (HARD_BOUNCE,
   INVALID_ADDRESS) does not belong in the next one.
2. **Suppression list:** find out why addresses got there before you write to them again. Each attempt prolongs the entry.
3. **Proof of origin:** the sender's domain should carry SPF, DKIM and DMARC for the way you send.
4. **Even pace:** throughput is counted in windows of five minutes. An answer 429 LIMIT_EXCEEDED means: slower, not again
   at once.
5. **Feedback:** have the status of each mail reported to you by callback, so that you act while the campaign is running.
""",
    "answer_de": """\
Ausführlich antwortet der **Deliverability Guide für den Service Transactional Email**. Prüfen Sie vorab:

1. **Saubere Adressen:** Gehen Sie den Bericht der letzten Kampagne durch. Was endgültig unzustellbar war (HARD_BOUNCE,
   INVALID_ADDRESS), gehört nicht in die nächste.
2. **Suppression List:** Klären Sie, warum Adressen dort stehen, bevor Sie ihnen wieder schreiben. Jeder Versuch
   verlängert den Eintrag.
3. **Herkunftsnachweis:** Für die Absenderdomain sollten SPF, DKIM und DMARC zu Ihrem Versandweg passen.
4. **Gleichmäßiges Tempo:** Der Durchsatz wird in Fenstern von fünf Minuten gezählt. Die Antwort 429 LIMIT_EXCEEDED heißt:
   langsamer, nicht sofort noch einmal.
5. **Rückmeldung:** Lassen Sie sich den Status jeder E-Mail per Callback melden, damit Sie schon während der Kampagne
   reagieren können.
""",
    "next_step_en": "Read the Deliverability Guide. Look for it among the service's documents in the EAS portal; Retarus "
    "Support sends it to you if you do not find it there.",
    "next_step_de": "Lesen Sie den Deliverability Guide. Suchen Sie ihn bei den Unterlagen zum Service im EAS-Portal; finden "
    "Sie ihn dort nicht, schickt ihn Ihnen der Retarus Support.",
    "keywords_en": "deliverability guide, newsletter, mailing, inbox placement, spam folder, sender reputation, SPF, DKIM, "
    "DMARC, dedicated IP, throughput, rate limit, 429, bounce rate",
    "keywords_de": "Deliverability Guide, Newsletter, Mailing, Spam-Ordner, Reputation des Absenders, SPF, DKIM, DMARC, "
    "dedizierte IP, Durchsatz, Limit, 429, Zustellrate, Bounce-Rate",
}

ARTICLES = [
    MAILBOX_WITHOUT_EXTERNAL_MAIL,
    CONFIGURED_MAILBOX_WITHOUT_MAIL,
    LEGITIMATE_MAIL_FILTERED,
    UNWANTED_MAIL_NOT_FILTERED,
    MAIL_DOES_NOT_REACH_RECIPIENTS,
    MORE_ADDRESSES_BILLED,
    DELIVERABILITY_OF_CAMPAIGNS,
]


def unwrapped(text):
    """One line a paragraph and a step, as agents will edit it; the lines above are cut for readers of this file."""
    return re.sub(r"(?<!\n)\n(?!\n|\s*(?:- |\d+\. ))\s*", " ", text.strip())


def enter(apps, schema_editor):
    Service = apps.get_model("contacts", "Service")
    Topic = apps.get_model("kb", "Topic")
    Article = apps.get_model("kb", "Article")
    Placement = apps.get_model("kb", "Placement")
    services = {service.code: service for service in Service.objects.all()}
    topics = {}
    for position, (code, slug, english, german) in enumerate(TOPICS, start=1):
        topics[code, slug] = Topic.objects.create(
            service=services[code], slug=slug, name_en=english, name_de=german, position=position
        )
    articles = {
        fields["slug"]: Article.objects.create(
            **{
                **fields,
                "answer_en": unwrapped(fields["answer_en"]),
                "answer_de": unwrapped(fields["answer_de"]),
                "published_at": WRITTEN_AT,
                "reviewed_date": date(2026, 11, 23),
            }
        )
        for fields in ARTICLES
    }
    for position, (code, slug, article) in enumerate(PLACEMENTS, start=1):
        Placement.objects.create(article=articles[article], topic=topics[code, slug], position=position)
    Article.objects.filter(slug="mailbox-without-external-mail").update(
        next_article=articles["configured-mailbox-without-mail"]
    )


def take_back(apps, schema_editor):
    for name in ("Article", "Topic"):
        apps.get_model("kb", name).objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("kb", "0001_initial"), ("contacts", "0002_services")]
    operations = [migrations.RunPython(enter, take_back)]
