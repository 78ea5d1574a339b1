"""The clock of a ticket as both sides read it."""

from django import template
from django.utils import timezone

from tickets import clockface
from tickets.models import Ticket

register = template.Library()


@register.simple_tag
def clock(ticket: Ticket) -> clockface.Face:
    """`{% clock ticket as face %}`: its state, its words, and the moment they speak of."""
    return clockface.read(ticket, timezone.now())
