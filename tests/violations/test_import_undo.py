"""Taking a batch back: by two, as a whole, as long as nothing was built on it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from accounts.models import Officer
from accounts.roles import Role
from core.models import AuditEntry
from tests import factories
from tests.violations.runs import checked, undone, worked, written
from tests.violations.sheets import penalty, units
from violations import import_runs
from violations.enums import DecisionState
from violations.errors import InvalidDecision, NotAllowed
from violations.import_models import ImportRun, ImportState
from violations.import_states import RunMoved
from violations.models import Attachment, Decision
from violations.services import withdraw_in_force

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]
REASON = "整批单位填错，须更正后重新导入"


@pytest.fixture
def recorder() -> Officer:
    return factories.officer(Role.RECORDER, unit=units()["WG-ZA"])


@pytest.fixture
def reviewer(recorder: Officer) -> Officer:
    return factories.officer(Role.UNIT_REVIEWER, unit=recorder.unit)


@pytest.fixture
def run(recorder: Officer, reviewer: Officer) -> ImportRun:
    return written(recorder, reviewer, [penalty(1), penalty(2)])


def test_the_decisions_fall_together_with_history_trail_and_a_new_grade(
    run: ImportRun,
    recorder: Officer,
    reviewer: Officer,
    told: list[tuple[str, list[int]]],
) -> None:
    run = undone(run, recorder, reviewer)
    assert (run.state, run.undone_by) == (ImportState.UNDONE, reviewer)
    for decision in Decision.objects.all():
        assert (decision.state, decision.version) == (DecisionState.WITHDRAWN, 2)
        latest = decision.history.first()
        assert latest is not None
        assert (latest.history_user, latest.history_type) == (reviewer, "~")
        assert REASON in (latest.history_change_reason or "")
    assert [(cause, len(ids)) for cause, ids in told] == [("revocation", 2)]
    trail = AuditEntry.objects.get(action="import.undo")
    assert (trail.reason, trail.details["decisions"]) == (REASON, 2)


def test_afterwards_the_same_file_may_come_again(
    run: ImportRun, recorder: Officer, reviewer: Officer
) -> None:
    undone(run, recorder, reviewer)
    again = written(recorder, reviewer, [penalty(1), penalty(2)])
    assert (again.state, again.new_decisions) == (ImportState.DONE, 2)
    assert Decision.objects.in_force().count() == 2


def test_nobody_takes_it_back_alone(run: ImportRun, recorder: Officer, reviewer: Officer) -> None:
    import_runs.ask_undo(officer=reviewer, run_id=run.pk, reason=REASON)
    with pytest.raises(NotAllowed, match="两人"):
        import_runs.agree_to_undo(officer=reviewer, run_id=run.pk)
    with pytest.raises(NotAllowed):
        import_runs.agree_to_undo(officer=recorder, run_id=run.pk)
    office = factories.officer(Role.OFFICE, unit=units()["WG-OFFICE"])
    assert list(ImportRun.objects.waiting_for(office)) == [run]  # the only reviewer asked
    assert worked(import_runs.agree_to_undo(officer=office, run_id=run.pk)).state == (
        ImportState.UNDONE
    )


def test_it_takes_a_reason(run: ImportRun, recorder: Officer) -> None:
    with pytest.raises(InvalidDecision, match="至少 10 字"):
        import_runs.ask_undo(officer=recorder, run_id=run.pk, reason="错了")


def test_a_refusal_leaves_it_and_it_may_be_asked_again(
    run: ImportRun, recorder: Officer, reviewer: Officer
) -> None:
    import_runs.ask_undo(officer=recorder, run_id=run.pk, reason=REASON)
    with pytest.raises(NotAllowed):
        import_runs.ask_undo(officer=recorder, run_id=run.pk, reason=REASON)
    run = import_runs.refuse_undo(officer=reviewer, run_id=run.pk)
    assert (run.state, run.undo_asked_by) == (ImportState.DONE, None)
    import_runs.ask_undo(officer=recorder, run_id=run.pk, reason=REASON)


def _contested(decision: Decision) -> None:
    factories.contest(decision, date(2026, 11, 1))


def _revoked(decision: Decision) -> None:
    act = decision.violations.get()
    act.revoked_on = date(2026, 11, 1)
    act.save()


def _repaired(decision: Decision) -> None:
    act = decision.violations.get()
    act.repaired_on = date(2026, 11, 1)
    act.save()


def _withdrawn(decision: Decision) -> None:
    withdraw_in_force(
        officer=factories.officer(Role.OFFICE),
        decision_id=decision.pk,
        version=decision.version,
        on=date(2026, 11, 1),
        reason="决定作出有误，予以撤销。",
        document="舞公撤〔2026〕1号",
        basis="court",
    )


def _replaced(decision: Decision) -> None:
    factories.decision(unit=decision.unit, replaces=decision)


def _attached(decision: Decision) -> None:
    Attachment.objects.create(
        decision=decision,
        kind="paper",
        name="决定书.pdf",
        stored="x" * 32,
        file_type="pdf",
        size=10,
        sha256="0" * 64,
        uploaded_by=decision.recorded_by,
    )


@pytest.mark.parametrize(
    "build", [_contested, _revoked, _repaired, _withdrawn, _replaced, _attached]
)
def test_what_something_was_built_on_stays(
    run: ImportRun, recorder: Officer, build: Callable[[Any], None]
) -> None:
    build(run.decisions.order_by("pk")[0])
    with pytest.raises(RunMoved, match="不能整批撤回"):
        import_runs.ask_undo(officer=recorder, run_id=run.pk, reason=REASON)


def test_what_is_built_after_it_was_agreed_stops_it_too(
    run: ImportRun, recorder: Officer, reviewer: Officer
) -> None:
    import_runs.ask_undo(officer=recorder, run_id=run.pk, reason=REASON)
    run = import_runs.agree_to_undo(officer=reviewer, run_id=run.pk)
    _contested(run.decisions.order_by("pk")[0])
    run = worked(run)
    assert (run.state, run.undo_asked_by) == (ImportState.DONE, None)
    assert "没有撤回" in run.message
    assert Decision.objects.in_force().count() == 2


def test_served_and_graded_alone_does_not_stop_it(
    run: ImportRun, recorder: Officer, reviewer: Officer
) -> None:
    from grading.services import regrade

    regrade([decision.subject_id for decision in run.decisions.all()])
    assert undone(run, recorder, reviewer).state == ImportState.UNDONE


def test_before_it_is_written_there_is_nothing_to_undo(recorder: Officer) -> None:
    run = checked(recorder, [penalty(1)])
    with pytest.raises(RunMoved):
        import_runs.ask_undo(officer=recorder, run_id=run.pk, reason=REASON)
