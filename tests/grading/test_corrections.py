"""One correction service: two persons, a reason, a paper where it worsens, history of both."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.roles import Role
from core.models import AuditEntry
from grading import corrections
from grading.corrections import CorrectionClosed, StaleCorrection
from grading.dry_run import mark
from grading.models import RegradeRequest
from grading.services import regrade
from tests import factories
from tests.grading.correcting import (
    PAPER,
    REASON,
    agree,
    decider,
    fined,
    graded,
    propose,
    proposer,
    target,
    undo,
)
from violations.correction_models import Correction, CorrectionState
from violations.errors import InvalidDecision, NotAllowed, WrongState
from violations.models import Decision, Disposition
from violations.numbers import number_key
from violations.services import contest_decision, edit_decision, revoke_violation

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine("2026-11-20 09:00+08:00")]


@pytest.fixture
def decision() -> Decision:
    return factories.decision(decided_on=date(2026, 3, 1), acts=[[("fine", 600_000)]])


def codes(refused: pytest.ExceptionInfo[InvalidDecision]) -> list[tuple[str, str]]:
    return [(fault.path, fault.code) for fault in refused.value.faults]


def test_nothing_changes_until_a_second_person_agrees(decision: Decision) -> None:
    before = graded(decision.subject_id)
    proposed = propose(target(decision), fined("60000.00"))
    assert proposed.state == CorrectionState.PROPOSED
    assert graded(decision.subject_id) == before
    agree(proposed)
    after = graded(decision.subject_id)
    assert (before["amount_fen"], after["amount_fen"]) == (60_000_000, 6_000_000)
    assert (before["flags"], after["flags"]) == ("over_limit", "")


def test_both_versions_both_persons_and_the_reason_stay(decision: Decision) -> None:
    by, other = proposer(), decider()
    agree(propose(target(decision), fined("60000.00"), by=by), by=other)
    row = Disposition.objects.get(violation__decision=decision)
    new, old = row.history.all()[:2]
    assert (old.amount, new.amount) == (Decimal(600_000), Decimal(60_000))
    assert new.history_user == other
    assert REASON in new.history_change_reason
    assert by.name in new.history_change_reason
    trail = {
        entry.action: entry.actor for entry in AuditEntry.objects.filter(action__startswith="corr")
    }
    assert trail == {"correction.propose": by.number, "correction.agree": other.number}


def test_bucket_and_money_are_derived_again(decision: Decision) -> None:
    changes = {"violations[0].dispositions": [["warning", None, ""]]}
    agree(propose(target(decision), changes))
    act = decision.violations.get()
    assert (act.bucket, act.amount_fen) == ("warning", 0)
    struck = Disposition.every.get(kind="fine", violation=act)
    assert struck.struck_by == Correction.objects.get()
    assert [row.kind for row in act.dispositions.all()] == ["warning"]


def test_the_grade_is_asked_for_again_in_the_same_transaction(decision: Decision) -> None:
    regrade([decision.subject_id])
    agree(propose(target(decision), fined("60000.00")))
    open_ones = RegradeRequest.objects.filter(done_at__isnull=True)
    assert [(one.subject_id, one.cause) for one in open_ones] == [
        (decision.subject_id, "correction")
    ]
    regrade([decision.subject_id])
    standing = decision.subject.standing
    standing.refresh_from_db()
    assert standing.amount_fen == 6_000_000


@pytest.mark.parametrize(
    ("changes", "needs"),
    [
        (fined("700000.00"), True),
        (fined("500000.00"), False),
        ({"decided_on": "2026-04-01", "served_on": "2026-04-01"}, True),  # counts a month longer
        ({"decided_on": "2026-02-25"}, False),
        ({"handler": "王五"}, False),
        ({"violations[0].dispositions": [["warning", None, ""]]}, True),  # W 0 -> 1
    ],
)
def test_what_worsens_a_grade_needs_the_paper(
    changes: dict[str, Any], needs: bool, decision: Decision
) -> None:
    if not needs:
        assert propose(target(decision), changes, document="").pk
        return
    with pytest.raises(InvalidDecision) as refused:
        propose(target(decision), changes, document="")
    assert codes(refused) == [("why.document", "paper")]
    assert propose(target(decision), changes).document == PAPER


def test_a_law_that_opens_a_sealed_record_worsens_the_grade_outside() -> None:
    sealed = factories.decision(
        decided_on=date(2026, 3, 1), acts=[["warning"]], law="治安管理处罚法"
    )
    changes = {"violations[0].law": "保安服务管理条例"}
    assert graded(sealed.subject_id)["disclosable_grade"] == ""
    with pytest.raises(InvalidDecision) as refused:
        propose(target(sealed), changes, document="")
    assert codes(refused) == [("why.document", "paper")]
    agree(propose(target(sealed), changes))
    assert graded(sealed.subject_id)["disclosable_grade"] == "B"


def test_the_paper_is_asked_for_again_when_it_is_carried_out() -> None:
    """Whatever stands in the proposal by then is weighed, not what was weighed before."""
    decision = factories.decision(decided_on=date(2026, 3, 1), acts=[[("fine", 100)]])
    proposed = propose(target(decision), fined("50.00"), document="")
    row = Correction.objects.get(pk=proposed.pk)
    change = next(one for one in row.changes if one["path"].endswith("dispositions"))
    change["to"] = [["fine", "900000.00", ""]]
    row.save()
    with pytest.raises(InvalidDecision) as refused:
        agree(proposed)
    assert codes(refused) == [("why.document", "paper")]
    assert decision.violations.get().amount_fen == 10_000


@pytest.mark.parametrize("role", [role for role in Role if role not in ("office", "administrator")])
def test_no_other_role_proposes(role: str, decision: Decision) -> None:
    with pytest.raises(NotAllowed, match="您的角色不能"):
        propose(target(decision), fined("1.00"), by=factories.officer(role))


@pytest.mark.parametrize(
    "role", [role for role in Role if role not in ("office", "approver", "administrator")]
)
def test_no_other_role_decides(role: str, decision: Decision) -> None:
    proposed = propose(target(decision), fined("1.00"))
    with pytest.raises(NotAllowed, match="您的角色不能"):
        agree(proposed, by=factories.officer(role))
    with pytest.raises(NotAllowed, match="您的角色不能"):
        corrections.refuse_correction(
            officer=factories.officer(role), correction_id=proposed.pk, remark="与原件不符。"
        )
    proposed.refresh_from_db()
    assert proposed.state == CorrectionState.PROPOSED


def test_nobody_decides_what_they_proposed(decision: Decision) -> None:
    both = factories.officer(Role.OFFICE, Role.APPROVER)
    proposed = propose(target(decision), fined("1.00"), by=both)
    with pytest.raises(NotAllowed, match="自己提出"):
        agree(proposed, by=both)
    with pytest.raises(NotAllowed, match="自己提出"):
        corrections.refuse_correction(
            officer=both, correction_id=proposed.pk, remark="与原件不符。"
        )


def test_the_database_knows_two_persons_too(decision: Decision) -> None:
    proposed = propose(target(decision), fined("1.00"))
    proposed.decided_by = proposed.proposed_by
    with pytest.raises(IntegrityError), transaction.atomic():
        proposed.save()


@pytest.mark.parametrize("hand", ["recorded_by", "confirmed_by"])
def test_whoever_had_a_hand_in_the_record_decides_no_correction_of_it(hand: str) -> None:
    held = factories.officer(Role.RECORDER, Role.UNIT_REVIEWER, Role.APPROVER)
    decision = factories.decision(**{hand: held}, decided_on=date(2026, 3, 1))  # type: ignore[arg-type]
    proposed = propose(target(decision), fined("1.00"))
    with pytest.raises(NotAllowed, match="录入、修改或审核过"):
        agree(proposed, by=held)


def test_the_unit_edits_nothing_in_force() -> None:
    recorder = factories.officer(Role.RECORDER)
    decision = factories.decision(recorded_by=recorder)
    with pytest.raises(WrongState):
        edit_decision(
            officer=recorder,
            decision_id=decision.pk,
            version=decision.version,
            data=target(decision).as_input(target(decision).state()),
        )


@pytest.mark.parametrize("state", ["draft", "submitted", "withdrawn"])
def test_only_what_is_in_force_is_corrected(state: str) -> None:
    decision = factories.decision(state=state)
    with pytest.raises(InvalidDecision, match="只有生效的决定"):
        propose(target(decision), fined("1.00"))


@pytest.mark.parametrize(
    ("changes", "path", "code"),
    [
        ({"number": "没有文号"}, "number", "no_number"),
        ({"decided_on": "2026-11-21"}, "decided_on", "future"),
        ({"served_on": "2026-02-01"}, "served_on", "before_decision"),
        ({"violations[0].facts": ""}, "violations[0].facts", "missing"),
        ({"violations[0].dispositions": []}, "violations[0].dispositions", "missing"),
        (fined("-1.00"), "violations[0].dispositions[0].amount", "not_positive"),
        (
            {"violations[0].dispositions": [["detention", None, ""]]},
            "violations[0].dispositions[0].kind",
            "detention",
        ),
        ({"violations[1].facts": "另一行为"}, "", "acts"),
        ({}, "", "nothing"),
    ],
)
def test_the_checks_are_those_of_entry(
    changes: dict[str, Any], path: str, code: str, decision: Decision
) -> None:
    with pytest.raises(InvalidDecision) as refused:
        propose(target(decision), changes)
    assert (path, code) in codes(refused)
    assert not Correction.objects.exists()


def test_a_number_that_the_unit_has_already_is_refused(decision: Decision) -> None:
    number = "舞公（治）罚决字〔2026〕9999号"
    other = factories.decision(unit=decision.unit, number=number, number_key=number_key(number))
    with pytest.raises(InvalidDecision, match="已于"):
        propose(target(decision), {"number": other.number})


def test_a_decision_is_not_younger_than_what_became_of_it(decision: Decision) -> None:
    factories.contest(decision, date(2026, 3, 10), date(2026, 4, 1))
    with pytest.raises(InvalidDecision, match="不能晚于 2026-03-10"):
        propose(target(decision), {"decided_on": "2026-03-11", "served_on": "2026-03-11"})


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        ("", "too_short"),
        ("  写错了　　　　　　　　", "too_short"),
        (f"{REASON}110101199003070011", "person"),
    ],
)
def test_a_correction_says_why(reason: str, code: str, decision: Decision) -> None:
    about = target(decision)
    with pytest.raises(InvalidDecision) as refused:
        corrections.propose_correction(
            officer=proposer(), target=about, wanted=about.state() | fined("1.00"), reason=reason
        )
    assert codes(refused) == [("why.reason", code)]


def test_one_proposal_at_a_time(decision: Decision) -> None:
    first = propose(target(decision), fined("1.00"))
    with pytest.raises(InvalidDecision, match="待同意的更正"):
        propose(target(decision), fined("2.00"))
    corrections.withdraw_correction(officer=first.proposed_by, correction_id=first.pk)
    assert propose(target(decision), fined("2.00")).pk


def test_only_the_proposer_withdraws(decision: Decision) -> None:
    proposed = propose(target(decision), fined("1.00"))
    with pytest.raises(NotAllowed):
        corrections.withdraw_correction(officer=decider(), correction_id=proposed.pk)


def test_what_was_decided_is_decided_once(decision: Decision) -> None:
    proposed = propose(target(decision), fined("1.00"))
    corrections.refuse_correction(
        officer=decider(), correction_id=proposed.pk, remark="与决定书原件不符。"
    )
    with pytest.raises(CorrectionClosed, match="不同意"):
        agree(proposed)
    with pytest.raises(CorrectionClosed, match="不同意"):
        corrections.refuse_correction(
            officer=decider(), correction_id=proposed.pk, remark="再次不同意。"
        )
    with pytest.raises(CorrectionClosed, match="不同意"):
        corrections.withdraw_correction(officer=proposed.proposed_by, correction_id=proposed.pk)
    assert decision.violations.get().amount_fen == 60_000_000


def test_a_record_that_changed_meanwhile_makes_the_proposal_stale(decision: Decision) -> None:
    proposed = propose(target(decision), fined("1.00"))
    contest_decision(
        officer=proposer(),
        decision_id=decision.pk,
        contested_from=date(2026, 10, 1),
        document="舞政复〔2026〕1号",
    )
    with pytest.raises(StaleCorrection, match="又有变动"):
        agree(proposed)
    assert decision.violations.get().amount_fen == 60_000_000


def test_what_is_agreed_to_is_what_was_on_screen(decision: Decision) -> None:
    proposed = propose(target(decision), fined("1.00"))
    seen = mark(corrections.preview(proposed))
    factories.decision(decision.subject, decided_on=date(2026, 5, 1), acts=[["warning"]])
    with pytest.raises(StaleCorrection, match="与您看到的不同"):
        agree(proposed, seen=seen)
    assert decision.violations.get().amount_fen == 60_000_000
    agree(proposed, seen=mark(corrections.preview(proposed)))
    assert decision.violations.get().amount_fen == 100


def test_an_undo_restores_the_record_and_the_grade_exactly(decision: Decision) -> None:
    stood, before = target(decision).state(), graded(decision.subject_id)
    rows = list(Disposition.objects.values("id", "kind", "amount"))
    changes = {
        "number": "舞公（治）行罚决字〔2026〕0777号",
        "decided_on": "2026-02-27",
        "served_on": None,
        "violations[0].dispositions": [["criticism", None, ""], ["warning", None, ""]],
        "violations[0].law": "旅馆业治安管理办法",
    }
    done = agree(propose(target(decision), changes))
    assert graded(decision.subject_id) != before
    undone = undo(done)
    assert target(decision).state() == stood
    assert graded(decision.subject_id) == before
    assert list(Disposition.objects.values("id", "kind", "amount")) == rows
    done.refresh_from_db()
    assert (done.state, undone.undoes_id) == (CorrectionState.UNDONE, done.pk)


def test_an_undo_that_worsens_needs_the_paper_again(decision: Decision) -> None:
    done = agree(propose(target(decision), fined("1.00")))
    with pytest.raises(InvalidDecision) as refused:
        undo(done, document="")
    assert codes(refused) == [("why.document", "paper")]


def test_nothing_is_undone_once_something_came_after_it(decision: Decision) -> None:
    done = agree(propose(target(decision), fined("1.00")))
    revoke_violation(
        officer=proposer(),
        violation_id=decision.violations.get().pk,
        on=date(2026, 11, 1),
        reason=REASON,
        document="舞公撤〔2026〕1号",
        basis="court",
    )
    with pytest.raises(StaleCorrection, match="后来又有变动"):
        undo(done)


def test_a_correction_is_undone_once(decision: Decision) -> None:
    done = agree(propose(target(decision), fined("1.00")))
    undone = undo(done)
    with pytest.raises(CorrectionClosed):
        undo(done)
    again = undo(undone)
    assert again.undoes == undone
    assert decision.violations.get().amount_fen == 100
