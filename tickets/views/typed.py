"""What was typed into the form: how a page shows it again, and how a draft keeps it."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.core import signing
from django.forms import Form
from django.http import HttpRequest, QueryDict

from contacts.models import Contact, User
from tickets.forms import OpeningForm
from tickets.models import Draft
from tickets.requirements import TicketType
from tickets.workflow import Typing, Writer, drafting

#: What a page sends beside the answers.
NO_ANSWERS = frozenset(
    (
        "csrfmiddlewaretoken", "type", "submission", "page", "seen", "asked", "draft_key", "pasted", "attachments",
        "evidence_file", "switch", "more", "read", "save", "remove", "overwrite", "fill",
        "look", "solved", "not_solved",
    )
)  # fmt: skip
#: What a form fills in by itself; with nothing else in it there is nothing to keep.
KNOWN_BEFOREHAND = frozenset(("phone", "tenants", "services"))
KEY_SALT = "tickets.draft"
#: A page may stand open over a long weekend and still save itself.
KEY_SECONDS = 7 * 24 * 60 * 60


def typed(request: HttpRequest, form: type[Form] = OpeningForm) -> dict[str, Any]:
    """Every field's text as it was sent, unchecked, to be shown again."""
    return values(request.POST, request.FILES, form)


def values(data: Any, files: Any = None, form: type[Form] = OpeningForm) -> dict[str, Any]:
    return {
        name: field.widget.value_from_datadict(data, files or {}, name)
        for name, field in form.base_fields.items()
        if name != "attachments"
    }


def said_in(draft: Draft, *, pasted: bool = True) -> QueryDict:
    """The draft as a browser would send it; without the pasted evidence where nobody looks at it."""
    data = QueryDict(mutable=True)
    for name, texts in drafting.read_answers(draft).items():
        data.setlist(name, texts)
    data["submission"] = str(draft.submission)
    data["pasted"] = drafting.read_pasted(draft) if pasted else ""
    return data


def typing_of(posted: QueryDict, ticket_type: TicketType, *, answers: bool = True) -> Typing:
    """What a page sends, as a draft keeps it. `answers` False: only what stands beside them, such as files."""
    said = {name: posted.getlist(name) for name in posted if name not in NO_ANSWERS} if answers else None
    asked = posted.get("asked")
    return Typing(
        submission=key_in(posted.get("submission")),
        type=ticket_type,
        answers=said,
        asked=frozenset(asked.split()) if asked else None,
        pasted=posted.get("pasted"),
        writer=writer_of(posted),
    )


def writer_of(posted: QueryDict) -> Writer:
    """Which page sends. One that does not say so, a page of before an update, is no second device."""
    seen = posted.get("seen", "")
    shown = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else 0
    return Writer(key_in(posted.get("page")), None if "overwrite" in posted or "page" not in posted else shown)


def key_in(text: str | None) -> uuid.UUID:
    """The key that was sent; a new one for none and for nonsense."""
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return uuid.uuid4()


def as_columns(rows: Sequence[Mapping[str, str]]) -> dict[str, list[str]]:
    """Rows of evidence as a browser sends them."""
    columns = {column: None for row in rows for column in row}
    return {f"examples-{column}": [row.get(column, "") for row in rows] for column in columns}


def is_blank(typing: Typing) -> bool:
    """Nothing was typed or chosen that the form had not filled in by itself."""
    said = {name: texts for name, texts in (typing.answers or {}).items() if name not in KNOWN_BEFOREHAND}
    return not any(text.strip() for texts in said.values() for text in texts) and not typing.pasted


def key_for(contact: Contact, submission: object) -> str:
    """Lets the page that carries it write to this one draft, and read nothing, also when its session has ended.

    It ends with the password, with the contact's licence, and after a week.
    """
    return signing.dumps([contact.user_id, contact.pk, str(submission), mark_of(contact.user)], salt=KEY_SALT)


def writer_behind(request: HttpRequest) -> tuple[User, uuid.UUID] | None:
    """Whose page it is and its form's key; None for a key that is not ours, too old or of a former password."""
    try:
        key = request.POST.get("draft_key", "")
        user_pk, contact_pk, submission, mark = signing.loads(key, salt=KEY_SALT, max_age=KEY_SECONDS)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    user: User | None
    if isinstance(request.user, User) and request.user.pk == user_pk:
        user = request.user
    else:
        user = User.objects.filter(pk=user_pk, is_active=True).first()
    if user is None or user.contact is None or user.contact.pk != contact_pk or mark_of(user) != mark:
        return None
    return user, uuid.UUID(submission)


def mark_of(user: User) -> str:
    return user.get_session_auth_hash()[:16]
