"""Rows for the outbox, with the one template that needs no ticket."""

from typing import Any

from mailroom.models import Delivery


def row(name: str, **values: Any) -> Delivery:
    """A mail to <name>@alpine.example, not stored yet."""
    return Delivery(
        **{
            "key": f"test:{name}",
            "to": f"{name}@alpine.example",
            "template": "account",
            "context": {"subject": f"For {name}", "text": f"Hello {name}"},
            **values,
        }
    )


def queued(*names: str, **values: Any) -> list[Delivery]:
    rows = [row(name, **values) for name in names]
    Delivery.objects.queue(rows)
    return rows
