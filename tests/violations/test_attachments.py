"""Papers of a decision: who may add and withdraw them, and that nothing is ever half saved."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction

from accounts.models import Officer
from accounts.roles import Role
from core.models import AuditEntry, BypassError
from tests import factories
from tests.violations import papers
from violations import attachment_files
from violations.attachment_files import DamagedFile, sweep, verified
from violations.attachment_services import (
    MAX_FILES,
    attach_file,
    stage_file,
    take_staged,
    unstage_file,
    withdraw_attachment,
)
from violations.enums import AttachmentKind, DecisionState
from violations.errors import InvalidDecision, NotAllowed, StaleVersion, WrongState
from violations.models import Attachment, Decision, DecisionEditor, EntryDraft, StagedFile
from violations.services import confirm_decision, submit_decision

pytestmark = pytest.mark.django_db
REASON = "送达回证于今日收到"


@pytest.fixture
def recorder() -> Officer:
    return factories.officer(Role.RECORDER)


@pytest.fixture
def draft(recorder: Officer) -> Decision:
    return factories.decision(recorded_by=recorder, state=DecisionState.DRAFT)


@pytest.fixture
def form(recorder: Officer) -> EntryDraft:
    return EntryDraft.objects.create(officer=recorder, kind="penalty")


def _attach(officer: Officer, decision: Decision, content: bytes = b"", **more: str) -> Attachment:
    return attach_file(
        officer=officer,
        decision_id=decision.pk,
        kind=more.pop("kind", AttachmentKind.PAPER),
        upload=papers.upload(content or papers.pdf(2), more.pop("name", "决定书.pdf")),
        **more,
    )


def test_a_file_is_kept_with_its_hash_under_a_random_name(
    recorder: Officer, draft: Decision
) -> None:
    content = papers.pdf(2)

    made = _attach(recorder, draft, content, name="../../舞公〔2026〕1号.exe")

    assert made.sha256 == hashlib.sha256(content).hexdigest()
    assert (made.file_type, made.pages, made.size) == ("pdf", 2, len(content))
    assert made.name == "舞公〔2026〕1号.exe"
    assert "舞公" not in made.stored
    assert verified(made).read_bytes() == content
    assert made.history.get().history_user == recorder
    entry = AuditEntry.objects.get(action="attachment.add")
    assert (entry.actor, entry.details["sha256"]) == (recorder.number, made.sha256)


def test_a_persons_number_in_a_file_name_is_left_out(recorder: Officer, draft: Decision) -> None:
    made = _attach(recorder, draft, name="张三41048119900101001X.pdf")

    assert "41048119900101001X" not in made.name


@pytest.mark.parametrize(
    "content", [b"", b"<svg/>", b"x" * (attachment_files.MAX_BYTES + 1)], ids=["empty", "svg", "21"]
)
def test_a_refused_file_leaves_nothing(recorder: Officer, draft: Decision, content: bytes) -> None:
    before, version = papers.on_disk(), draft.version

    with pytest.raises(InvalidDecision) as refused:
        attach_file(
            officer=recorder,
            decision_id=draft.pk,
            kind="paper",
            upload=papers.upload(content, "扫描件.pdf"),
        )

    assert refused.value.faults[0].message.startswith("“扫描件.pdf”")
    assert not Attachment.objects.exists()
    assert papers.on_disk() == before
    draft.refresh_from_db()
    assert draft.version == version


def test_a_file_of_20_megabytes_is_kept(recorder: Officer, draft: Decision) -> None:
    content = papers.pdf()
    padding = attachment_files.MAX_BYTES - len(content)
    head, tail = content[:9], content[9:]
    padded = head + b"%" + b" " * (padding - 2) + b"\n" + tail  # a comment of a PDF

    assert _attach(recorder, draft, padded).size == attachment_files.MAX_BYTES


def test_a_failure_after_the_file_was_written_leaves_no_file(
    recorder: Officer, draft: Decision, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = papers.on_disk()

    def broken(*args: object, **kwargs: object) -> None:
        raise OSError("the database went away")

    monkeypatch.setattr("violations.attachment_services.audit.record", broken)
    with pytest.raises(OSError, match="went away"):
        _attach(recorder, draft)

    assert papers.on_disk() == before
    assert not Attachment.objects.exists()


def test_no_row_is_written_where_the_disk_is_full(
    recorder: Officer, draft: Decision, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(attachment_files, "_to_disk", full)
    with pytest.raises(OSError, match="no space"):
        _attach(recorder, draft)

    assert not Attachment.objects.exists()


def test_a_file_without_a_row_is_swept_after_a_day_and_no_other(
    recorder: Officer, draft: Decision, form: EntryDraft
) -> None:
    kept = _attach(recorder, draft).stored
    staged = stage_file(
        officer=recorder, draft=form, kind="paper", upload=papers.upload(papers.pdf())
    ).stored
    lost = attachment_files.keep(papers.upload(papers.pdf())).stored
    young = attachment_files.keep(papers.upload(papers.pdf())).stored
    for stored in (kept, staged, lost):
        os.utime(default_storage.path(stored), (0, 0))

    assert sweep() >= 1

    left = papers.on_disk()
    assert lost not in left
    assert {kept, staged, young} <= left


def test_a_changed_file_is_found_out(recorder: Officer, draft: Decision) -> None:
    made = _attach(recorder, draft)
    path = verified(made)

    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(DamagedFile):
        verified(made)
    path.unlink()
    with pytest.raises(DamagedFile):
        verified(made)


def test_the_same_file_is_kept_once_and_again_after_it_was_withdrawn(
    recorder: Officer, draft: Decision
) -> None:
    content = papers.pdf()
    first = _attach(recorder, draft, content)
    with pytest.raises(InvalidDecision, match="已经上传"):
        _attach(recorder, draft, content)

    withdraw_attachment(officer=recorder, attachment_id=first.pk, reason="上传到了别的决定")

    assert _attach(recorder, draft, content).pk != first.pk


def test_a_decision_has_a_number_of_files_and_no_more(
    recorder: Officer, draft: Decision, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("violations.attachment_services.MAX_FILES", 2)
    assert MAX_FILES == 20
    _attach(recorder, draft)
    _attach(recorder, draft)

    with pytest.raises(InvalidDecision, match="最多 2 个附件"):
        _attach(recorder, draft)


def test_a_file_added_before_confirmation_makes_the_reviewers_version_stale(
    recorder: Officer, draft: Decision
) -> None:
    reviewer = factories.officer(Role.UNIT_REVIEWER)
    seen = submit_decision(officer=recorder, decision_id=draft.pk, version=draft.version).version

    added = _attach(recorder, draft)
    with pytest.raises(StaleVersion):
        confirm_decision(officer=reviewer, decision_id=draft.pk, version=seen)

    draft.refresh_from_db()
    assert draft.state == DecisionState.SUBMITTED
    withdraw_attachment(officer=recorder, attachment_id=added.pk, reason="上传错了文件")
    with pytest.raises(StaleVersion):
        confirm_decision(officer=reviewer, decision_id=draft.pk, version=draft.version)


def test_who_adds_a_file_does_not_confirm(draft: Decision) -> None:
    both = factories.officer(Role.RECORDER, Role.UNIT_REVIEWER)
    _attach(both, draft)

    assert DecisionEditor.objects.filter(decision=draft, officer=both).exists()


def test_a_decision_in_force_takes_files_with_a_reason_and_stays_as_it_was_confirmed(
    recorder: Officer,
) -> None:
    decision = factories.decision(recorded_by=recorder)
    with pytest.raises(InvalidDecision, match="补充说明"):
        _attach(recorder, decision, kind="receipt")

    made = _attach(recorder, decision, kind="receipt", reason=REASON)

    version = decision.version
    decision.refresh_from_db()
    assert decision.version == version
    assert made.history.get().history_change_reason == REASON
    assert AuditEntry.objects.get(action="attachment.add").reason == REASON


def test_officers_of_other_units_and_other_roles_add_and_withdraw_nothing(
    recorder: Officer, draft: Decision
) -> None:
    made = _attach(recorder, draft)
    for officer in (
        factories.officer(Role.RECORDER, unit=factories.unit()),
        factories.officer(Role.UNIT_REVIEWER),
        factories.officer(Role.OFFICE),
        factories.officer(Role.AUDITOR),
    ):
        with pytest.raises(NotAllowed):
            _attach(officer, draft)
        with pytest.raises(NotAllowed):
            withdraw_attachment(officer=officer, attachment_id=made.pk, reason="不属于本决定")
    assert Attachment.objects.standing().count() == 1


def test_a_withdrawn_decision_takes_no_files(recorder: Officer) -> None:
    decision = factories.decision(recorded_by=recorder, state=DecisionState.WITHDRAWN)

    with pytest.raises(WrongState):
        _attach(recorder, decision)


def test_a_file_is_withdrawn_with_a_reason_and_stays(recorder: Officer, draft: Decision) -> None:
    made = _attach(recorder, draft)
    with pytest.raises(InvalidDecision, match="撤下理由至少"):
        withdraw_attachment(officer=recorder, attachment_id=made.pk, reason="错")

    withdraw_attachment(officer=recorder, attachment_id=made.pk, reason="上传到了别的决定")

    made.refresh_from_db()
    assert (made.is_withdrawn, made.withdrawn_by) == (True, recorder)
    assert verified(made).is_file()
    assert made.history.count() == 2
    with pytest.raises(BypassError):
        made.delete()


def test_the_database_refuses_a_file_of_no_record_and_one_withdrawn_without_reason(
    recorder: Officer, draft: Decision
) -> None:
    made = _attach(recorder, draft)
    made.decision = None
    with pytest.raises(IntegrityError), transaction.atomic():
        made.save()
    made.decision, made.withdrawn_by = draft, recorder
    with pytest.raises(IntegrityError), transaction.atomic():
        made.save()


def test_files_of_a_form_go_on_record_with_its_decision(
    recorder: Officer, form: EntryDraft, draft: Decision
) -> None:
    staged = [
        stage_file(officer=recorder, draft=form, kind=kind, upload=papers.upload(papers.pdf()))
        for kind in ("paper", "receipt")
    ]

    made = take_staged(officer=recorder, draft=form, decision=draft)

    assert [one.stored for one in made] == [one.stored for one in staged]
    assert [one.kind for one in made] == ["paper", "receipt"]
    assert not StagedFile.objects.exists()
    assert all(verified(one).is_file() for one in made)


def test_a_file_is_taken_out_of_a_form_by_its_officer_alone(
    recorder: Officer, form: EntryDraft
) -> None:
    staged = stage_file(
        officer=recorder, draft=form, kind="other", upload=papers.upload(papers.picture())
    )
    stranger = factories.officer(Role.RECORDER)
    with pytest.raises(StagedFile.DoesNotExist):
        unstage_file(officer=stranger, draft=form, file_id=staged.pk)
    with pytest.raises(NotAllowed):
        stage_file(
            officer=stranger, draft=form, kind="other", upload=papers.upload(papers.picture())
        )

    unstage_file(officer=recorder, draft=form, file_id=staged.pk)

    assert not StagedFile.objects.exists()


def test_who_sees_a_decision_in_full_sees_its_files_and_nobody_else(
    recorder: Officer, draft: Decision
) -> None:
    in_draft = _attach(recorder, draft)
    decision = factories.decision(recorded_by=recorder)
    in_force = _attach(recorder, decision, reason=REASON)

    def seen_by(*roles: str, elsewhere: bool = False) -> set[int]:
        unit = factories.unit() if elsewhere else None
        rows = Attachment.objects.visible_to(factories.officer(*roles, unit=unit))
        return set(rows.values_list("pk", flat=True))

    both = {in_draft.pk, in_force.pk}
    assert seen_by(Role.RECORDER) == seen_by(Role.UNIT_REVIEWER) == both
    assert seen_by(Role.OFFICE, elsewhere=True) == seen_by(Role.AUDITOR, elsewhere=True)
    assert seen_by(Role.AUDITOR, elsewhere=True) == {in_force.pk}
    assert seen_by(Role.RECORDER, elsewhere=True) == set()
    assert seen_by(Role.TIP_HANDLER) == seen_by(Role.ADMINISTRATOR) == set()
