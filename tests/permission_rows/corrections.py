"""Outcomes of the office, and corrections: proposed by one, decided by another."""

from __future__ import annotations

from typing import Any

from accounts.roles import Can, Role
from grading.corrections import agree_to_correction, propose_correction
from tests import factories
from tests.permission_table import Row, World, who_may
from violations.correction_models import Correction
from violations.correction_subjects import SubjectTarget
from violations.models import Factor

OUTCOMES = who_may(Can.RECORD_OUTCOME)
PROPOSES = who_may(Can.PROPOSE_CORRECTION)
AGREES = who_may(Can.AGREE_TO_CORRECTION)
READS = PROPOSES | AGREES | who_may(Can.READ_AUDIT)
REASON = "登记的负责人有误，已与营业执照核对。"


def _decision(world: World) -> dict[str, Any]:
    return {"pk": world.decision.pk}


def _act(world: World) -> dict[str, Any]:
    return {"pk": world.decision.violations.get().pk}


def _contest(world: World) -> dict[str, Any]:
    return {"pk": factories.contest(world.decision, world.decision.decided_on).pk}


def _factor(world: World) -> dict[str, Any]:
    made = Factor.objects.create(
        subject=world.subject,
        kind="quantified",
        scheme="量化分级",
        value="A",
        source="卫健委",
        in_force_from=world.decision.decided_on,
        recorded_by=factories.officer(Role.OFFICE),
    )
    return {"pk": made.pk}


def _subject(world: World) -> dict[str, Any]:
    return {"pk": world.subject.pk}


def _merged(world: World) -> dict[str, Any]:
    return {"pk": factories.subject(merged_into=world.subject).pk}


def _proposed(by: Any) -> Correction:
    target = SubjectTarget(factories.subject())
    wanted = target.state() | {"principal": "李四"}
    return propose_correction(officer=by, target=target, wanted=wanted, reason=REASON)


def _waiting(world: World) -> dict[str, Any]:
    """Proposed by nobody of the table, so that each who may agree may agree to it."""
    return {"pk": _proposed(factories.officer(Role.OFFICE)).pk}


def _done(world: World) -> dict[str, Any]:
    correction = _proposed(factories.officer(Role.OFFICE))
    agree_to_correction(officer=factories.officer(Role.APPROVER), correction_id=correction.pk)
    return {"pk": correction.pk}


def _of_the_office(world: World) -> dict[str, Any]:
    return {"pk": _proposed(world.officers[Role.OFFICE]).pk}


ROWS: dict[str, Row] = {
    "desk:outcome-contest": Row(get=OUTCOMES, post=OUTCOMES, kwargs=_decision),
    "desk:outcome-contest-end": Row(get=OUTCOMES, post=OUTCOMES, kwargs=_contest),
    "desk:outcome-revoke": Row(get=OUTCOMES, post=OUTCOMES, kwargs=_act),
    "desk:outcome-withdraw": Row(get=OUTCOMES, post=OUTCOMES, kwargs=_decision),
    "desk:corrections": Row(get=READS),
    "desk:correction": Row(get=READS, kwargs=_waiting),
    "desk:correction-agree": Row(get=None, post=AGREES, kwargs=_waiting),
    "desk:correction-refuse": Row(get=None, post=AGREES, kwargs=_waiting),
    # nobody but its proposer, who may take back what waits
    "desk:correction-withdraw": Row(
        get=None, post=frozenset({Role.OFFICE.value}), kwargs=_of_the_office
    ),
    "desk:correction-undo": Row(get=None, post=PROPOSES, kwargs=_done),
    "desk:correct-decision": Row(get=PROPOSES, post=PROPOSES, kwargs=_decision),
    "desk:correction-record": Row(get=PROPOSES, kwargs=_decision),
    "desk:correct-list-entry": Row(
        get=PROPOSES, post=PROPOSES, kwargs=lambda world: {"pk": world.list_entry.pk}
    ),
    "desk:correct-factor": Row(get=PROPOSES, post=PROPOSES, kwargs=_factor),
    "desk:correct-subject": Row(get=PROPOSES, post=PROPOSES, kwargs=_subject),
    "desk:merge": Row(get=PROPOSES, post=PROPOSES, kwargs=_subject),
    "desk:unmerge": Row(get=PROPOSES, post=PROPOSES, kwargs=_merged),
}
