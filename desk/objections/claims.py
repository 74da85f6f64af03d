"""The claims of an objection as the case page shows them: record, what is said, what follows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from appeals.objection_answers import outcome_of, subject_of
from appeals.objection_effects import waiting_correction
from appeals.objection_models import Objection, ObjectionClaim
from grading.explanations import money
from violations.correction_models import Correction
from violations.enums import Bucket
from violations.models import Violation


@dataclass(frozen=True, slots=True)
class ClaimView:
    """One claim; ``treatments`` say what was imposed and when."""

    claim: ObjectionClaim
    about: str
    treatments: str
    bucket: str
    outcome: str
    correction: Correction | None

    @property
    def act(self) -> Violation | None:
        return self.claim.violation


def claims_of(objection: Objection) -> list[ClaimView]:
    rows: Iterable[ObjectionClaim] = objection.claims.select_related(
        "violation__decision__unit", "list_entry", "correction", "unit"
    ).prefetch_related("violation__dispositions")
    return [_view(one) for one in rows]


def treatments_of(act: Violation) -> str:
    """警告、罚款 20,000 元."""
    words = []
    for one in act.dispositions.all():
        kind = one.get_kind_display()
        words.append(f"{kind} {money(int(one.amount * 100))} 元" if one.amount else kind)
    return "、".join(words) or "认定违反许可承诺"


def _view(claim: ObjectionClaim) -> ClaimView:
    act = claim.violation
    return ClaimView(
        claim,
        subject_of(claim),
        treatments_of(act) if act else "",
        Bucket(act.bucket).label if act else "",
        outcome_of(claim, claim.verdict),
        claim.correction or (waiting_correction(claim) if claim.is_open else None),
    )
