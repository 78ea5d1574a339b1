"""What crosses the boundary as mail. A row first, a message second."""

from mailroom.models.delivery import Delivery, DeliveryQuerySet, State
from mailroom.models.inbound import InboundMail, InboundMailQuerySet, Stage

__all__ = ["Delivery", "DeliveryQuerySet", "InboundMail", "InboundMailQuerySet", "Stage", "State"]
