"""What is known of a contact's training, as parts of the statement that reads the contact."""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import JSONObject

from contacts.models.guides import Acknowledgement, Guide
from contacts.models.training import Demand, Enrolment
from contacts.readiness import Step

#: What `Contact.objects.lacking_by_partner` calls the counts.
LACKING_AS = {
    Step.PARTNER: "partner_guide",
    Step.SUPPORT: "support_guide",
    Step.PROCESSES: "processes",
    Step.WEBINAR: "webinar",
}


def known_of(contact: str, partner: str) -> dict[str, Any]:
    """`editions`, `demanded` and `attended_at` of the contact and partner whose keys the outer statement has here."""
    confirmed = Acknowledgement.objects.filter(guide=OuterRef("pk"), contact=OuterRef(OuterRef(contact)))
    editions = Guide.objects.published().order_by("published_at", "pk")
    attended = Enrolment.objects.attended().filter(contact=OuterRef(contact)).order_by("session__ends_at")
    return {
        "editions": ArraySubquery(
            editions.values(
                json=JSONObject(
                    pk="pk",
                    step="kind",
                    version="version",
                    title_en="title_en",
                    title_de="title_de",
                    published_at="published_at",
                    confirmed_at=Subquery(confirmed.values("acknowledged_at")[:1]),
                )
            )
        ),
        "demanded": ArraySubquery(
            Demand.objects.filter(partner=OuterRef(partner)).values(
                json=JSONObject(step="step", grace_days="grace_days", since_at="since_at")
            )
        ),
        "attended_at": Subquery(attended.values("session__ends_at")[:1]),
    }


def lacks(step: Step) -> Q:
    """For a statement on contacts. A guide that was never published is lacked by nobody."""
    if step == Step.WEBINAR:
        return ~Q(Exists(Enrolment.objects.attended().filter(contact=OuterRef("pk"))))
    newest = Guide.objects.published().filter(kind=step).order_by("-published_at", "-pk").values("pk")[:1]
    confirmed = Acknowledgement.objects.filter(contact=OuterRef("pk"), guide=Subquery(newest))
    return Q(Exists(Guide.objects.published().filter(kind=step))) & ~Q(Exists(confirmed))
