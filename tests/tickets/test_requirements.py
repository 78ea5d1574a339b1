"""The matrix: its seeded cells against the guide's tables, and its one judge against random cells and answers."""

from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from contacts.models import User
from tests.cast import Cast
from tests.tickets.openings import incident
from tests.tickets.test_filing import NEW, errors, typed
from tickets import workflow
from tickets.models import Requirement, Ticket
from tickets.requirements import FILLED_BY, FOLLOWS, Cell, Item, Matrix, TicketType

INC, SRQ, CHG = TicketType.INCIDENT, TicketType.SERVICE_REQUEST, TicketType.CHANGE

# The guide's matrix (section 5): rows of information, and for which of incident, service request, change they are
# necessary. The first row, the main customer ID, comes from the contact and is no item.
MATRIX = [
    ([Item.PHONE], (True, True, True)),
    ([Item.DESCRIPTION, Item.IMPACT_DESCRIPTION], (True, True, True)),
    ([Item.EXAMPLES], (True, True, False)),
    ([Item.REPRODUCED], (True, False, False)),
    ([Item.TRIAGE], (True, False, False)),  # what was done so far: taken from the triage unless more is said
    ([Item.TESTS_ALLOWED], (True, False, True)),
    ([Item.KNOWN], (True, False, False)),
]


@pytest.mark.parametrize(("items", "cells"), MATRIX, ids=lambda value: str(value))
def test_the_guides_matrix_cell_by_cell(db, items, cells):
    matrix = Requirement.objects.matrix()
    for ticket_type, marked in zip(TicketType, cells, strict=True):
        lacking = matrix.missing(ticket_type, [], {})
        assert [item in lacking for item in items] == [marked] * len(items)


def test_the_guides_templates_field_by_field(db):
    """Section 4: what an incident and a service request ask for; a service request has neither start nor end."""
    matrix = Requirement.objects.matrix()
    template = {
        *(Item.TENANTS, Item.SERVICES, Item.STARTED, Item.ENDED, Item.DESCRIPTION, Item.INTERFACE, Item.DATA_CENTRE),
        *(Item.ERROR_PATTERN, Item.AFFECTED_COUNT, Item.EXAMPLES, Item.KNOWN, Item.RELATED),
    }
    assert template - set(matrix.asked(INC)) == set()
    assert template - set(matrix.asked(SRQ)) == {Item.STARTED, Item.ENDED}
    assert matrix.missing(SRQ, [], {}) == [
        *(Item.TENANTS, Item.SERVICES, Item.SUBJECT, Item.DESCRIPTION, Item.IMPACT_DESCRIPTION, Item.EXAMPLES),
        *(Item.IMPACT, Item.URGENCY, Item.PHONE),
    ]
    assert matrix.missing(CHG, [], {}) == [
        *(Item.SUBJECT, Item.DESCRIPTION, Item.IMPACT_DESCRIPTION, Item.TESTS_ALLOWED, Item.IMPACT, Item.URGENCY),
        Item.PHONE,
    ]


def test_every_cell_has_its_reason_in_both_languages_and_its_section(db):
    assert Requirement.objects.count() == 66
    assert not Requirement.objects.filter(reason_en="").exists()
    assert not Requirement.objects.filter(reason_de="").exists()
    assert set(Requirement.objects.values_list("section", flat=True)) == {"3", "4", "5"}


def test_no_and_zero_are_answers(db):
    answers = {"tests_allowed": False, "known": False, "affected_count": 0, "reproduced": "not tried"}
    lacking = Requirement.objects.matrix().missing(INC, [], answers)
    said = {Item.TESTS_ALLOWED, Item.KNOWN, Item.AFFECTED_COUNT, Item.REPRODUCED, Item.KNOWN_REFERENCE}
    assert said & set(lacking) == set()


BLANK: list[Any] = ["", " ", None, [], ()]
SAID: list[Any] = ["x", False, True, 0, ["y"]]
MATRICES = st.dictionaries(
    st.tuples(st.sampled_from(TicketType), st.sampled_from(Item)),
    st.builds(Cell, st.booleans(), st.just(""), st.just("4")),
).map(Matrix)
ANSWERS = st.dictionaries(st.sampled_from([item.value for item in Item]), st.sampled_from(BLANK + SAID))


@given(MATRICES, st.sampled_from(TicketType), ANSWERS, st.sampled_from([[], ["sms"]]))
def test_what_is_missing_is_what_is_marked_and_blank(matrix, ticket_type, answers, services):
    """An independent reading of the same sentence, item by item."""
    expected = []
    for item in Item:
        cell = matrix.cells.get((ticket_type, item))
        answer = services if item == Item.SERVICES else answers.get(item.value)
        blank = any(answer == nothing and type(answer) is type(nothing) for nothing in BLANK)
        follows = item in FOLLOWS and answers.get(FOLLOWS[item][0].value) in FOLLOWS[item][1]
        filler = FILLED_BY.get(item)
        told = answers.get(filler.value) if filler else None
        filled = not any(told == nothing and type(told) is type(nothing) for nothing in BLANK)
        other = matrix.cells.get((ticket_type, filler)) if filler else None
        filled = filled or bool(other and other.necessary)
        if cell and (cell.necessary or follows) and blank and not filled:
            expected.append(item)
    assert matrix.missing(ticket_type, services, answers) == expected


@given(MATRICES, st.sampled_from(TicketType), ANSWERS)
def test_an_answer_more_never_makes_a_ticket_less_complete(matrix, ticket_type, answers):
    triggers = {other.value for other, _values in FOLLOWS.values()}
    lacking = set(matrix.missing(ticket_type, [], answers))
    for item in lacking - {Item.SERVICES}:
        more = {**answers, item.value: "not tried" if item.value in triggers else "said"}
        filled = {other for other, filler in FILLED_BY.items() if filler == item}
        assert set(matrix.missing(ticket_type, [], more)) == lacking - {item} - filled


def edit(ticket_type: TicketType, item: Item, *, necessary: bool) -> None:
    Requirement.objects.filter(type=ticket_type, item=item).update(necessary=necessary)


def test_an_edited_cell_takes_effect_at_once_in_form_and_workflow(client: Client, cast: Cast):
    client.force_login(cast.alice)
    edit(INC, Item.ACTIONS_TAKEN, necessary=False)
    edit(INC, Item.DATA_CENTRE, necessary=True)
    edit(INC, Item.TRIAGE, necessary=False)
    assert list(errors(client.post(NEW, typed(cast, triage="", actions_taken="", data_centre="")))) == ["data_centre"]
    assert client.post(NEW, typed(cast, triage="", actions_taken="")).status_code == 302
    with pytest.raises(workflow.Incomplete) as refused:
        workflow.open_ticket(by=cast.alice, opening=incident(cast))
    assert refused.value.items == [Item.DATA_CENTRE]
    assert Ticket.objects.count() == 1


def test_the_form_gives_the_reasons_of_the_matrix_in_the_readers_language(client: Client, cast: Cast):
    Requirement.objects.filter(type=INC, item=Item.SUBJECT).update(reason_en="Because.", reason_de="Darum.")
    client.force_login(cast.alice)
    assert client.get(NEW).context["form"].fields["subject"].help_text == "Because."
    User.objects.filter(pk=cast.alice.pk).update(language="de")
    assert client.get(NEW).context["form"].fields["subject"].help_text == "Darum."


def test_leads_edit_cells_with_history_and_nobody_adds_or_deletes_one(client: Client, cast: Cast):
    cell = Requirement.objects.get(type=INC, item=Item.DATA_CENTRE)
    address = f"/admin/tickets/requirement/{cell.pk}/change/"
    changed = {"necessary": "on", "reason_en": cell.reason_en, "reason_de": cell.reason_de, "section": "4"}
    client.force_login(cast.carol)
    assert client.post(address, changed).status_code == 403
    client.force_login(cast.lea)
    assert client.post(address, changed).status_code == 302
    cell.refresh_from_db()
    assert cell.necessary is True
    assert "necessary: False → True" in client.get(f"/admin/tickets/requirement/{cell.pk}/history/").content.decode()
    assert client.get("/admin/tickets/requirement/add/").status_code == 403
    assert client.post(f"/admin/tickets/requirement/{cell.pk}/delete/", {"post": "yes"}).status_code == 403


def test_what_no_ticket_can_be_without_stays_necessary(client: Client, cast: Cast):
    client.force_login(cast.lea)
    for cell in Requirement.objects.filter(type=TicketType.CHANGE):
        client.post(
            f"/admin/tickets/requirement/{cell.pk}/change/", {"reason_en": "x", "reason_de": "x", "section": "1"}
        )
    kept = Requirement.objects.filter(type=TicketType.CHANGE, necessary=True).values_list("item", flat=True)
    assert set(kept) == {Item.DESCRIPTION, Item.IMPACT, Item.URGENCY}
    client.force_login(cast.bob)
    empty = typed(cast, type="change", description="", impact="", urgency="")
    assert set(errors(client.post(NEW, empty))) == {"description", "impact", "urgency"}


def test_a_reason_is_text_and_never_markup(client: Client, cast: Cast):
    Requirement.objects.filter(type=INC, item=Item.SUBJECT).update(reason_en="<b>Why</b> & how")
    client.force_login(cast.alice)
    page = client.get(NEW).content.decode()
    assert "&lt;b&gt;Why&lt;/b&gt; &amp; how" in page
    assert "<b>Why" not in page
    refused = client.post(NEW, typed(cast, subject="")).content.decode()
    assert "<b>Why" not in refused
