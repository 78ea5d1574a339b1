"""The guides that apply (partner guide, section 1), and its contacts and resources (section 7): five groups, twelve entries."""

from datetime import date

from django.db import migrations

GUIDES = [
    {
        "kind": "partner",
        "title_en": "Retarus Support & Implementation Guide for Partners",
        "title_de": "Retarus Support & Implementation Guide für Partner",
        "version": "2021-03",
        "released_date": date(2021, 3, 1),  # it says March 2021 and names no day
    },
    {
        "kind": "support",
        "title_en": "Retarus Global Support Guide",
        "title_de": "Globaler Retarus Support Guide",
        "version": "online",
        "url": "https://docs.retarus.com/eas/support-guide",
    },
]

# group, English title and note, German title and note, where it leads
RESOURCES = [
    (
        "web",
        ("Retarus partner website", "What the partner program offers, and news for partners."),
        ("Retarus Partner-Website", "Was das Partnerprogramm bietet, und Neues für Partner."),
        {"url": "https://www.retarus.com/de/company/partner/"},
    ),
    (
        "sales",
        ("Partner Program Guide", "An overview of the partner program. Your partner manager sends it to you."),
        ("Partner Program Guide", "Das Partnerprogramm im Überblick. Ihr Partner Manager schickt ihn Ihnen."),
        {},
    ),
    (
        "sales",
        ("Partner Manager", "Your personal contact for everything about sales and market entry."),
        ("Partner Manager", "Ihr persönlicher Kontakt für alles rund um Vertrieb und Markteintritt."),
        {"person": "partner_manager"},
    ),
    (
        "sales",
        ("Partner Marketing", "Campaigns, material and events together with Retarus."),
        ("Partner Marketing", "Kampagnen, Material und Veranstaltungen gemeinsam mit Retarus."),
        {"email": "partnermarketing@retarus.de"},
    ),
    (
        "technical",
        ("Enterprise Administration Services Portal (EAS)", "Administration of the services, and their guides."),
        ("Enterprise Administration Services Portal (EAS)", "Verwaltung der Services samt ihren Handbüchern."),
        {"url": "https://eas.retarus.com/PicoPortal/"},
    ),
    (
        "technical",
        ("Retarus status page", "Status and availability of the services, and planned maintenance."),
        ("Retarus Statusseite", "Status und Verfügbarkeit der Services sowie geplante Wartungen."),
        {"url": "https://status.retarus.io/"},
    ),
    (
        "technical",
        ("Support & Implementation Guide for Partners", "The guide that this portal follows. Retarus Support sends it to you."),
        ("Support & Implementation Guide für Partner", "Der Leitfaden, dem dieses Portal folgt. Retarus Support schickt ihn Ihnen."),
        {"guide": "partner"},
    ),
    (
        "offices",
        ("Offices", "All offices of Retarus with address and telephone number."),
        ("Standorte", "Alle Standorte von Retarus mit Anschrift und Telefonnummer."),
        {"url": "https://www.retarus.com/contact/"},
    ),
    (
        "other",
        ("Corporate blog", "Articles on messaging, security and cloud services."),
        ("Unternehmensblog", "Beiträge zu Messaging, Sicherheit und Cloud-Services."),
        {"url": "https://www.retarus.com/blog/en/"},
    ),
    (
        "other",
        ("Events", "Fairs, webinars and other dates."),
        ("Veranstaltungen", "Messen, Webinare und andere Termine."),
        {"url": "https://www.retarus.com/events/"},
    ),
    (
        "other",
        ("Newsletter", "News from Retarus by mail."),
        ("Newsletter", "Neues von Retarus per E-Mail."),
        {"url": "https://www.retarus.com/newsletter/"},
    ),
    (
        "other",
        ("Press releases", "What Retarus has announced to the press."),
        ("Pressemitteilungen", "Was Retarus der Presse mitgeteilt hat."),
        {"url": "https://www.retarus.com/presscenter/"},
    ),
]


def enter(apps, schema_editor):
    Guide = apps.get_model("kb", "Guide")
    Resource = apps.get_model("kb", "Resource")
    guides = {fields["kind"]: Guide.objects.create(**fields) for fields in GUIDES}
    for position, (group, english, german, leads_to) in enumerate(RESOURCES, start=1):
        if "guide" in leads_to:
            leads_to = {"guide": guides[leads_to["guide"]]}
        Resource.objects.create(
            group=group,
            title_en=english[0],
            note_en=english[1],
            title_de=german[0],
            note_de=german[1],
            position=position,
            **leads_to,
        )
    apps.get_model("kb", "Article").objects.filter(slug="deliverability-of-campaigns").update(
        resource=Resource.objects.get(url="https://eas.retarus.com/PicoPortal/")
    )


def take_back(apps, schema_editor):
    for name in ("Resource", "Guide"):
        apps.get_model("kb", name).objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("kb", "0002_articles")]
    operations = [migrations.RunPython(enter, take_back)]
