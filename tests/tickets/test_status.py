"""Every pair of statuses, and every deed by every role in every status."""

import pytest

from contacts.licence import ROLES
from tests.tickets.openings import opened
from tickets import status, workflow
from tickets.models import KnownIssue
from tickets.requirements import Item
from tickets.status import Deed, IllegalTransition, NotNow, Status
from tickets.workflow import gate

N, O, W, R, C = Status.NEW, Status.OPEN, Status.WAITING, Status.RESOLVED, Status.CLOSED  # noqa: E741
ALLOWED = {
    (N, O), (N, W), (N, R), (N, C),
    (O, W), (O, R), (O, C),
    (W, O), (W, R), (W, C),
    (R, O), (R, C),
    (C, O),
}  # fmt: skip


@pytest.mark.parametrize("now", Status)
@pytest.mark.parametrize("new", Status)
def test_a_status_follows_only_where_the_table_says_so(now, new):
    if (now, new) in ALLOWED:
        status.check(now, new)
    else:
        with pytest.raises(IllegalTransition) as refused:
            status.check(now, new)
        assert str(refused.value) == f"A ticket cannot go from “{now.label}” to “{new.label}”."


UNSETTLED = {N, O, W}
SENSE = {
    Deed.SEE: {N, O, W, R, C},
    Deed.REPLY: {N, O, W, R},
    Deed.ESCALATE: UNSETTLED,
    Deed.CLOSE: {N, O, W, R},
    Deed.REOPEN: {R, C},
    Deed.NOTE: {N, O, W, R, C},
    Deed.ASSIGN: UNSETTLED,
    Deed.CHANGE_STATUS: {N, O, W, R, C},
    Deed.CHANGE_PRIORITY: UNSETTLED,
    Deed.SET_EXPECTED: UNSETTLED,
    Deed.GIVE_VERDICT: {N, O, W, R, C},
    Deed.RESOLVE: UNSETTLED,
    Deed.ASK_BACK: UNSETTLED,
    Deed.JOIN: UNSETTLED,
    Deed.LEAVE: UNSETTLED,
    Deed.CONFIRM: UNSETTLED,
    Deed.DENY: UNSETTLED,
}


@pytest.mark.parametrize("deed", Deed)
@pytest.mark.parametrize("now", Status)
def test_a_deed_makes_sense_only_in_its_statuses(deed, now):
    if now in SENSE[deed]:
        status.check_deed(deed, now)
    else:
        with pytest.raises(NotNow) as refused:
            status.check_deed(deed, now)
        assert str(refused.value)  # every refusal has its words


KNOWN = {Deed.JOIN, Deed.LEAVE, Deed.CONFIRM, Deed.DENY}
MEMBERS_DEEDS = {Deed.SEE, Deed.REPLY, Deed.ESCALATE, Deed.CLOSE, Deed.REOPEN, *KNOWN}
MAY = {
    "alice": MEMBERS_DEEDS,
    "bob": MEMBERS_DEEDS,
    "anna": MEMBERS_DEEDS,
    "max": {Deed.SEE, Deed.ESCALATE},
    "carol": set(Deed),
    "lea": set(Deed),
    "victor": {Deed.SEE},
}


@pytest.mark.parametrize("deed", Deed)
@pytest.mark.parametrize("name", MAY)
def test_each_role_may_do_what_the_table_says_and_nothing_else(cast, name, deed):
    allowed = gate.refusal(getattr(cast, name), deed) is None
    assert allowed == (deed in MAY[name])


def test_the_roles_of_the_table_are_all_there_are(cast):
    assert {frozenset(user.contact.rights) for user in cast.partners_people.values()} == set(ROLES.values())


def deeds(ticket, by):
    """Every deed as the workflow does it."""
    return {
        Deed.REPLY: lambda: workflow.reply(ticket, by=by, body="Hello."),
        Deed.ESCALATE: lambda: workflow.escalate(ticket, by=by, reason="Urgent."),
        Deed.CLOSE: lambda: workflow.close(ticket, by=by),
        Deed.REOPEN: lambda: workflow.reopen(ticket, by=by, reason="Again."),
        Deed.NOTE: lambda: workflow.note(ticket, by=by, body="Hm."),
        Deed.ASSIGN: lambda: workflow.assign(ticket, by=by, to=None),
        Deed.CHANGE_STATUS: lambda: workflow.change_status(ticket, Status.WAITING, by=by),
        Deed.CHANGE_PRIORITY: lambda: workflow.change_priority(ticket, 1, by=by, reason="More are hit."),
        Deed.SET_EXPECTED: lambda: workflow.set_expected(ticket, ticket.due_at, by=by, reason="First guess."),
        Deed.GIVE_VERDICT: lambda: workflow.give_verdict(ticket, "vendor", by=by),
        Deed.RESOLVE: lambda: workflow.resolve(ticket, by=by, resolution="Done."),
        Deed.ASK_BACK: lambda: workflow.ask_back(ticket, by=by, items=[Item.PHONE]),
        Deed.JOIN: lambda: workflow.link_known_issue(ticket, KnownIssue(pk=1), by=by),
        Deed.LEAVE: lambda: workflow.leave_known_issue(ticket, by=by, body="Other."),
        Deed.CONFIRM: lambda: workflow.confirm_fixed(ticket, by=by),
        Deed.DENY: lambda: workflow.deny_fixed(ticket, by=by, body="No."),
    }


@pytest.mark.parametrize("deed", [deed for deed in Deed if deed != Deed.SEE])
@pytest.mark.parametrize("name", MAY)
def test_the_workflow_asks_the_table_whoever_calls_it(cast, name, deed):
    ticket = opened(cast)
    version = ticket.version
    if deed in MAY[name]:
        return
    with pytest.raises(workflow.NotAuthorized):
        deeds(ticket, getattr(cast, name))[deed]()
    ticket.refresh_from_db()
    assert (ticket.version, ticket.messages.count(), ticket.escalations.count()) == (version, 0, 0)


@pytest.mark.parametrize("deed", [deed for deed in Deed if deed != Deed.SEE])
def test_another_partner_gets_nowhere_with_any_deed(cast, deed):
    ticket = opened(cast)
    with pytest.raises((type(ticket).DoesNotExist, workflow.NotAuthorized)):
        deeds(ticket, cast.mallory)[deed]()
    ticket.refresh_from_db()
    assert (ticket.version, ticket.messages.count()) == (1, 0)
