"""An objection from the desk to its decision: who may, what is marked, what is kept (art. 41)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.template.loader import render_to_string

from accounts.roles import Role
from appeals import objection_decisions, objection_steps
from appeals.objection_answers import answer_content
from appeals.objection_decisions import Finding
from appeals.objection_enums import ObjectionState
from appeals.objection_filing import ClaimInput, ask_for_second_stage
from appeals.objection_models import Objection, ObjectionClaim
from appeals.objection_selectors import disputed
from core.models import AuditEntry
from grading.selectors import view
from sanctions.paper_kinds import paper_kind
from tests import factories
from tests.appeals.objection_cases import FOUND, LONG, WORDS, Case, answered
from violations.errors import CaseChanged, CaseRefused, InvalidDecision, NotAllowed
from violations.models import Decision
from violations.services import contest_decision, end_contest, revoke_violation

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine("2026-11-20 09:00+08:00")]


@pytest.fixture
def case() -> Case:
    return Case()


def test_numbers_have_no_gap_and_the_record_is_disputed_at_once(case: Case) -> None:
    act = case.act
    with pytest.raises(InvalidDecision), transaction.atomic():
        case.filed(contact_phone="没有")
    assert disputed([act.pk]) == set()
    first = case.filed()
    second = Case().filed()
    assert (first.number, second.number) == ("YY-2026-0001", "YY-2026-0002")
    assert disputed([act.pk, 0]) == {act.pk}
    assert view(case.decision.subject_id).now.decided.grade == "B"  # it still counts


def test_the_contact_is_kept_encrypted_and_out_of_history_and_trail(case: Case) -> None:
    filed = case.filed()
    with connection.cursor() as cursor:
        cursor.execute("SELECT contact_name, contact_phone FROM appeals_objection")
        stored = " ".join(cursor.fetchone())
    assert "冯甲" not in stored
    assert "13800000000" not in stored
    again = Objection.objects.get(pk=filed.pk)
    assert (again.contact_name, again.contact_phone) == ("冯甲", "13800000000")
    assert not hasattr(filed.history.first(), "contact_phone")
    kept = str(list(AuditEntry.objects.values_list("details", "reason", "target_label")))
    assert "冯甲" not in kept
    assert "138000" not in kept


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"origin": ""}, "origin"),
        ({"received_on": date(2026, 11, 21)}, "received_on"),
        ({"received_on": None}, "received_on"),
        ({"contact_name": ""}, "contact_name"),
        ({"contact_phone": ""}, "contact_phone"),
        ({"contact_phone": "410481199001010018"}, "contact_phone"),
        ({"statement": "身份证 410481199001010018"}, "statement"),
        ({"claims": ()}, "claims"),
        ({"claims": (ClaimInput("一二三四五", violation_id=0),)}, "claims[0].words"),
        ({"claims": (ClaimInput("短", grade="internal"),)}, "claims[0].words"),
    ],
)
def test_what_is_wrong_is_said_beside_its_box(
    case: Case, changes: dict[str, Any], path: str
) -> None:
    with pytest.raises(InvalidDecision) as refused:
        case.filed(**{"on": date(2026, 11, 20), **changes})
    assert path in [one.path for one in refused.value.faults]


def test_a_record_has_one_open_objection_and_belongs_to_its_organisation(case: Case) -> None:
    first = case.filed()
    with pytest.raises(InvalidDecision, match=f"已有在办的异议 {first.number}"):
        case.filed()
    other = factories.decision().violations.get()
    with pytest.raises(InvalidDecision, match="不是该监管对象的"):
        case.filed(ClaimInput(WORDS, violation_id=other.pk))
    with pytest.raises(IntegrityError), transaction.atomic():
        ObjectionClaim.objects.create(objection=first, violation=case.act, words=WORDS)
    case.step(first, objection_steps.reject, reason="不属于信用异议的受理范围。")
    assert disputed([case.act.pk]) == set()
    assert case.filed().number == "YY-2026-0002"


def test_from_the_desk_to_the_unit_and_back(case: Case) -> None:
    asked = case.with_unit()
    assert asked.state == ObjectionState.WITH_UNIT
    stranger = factories.officer(Role.UNIT_REVIEWER, unit=factories.unit("WG-YK"))
    words = {"advice": "revoke", "words": "转移登记日期属实，建议撤销原决定。"}
    assert list(Objection.objects.visible_to(stranger)) == []
    with pytest.raises(NotAllowed, match="没有转您所在单位"):
        case.step(asked, objection_steps.state_for_unit, by=stranger, **words)
    with pytest.raises(CaseRefused):
        case.propose(asked, "dismissed", "proven")
    reviewer = case.reviewer()
    assert list(Objection.objects.visible_to(reviewer)) == [asked]
    with pytest.raises(InvalidDecision, match="至少 10 字"):
        case.step(asked, objection_steps.state_for_unit, by=reviewer, advice="keep", words="属实")
    back = case.step(asked, objection_steps.state_for_unit, by=reviewer, **words)
    assert back.state == ObjectionState.ACCEPTED


def test_an_upheld_objection_revokes_the_record_and_frees_the_grade(case: Case) -> None:
    decided = case.decide(case.proposed())
    act = case.act
    assert (act.revoked_on, act.revoked_basis) == (
        date(2026, 11, 20),
        f"objection:{decided.pk}",
    )
    assert disputed([act.pk]) == set()
    assert view(case.decision.subject_id).now.decided.grade == ""
    assert decided.effects[0]["before"]["grade"] == "B"
    assert decided.effects[0]["after"]["grade"] == ""
    actions = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"objection.file", "objection.decide", "violation.revoke"} <= actions


def test_a_decision_entered_wrong_falls_as_a_whole(case: Case) -> None:
    case.decide(case.proposed("upheld", "entry_error"))
    assert Decision.objects.get(pk=case.decision.pk).state == "withdrawn"


def test_a_dismissed_objection_changes_nothing(case: Case) -> None:
    decided = case.decide(case.proposed("dismissed", "proven"))
    assert case.act.revoked_on is None
    assert decided.claims.get().verdict == "dismissed"
    with pytest.raises(InvalidDecision, match="没有可以撤销的依据"):
        revoke_violation(
            officer=case.office,
            violation_id=case.act.pk,
            on=date(2026, 11, 20),
            reason=FOUND,
            document="号",
            basis=f"objection:{decided.pk}",
        )


@pytest.mark.parametrize("hand", ["handler", "recorder", "confirmer", "editor", "unit"])
def test_whoever_had_a_hand_in_it_does_not_decide(hand: str) -> None:
    roles = (Role.OFFICE, Role.APPROVER, Role.RECORDER, Role.UNIT_REVIEWER)
    held = factories.officer(*roles, unit=factories.unit("WG-X", "某大队"))
    record: dict[str, Any] = {"unit": factories.unit("WG-YK"), "decided_on": date(2026, 9, 1)}
    if hand in ("recorder", "confirmer"):
        record["recorded_by" if hand == "recorder" else "confirmed_by"] = held
    if hand == "unit":
        record["unit"] = held.unit
    case = Case(decision=factories.decision(**record))
    if hand == "editor":
        case.decision.editors.create(officer=held)
    if hand == "handler":
        case.office = held
    proposed = case.proposed()
    case.decider = held
    with pytest.raises(NotAllowed, match="不能认定"):
        case.decide(proposed)
    case.decider = factories.officer(Role.APPROVER)
    if case.decision.unit.code == "WG-ZA":
        case.decider = factories.officer(Role.APPROVER, unit=factories.unit("WG-FZ"))
    case.decide(proposed)


def test_the_database_itself_asks_for_a_second_person(case: Case) -> None:
    decided = case.decide(case.proposed())
    for column in ("handler", "proposed_by", "accepted_by", "first_decider", "first_handler"):
        row = Objection.objects.get(pk=decided.pk)
        setattr(row, column, case.decider)
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save()
    for column, value in (
        ("recorded_by", case.decider),
        ("confirmed_by", case.decider),
        ("unit", case.decider.unit),
    ):
        claim = decided.claims.get()
        setattr(claim, column, value)
        with pytest.raises(IntegrityError), transaction.atomic():
            claim.save()


def test_a_proposal_needs_a_ground_that_fits_and_words(case: Case) -> None:
    accepted = case.accepted()
    claim = accepted.claims.get()
    for verdict, ground, said in (
        ("", "proven", "没有选择结论"),
        ("upheld", "proven", "理由与结论不符"),
        ("dismissed", "", "理由与结论不符"),
        ("corrected", "amount", "先对该记录提出更正"),
    ):
        with pytest.raises(InvalidDecision, match=said):
            objection_decisions.propose(
                officer=case.office,
                objection_id=accepted.pk,
                version=accepted.version,
                findings=[Finding(claim.pk, verdict, ground, FOUND)],
            )


def test_a_returned_proposal_is_made_anew(case: Case) -> None:
    returned = case.step(
        case.proposed(),
        objection_decisions.return_proposal,
        by=case.decider,
        remark="请补充机动车转移登记的原件。",
    )
    assert returned.state == ObjectionState.ACCEPTED
    assert case.decide(case.propose(returned, "dismissed", "no_evidence")).is_decided


def test_nobody_acts_on_a_page_that_is_out_of_date(case: Case) -> None:
    filed = case.filed()
    case.step(filed, objection_steps.accept)
    with pytest.raises(CaseChanged, match="已办理过此异议"):
        case.step(filed, objection_steps.reject, reason="不属于信用异议的受理范围。")


def test_what_was_not_seen_is_not_decided(case: Case) -> None:
    proposed = case.proposed()
    with pytest.raises(CaseRefused, match="与您看到的不同"):
        case.decide(proposed, seen="x")
    assert case.act.revoked_on is None
    assert Objection.objects.get(pk=proposed.pk).state == ObjectionState.PROPOSED


def test_a_colleague_takes_over_and_only_the_handler_goes_on(case: Case) -> None:
    accepted = case.accepted()
    other = factories.officer(Role.OFFICE, unit=case.office.unit)
    with pytest.raises(NotAllowed, match="请先转办给自己"):
        case.step(accepted, objection_steps.ask_units, by=other, question="")
    recorder = factories.officer(Role.RECORDER)
    with pytest.raises(InvalidDecision, match="不能办理异议"):
        case.step(accepted, objection_steps.transfer, to=recorder, reason="休假")
    moved = case.step(accepted, objection_steps.transfer, by=other, to=other, reason="休假")
    assert moved.handler == other
    case.step(moved, objection_steps.ask_units, by=other, question="")


def test_the_second_stage_is_decided_by_yet_another_officer(case: Case) -> None:
    decided = case.decide(case.proposed("dismissed", "no_evidence"))
    with pytest.raises(CaseRefused, match="答复以后"):
        ask_for_second_stage(
            officer=case.office, objection_id=decided.pk, received_on=date(2026, 11, 20), words=LONG
        )
    answered(decided)
    again = ask_for_second_stage(
        officer=factories.officer(Role.OFFICE, unit=case.office.unit),
        objection_id=decided.pk,
        received_on=date(2026, 11, 20),
        words=LONG,
    )
    assert (again.reviews, again.first_decider) == (decided, case.decider)
    assert disputed([case.act.pk]) == {case.act.pk}
    handler = again.handler
    assert handler is not None
    second = Case(decision=case.decision, office=handler, decider=case.decider)
    again = second.step(again, objection_steps.accept)
    again = second.propose(again, "upheld", "wrong_party")
    for barred in (case.decider, case.office):
        second.decider = barred
        with pytest.raises(NotAllowed, match="原异议的人不能再次认定"):
            second.decide(again)
    second.decider = factories.officer(Role.APPROVER, unit=case.office.unit)
    assert second.decide(again).is_decided
    assert case.act.is_revoked


@pytest.mark.parametrize(
    ("verdict", "ground", "told"), [("upheld", "wrong_party", False), ("dismissed", "proven", True)]
)
def test_a_letter_that_grants_everything_names_no_remedy(
    case: Case, verdict: str, ground: str, told: bool
) -> None:
    proposed = case.proposed(verdict, ground)
    for objection in (proposed, case.decide(proposed)):  # the draft too
        content = answer_content(Objection.objects.get(pk=objection.pk))
        words = shown_on_paper(content)
        assert ("再次核查" in words, "行政复议" in words) == (told, told)


def shown_on_paper(content: dict[str, Any]) -> str:
    texts = {block.code: [block.default] for block in paper_kind("objection_answer").blocks}
    return render_to_string("documents/objection_answer.html", {"content": content, "texts": texts})


def second_stage(case: Case) -> Objection:
    """Asked for at the desk of the very officer who handled the first."""
    decided = case.decide(case.proposed("dismissed", "no_evidence"))
    answered(decided)
    return ask_for_second_stage(
        officer=case.office, objection_id=decided.pk, received_on=date(2026, 11, 20), words=LONG
    )


def test_who_handled_the_first_does_not_handle_the_second(case: Case) -> None:
    again = second_stage(case)
    assert again.handler is None
    assert again.received_by == case.office
    assert again.statement == ""  # what is claimed stands with each claim, once
    assert [one.words for one in again.claims.all()] == [LONG]
    with pytest.raises(NotAllowed, match="办理或认定过原异议"):
        case.step(again, objection_steps.accept)
    both = factories.officer(Role.OFFICE, Role.APPROVER, unit=case.office.unit)
    assert case.step(again, objection_steps.accept, by=both).handler == both


def test_who_decided_the_first_does_not_take_up_the_second(case: Case) -> None:
    case.decider = factories.officer(Role.APPROVER, Role.OFFICE, unit=case.office.unit)
    again = second_stage(case)
    with pytest.raises(NotAllowed, match="办理或认定过原异议"):
        case.step(again, objection_steps.accept, by=case.decider)


def test_what_a_court_decides_closes_what_hangs_on_it(case: Case) -> None:
    case.decision = factories.decision(decided_on=date(2026, 9, 1), acts=[["warning"], ["warning"]])
    one, two = case.decision.violations.all()
    claims = [ClaimInput(WORDS, violation_id=act.pk) for act in (one, two)]
    proposed = case.proposed("dismissed", "proven", *claims)
    given: dict[str, Any] = {
        "on": date(2026, 11, 19),
        "reason": FOUND,
        "document": "（2026）豫0481行初1号",
    }
    revoke_violation(officer=case.office, violation_id=one.pk, basis="court", **given)
    again = Objection.objects.get(pk=proposed.pk)
    assert again.state == ObjectionState.ACCEPTED  # one record is left
    assert disputed([one.pk, two.pk]) == {two.pk}
    row = contest_decision(
        officer=case.office,
        decision_id=case.decision.pk,
        contested_from=date(2026, 10, 1),
        document="舞政复〔2026〕1号",
    )
    end_contest(
        officer=case.office, contest_id=row.pk, until=date(2026, 11, 19), outcome="维持原决定。"
    )
    again.refresh_from_db()
    assert again.state == ObjectionState.OVERTAKEN
    assert "舞政复〔2026〕1号" in again.closed_reason
    assert disputed([one.pk, two.pk]) == set()


def test_a_grade_is_contested_without_naming_a_record(case: Case) -> None:
    decided = case.decide(case.proposed("upheld", "no_basis", ClaimInput(WORDS, grade="internal")))
    assert decided.claims.get().verdict == "upheld"
    assert case.act.revoked_on is None
