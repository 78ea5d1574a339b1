"""The deeds of a ticket's page as one table: when offered, what is asked, which function of the workflow does it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from contacts.models import User
from tickets import workflow
from tickets.admin import forms
from tickets.models import Event, Ticket
from tickets.status import WHEN, Deed, Status
from tickets.workflow import gate


@dataclass(frozen=True)
class Act:
    """`name` is the last part of the URL, of the URL's name and of the ids in the page."""

    name: str
    deed: Deed
    title: Promise
    button: Promise
    done: Promise
    form: type[forms.ActForm]
    run: Callable[..., object]
    possible: Callable[[Ticket], object] = lambda ticket: True

    def offered(self, ticket: Ticket, by: User) -> bool:
        """Whether the page shows the form: it makes sense now, and this agent may do it."""
        now = Status(ticket.status) in WHEN[self.deed] and self.possible(ticket)
        return bool(now) and gate.refusal(by, self.deed) is None


@transaction.atomic
def resolve(ticket: Ticket, *, by: User, verdict: Ticket.Verdict, resolution: str, seen: int) -> Event:
    """Verdict and remedy in one act: the verdict is an event of its own when it is new."""
    if verdict != ticket.verdict:
        seen = workflow.give_verdict(ticket, verdict, by=by, seen=seen).version
    return workflow.resolve(ticket, by=by, resolution=resolution, seen=seen)


REPLY = Act(
    "reply",
    Deed.REPLY,
    _("Answer the partner"),
    _("Send to the partner"),
    _("The answer is on its way."),
    forms.ReplyForm,
    workflow.reply,
)
NOTE = Act(
    "note",
    Deed.NOTE,
    _("Internal note"),
    _("Keep the note"),
    _("The note is kept. Only agents see it."),
    forms.NoteForm,
    workflow.note,
)
ASSIGN = Act(
    "assign",
    Deed.ASSIGN,
    _("Assign"),
    _("Assign"),
    _("The ticket has its assignee."),
    forms.AssignForm,
    workflow.assign,
)
ON_THE_SIDE = (
    Act(
        "ask",
        Deed.ASK_BACK,
        _("Ask for missing items"),
        _("Ask the partner"),
        _("The partner is asked. The clock stands until the answer."),
        forms.AskForm,
        workflow.ask_back,
    ),
    Act(
        "status",
        Deed.CHANGE_STATUS,
        _("Change the status"),
        _("Set the status"),
        _("The status is set."),
        forms.StatusForm,
        workflow.change_status,
        possible=forms.follows,
    ),
    Act(
        "priority",
        Deed.CHANGE_PRIORITY,
        _("Change the priority"),
        _("Set the priority"),
        _("The priority is set, and the clock with it."),
        forms.PriorityForm,
        workflow.change_priority,
    ),
    Act(
        "expected",
        Deed.SET_EXPECTED,
        _("Name the expected date"),
        _("Set the expected date"),
        _("The expected date is set, and the partner is told."),
        forms.ExpectedForm,
        workflow.set_expected,
    ),
    Act(
        "verdict",
        Deed.GIVE_VERDICT,
        _("Say what caused it"),
        _("Give the verdict"),
        _("The verdict is given."),
        forms.VerdictForm,
        workflow.give_verdict,
    ),
    Act(
        "resolve",
        Deed.RESOLVE,
        _("Resolve"),
        _("Send the resolution"),
        _("The ticket is resolved, and the partner is told."),
        forms.ResolveForm,
        resolve,
    ),
    Act(
        "escalate",
        Deed.ESCALATE,
        _("Escalate"),
        _("Escalate to the leads"),
        _("The ticket is escalated. Leads, assignee and partner are told."),
        forms.ReasonForm,
        workflow.escalate,
    ),
    Act(
        "join",
        Deed.JOIN,
        _("Join a known issue"),
        _("Join the known issue"),
        _("The ticket has joined the known issue, and the partner is told."),
        forms.JoinForm,
        workflow.link_known_issue,
        possible=lambda ticket: ticket.joinable and not hasattr(ticket, "join"),
    ),
    Act(
        "leave",
        Deed.LEAVE,
        _("Take it out of the known issue"),
        _("Take it out"),
        _("The ticket is one of its own again, and the partner is told."),
        forms.LeaveForm,
        workflow.leave_known_issue,
        possible=lambda ticket: hasattr(ticket, "join"),
    ),
    Act(
        "close",
        Deed.CLOSE,
        _("Close"),
        _("Close the ticket"),
        _("The ticket is closed."),
        forms.CloseForm,
        workflow.close,
    ),
    Act(
        "reopen",
        Deed.REOPEN,
        _("Reopen"),
        _("Reopen the ticket"),
        _("The ticket is open again."),
        forms.ReasonForm,
        workflow.reopen,
    ),
)

ACTS: Mapping[str, Act] = {act.name: act for act in (REPLY, NOTE, ASSIGN, *ON_THE_SIDE)}
