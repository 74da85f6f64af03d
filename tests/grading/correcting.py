"""What tests of corrections share: the persons, a target, and everything on record at once."""

from __future__ import annotations

from typing import Any

from django.apps import apps

from accounts.models import Officer
from accounts.roles import Role
from grading import corrections
from grading.dry_run import summary
from grading.selectors import view
from tests import factories
from violations.correction_decision import DecisionTarget
from violations.correction_models import Correction
from violations.correction_targets import Target
from violations.models import Decision

REASON = "录入时金额多写了一个零，已与决定书原件核对。"
PAPER = "舞公（治）行罚决字〔2026〕0101号"
# What a look at the effects may never write.
WATCHED = ("subjects", "violations", "grading", "core")


def proposer() -> Officer:
    return factories.officer(Role.OFFICE, unit=factories.unit("WG-OFFICE", "局办公室"))


def decider() -> Officer:
    return factories.officer(Role.APPROVER, unit=factories.unit("WG-OFFICE", "局办公室"))


def fined(amount: str, act: int = 0) -> dict[str, Any]:
    """The change of one act's dispositions to one fine."""
    return {f"violations[{act}].dispositions": [["fine", amount, ""]]}


def target(decision: Decision) -> DecisionTarget:
    return DecisionTarget(Decision.objects.get(pk=decision.pk))


def propose(
    about: Target, changes: dict[str, Any], *, by: Officer | None = None, document: str = PAPER
) -> Correction:
    return corrections.propose_correction(
        officer=by or proposer(),
        target=about,
        wanted=about.state() | _explained(about, changes),
        reason=REASON,
        document=document,
    )


def _explained(about: Target, changes: dict[str, Any]) -> dict[str, Any]:
    """With a word on what the law catalogue would ask about: these tests ask about other things."""
    paths = [path for path in about.state() if path.endswith(".deviation_reason")]
    return dict.fromkeys(paths, "与决定书原件一致。") | changes if changes else {}


def agree(correction: Correction, *, by: Officer | None = None, **more: Any) -> Correction:
    return corrections.agree_to_correction(
        officer=by or decider(), correction_id=correction.pk, **more
    )


def undo(correction: Correction, *, document: str = PAPER) -> Correction:
    """Proposed by one and agreed to by another."""
    proposed = corrections.propose_undo(
        officer=proposer(), correction_id=correction.pk, reason=REASON, document=document
    )
    return agree(proposed)


def graded(subject_id: int) -> dict[str, Any]:
    return summary(view(subject_id).both)


def everything() -> dict[str, list[Any]]:
    """Every row of every table of the apps that a correction touches."""
    return {
        model._meta.label: list(model._base_manager.order_by("pk").values())
        for label in WATCHED
        for model in apps.get_app_config(label).get_models()
    }
