"""What an objection does to grades is shown before and identical after; it never worsens (5-9)."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest

from appeals.objection_effects import if_upheld, preview
from appeals.objection_enums import ObjectionState
from appeals.objection_filing import ClaimInput
from appeals.objection_models import Objection
from core.models import AuditEntry
from grading.counting import Both
from grading.dry_run import kept, mark
from grading.selectors import view
from tests import factories
from tests.appeals.objection_cases import WORDS, Case
from tests.grading.correcting import fined, propose, target
from violations.errors import CaseRefused, InvalidDecision
from violations.models import Decision, Violation

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine("2026-11-20 09:00+08:00")]
TODAY = date(2026, 11, 20)


def both(subject_id: int) -> Both:
    return view(subject_id).both


@pytest.fixture
def case() -> Case:
    return Case()


@pytest.mark.parametrize("seed", range(6))
def test_the_preview_is_what_comes_of_it(seed: int) -> None:
    """Random records, some claimed, some upheld and some not: both grades as they were shown."""
    chance = random.Random(seed)
    case = Case()
    subject = case.decision.subject
    for _ in range(chance.randint(0, 4)):
        money = chance.choice([200, 300_000])
        kinds: list[list[factories.Treatment]] = [["warning"], [("fine", money)], ["criticism"]]
        acts = [chance.choice(kinds) for _ in range(chance.randint(1, 2))]
        factories.decision(
            subject,
            decided_on=TODAY - timedelta(days=chance.randint(0, 400)),
            acts=acts,
            law=chance.choice(["治安管理处罚法", "保安服务管理条例"]),
        )
    every = list(Violation.objects.filter(decision__subject=subject))
    claimed = chance.sample(every, chance.randint(1, len(every)))
    accepted = case.accepted(*(ClaimInput(WORDS, violation_id=act.pk) for act in claimed))
    chosen = {claim.pk: chance.choice(["upheld", "dismissed"]) for claim in accepted.claims.all()}
    before = both(subject.pk)
    rows = AuditEntry.objects.count()
    shown = preview(accepted, chosen)
    assert AuditEntry.objects.count() == rows
    for claim in accepted.claims.all():
        claim.proposal = chosen[claim.pk]
        claim.ground = "set_aside" if chosen[claim.pk] == "upheld" else "proven"
        claim.finding = "经核查材料属实，予以认定。"
        claim.save()
    row = Objection.objects.get(pk=accepted.pk)
    row.state, row.proposed_by, row.proposed_on = ObjectionState.PROPOSED, case.office, TODAY
    row.save()
    decided = case.decide(row, seen=mark(shown))
    assert decided.effects == kept(shown)
    after = both(subject.pk)
    assert (shown[0].before, shown[0].after) == (before, after)
    if all(one == "upheld" for one in chosen.values()):
        again = Objection.objects.prefetch_related("claims").get(pk=decided.pk)
        assert if_upheld([again])[again.pk].then == after


def test_if_upheld_is_what_upholding_all_gives(case: Case) -> None:
    objection = case.proposed()
    row = Objection.objects.prefetch_related("claims").get(pk=objection.pk)
    shown = if_upheld([row])[row.pk]
    assert (shown.now.internal.decided.grade, shown.then.internal.decided.grade) == ("B", "")
    assert (shown.improves, shown.gain) == (True, (1, 0, 1))
    case.decide(objection)
    assert both(case.decision.subject_id) == shown.then


def test_the_facts_of_many_are_loaded_at_once(
    django_assert_max_num_queries: object, case: Case
) -> None:
    for _ in range(3):
        Case().filed()
    rows = list(Objection.objects.prefetch_related("claims"))
    with django_assert_max_num_queries(8):  # type: ignore[operator]
        assert len(if_upheld(rows)) == 3


def test_a_correction_goes_through_its_service_with_the_decision(case: Case) -> None:
    case.decision = factories.decision(decided_on=date(2026, 9, 1), acts=[[("fine", 600_000)]])
    accepted = case.accepted()
    change = propose(target(case.decision), fined("60000.00"), by=case.office)
    proposed = case.propose(accepted, "partly", "amount")
    claim = proposed.claims.get()
    shown = preview(proposed, {claim.pk: "partly"})
    assert shown[0].before.internal.decided.exceeded
    decided = case.decide(proposed, seen=mark(shown))
    assert both(case.decision.subject_id) == shown[0].after
    change.refresh_from_db()
    assert (change.state, change.decided_by) == ("carried_out", case.decider)
    assert decided.claims.get().correction == change
    assert case.act.amount_fen == 6_000_000


def test_an_objection_never_worsens(case: Case) -> None:
    accepted = case.accepted()
    propose(target(case.decision), fined("300000.00"), by=case.office)
    with pytest.raises(InvalidDecision, match="不得加重"):
        case.propose(accepted, "corrected", "amount")


def test_a_correction_that_went_stale_is_proposed_anew(case: Case) -> None:
    case.decision = factories.decision(
        decided_on=date(2026, 9, 1), acts=[[("fine", 600_000)], ["warning"]]
    )
    accepted = case.accepted()
    propose(target(case.decision), fined("60000.00"), by=case.office)
    proposed = case.propose(accepted, "partly", "amount")
    row = Decision.objects.get(pk=case.decision.pk)
    row.handler, row.version = "李四", row.version + 1
    row.save()
    with pytest.raises(CaseRefused, match="退回经办人"):
        case.decide(proposed)
    assert Objection.objects.get(pk=proposed.pk).state == ObjectionState.PROPOSED
