"""The preview is the result, and nothing of it stays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.clock import today
from grading import corrections
from grading.dry_run import dry_run, summary
from grading.services import regrade
from grading.storing import EVALUATED
from subjects.models import Subject
from tests import factories
from tests.grading.correcting import PAPER, REASON, agree, everything, graded, propose, target
from violations import services
from violations.correction_subjects import MergeTarget
from violations.models import Decision

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine("2026-11-20 09:00+08:00")]
ON = date(2026, 10, 1)


def office() -> Any:
    return factories.officer("office", unit=factories.unit("WG-OFFICE", "局办公室"))


def contest(decision: Decision) -> object:
    return services.contest_decision(
        officer=office(), decision_id=decision.pk, contested_from=ON, document="舞政复〔2026〕1号"
    )


def revoke(decision: Decision) -> object:
    return services.revoke_violation(
        officer=office(),
        violation_id=decision.violations.all()[0].pk,
        on=ON,
        reason=REASON,
        document="舞公撤〔2026〕1号",
        basis="court",
    )


def repair(decision: Decision) -> object:
    return services.repair_violation(
        officer=office(),
        violation_id=decision.violations.all()[0].pk,
        on=ON,
        reason=REASON,
        document="舞公修〔2026〕1号",
        basis="court",
    )


def withdraw(decision: Decision) -> object:
    return services.withdraw_in_force(
        officer=office(),
        decision_id=decision.pk,
        version=decision.version,
        on=ON,
        reason=REASON,
        document="舞公撤〔2026〕2号",
        basis="court",
    )


OUTCOMES: list[Callable[[Decision], object]] = [contest, revoke, repair, withdraw]


@pytest.fixture
def decision() -> Decision:
    subject = factories.subject()
    factories.decision(
        subject, decided_on=date(2026, 4, 1), acts=[["warning"]], law="治安管理处罚法"
    )
    return factories.decision(
        subject, decided_on=date(2026, 3, 1), acts=[[("fine", 600_000)], ["warning"]]
    )


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_the_preview_of_an_outcome_is_the_result(
    outcome: Callable[[Decision], object], decision: Decision
) -> None:
    (effect,) = dry_run(lambda: outcome(decision), [decision.subject_id])
    assert summary(effect.before) == graded(decision.subject_id)
    assert summary(effect.before) != summary(effect.after)
    outcome(decision)
    assert summary(effect.after) == graded(decision.subject_id)


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_nothing_of_a_preview_stays(
    outcome: Callable[[Decision], object], decision: Decision
) -> None:
    regrade([decision.subject_id])
    office()
    before, waiting = everything(), len(connection.run_on_commit)
    dry_run(lambda: outcome(decision), [decision.subject_id])
    assert everything() == before
    assert len(connection.run_on_commit) == waiting


def test_a_refused_change_leaves_nothing_either(decision: Decision) -> None:
    before = everything()

    def change() -> None:
        revoke(decision)
        raise ValueError("half-way")

    with pytest.raises(ValueError, match="half-way"):
        dry_run(change, [decision.subject_id])
    assert everything() == before


def test_after_a_preview_the_transaction_goes_on(decision: Decision) -> None:
    """A fact saved after a preview asks for a grade, though the preview asked for it as well."""
    with transaction.atomic():
        dry_run(lambda: revoke(decision), [decision.subject_id])
        contest(decision)
    regrade([decision.subject_id])
    standing = Subject.objects.get(pk=decision.subject_id).standing
    assert (standing.penalties, standing.warnings) == (0, 1)


def test_a_preview_of_a_correction_writes_nothing(decision: Decision) -> None:
    changes = {"violations[0].dispositions": [["warning", None, ""]]}
    draft = corrections.drafted(
        officer=office(), target=target(decision), wanted=target(decision).state() | changes
    )
    before = everything()
    corrections.preview(draft)
    assert everything() == before
    assert draft.pk is None


Paper = tuple[int, str, list[Any], bool]
papers = st.lists(
    st.tuples(
        st.integers(0, 400),
        st.sampled_from(["保安服务管理条例", "治安管理处罚法"]),
        st.sampled_from([["warning"], [("fine", 300_000)], [("fine", 200), "warning"]]),
        st.booleans(),
    ),
    max_size=4,
)
listed = st.sampled_from([None, "red", "black"])


def stored(some: list[Paper], on: str | None) -> Subject:
    """An organisation with these papers on record, some contested, and perhaps on a list."""
    subject = factories.subject()
    for back, law, treatments, contested in some:
        day = today() - timedelta(days=back)
        made = factories.decision(subject, decided_on=day, acts=[treatments], law=law)
        if contested:
            factories.contest(made, day + timedelta(days=20), day + timedelta(days=60))
    if on:
        factories.list_entry(subject, on, today() - timedelta(days=20))
    return subject


@st.composite
def changes(draw: st.DrawFn) -> dict[str, Any]:
    """Some values of a decision with one act changed at random."""
    day = draw(st.dates(date(2025, 9, 1), date(2026, 11, 20)))
    amount = draw(st.sampled_from(["0.01", "200.00", "500000.00", "500000.01"]))
    possible = {
        "decided_on": day.isoformat(),
        "violations[0].law": draw(st.sampled_from(["保安服务管理条例", "治安管理处罚法"])),
        "violations[0].dispositions": draw(
            st.sampled_from([[["warning", None, ""]], [["fine", amount, ""]]])
        ),
    }
    chosen = draw(st.sets(st.sampled_from(sorted(possible)), min_size=1))
    committed = {"violations[0].committed_on": "2025-08-01"}
    return {
        "served_on": None,
        "handler": "更正",
        **committed,
        **{name: possible[name] for name in chosen},
    }


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(some=papers, on=listed, wanted=changes())
def test_the_preview_of_a_correction_is_the_result_and_its_undo_the_beginning(
    some: list[Paper], on: str | None, wanted: dict[str, Any]
) -> None:
    with transaction.atomic():
        subject = stored(some, on)
        decision = factories.decision(subject, decided_on=today() - timedelta(days=300))
        regrade([subject.pk])
        stood, before = target(decision).state(), graded(subject.pk)
        proposed = propose(target(decision), wanted)
        (effect,) = corrections.preview(proposed)
        done = agree(proposed)
        regrade([subject.pk])
        standing = Subject.objects.get(pk=subject.pk).standing
        assert summary(effect.before) == before
        assert summary(effect.after) == graded(subject.pk)
        assert all(
            str(getattr(standing, name) or "") == str(summary(effect.after)[name] or "")
            for name in EVALUATED
            if name != "rule_set_id"
        )
        back = corrections.propose_undo(
            officer=office(), correction_id=done.pk, reason=REASON, document=PAPER
        )
        agree(back)
        assert target(decision).state() == stood
        assert graded(subject.pk) == before
        transaction.set_rollback(True)


def test_the_preview_of_a_merger_is_the_result(decision: Decision) -> None:
    red = factories.subject()
    factories.list_entry(red, listed_on=date(2026, 1, 1))
    about = MergeTarget(red, decision.subject)
    proposed = propose(about, about.wanted())
    effects = {effect.subject.pk: effect for effect in corrections.preview(proposed)}
    agree(proposed)
    for pk, effect in effects.items():
        assert summary(effect.after) == graded(pk)
