"""Recording a decision and editing one that is not in force."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from accounts.roles import Role
from core.models import AuditEntry
from subjects.models import Subject, SubjectCode
from tests import factories
from tests.violations.inputs import FINE, ORDER, WARNING, act, decision_input
from violations.enums import Bucket, DecisionState
from violations.errors import (
    DuplicateNumber,
    InvalidDecision,
    NotAllowed,
    StaleVersion,
    WrongState,
)
from violations.inputs import DispositionInput
from violations.models import Decision, Disposition, Violation
from violations.selectors import same_number, stored_severity_differences
from violations.services import edit_decision, record_decision, submit_decision

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("frozen"),
]


def test_an_unknown_organisation_is_registered_with_the_decision() -> None:
    recorder = factories.officer(Role.RECORDER)
    decision = record_decision(
        officer=recorder, data=decision_input(act(WARNING, FINE), act(ORDER))
    )
    assert decision.subject.credit_code == factories.credit_code(1)
    assert decision.subject.unit_in_charge == recorder.unit
    assert decision.state == DecisionState.DRAFT
    assert (decision.version, decision.recorded_by, decision.unit) == (1, recorder, recorder.unit)
    stored = [(v.ordinal, v.bucket, v.amount_fen) for v in decision.violations.all()]
    assert stored == [(1, Bucket.PENALTY, 2_000_000), (2, Bucket.WARNING, 0)]
    assert list(decision.editors.values_list("officer", flat=True)) == [recorder.pk]
    assert stored_severity_differences() == []


def test_history_and_audit_name_the_officer() -> None:
    recorder = factories.officer(Role.RECORDER)
    decision = record_decision(officer=recorder, data=decision_input())
    violation = decision.violations.get()
    rows: list[Any] = [decision, violation, violation.dispositions.get()]
    assert {row.history.get().history_user for row in rows} == {recorder}
    entry = AuditEntry.objects.get(action="decision.record")
    assert (entry.actor, entry.unit, entry.target_id) == (
        recorder.number,
        recorder.unit.code,
        str(decision.pk),
    )


def test_a_known_organisation_is_found_by_former_code_and_through_mergers() -> None:
    recorder = factories.officer(Role.RECORDER)
    survivor = factories.subject()
    merged = factories.subject(merged_into=survivor)
    SubjectCode.objects.create(subject=survivor, code=factories.credit_code(7))
    by_merged = decision_input(credit_code=merged.credit_code, number="号1")
    by_former = decision_input(credit_code=factories.credit_code(7), number="号2")
    for data in (by_merged, by_former):
        assert record_decision(officer=recorder, data=data).subject == survivor
    assert Subject.objects.count() == 2


def test_a_known_code_with_a_wrong_check_character_needs_no_second_reason() -> None:
    recorder = factories.officer(Role.RECORDER)
    code = factories.credit_code(1)[:-1]
    wrong = code + ("A" if factories.credit_code(1)[-1] != "A" else "B")
    reason = "已电话向市场监管局登记窗口核实，确为实际核发。"
    first = decision_input(credit_code=wrong, code_exception=reason, number="号1")
    record_decision(officer=recorder, data=first)
    again = record_decision(officer=recorder, data=decision_input(credit_code=wrong, number="号2"))
    assert again.subject.code_exception == reason


def test_faults_stop_everything_and_all_come_at_once() -> None:
    recorder = factories.officer(Role.RECORDER)
    record_decision(officer=recorder, data=decision_input())
    bad = decision_input(act(DispositionInput("fine")), credit_code=factories.credit_code(2))
    with pytest.raises(InvalidDecision) as refused:
        record_decision(officer=recorder, data=bad, submit=True)
    assert [(f.path, f.code) for f in refused.value.faults] == [
        ("violations[0].dispositions[0].amount", "missing"),
        ("number", "duplicate"),
    ]
    assert Decision.objects.count() == Subject.objects.count() == 1


def test_control_characters_in_a_code_are_a_fault_and_no_error() -> None:
    with pytest.raises(InvalidDecision) as refused:
        record_decision(
            officer=factories.officer(Role.RECORDER),
            data=decision_input(credit_code="9141048100000\x00\ud8001"),
        )
    assert {f.path for f in refused.value.faults} == {"credit_code"}


@pytest.mark.parametrize(
    "typed", ["舞公(治)行罚决字[2026]0101号", " 舞公（治）行罚决字【２０２６】 0101号"]
)
def test_one_number_is_recorded_once_a_unit_however_it_is_typed(typed: str) -> None:
    recorder = factories.officer(Role.RECORDER)
    first = record_decision(officer=recorder, data=decision_input())
    with pytest.raises(DuplicateNumber) as twice:
        record_decision(officer=recorder, data=decision_input(number=typed))
    assert twice.value.existing == first
    assert twice.value.message == (
        "该文号已于 2026-11-20 由治安管理大队录入。如为同一决定，请打开原记录；如文号有误，请更正。"
    )
    other = factories.officer(Role.RECORDER, unit=factories.unit("WG-JD", "禁毒大队"))
    assert record_decision(officer=other, data=decision_input(number=typed, unit_code="WG-JD"))


def test_two_at_the_same_moment_end_in_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """The check saw nothing yet; the constraint refuses, and the answer is the same."""
    recorder = factories.officer(Role.RECORDER)
    first = record_decision(officer=recorder, data=decision_input())
    answers = iter([None, first])
    monkeypatch.setattr("violations.recording.same_number", lambda *a, **k: next(answers))
    with pytest.raises(DuplicateNumber) as twice:
        record_decision(officer=recorder, data=decision_input())
    assert twice.value.existing == first
    assert Decision.objects.count() == 1


@pytest.mark.parametrize(
    "role", [Role.UNIT_REVIEWER, Role.OFFICE, Role.APPROVER, Role.AUDITOR, Role.ADMINISTRATOR]
)
def test_only_recorders_record(role: str) -> None:
    with pytest.raises(NotAllowed, match="不能录入"):
        record_decision(officer=factories.officer(role), data=decision_input())


def test_nobody_records_for_another_unit() -> None:
    other = factories.officer(Role.RECORDER, unit=factories.unit("WG-JD"))
    with pytest.raises(NotAllowed, match="您只能录入"):
        record_decision(officer=other, data=decision_input(unit_code="WG-ZA"))


def test_submitting_at_once_needs_the_statement_of_truth() -> None:
    recorder = factories.officer(Role.RECORDER)
    with pytest.raises(InvalidDecision, match="真实性声明"):
        record_decision(officer=recorder, data=decision_input(truth_stated=False), submit=True)
    decision = record_decision(officer=recorder, data=decision_input(), submit=True)
    assert decision.state == DecisionState.SUBMITTED
    assert decision.submitted_at is not None


def test_an_edit_changes_rows_in_place_and_keeps_their_history() -> None:
    recorder = factories.officer(Role.RECORDER)
    colleague = factories.officer(Role.RECORDER)
    decision = record_decision(
        officer=recorder, data=decision_input(act(WARNING, FINE), act(ORDER))
    )
    first, second = decision.violations.all()
    warning = first.dispositions.get(kind="warning")
    changed = decision_input(
        act(DispositionInput("fine", Decimal("500.50")), facts="更正后的事实。"),
        credit_code=factories.credit_code(2),
        decided_on=date(2026, 3, 6),
    )
    edited = edit_decision(officer=colleague, decision_id=decision.pk, version=1, data=changed)
    assert (edited.version, edited.decided_on) == (2, date(2026, 3, 6))
    assert edited.subject.credit_code == factories.credit_code(2)
    kept = Violation.objects.get()
    assert (kept.pk, kept.amount_fen, kept.facts) == (first.pk, 50_050, "更正后的事实。")
    assert [(d.kind, d.amount) for d in Disposition.objects.all()] == [("fine", Decimal("500.50"))]
    gone = Violation.history.filter(id=second.pk, history_type="-").get()
    assert (gone.history_user, gone.type) == (colleague, second.type)
    assert Disposition.history.filter(id=warning.pk, history_type="-").exists()
    assert set(edited.editors.values_list("officer", flat=True)) == {recorder.pk, colleague.pk}
    assert stored_severity_differences() == []


def test_an_edit_that_changes_nothing_writes_no_act_anew() -> None:
    recorder = factories.officer(Role.RECORDER)
    decision = record_decision(officer=recorder, data=decision_input())
    edit_decision(officer=recorder, decision_id=decision.pk, version=1, data=decision_input())
    assert Violation.history.count() == Disposition.history.count() == 1


def test_changing_the_kind_changes_the_bucket() -> None:
    recorder = factories.officer(Role.RECORDER)
    decision = record_decision(officer=recorder, data=decision_input(act(ORDER)))
    breach = decision_input(act(ORDER), kind="breach")
    edit_decision(officer=recorder, decision_id=decision.pk, version=1, data=breach)
    assert Violation.objects.get().bucket == Bucket.BREACH
    assert stored_severity_differences() == []


def test_a_stale_edit_is_refused_with_who_and_when() -> None:
    recorder = factories.officer(Role.RECORDER, name="张三")
    colleague = factories.officer(Role.RECORDER, name="李四")
    decision = record_decision(officer=recorder, data=decision_input())
    edit_decision(
        officer=colleague, decision_id=decision.pk, version=1, data=decision_input(handler="某")
    )
    with pytest.raises(StaleVersion) as stale:
        edit_decision(officer=recorder, decision_id=decision.pk, version=1, data=decision_input())
    assert stale.value.decision.handler == "某"
    assert stale.value.message == ("李四 在 09:00 已修改此记录。请先查看新内容，再决定是否覆盖。")


def test_an_edit_takes_back_what_was_submitted() -> None:
    recorder = factories.officer(Role.RECORDER)
    decision = record_decision(officer=recorder, data=decision_input(), submit=True)
    edited = edit_decision(
        officer=recorder, decision_id=decision.pk, version=1, data=decision_input()
    )
    assert (edited.state, edited.submitted_at) == (DecisionState.DRAFT, None)


@pytest.mark.parametrize("state", [DecisionState.IN_FORCE, DecisionState.WITHDRAWN])
def test_what_is_in_force_or_withdrawn_is_never_edited(state: str) -> None:
    recorder = factories.officer(Role.RECORDER)
    decision = factories.decision(state=state, recorded_by=recorder)
    with pytest.raises(WrongState, match="不能修改"):
        edit_decision(officer=recorder, decision_id=decision.pk, version=1, data=decision_input())


def test_another_unit_and_other_roles_edit_nothing() -> None:
    decision = record_decision(officer=factories.officer(Role.RECORDER), data=decision_input())
    stranger = factories.officer(Role.RECORDER, unit=factories.unit("WG-JD"))
    with pytest.raises(NotAllowed, match="归口 治安管理大队"):
        edit_decision(officer=stranger, decision_id=decision.pk, version=1, data=decision_input())
    for role in (Role.UNIT_REVIEWER, Role.OFFICE, Role.ADMINISTRATOR):
        with pytest.raises(NotAllowed, match="您的角色不能修改"):
            edit_decision(
                officer=factories.officer(role),
                decision_id=decision.pk,
                version=1,
                data=decision_input(),
            )


def test_an_edit_may_not_take_a_colleagues_number() -> None:
    recorder = factories.officer(Role.RECORDER)
    record_decision(officer=recorder, data=decision_input(number="号1"))
    second = record_decision(officer=recorder, data=decision_input(number="号2"))
    with pytest.raises(DuplicateNumber):
        edit_decision(
            officer=recorder, decision_id=second.pk, version=1, data=decision_input(number="号1")
        )
    same = edit_decision(
        officer=recorder, decision_id=second.pk, version=1, data=decision_input(number="号 2")
    )
    assert same.number == "号2"
    assert same_number(recorder.unit, "号2") == second


def test_only_what_no_longer_counts_is_replaced() -> None:
    recorder = factories.officer(Role.RECORDER)
    wrong = factories.decision(recorded_by=recorder)
    with pytest.raises(InvalidDecision, match="尚未撤销"):
        record_decision(officer=recorder, data=decision_input(), replaces=wrong)
    foreign = factories.decision(unit=factories.unit("WG-JD", "禁毒大队"), state="withdrawn")
    with pytest.raises(InvalidDecision, match="由禁毒大队作出"):
        record_decision(officer=recorder, data=decision_input(), replaces=foreign)
    gone = factories.decision(recorded_by=recorder, state=DecisionState.WITHDRAWN)
    anew = record_decision(officer=recorder, data=decision_input(), replaces=gone)
    assert anew.replaces == gone


def test_a_resubmission_keeps_the_editors_apart_from_reviewers() -> None:
    recorder = factories.officer(Role.RECORDER)
    both = factories.officer(Role.RECORDER, Role.UNIT_REVIEWER)
    decision = record_decision(officer=recorder, data=replace(decision_input(), truth_stated=False))
    submit_decision(officer=both, decision_id=decision.pk, version=1, truth_stated=True)
    assert decision.editors.filter(officer=both).exists()
