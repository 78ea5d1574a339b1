"""Columns that the statements in `rows` do not name, because they came later: a text is blank there."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.db.models import CharField, TextField

from tickets.models import Escalation, Event, Example, Message, Ticket

MODELS = (Ticket, Example, Message, Event, Escalation)


@contextmanager
def blank_texts() -> Iterator[None]:
    """The database knows no defaults of Django's fields; meanwhile it does, for those that may be blank."""
    columns = [
        (model._meta.db_table, field.column)
        for model in MODELS
        for field in model._meta.concrete_fields
        if isinstance(field, (CharField, TextField)) and field.blank and not field.null and not field.has_db_default()
    ]
    with connection.cursor() as cursor:
        for table, column in columns:
            cursor.execute(f'ALTER TABLE "{table}" ALTER COLUMN "{column}" SET DEFAULT \'\'')
        yield
        for table, column in columns:
            cursor.execute(f'ALTER TABLE "{table}" ALTER COLUMN "{column}" DROP DEFAULT')
