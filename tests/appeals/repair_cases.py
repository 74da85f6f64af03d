"""Applications for credit repair in each state, by the services themselves."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from accounts.models import Officer, Unit
from accounts.roles import Role
from appeals.repair_deciding import decide
from appeals.repair_filing import Application, receive
from appeals.repair_models import Repair
from appeals.repair_steps import accept, check_conditions, propose
from appeals.repair_unit import state_for_unit
from core.clock import today
from tests import factories
from violations.models import Decision, Violation

REASON = "缴款凭证和整改报告经核对无误。"


@dataclass
class Case:
    """One organisation with an old fine of 治安管理大队, an office officer and who decides."""

    decision: Decision = field(
        default_factory=lambda: factories.decision(decided_on=today() - timedelta(days=150))
    )
    office: Officer = field(default_factory=lambda: office_officer())
    decider: Officer = field(default_factory=lambda: office_officer(Role.APPROVER))

    @property
    def act(self) -> Violation:
        found = self.decision.violations.first()
        assert found is not None
        return found

    @property
    def reviewer(self) -> Officer:
        return factories.officer(Role.UNIT_REVIEWER, unit=self.decision.unit)

    def application(self, *acts: Violation, **fields: Any) -> Application:
        known: dict[str, Any] = {
            "subject_id": self.decision.subject_id,
            "violation_ids": [one.pk for one in acts or [self.act]],
            "channel": "desk",
            "received_on": today(),
            "materials": "信用修复申请表、缴款凭证、信用承诺书各 1 份",
            "commitment": "信用承诺书 1 份（法定代表人签字）",
            "committed_on": today(),
            "commitment_public": True,
        }
        return Application(**(known | fields))


def office_officer(role: str = Role.OFFICE) -> Officer:
    office = Unit.objects.filter(is_office=True).first()
    return factories.officer(
        role, unit=office or factories.unit("WG-BGS", "局办公室", is_office=True)
    )


def received(case: Case, *acts: Violation, **fields: Any) -> Repair:
    return receive(officer=case.office, data=case.application(*acts, **fields))


def proofs(repair: Repair, **changes: str) -> dict[int, dict[str, str]]:
    given = {
        "performance": "met",
        "performance_proof": "缴款凭证 1 份",
        "correction": "met",
        "correction_proof": "整改报告 1 份",
    }
    return {item.pk: given | changes for item in repair.items.all()}


def checked(case: Case, repair: Repair, **changes: str) -> Repair:
    return check_conditions(
        officer=case.office,
        repair_id=repair.pk,
        version=repair.version,
        proofs=proofs(repair, **changes),
        commitment=repair.commitment,
        committed_on=repair.committed_on,
        commitment_public=repair.commitment_public,
    )


def accepted(case: Case, *acts: Violation) -> Repair:
    repair = checked(case, received(case, *acts))
    return accept(officer=case.office, repair_id=repair.pk, version=repair.version)


def stated(case: Case, *acts: Violation) -> Repair:
    repair = accepted(case, *acts)
    for item in repair.items.filter(verdict="", word=""):
        officer = factories.officer(Role.UNIT_REVIEWER, unit=item.unit)
        own = repair.items.filter(unit=item.unit, verdict="", word="")
        words = {one.pk: ("agrees", "现场核实，已经整改到位。") for one in own}
        if words:
            repair = state_for_unit(
                officer=officer, repair_id=repair.pk, version=repair.version, words=words
            )
    return repair


def chosen(repair: Repair, verdict: str = "granted") -> dict[int, tuple[str, str]]:
    return {item.pk: (verdict, REASON) for item in repair.items.filter(verdict="")}


def proposed(case: Case, *acts: Violation, verdict: str = "granted") -> Repair:
    repair = stated(case, *acts)
    return propose(
        officer=case.office,
        repair_id=repair.pk,
        version=repair.version,
        proposals=chosen(repair, verdict),
    )


def decided(case: Case, *acts: Violation, verdict: str = "granted") -> Repair:
    repair = proposed(case, *acts, verdict=verdict)
    return decide(
        officer=case.decider,
        repair_id=repair.pk,
        version=repair.version,
        verdicts=chosen(repair, verdict),
    )


def on(day: str) -> date:
    return date.fromisoformat(day)
