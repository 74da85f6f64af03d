"""Credit repair from receipt to what is repaired, and every way that must be refused (5-9)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.roles import Role
from appeals.repair_deadlines import Periods, accept_by, result_by
from appeals.repair_deciding import decide, send_back
from appeals.repair_filing import receive
from appeals.repair_models import Repair
from appeals.repair_steps import (
    accept,
    ask_material,
    extend,
    note_material,
    propose,
    reject,
    withdraw,
)
from appeals.repair_unit import state_for_unit
from core.clock import today
from core.models import AuditEntry
from grading.repair_preview import preview_repair
from grading.selectors import view
from subjects.models import Subject
from tests import factories
from tests.appeals.repair_cases import (
    REASON,
    Case,
    accepted,
    checked,
    chosen,
    decided,
    office_officer,
    proofs,
    proposed,
    received,
    stated,
)
from violations.enums import DecisionKind
from violations.errors import CaseChanged, CaseRefused, InvalidDecision, NotAllowed
from violations.outcomes import revoke_violation

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def outcomes(subject: Subject) -> tuple[object, object]:
    both = view(subject.pk).both
    return both.internal.outcome, both.disclosable.outcome


def test_from_receipt_to_repaired() -> None:
    case = Case()
    repair = decided(case)
    act = case.act
    assert repair.number == f"XF-{today().year}-0001"
    assert (repair.state, repair.decided_by, repair.decided_on) == (
        "decided", case.decider, today(),
    )  # fmt: skip
    assert (act.repaired_on, act.repaired_basis) == (today(), f"repair:{repair.pk}")
    assert repair.number in act.repaired_document
    assert view(case.decision.subject_id).now.decided.grade == ""
    # The day before stays as it was: history and past grades do not change.
    assert view(case.decision.subject_id, today() - DAY).now.decided.grade == "B"
    verbs = list(AuditEntry.objects.filter(action__startswith="repair.").order_by("id"))
    assert [row.action for row in verbs] == [
        f"repair.{verb}" for verb in ("receive", "check", "accept", "state", "propose", "decide")
    ]


def test_the_preview_is_what_comes_about_in_both_grades() -> None:
    case = Case(factories.decision(
        decided_on=today() - timedelta(days=150),
        acts=[["warning"], [("fine", 600)], [("fine", 700)]],
    ))  # fmt: skip
    factories.decision(case.decision.subject, law="治安管理处罚法")
    acts = list(case.decision.violations.order_by("ordinal"))[:2]
    repair = proposed(case, *acts)
    ids = [one.pk for one in acts]
    seen = preview_repair(case.decision.subject, ids)
    assert seen.changes
    assert (seen.before.internal.outcome, seen.before.disclosable.outcome) == outcomes(
        case.decision.subject
    )
    decide(
        officer=case.decider, repair_id=repair.pk, version=repair.version, verdicts=chosen(repair)
    )
    after = outcomes(case.decision.subject)
    assert after == (seen.after.internal.outcome, seen.after.disclosable.outcome)
    both = view(case.decision.subject_id).both
    assert both.internal.decided == seen.after.internal.decided
    assert both.next_change_on == seen.after.next_change_on


def test_each_record_of_one_application_is_decided_by_itself() -> None:
    case = Case(factories.decision(
        decided_on=today() - timedelta(days=150), acts=[[("fine", 600)], [("fine", 700)]]
    ))  # fmt: skip
    repair = proposed(case, *case.decision.violations.all())
    first, second = repair.items.order_by("pk")
    decide(
        officer=case.decider,
        repair_id=repair.pk,
        version=repair.version,
        verdicts={first.pk: ("granted", REASON), second.pk: ("refused", "现场复查仍未整改到位。")},
    )
    first, second = repair.items.order_by("pk").select_related("violation")
    assert first.violation.repaired_on == today()
    assert second.violation.repaired_on is None
    assert not preview_repair(case.decision.subject, [first.violation_id]).changes
    again = received(case, second.violation)  # a refusal hinders no later application
    assert again.number.endswith("-0002")


def refused_application(case: Case, **fields: Any) -> list[str]:
    with pytest.raises(InvalidDecision) as refusal:
        receive(officer=case.office, data=case.application(**fields))
    return [fault.message for fault in refusal.value.faults]


def test_what_cannot_be_applied_for() -> None:
    case, other = Case(), factories.decision()
    draft = factories.decision(case.decision.subject, state="draft").violations.get()
    foreign = other.violations.get()
    assert "不是该监管对象的记录" in refused_application(case, violation_ids=[foreign.pk])[0]
    assert "未生效" in refused_application(case, violation_ids=[draft.pk])[0]
    assert "没有选择申请修复的记录" in refused_application(case, violation_ids=[])[0]
    assert "不存在" in refused_application(case, violation_ids=[0])[0]
    assert "收到日期不能晚于今天" in refused_application(case, received_on=today() + DAY)[0]
    assert "没有填写收到日期" in refused_application(case, received_on=None)[0]
    assert "没有填写提交的材料" in refused_application(case, materials=" ")[0]
    assert "没有选择收到方式" in refused_application(case, channel="fax")[0]
    assert "不像电话号码" in refused_application(case, contact_phone="没有")[0]
    assert "身份证号码" in refused_application(case, statement="110101199003070070 申请")[0]
    assert "没有填写承诺日期" in refused_application(case, committed_on=None)[0]
    repair = received(case)
    assert repair.number in refused_application(case)[0]  # in hand already
    with pytest.raises(NotAllowed):
        receive(officer=case.reviewer, data=case.application())


def test_the_database_knows_one_open_application_a_record() -> None:
    case = Case()
    repair = received(case)
    item = repair.items.get()
    item.pk, item._state.adding = None, True
    with pytest.raises(IntegrityError), transaction.atomic():
        item.save()


def test_a_minimum_period_that_runs_is_refused_with_its_last_day() -> None:
    case = Case(factories.decision(decided_on=today() - timedelta(days=10)))
    repair = checked(case, received(case))
    with pytest.raises(CaseRefused, match="都未满最短公示期，最早 20"):
        accept(officer=case.office, repair_id=repair.pk, version=repair.version)


def test_what_is_too_early_is_told_its_day_and_the_rest_is_accepted() -> None:
    case = Case(factories.decision(
        decided_on=today() - timedelta(days=10), acts=[["warning"], [("fine", 700)]]
    ))  # fmt: skip
    repair = accepted(case, *case.decision.violations.all())
    light, early = repair.items.order_by("pk")
    assert (light.verdict, early.verdict) == ("", "too_early")
    assert "起可以申请" in early.verdict_reason
    assert repair.state == "checking"


def test_a_record_with_nothing_to_perform_needs_no_proof_of_it() -> None:
    case = Case(factories.decision(kind=DecisionKind.ORDER))
    assert received(case).items.get().performance == "not_needed"


def test_material_is_asked_for_once_and_the_deadline_stands_still() -> None:
    case = Case()
    repair = received(case)
    before = accept_by(repair, Periods())
    repair = ask_material(
        officer=case.office, repair_id=repair.pk, version=repair.version, wanted="缺少缴款凭证"
    )
    with pytest.raises(CaseRefused, match="正在等待申请人补正"):
        accept(officer=case.office, repair_id=repair.pk, version=repair.version)
    with pytest.raises(CaseRefused, match="补正须一次性告知"):
        ask_material(
            officer=case.office, repair_id=repair.pk, version=repair.version, wanted="还缺承诺书"
        )
    with pytest.raises(InvalidDecision, match="补正日期须在"):
        note_material(
            officer=case.office,
            repair_id=repair.pk,
            version=repair.version,
            on=today() + DAY,
            brought="缴款凭证",
        )
    repair = note_material(
        officer=case.office, repair_id=repair.pk, version=repair.version, on=today(), brought="凭证"
    )
    assert accept_by(repair, Periods()).day == before.day  # brought on the same day: nothing lost
    accept(officer=case.office, repair_id=repair.pk, version=repair.version)


def test_the_period_is_extended_once_with_a_reason_and_before_it_has_run() -> None:
    case = Case()
    repair = received(case)
    wanted: dict[str, Any] = {
        "officer": case.office,
        "repair_id": repair.pk,
        "reason": "需要现场核实整改情况",
    }
    with pytest.raises(CaseRefused, match="不能延长期限"):
        extend(version=repair.version, **wanted)
    repair = accept(officer=case.office, repair_id=repair.pk, version=repair.version)
    first = result_by(repair, Periods())
    with pytest.raises(InvalidDecision, match="没有填写延期理由"):
        extend(version=repair.version, **{**wanted, "reason": ""})
    repair = extend(version=repair.version, **wanted)
    second = result_by(repair, Periods())
    assert first is not None
    assert second is not None
    assert second.day > first.day
    with pytest.raises(CaseRefused, match="只能延长一次"):
        extend(version=repair.version, **wanted)


def test_a_period_that_has_run_is_not_extended() -> None:
    case = Case()
    repair = accepted(case)
    repair.accepted_on = today() - timedelta(days=60)
    repair.save()
    with pytest.raises(CaseRefused, match="已过，不能再延长"):
        extend(officer=case.office, repair_id=repair.pk, version=repair.version, reason=REASON)


def test_a_unit_speaks_for_its_own_records_once_and_is_not_waited_for_for_ever() -> None:
    case = Case()
    repair = accepted(case)
    item = repair.items.get()
    words = {item.pk: ("agrees", "现场核实，已经整改。")}
    stranger = factories.officer(Role.UNIT_REVIEWER, unit=factories.unit())
    with pytest.raises(NotAllowed, match="没有您所在单位"):
        state_for_unit(officer=stranger, repair_id=repair.pk, version=repair.version, words=words)
    with pytest.raises(CaseRefused, match="尚未回复核实情况"):
        propose(
            officer=case.office,
            repair_id=repair.pk,
            version=repair.version,
            proposals=chosen(repair),
        )
    repair.accepted_on = today() - timedelta(days=30)
    repair.save()
    repair = propose(
        officer=case.office, repair_id=repair.pk, version=repair.version, proposals=chosen(repair)
    )
    assert repair.state == "proposed"
    other = Case()
    repair = stated(other)
    assert repair.state == "examining"
    with pytest.raises(NotAllowed, match="已经回复"):
        state_for_unit(
            officer=other.reviewer, repair_id=repair.pk, version=repair.version, words=words
        )


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"performance": "not_met"}, "履行"),
        ({"performance": "", "performance_proof": ""}, "履行"),
        ({"correction": "not_met"}, "纠正"),
    ],
)
def test_nothing_is_granted_before_every_condition_is_met(
    changes: dict[str, str], words: str
) -> None:
    case = Case()
    repair = stated(case)
    repair = checked(case, repair, **changes)
    with pytest.raises(InvalidDecision, match=f"条件尚未具备.*{words}"):
        propose(
            officer=case.office,
            repair_id=repair.pk,
            version=repair.version,
            proposals=chosen(repair),
        )
    propose(  # a refusal needs none
        officer=case.office,
        repair_id=repair.pk,
        version=repair.version,
        proposals=chosen(repair, "refused"),
    )


def test_the_commitment_must_be_public() -> None:
    case = Case()
    repair = stated(case)
    repair.commitment_public = False
    repair = checked(case, repair)
    with pytest.raises(InvalidDecision, match="公开承诺的同意"):
        propose(
            officer=case.office,
            repair_id=repair.pk,
            version=repair.version,
            proposals=chosen(repair),
        )


def test_a_proof_is_named() -> None:
    case = Case()
    repair = received(case)
    with pytest.raises(InvalidDecision, match="没有写明履行的证明"):
        checked(case, repair, performance_proof="")
    assert proofs(repair)


def test_sent_back_it_is_proposed_anew() -> None:
    case = Case()
    repair = proposed(case)
    repair = send_back(
        officer=case.decider, repair_id=repair.pk, version=repair.version, remark="请补充现场照片"
    )
    assert (repair.state, repair.returned_remark) == ("examining", "请补充现场照片")
    repair = propose(
        officer=case.office, repair_id=repair.pk, version=repair.version, proposals=chosen(repair)
    )
    assert repair.returned_remark == ""
    decide(
        officer=case.decider, repair_id=repair.pk, version=repair.version, verdicts=chosen(repair)
    )


def test_who_reads_an_old_version_acts_on_nothing() -> None:
    case = Case()
    repair = received(case)
    with pytest.raises(CaseChanged):
        reject(officer=case.office, repair_id=repair.pk, version=0, reason=REASON)


def test_a_withdrawn_application_leaves_the_record_free() -> None:
    case = Case()
    repair = received(case)
    repair = withdraw(
        officer=case.office, repair_id=repair.pk, version=repair.version, reason="申请人来函撤回"
    )
    assert (repair.state, repair.items.get().verdict) == ("withdrawn", "withdrawn")
    received(case)


def test_an_outcome_from_elsewhere_ends_what_hangs_on_it() -> None:
    case = Case(factories.decision(
        decided_on=today() - timedelta(days=150), acts=[[("fine", 600)], [("fine", 700)]]
    ))  # fmt: skip
    first, second = case.decision.violations.order_by("ordinal")
    repair = received(case, first, second)
    known: dict[str, Any] = {
        "officer": office_officer(),
        "on": today(),
        "reason": "法院判决撤销该项处罚。",
    }
    revoke_violation(violation_id=first.pk, document="判决书 1", basis="court", **known)
    repair.refresh_from_db()
    assert (repair.state, repair.items.get(violation=first).verdict) == ("received", "overtaken")
    revoke_violation(violation_id=second.pk, document="判决书 2", basis="court", **known)
    repair.refresh_from_db()
    assert (repair.state, "判决书 2" in repair.closed_reason) == ("overtaken", True)


def test_contacts_are_encrypted_and_in_no_history() -> None:
    case = Case()
    repair = received(case, contact_name="张三", contact_phone="13800000000")
    assert Repair.objects.get(pk=repair.pk).contact_phone == "13800000000"
    stored = Repair.objects.filter(pk=repair.pk).extra(select={"raw": "contact_phone"})
    assert "13800000000" not in str(stored.values_list("raw", flat=True)[0])
    assert not hasattr(repair.history.model, "contact_phone")
