"""Who asks, in one statement: a session, its login, its contact with partner, grants and training; rights if staff.

Everything else about sessions is Django's: keys, signing, cookie, expiry. `contacts.middleware` judges what is read.
"""

import json
import re
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import Any, TypeVar

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db import connection, models
from django.utils import timezone

from contacts.models import Contact, DirectSupport, Partner, Session, User

KEY = re.compile(r"[0-9a-z]{32}")
Row = TypeVar("Row", bound=models.Model)


def columns(model: type[models.Model], alias: str) -> str:
    return ", ".join(f'{alias}."{field.column}"' for field in model._meta.concrete_fields)


#: By hand, because building it from models anew for every request takes five times as long as Postgres does.
STATEMENT = f"""
    SELECT s.session_data,
           ARRAY(SELECT g.tenant_id FROM contacts_contact_tenants g WHERE g.contact_id = c.id),
           ARRAY(SELECT g.service_id FROM contacts_contact_services g WHERE g.contact_id = c.id),
           CASE WHEN u.is_staff THEN ARRAY(
               SELECT t.app_label || '.' || r.codename
               FROM auth_permission r JOIN django_content_type t ON t.id = r.content_type_id
               WHERE r.id IN (
                   SELECT permission_id FROM contacts_user_user_permissions WHERE user_id = u.id
                   UNION ALL
                   SELECT gr.permission_id FROM auth_group_permissions gr
                   JOIN contacts_user_groups ug USING (group_id) WHERE ug.user_id = u.id
               )
           ) END,
           CASE WHEN c.id IS NOT NULL THEN json_build_object(
               'editions', (
                   SELECT COALESCE(json_agg(json_build_object(
                       'pk', g.id, 'step', g.kind, 'version', g.version, 'title_en', g.title_en,
                       'title_de', g.title_de, 'published_at', g.published_at, 'confirmed_at', a.acknowledged_at
                   ) ORDER BY g.published_at, g.id), '[]')
                   FROM contacts_guide g
                   LEFT JOIN contacts_acknowledgement a ON a.guide_id = g.id AND a.contact_id = c.id
                   WHERE g.published_at IS NOT NULL
               ),
               'demanded', (
                   SELECT COALESCE(json_agg(json_build_object(
                       'step', d.step, 'grace_days', d.grace_days, 'since_at', d.since_at
                   )), '[]')
                   FROM contacts_demand d WHERE d.partner_id = c.partner_id
               ),
               'attended_at', (
                   SELECT MIN(t.ends_at) FROM contacts_enrolment e
                   JOIN contacts_trainingsession t ON t.id = e.session_id AND t.onboarding
                   WHERE e.contact_id = c.id AND e.attendance = 'attended'
               )
           )::text END,
           {columns(User, "u")}, {columns(Contact, "c")}, {columns(Partner, "p")}, {columns(DirectSupport, "d")}
    FROM contacts_session s
    LEFT JOIN contacts_user u ON u.id = s.user_id
    LEFT JOIN contacts_contact c ON c.user_id = u.id AND c.revoked_at IS NULL AND NOT u.is_staff
    LEFT JOIN contacts_partner p ON p.id = c.partner_id
    LEFT JOIN contacts_directsupport d ON d.id = c.direct_support_id
    WHERE s.session_key = %s AND s.expire_date > %s
"""  # noqa: S608  # names of columns, all of them ours


class SessionStore(DatabaseStore):
    """`reader` is the login the session belongs to, read with it. Whether it still counts is not said here."""

    reader: User | None = None

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        row = super().create_model_instance(data)
        row.user_id = data.get(SESSION_KEY)  # type: ignore[attr-defined]  # the stubs do not ask get_model_class
        return row  # type: ignore[return-value]

    def load(self) -> dict[str, Any]:
        found = ask(self.session_key) if KEY.fullmatch(self.session_key or "") else None
        if found is None:
            self._session_key = None
            return {}
        data, *who = found
        self.reader = reader_of(*who)
        return self.decode(data)


def ask(key: str | None) -> tuple[Any, ...] | None:
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT, [key, timezone.now()])
        row: tuple[Any, ...] | None = cursor.fetchone()
        return row


def reader_of(
    tenant_ids: list[int], service_ids: list[int], rights: list[str] | None, training: str | None, *values: Any
) -> User | None:
    """The login with its contact, as the models would have read them; None for a session of nobody."""
    rest = iter(values)
    user, contact = read(User, rest), read(Contact, rest)
    partner, agreement = read(Partner, rest), read(DirectSupport, rest)
    if user is None:
        return None
    user.rights, user.contact = rights, contact
    if contact is not None and partner is not None:
        contact.user, contact.partner, contact.direct_support = user, partner, agreement
        contact.tenant_ids, contact.service_ids = tenant_ids, service_ids
        known = json.loads(training or "{}")
        contact.editions, contact.demanded = known["editions"], known["demanded"]
        contact.attended_at = datetime.fromisoformat(known["attended_at"]) if known["attended_at"] else None
    return user


def read(model: type[Row], values: Iterator[Any]) -> Row | None:
    """The next columns as a row of `model`; None where the join found nothing."""
    fields = model._meta.concrete_fields
    row = list(islice(values, len(fields)))
    return None if row[0] is None else model.from_db("default", [field.attname for field in fields], row)
