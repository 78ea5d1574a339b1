"""The steps of the seven articles, short enough to tick, and who may edit them. From here on the admin decides."""

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations

STEPS = {
    "mailbox-without-external-mail": [
        (
            "Looked up the exact address in the email directory settings of myEAS",
            "Genaue Adresse in myEAS in den Einstellungen des E-Mail-Verzeichnisses nachgeschlagen",
        ),
        (
            "Looked for the address in the file that the directory synchronisation sent last",
            "Adresse in der zuletzt übermittelten Datei der Verzeichnissynchronisation gesucht",
        ),
        (
            "Added the missing address in one of the two places",
            "Fehlende Adresse an einer der beiden Stellen nachgetragen",
        ),
        (
            "Sent a test mail from an outside account",
            "Test-E-Mail von einem externen Konto geschickt",
        ),
    ],
    "configured-mailbox-without-mail": [
        (
            "Searched Live Search in myEAS for a missing mail, by recipient and period",
            "Fehlende E-Mail in myEAS mit Live Search nach Empfänger und Zeitraum gesucht",
        ),
        (
            "Read the status there: nothing was refused, held or still waiting",
            "Status dort gelesen: nichts abgelehnt, zurückgehalten oder noch in Arbeit",
        ),
        (
            "Looked in the junk folder, inbox rules and forwarding of the mailbox",
            "Junk-Ordner, Posteingangsregeln und Weiterleitungen des Postfachs geprüft",
        ),
        (
            "Compared with a mailbox that receives mail",
            "Mit einem Postfach verglichen, das E-Mails empfängt",
        ),
    ],
    "legitimate-mail-filtered": [
        (
            "Released the mail from the digest (Email Security Report)",
            "E-Mail aus dem Digest (Email Security Report) freigegeben",
        ),
        (
            "Searched the online quarantine in myEAS and released the mail there",
            "E-Mail in der Online-Quarantäne in myEAS gesucht und dort freigegeben",
        ),
        (
            "Put the sender or the domain on the user's personal allowlist",
            "Absender oder Domain auf die persönliche Allowlist des Benutzers gesetzt",
        ),
    ],
    "unwanted-mail-not-filtered": [
        (
            "Put the sender or the domain on the user's personal blocklist",
            "Absender oder Domain auf die persönliche Blocklist des Benutzers gesetzt",
        ),
        (
            "Put the sender or the domain on the global blocklist, which holds for all users",
            "Absender oder Domain auf die globale Blocklist gesetzt, die für alle Benutzer gilt",
        ),
        (
            "Saved one of the mails as a file (.eml) with all its headers",
            "Eine der E-Mails mit allen Kopfzeilen als Datei (.eml) gesichert",
        ),
        (
            "Asked whether somebody clicked or entered a password",
            "Gefragt, ob jemand geklickt oder ein Passwort eingegeben hat",
        ),
    ],
    "mail-does-not-reach-recipients": [
        (
            "Found the error code in the bounce or in the log",
            "Fehlercode in der Rückmeldung oder im Protokoll gefunden",
        ),
        (
            "Temporary error (4.x): waited and sent again later",
            "Vorübergehender Fehler (4.x): gewartet und später erneut gesendet",
        ),
        (
            "Final error (5.x): checked the address and the text of the message",
            "Endgültiger Fehler (5.x): Adresse und Text der Meldung geprüft",
        ),
        (
            "Transactional Email: looked for the address on the suppression list",
            "Transactional Email: Adresse auf der Suppression List gesucht",
        ),
        (
            "Compared with other recipients and other providers",
            "Mit anderen Empfängern und anderen Providern verglichen",
        ),
    ],
    "more-addresses-billed-than-users": [
        (
            "Counted the registered addresses in the email directory, not the people",
            "Im E-Mail-Verzeichnis die registrierten Adressen gezählt, nicht die Personen",
        ),
        (
            "Counted the addresses of groups, functions and marketing too",
            "Adressen von Gruppen, Funktionen und Marketing mitgezählt",
        ),
        (
            "Compared with the highest number of the billing month",
            "Mit der höchsten Zahl des Abrechnungsmonats verglichen",
        ),
    ],
    "deliverability-of-campaigns": [
        (
            "Followed the Deliverability Guide for the Transactional Email Service",
            "Deliverability Guide für den Service Transactional Email befolgt",
        ),
        (
            "Took out addresses that had bounced for good",
            "Endgültig unzustellbare Adressen entfernt",
        ),
        (
            "Checked SPF, DKIM and DMARC of the sender's domain",
            "SPF, DKIM und DMARC der Absenderdomain geprüft",
        ),
        (
            "Spread the sending evenly, below the throughput limit",
            "Versand gleichmäßig unter der Durchsatzgrenze verteilt",
        ),
    ],
}

RIGHTS = {
    "3rd-level agents": ["view_articlestep", "add_articlestep", "change_articlestep", "delete_articlestep"],
    "3rd-level leads": ["view_articlestep", "add_articlestep", "change_articlestep", "delete_articlestep"],
    "Vendor managers": ["view_articlestep"],
}


def enter(apps, schema_editor):
    Article = apps.get_model("kb", "Article")
    ArticleStep = apps.get_model("kb", "ArticleStep")
    articles = {article.slug: article for article in Article.objects.filter(slug__in=STEPS)}
    ArticleStep.objects.bulk_create(
        ArticleStep(article=articles[slug], position=position, text_en=english, text_de=german)
        for slug, steps in STEPS.items()
        if slug in articles  # a lead may have deleted one
        for position, (english, german) in enumerate(steps, start=1)
    )
    articles_on_bills = Article.objects.filter(slug="more-addresses-billed-than-users", opens_ticket=False)
    articles_on_bills.update(ends_without_ticket=True)


def grant(apps, schema_editor):
    create_permissions(installed.get_app_config("kb"), verbosity=0, using=schema_editor.connection.alias)
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    for name, codes in RIGHTS.items():
        group, _created = Group.objects.get_or_create(name=name)
        group.permissions.add(*Permission.objects.filter(content_type__app_label="kb", codename__in=codes))


class Migration(migrations.Migration):
    dependencies = [("kb", "0007_steps_and_outcomes"), ("auth", "0012_alter_user_first_name_max_length")]
    operations = [
        migrations.RunPython(enter, migrations.RunPython.noop),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
