"""Objections in each state, by the services themselves."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from accounts.models import Officer
from accounts.roles import Role
from appeals import objection_decisions, objection_steps
from appeals.objection_decisions import Finding
from appeals.objection_enums import Ground, ObjectionState, Verdict
from appeals.objection_filing import ClaimInput, ObjectionInput, file_objection
from appeals.objection_models import Objection
from core.clock import today
from tests import factories
from violations.models import Decision, Violation

WORDS = "该车辆已于九月过户，登记义务不在本公司。"
LONG = "收到过户材料的原件并核对无误。"
FOUND = "转移登记日期属实，处理对象认定有误，予以撤销。"


def office_unit() -> Any:
    return factories.unit("WG-OFFICE", "局办公室", is_office=True)


@dataclass
class Case:
    """One organisation with a fine of 治安管理大队, who handles the objection and who decides."""

    decision: Decision = field(
        default_factory=lambda: factories.decision(decided_on=today() - timedelta(days=60))
    )
    office: Officer = field(
        default_factory=lambda: factories.officer(Role.OFFICE, unit=office_unit())
    )
    decider: Officer = field(
        default_factory=lambda: factories.officer(Role.APPROVER, unit=office_unit())
    )

    @property
    def act(self) -> Violation:
        found = self.decision.violations.first()
        assert found is not None
        return found

    def reviewer(self) -> Officer:
        return factories.officer(Role.UNIT_REVIEWER, unit=self.decision.unit)

    def filed(self, *claims: ClaimInput, on: date | None = None, **changes: Any) -> Objection:
        given: dict[str, Any] = {
            "subject_id": self.decision.subject_id,
            "origin": "desk",
            "received_on": on or today(),
            "claims": claims or (ClaimInput(WORDS, violation_id=self.act.pk),),
            "contact_role": "委托代理人",
            "contact_name": "冯甲",
            "contact_phone": "13800000000",
        }
        data = ObjectionInput(**(given | changes))
        return file_objection(officer=self.office, data=data)

    def accepted(self, *claims: ClaimInput, **changes: Any) -> Objection:
        return self.step(self.filed(*claims, **changes), objection_steps.accept)

    def with_unit(self, *claims: ClaimInput, **changes: Any) -> Objection:
        accepted = self.accepted(*claims, **changes)
        return self.step(accepted, objection_steps.ask_units, question="请核对过户日期。")

    def proposed(
        self,
        verdict: str = Verdict.UPHELD,
        ground: str = Ground.WRONG_PARTY,
        *claims: ClaimInput,
        **changes: Any,
    ) -> Objection:
        return self.propose(self.accepted(*claims, **changes), verdict, ground)

    def propose(self, objection: Objection, verdict: str, ground: str) -> Objection:
        findings = [Finding(claim.pk, verdict, ground, FOUND) for claim in objection.claims.all()]
        return objection_decisions.propose(
            officer=self.office,
            objection_id=objection.pk,
            version=objection.version,
            findings=findings,
        )

    def decide(self, objection: Objection, seen: str | None = None) -> Objection:
        return objection_decisions.decide(
            officer=self.decider,
            objection_id=objection.pk,
            version=objection.version,
            seen=seen,
        )

    def step(
        self, objection: Objection, service: Any, by: Officer | None = None, **values: Any
    ) -> Objection:
        found: Objection = service(
            officer=by or self.office,
            objection_id=objection.pk,
            version=objection.version,
            **values,
        )
        return found


def answered(objection: Objection) -> None:
    """Answered by the office of its own motion, so that no paper is asked for."""
    row = Objection.objects.get(pk=objection.pk)
    row.origin, row.state, row.answered_on = "office", ObjectionState.ANSWERED, date(2026, 11, 20)
    row.save()
