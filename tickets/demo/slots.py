"""What fills the {…} of the demo's texts: names, numbers and moments, the same ones throughout a ticket."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from contacts.models import Tenant
from tickets.demo.scenarios import Scenario

DOMAINS: Mapping[str, str] = {
    "12345RS": "hochwald.example",
    "23456RS": "sonnspitz.example",
    "34567RS": "havsvik.example",
    "45678RS": "leden.example",
    "56789RS": "mossfors.example",
}
PROVIDERS = ("webmail.example", "freemail.example", "telepost.example", "northmail.example")
COMPANIES = (
    "lindner-bau.example", "parcelway.example", "kanzlei-vogt.example", "fernwaerme-ost.example",
    "bluebird-travel.example", "stadtwerke-aue.example", "medisupply.example", "holzwerk-thurn.example",
    "nordbryn.example", "papier-kolb.example", "seaview-rentals.example", "getraenke-huber.example",
)  # fmt: skip
INSIDE = ("booking", "accounting", "info", "reception", "m.huber", "s.olsen", "purchasing", "k.wagner", "hr")
OUTSIDE = ("invoice", "news", "office", "orders", "j.weber", "a.berg", "service", "noreply", "t.novak")
REASONS = ("Phishing", "DMARC", "SPF", "DKIM", "Newsletter", "Attachment-Type", "Sandboxing", "Custom Rule")
CAMPAIGNS = ("booking-confirmation", "welcome", "invoice", "autumn-sale", "password-reset", "season-opening")
CENTRES = ("DE1", "DE1", "DE2", "DE2", "DE2", "US1", "SG1", "CH1")
WEEKDAYS: Mapping[str, tuple[str, ...]] = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday"),
    "de": ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag"),
}


@dataclass(frozen=True)
class Slots:
    """The filling of one ticket. `{hour}`, `{weekday}` and `{stamp}` follow a moment."""

    values: Mapping[str, str]
    language: str
    zone: ZoneInfo

    def fill(self, text: str, at: datetime) -> str:
        """The text as written at `at`, or about a fault that began then."""
        local = at.astimezone(self.zone)
        even = local - timedelta(minutes=local.minute % 5)
        ahead = WEEKDAYS[self.language][(local.weekday() + 3) % 5]
        return text.format_map(
            {**self.values, "hour": f"{even:%H:%M}", "weekday": ahead, "stamp": f"{local:%Y-%m-%d %H:%M:%S}"}
        )

    def __getitem__(self, name: str) -> str:
        return self.values[name]


def draw(rng: Random, scenario: Scenario, tenant: Tenant, language: str, zone: str) -> Slots:
    domain = DOMAINS[tenant.customer_id]
    other = rng.choice(PROVIDERS if scenario.sends and scenario.service == "transactional-email" else COMPANIES)
    many = rng.randrange(40, 420, 10)
    return Slots(
        values={
            "tenant": tenant.name,
            "domain": domain,
            "other": other,
            "inside": f"{rng.choice(INSIDE)}@{domain}",
            "outside": f"{rng.choice(OUTSIDE)}@{other}",
            "reason": rng.choice(REASONS),
            "campaign": rng.choice(CAMPAIGNS),
            "dc": rng.choice(CENTRES),
            "few": str(rng.randint(2, 6)),
            "few2": str(rng.randint(1, 9)),
            "count": str(rng.randint(3, 24)),
            "many": str(many),
            "more": str(many + rng.randrange(60, 600, 10)),
            "minutes": str(rng.randrange(15, 75, 5)),
            "pages": str(rng.randint(8, 24)),
            **_identifiers(rng),
        },
        language=language,
        zone=ZoneInfo(zone),
    )


def _identifiers(rng: Random) -> dict[str, str]:
    """Identifiers that look like the real ones. Addresses and numbers are the ones that are kept free for examples."""
    return {
        "id": f"{rng.getrandbits(48):012x}.{rng.getrandbits(24):06x}",
        "id2": f"{rng.getrandbits(48):012x}.{rng.getrandbits(24):06x}",
        "job": f"J.{rng.getrandbits(80):020x}",
        "job2": f"J.{rng.getrandbits(80):020x}",
        "job3": f"J.{rng.getrandbits(80):020x}",
        "ip": f"198.51.100.{rng.randint(2, 250)}",
        "number": f"+493023125{rng.randint(0, 999):03}",
        "mobile": f"+491713920{rng.randint(0, 99):03}",
        "account": f"fax{rng.randint(100, 999)}",
    }
