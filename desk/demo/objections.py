"""Objections on their way, so that each step can be tried in a new demonstration.

None is decided: the right grades of the register stay what they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from accounts.models import Officer
from appeals import objection_steps
from appeals.objection_decisions import Finding, propose
from appeals.objection_enums import Ground, Verdict
from appeals.objection_filing import ClaimInput, ObjectionInput, file_objection
from appeals.objection_models import Objection
from desk.demo.people import OFFICE
from violations.enums import DecisionState
from violations.models import Violation

CLAIMS = (
    "样例：该车辆已于违法行为发生前过户，登记义务不在本公司。",
    "样例：罚款金额与决定书不一致，请核对原件。",
    "样例：当日已经备案，有回执为证，不存在未备案的情形。",
)


def make_objections(subject_ids: Sequence[int], *, day: date) -> None:
    """One received, one with its unit, one proposed and waiting for its decider."""
    office = Officer.objects.get(number=OFFICE)
    acts = Violation.objects.filter(
        decision__subject__in=subject_ids,
        decision__state=DecisionState.IN_FORCE,
        decision__decided_on__gte=day - timedelta(days=300),
        revoked_on__isnull=True,
        repaired_on__isnull=True,
    ).select_related("decision__unit")
    seen: set[int] = set()
    chosen: list[Violation] = []
    for act in acts.order_by("-decision__decided_on", "pk"):
        if act.decision.subject_id not in seen and not act.decision.unit.is_office:
            seen.add(act.decision.subject_id)
            chosen.append(act)
    for at, act in enumerate(chosen[: len(CLAIMS)]):
        objection = _filed(office, act, at, day)
        if at > 0:
            objection = objection_steps.accept(
                officer=office, objection_id=objection.pk, version=objection.version
            )
        if at == 1:
            objection_steps.ask_units(
                officer=office,
                objection_id=objection.pk,
                version=objection.version,
                question="请对照决定书原件核对罚款金额。",
            )
        if at == 2:
            _propose(office, objection)


def _filed(office: Officer, act: Violation, at: int, day: date) -> Objection:
    data = ObjectionInput(
        subject_id=act.decision.subject_id,
        origin="desk",
        received_on=max(day - timedelta(days=3 * at), act.decision.decided_on),
        claims=(ClaimInput(CLAIMS[at], violation_id=act.pk),),
        contact_role="委托代理人",
        contact_name="冯甲",
        contact_phone=f"0375-81234{at:02d}",
    )
    return file_objection(officer=office, data=data)


def _propose(office: Officer, objection: Objection) -> None:
    finding = "样例：备案回执经核对属实，违法事实不成立，拟予以撤销。"
    claim = objection.claims.get()
    propose(
        officer=office,
        objection_id=objection.pk,
        version=objection.version,
        findings=[Finding(claim.pk, Verdict.UPHELD, Ground.NOT_COMMITTED, finding)],
    )
