"""Who may add evidence to an objection or a repair, and whose it is."""

from __future__ import annotations

from typing import Any

from accounts.models import Officer
from accounts.roles import Can
from appeals import objection_workflow, repair_workflow
from appeals.case_models import Side
from appeals.objection_models import Objection
from appeals.repair_models import Repair
from violations.case_files import Shelf, check_step
from violations.errors import CaseRefused, NotAllowed
from violations.steps import Steps

_ADD, _STATE = "add-file", "state"  # in both tables


def _shelf(model: Any, trail: str, workflow: Any) -> Shelf:
    steps: Steps[Any] = workflow.steps

    def check(officer: Officer | None, case: Any) -> None:
        """The handler, or a unit that is asked; with nobody the party itself."""
        if officer is not None and not steps.allows(case, _STATE, officer):
            check_step(steps, _ADD, officer, case)

    return Shelf(model, steps.noun, trail, workflow.locked, check)


OBJECTIONS = _shelf(Objection, "objection", objection_workflow)
REPAIRS = _shelf(Repair, "repair", repair_workflow)


def may_add(shelf: Shelf, officer: Officer, case: Any) -> bool:
    """Whether the page offers the upload."""
    try:
        shelf.check(officer, case)
    except (CaseRefused, NotAllowed):
        return False
    return True


def side_of(officer: Officer, chosen: str) -> str:
    """Whose file it is: a unit's reviewer brings the unit's, the office says whose."""
    if not officer.may(Can.HANDLE_APPEAL):
        return Side.UNIT
    return chosen if chosen in Side.values else Side.PARTY
