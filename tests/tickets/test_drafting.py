"""What happens to a draft: kept as it was typed, shown to nobody else, ended with a notice, sent as one ticket."""

import os
import resource
import uuid
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from contacts.models import User
from mailroom.models import Delivery
from mailroom.rendering import render
from tests.tickets.openings import incident
from tickets import workflow
from tickets.models import Attachment, Draft, DraftFile, Ticket
from tickets.requirements import TicketType
from tickets.tasks import folders_of
from tickets.workflow import Typing, Writer, drafting, files

DAY = timedelta(days=1)
TEXTS = st.text(alphabet=st.characters(), max_size=40)  # every letter there is, NUL and half ones too


def typing(**changes) -> Typing:
    said = {"submission": uuid.uuid4(), "type": TicketType.INCIDENT, "answers": {"subject": ["Nothing arrives"]}}
    return Typing(**said | changes)


def uploads(*names: str, content: bytes = b"550 5.1.1"):
    return files.check([SimpleUploadedFile(name, content) for name in names])


def on_disk() -> set[str]:
    root = Path(settings.MEDIA_ROOT)
    return {str(path.relative_to(root)) for path in root.glob("*/*")}


@pytest.fixture(autouse=True)
def empty_disk(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(answers=st.dictionaries(TEXTS, st.lists(TEXTS, max_size=4), max_size=8), pasted=TEXTS)
def test_whatever_is_typed_comes_back_exactly(cast, answers, pasted):
    kept = workflow.keep_draft(by=cast.alice, typing=typing(answers=answers, pasted=pasted))
    again = Draft.objects.get(pk=kept.pk)
    assert (drafting.read_answers(again), drafting.read_pasted(again)) == (answers, pasted)
    again.delete()


def test_what_was_typed_under_another_type_stays(cast):
    first = typing(answers={"subject": ["A"], "started": ["yesterday"], "examples-sender": ["x", ""]}, pasted="log")
    workflow.keep_draft(by=cast.alice, typing=first)
    shown = {"subject", "description"}
    second = replace(first, type=TicketType.CHANGE, answers={"subject": [""]}, asked=shown, pasted=None)
    draft = workflow.keep_draft(by=cast.alice, typing=second)
    assert drafting.read_answers(draft) == {"subject": [""], "started": ["yesterday"], "examples-sender": ["x", ""]}
    assert (draft.type, draft.subject, drafting.read_pasted(draft)) == ("change", "", "log")


def test_evidence_alone_changes_no_answer(cast):
    first = typing()
    workflow.keep_draft(by=cast.alice, typing=first)
    draft = workflow.keep_draft(by=cast.alice, typing=replace(first, answers=None, pasted="550"))
    assert (drafting.read_answers(draft), drafting.read_pasted(draft)) == ({"subject": ["Nothing arrives"]}, "550")


def test_a_second_page_is_told_and_writes_over_only_when_it_says_so(cast):
    desk, phone = Writer(), Writer(seen=1)
    said = typing(writer=desk)
    workflow.keep_draft(by=cast.alice, typing=said)
    workflow.keep_draft(by=cast.alice, typing=replace(said, writer=phone, answers={"subject": ["From the phone"]}))
    late = replace(said, answers={"subject": ["From the desk"]})
    with pytest.raises(workflow.ChangedElsewhere, match=r"on another device or in another tab\.$"):
        workflow.keep_draft(by=cast.alice, typing=late)
    assert Draft.objects.get().subject == "From the phone"
    workflow.keep_draft(by=cast.alice, typing=replace(late, writer=replace(desk, seen=None)))
    workflow.keep_draft(by=cast.alice, typing=late)  # a page may always write over itself
    assert (Draft.objects.get().subject, Draft.objects.get().version) == ("From the desk", 4)
    with pytest.raises(workflow.ChangedElsewhere):
        workflow.keep_draft(by=cast.alice, typing=replace(said, writer=phone))


def test_nobody_else_sees_or_touches_a_draft(cast):
    said = typing()
    workflow.attach_to_draft(by=cast.bob, typing=said, uploads=uploads("a.txt"))
    file = DraftFile.objects.get()
    for other in (cast.alice, cast.anna, cast.max, cast.mallory, cast.carol, cast.lea):
        assert (list(Draft.objects.visible_to(other)), list(DraftFile.objects.visible_to(other))) == ([], [])
    for other in (cast.alice, cast.mallory):
        workflow.drop_file(by=other, submission=said.submission, file=file.pk)
        with pytest.raises(Draft.DoesNotExist):
            workflow.discard_draft(by=other, submission=said.submission)
    workflow.keep_draft(by=cast.alice, typing=said)  # the same key in another's hands is a draft of its own
    assert [draft.files.count() for draft in Draft.objects.order_by("pk")] == [1, 0]
    assert list(Draft.objects.visible_to(cast.bob)) == [Draft.objects.earliest("pk")]


@pytest.mark.parametrize("end", ["suspended_at", "revoked_at"])
def test_who_may_not_open_tickets_any_more_sees_and_keeps_none(cast, end):
    said = typing()
    workflow.keep_draft(by=cast.bob, typing=said)
    cast.bob.contacts.update(**{end: timezone.now()})
    bob = User.objects.get(pk=cast.bob.pk)
    assert list(Draft.objects.visible_to(bob)) == []
    with pytest.raises(workflow.NotAuthorized):
        workflow.keep_draft(by=bob, typing=said)
    with pytest.raises(workflow.NotAuthorized):
        workflow.attach_to_draft(by=bob, typing=said, uploads=uploads("a.txt"))
    assert on_disk() == set()


def test_drafts_and_their_length_have_an_end(cast):
    for _draft in range(drafting.DRAFTS_MAX_COUNT):
        workflow.keep_draft(by=cast.alice, typing=typing())
    with pytest.raises(workflow.TooManyDrafts, match="you have 10 drafts already"):
        workflow.keep_draft(by=cast.alice, typing=typing())
    with pytest.raises(workflow.TooManyDrafts):
        workflow.attach_to_draft(by=cast.alice, typing=typing(), uploads=uploads("a.txt"))
    assert on_disk() == set()
    for much in ({"answers": {"x": ["y" * 3_000_001]}}, {"pasted": "y" * 5_300_000}):
        with pytest.raises(workflow.TooLong):
            workflow.keep_draft(by=cast.bob, typing=typing(**much))
    assert not Draft.objects.filter(contact=cast.bob.contact).exists()


def test_files_are_kept_dropped_and_discarded_with_their_place_on_the_disk(cast, django_capture_on_commit_callbacks):
    said = typing()
    workflow.attach_to_draft(by=cast.alice, typing=said, uploads=uploads("a.txt", "b.txt"))
    a, b = DraftFile.objects.order_by("pk")
    assert on_disk() == {a.file.name, b.file.name}
    with django_capture_on_commit_callbacks(execute=True):
        workflow.drop_file(by=cast.alice, submission=said.submission, file=a.pk)
        workflow.drop_file(by=cast.alice, submission=said.submission, file=a.pk)
    assert on_disk() == {b.file.name}
    with pytest.raises(workflow.Refused, match="At most 10 files"):
        workflow.attach_to_draft(by=cast.alice, typing=said, uploads=uploads(*["c.txt"] * 10))
    assert on_disk() == {b.file.name}
    with django_capture_on_commit_callbacks(execute=True):
        workflow.discard_draft(by=cast.alice, submission=said.submission)
    assert (on_disk(), Draft.objects.count(), DraftFile.objects.count()) == (set(), 0, 0)


def test_a_draft_that_is_sent_gives_its_ticket_the_files_and_ends(cast):
    form = incident(cast, attachments=uploads("now.txt"))
    said = typing(submission=form.submission)
    workflow.keep_draft(by=cast.alice, typing=said)
    workflow.attach_to_draft(by=cast.alice, typing=said, uploads=uploads("before.txt"))
    place = DraftFile.objects.get().file.name
    ticket = workflow.open_ticket(by=cast.alice, opening=form, writer=said.writer)
    assert list(Attachment.objects.filter(file=place).values_list("ticket", "name", "size")) == [
        (ticket.pk, "before.txt", 9)
    ]
    assert sorted(ticket.attachments.values_list("name", flat=True)) == ["before.txt", "now.txt"]
    assert ticket.attachments.get(file=place).file.read() == b"550 5.1.1"
    assert (Draft.objects.count(), DraftFile.objects.count()) == (0, 0)
    assert list(Ticket.objects.search("before.txt")) == [ticket]
    assert workflow.open_ticket(by=cast.alice, opening=form, writer=said.writer) == ticket
    with pytest.raises(workflow.AlreadySent, match=f"it is ticket {ticket.number}"):
        workflow.keep_draft(by=cast.alice, typing=said)


def test_a_stale_page_sends_nothing_and_too_many_files_together_neither(cast):
    form = incident(cast)
    said = typing(submission=form.submission)
    workflow.keep_draft(by=cast.alice, typing=said)
    with pytest.raises(workflow.ChangedElsewhere):
        workflow.open_ticket(by=cast.alice, opening=form, writer=Writer())
    workflow.attach_to_draft(by=cast.alice, typing=said, uploads=uploads(*["a.txt"] * 6))
    many = replace(form, attachments=uploads(*["b.txt"] * 5))
    with pytest.raises(workflow.Refused):
        workflow.open_ticket(by=cast.alice, opening=many, writer=said.writer)
    assert (Ticket.objects.count(), Draft.objects.count(), len(on_disk())) == (0, 1, 6)


def test_somebody_elses_form_number_takes_nothing_of_theirs(cast):
    form = incident(cast)
    workflow.attach_to_draft(by=cast.bob, typing=typing(submission=form.submission), uploads=uploads("bobs.txt"))
    ticket = workflow.open_ticket(by=cast.alice, opening=form)
    assert (ticket.attachments.count(), Draft.objects.get().contact) == (0, cast.bob.contact)


@contextmanager
def disk_that_ends_at(size: int):
    """Every write beyond so many bytes of a file fails, half of it written: the system's own limit, of this process."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_keeps_the_draft_and_leaves_no_half_ticket_and_no_half_file(cast):
    form = incident(cast, attachments=uploads("small.txt") + uploads("large.txt", content=b"x" * 300_000))
    said = typing(submission=form.submission)
    draft = workflow.keep_draft(by=cast.alice, typing=said)
    with disk_that_ends_at(100_000):
        with pytest.raises(workflow.NotStored, match="What you typed is kept"):
            workflow.open_ticket(by=cast.alice, opening=form, writer=said.writer)
        with pytest.raises(workflow.NotStored):
            workflow.attach_to_draft(by=cast.alice, typing=said, uploads=form.attachments)
    assert (list(Draft.objects.all()), Ticket.objects.count(), DraftFile.objects.count()) == ([draft], 0, 0)
    assert on_disk() == set()
    for upload in form.attachments:
        upload.file.seek(0)
    assert workflow.open_ticket(by=cast.alice, opening=form, writer=said.writer).attachments.count() == 2


def test_an_old_draft_is_told_of_once_and_then_ends_with_its_files(cast, django_capture_on_commit_callbacks):
    said = typing()
    draft = workflow.keep_draft(by=cast.alice, typing=said)
    workflow.attach_to_draft(by=cast.alice, typing=said, uploads=uploads("a.txt"))
    draft.refresh_from_db()
    assert draft.expires_at - draft.updated_at == 30 * DAY
    ends = draft.expires_at
    assert (workflow.warn_of_expiry(ends - 6 * DAY), workflow.expire_drafts(ends - 6 * DAY)) == (0, 0)
    assert [workflow.warn_of_expiry(ends - 5 * DAY) for _sweep in range(2)] == [1, 0]
    [mail] = Delivery.objects.all()
    assert (mail.to, mail.template) == (cast.alice.email, "draft")
    assert f"/tickets/new/?draft={said.submission}" in str(render(mail).body)
    with django_capture_on_commit_callbacks(execute=True):
        assert [workflow.expire_drafts(ends + timedelta(minutes=1)) for _sweep in range(2)] == [1, 0]
    assert (Draft.objects.count(), on_disk()) == (0, set())


def test_a_change_after_the_notice_begins_the_thirty_days_anew(cast):
    said = typing()
    draft = workflow.keep_draft(by=cast.alice, typing=said)
    workflow.warn_of_expiry(draft.expires_at - DAY)
    draft = workflow.keep_draft(by=cast.alice, typing=said)
    assert (draft.warned_at, draft.expires_at - draft.updated_at) == (None, 30 * DAY)
    assert workflow.warn_of_expiry(draft.expires_at - DAY) == 1
    assert Delivery.objects.count() == 2


def test_a_clock_that_stood_still_tells_before_it_ends_anything(cast):
    draft = workflow.keep_draft(by=cast.alice, typing=typing())
    late = draft.expires_at + 10 * DAY
    assert (workflow.expire_drafts(late), workflow.warn_of_expiry(late), workflow.expire_drafts(late)) == (0, 1, 0)
    assert workflow.expire_drafts(late + 5 * DAY) == 1


def test_a_suspended_owner_gets_no_mail_and_the_draft_still_ends(cast):
    draft = workflow.keep_draft(by=cast.alice, typing=typing())
    cast.alice.contacts.update(suspended_at=timezone.now())
    assert (workflow.warn_of_expiry(draft.expires_at), Delivery.objects.count()) == (1, 0)
    assert workflow.expire_drafts(draft.expires_at + 5 * DAY) == 1


def test_only_old_files_that_no_row_names_are_swept(cast, settings):
    said = typing()
    workflow.attach_to_draft(by=cast.alice, typing=said, uploads=uploads("a.txt"))
    form = incident(cast, attachments=uploads("b.txt"))
    workflow.open_ticket(by=cast.alice, opening=form)
    kept = on_disk()
    for name in ("aa/orphan", "ff/orphan"):
        path = Path(settings.MEDIA_ROOT) / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"cut off")
        os.utime(path, (0, 0))  # as a backup brings it back: old by its own word, young on this disk
    now = timezone.now()
    assert workflow.remove_orphans(now + timedelta(hours=23)) == 0
    assert workflow.remove_orphans(now + timedelta(hours=25)) == 2
    assert (workflow.remove_orphans(now + timedelta(hours=25)), on_disk()) == (0, kept)


def test_a_day_of_sweeps_looks_into_every_folder_once(cast, settings):
    for number in range(256):
        (Path(settings.MEDIA_ROOT) / f"{number:02x}").mkdir()
        (Path(settings.MEDIA_ROOT) / f"{number:02x}" / "orphan").touch()
    midnight = (timezone.now() + 2 * DAY).replace(hour=0)
    hours = [midnight + timedelta(hours=hour) for hour in range(24)]
    assert sum(workflow.remove_orphans(now, folders=folders_of(now)) for now in hours) == 256
    assert on_disk() == set()


@pytest.mark.parametrize("answers", [{"subject": ["x"]}, {f"n{number}": ["x" * 1000] for number in range(500)}])
def test_keeping_takes_five_statements_however_much_was_typed(cast, answers, django_assert_num_queries):
    said = typing(answers=answers, asked={"subject"})
    workflow.keep_draft(by=cast.alice, typing=said)
    with django_assert_num_queries(5):  # savepoint, lock, read, write, savepoint
        workflow.keep_draft(by=cast.alice, typing=said)
