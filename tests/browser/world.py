"""A small register in which every page has something to show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from accounts.models import Officer
from accounts.roles import Role
from core.clock import today
from grading.services import regrade
from subjects.models import Subject
from tests import factories
from violations.enums import DecisionState, ListKind, ListState
from violations.models import Decision, EntryDraft


@dataclass(frozen=True)
class World:
    """Officers by role; one subject a grade ("A", "B", "C", "N") and one over a limit ("O")."""

    officers: dict[str, Officer]
    subjects: dict[str, Subject]
    in_force: Decision
    submitted: Decision
    draft: Decision
    entry_draft: EntryDraft


def build() -> World:
    unit = factories.unit("WG-ZA", "治安管理大队")
    office = factories.unit("WG-OFFICE", "局办公室", is_office=True)
    at_office = {Role.OFFICE, Role.APPROVER, Role.AUDITOR, Role.ADMINISTRATOR, Role.TIP_HANDLER}
    officers = {
        role.value: factories.officer(role, unit=office if role in at_office else unit)
        for role in Role
    }
    day, recorder = today(), officers[Role.RECORDER]
    subjects = {
        grade: factories.subject(
            name=f"舞钢市样例{word}宾馆有限公司",
            credit_code=factories.credit_code(number),
            address="舞钢市样例路 1 号",
            principal="张三",
            unit_in_charge=unit,
        )
        for number, (grade, word) in enumerate(
            zip("ABCNO", ("青禾", "远帆", "金叶", "云栖", "乐游"), strict=True), start=11
        )
    }
    long = {"recorded_by": recorder, "confirmed_by": officers[Role.UNIT_REVIEWER]}
    factories.list_entry(subjects["A"], ListKind.RED, day - timedelta(days=30))
    factories.list_entry(subjects["C"], ListKind.BLACK, day - timedelta(days=30))
    factories.list_entry(subjects["N"], ListKind.RED, day, state=ListState.PROPOSED)
    in_force = factories.decision(
        subjects["B"],
        decided_on=day - timedelta(days=40),
        acts=[[("fine", 300_000), "warning"], ["warning"]],
        **long,  # type: ignore[arg-type]
    )
    factories.contest(in_force, day - timedelta(days=35), day - timedelta(days=20))
    factories.decision(
        subjects["B"],
        decided_on=day - timedelta(days=500),
        kind="order",
        **long,  # type: ignore[arg-type]
    )
    for back in (10, 20, 30):
        factories.decision(
            subjects["O"],
            decided_on=day - timedelta(days=back),
            kind="order",
            **long,  # type: ignore[arg-type]
        )
    regrade([subject.pk for subject in subjects.values()])
    submitted = factories.decision(
        subjects["N"],
        state=DecisionState.SUBMITTED,
        recorded_by=recorder,
        submitted_at=timezone.now() - timedelta(days=9),
    )
    factories.decision(
        subjects["B"],
        state=DecisionState.DRAFT,
        recorded_by=recorder,
        returned_remark="金额与决定书不符，请核对。",
    )
    draft = factories.decision(subjects["N"], state=DecisionState.DRAFT, recorded_by=recorder)
    entry_draft = EntryDraft.objects.create(
        officer=recorder, kind="penalty", label="没有录完的草稿", data={"head": {"number": "舞公"}}
    )
    return World(officers, subjects, in_force, submitted, draft, entry_draft)
