"""The pool of a plan: which organisations and officers, in which group, with which ratio.

Three queries for any number of organisations; nothing here writes.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from accounts.models import Officer, Unit
from accounts.roles import ROLE_TABLE, Can
from core.settings_table import integer
from sanctions.inspection_conflicts import conflicts_of
from sanctions.inspection_draw import Pool, how_many
from sanctions.inspection_enums import Group, PlanKind
from sanctions.inspection_exemption import deciding, grades_of
from subjects.enums import SPECIAL_INDUSTRIES, RegistryStatus
from subjects.models import Subject

INSPECTING_ROLES = sorted(r for r, may in ROLE_TABLE.items() if Can.RECORD_INSPECTION in may)
_OF_GRADE = {"A": Group.A, "B": Group.B, "C": Group.C, "": Group.NONE}


@dataclass(frozen=True, slots=True)
class Member:
    subject_id: int
    credit_code: str
    name: str
    grade: str
    group: str


@dataclass(frozen=True, slots=True)
class Stated:
    """One group with its ratio and what that comes to: said before, and shown after the draw."""

    group: str
    label: str
    percent: int
    members: int

    @property
    def drawn(self) -> int:
        return how_many(self.members, self.percent)


@dataclass(frozen=True, slots=True)
class Gathered:
    """The pool with what the file shows beside it. ``inspectors`` maps police numbers to ids."""

    members: list[Member]
    inspectors: dict[str, int]
    pool: Pool

    def stated(self) -> list[Stated]:
        return state(Counter(one.group for one in self.members), self.pool.percents)


def state(members: Counter[str], percents: dict[str, int] | object) -> list[Stated]:
    """Each group that somebody belongs to, in the order of ``Group``."""
    ratios = percents if isinstance(percents, dict) else {}
    return [
        Stated(group.value, str(group.label), int(ratios.get(group.value, 0)), members[group])
        for group in Group
        if members[group]
    ]


def percents_of(kind: str, percent: int, day: date) -> dict[str, int]:
    """The ratio of each group: of a campaign the same for all, else the office's settings.

    4-A-2 leaves no ratio to set for A: the regulation says none.
    """
    if kind == PlanKind.CAMPAIGN:
        return {group.value: percent for group in Group}
    free = {Group.A.value: 0}
    groups = (Group.NONE, Group.B, Group.C, Group.KEY, Group.KEY_A)
    return free | {g.value: _percent(f"inspection_percent_{g.value}", day) for g in groups}


def _percent(key: str, day: date) -> int:
    return min(max(integer(key, day), 0), 100)


def inspectors_of_unit(unit: Unit) -> QuerySet[Officer]:
    """Officers at work there who may record the result of an inspection."""
    found = Officer.objects.filter(
        unit=unit, is_active=True, role_grants__role__in=INSPECTING_ROLES
    )
    return found.distinct().order_by("number")


def gather(
    *,
    unit: Unit,
    everywhere: bool,
    industries: list[str],
    kind: str,
    percent: int,
    planner: Officer,
    day: date,
) -> Gathered:
    """The pool as it stands now. Whoever plans never inspects."""
    rows = Subject.objects.surviving().filter(registry_status=RegistryStatus.ACTIVE)
    if not everywhere:
        rows = rows.filter(unit_in_charge=unit)
    if industries:
        rows = rows.filter(industry__in=industries)
    found = list(rows.order_by("credit_code").values_list("pk", "credit_code", "name", "industry"))
    grades = grades_of([pk for pk, *_ in found], day)
    weigh = deciding(grades, day)
    members = [
        Member(pk, code, name, grades.get(pk, ""), _group(kind, weigh.get(pk, ""), industry))
        for pk, code, name, industry in found
    ]
    officers = inspectors_of_unit(unit).exclude(pk=planner.pk).values_list("number", "pk")
    inspectors = dict(officers)
    return Gathered(
        members,
        inspectors,
        Pool(
            members={one.credit_code: one.group for one in members},
            percents=percents_of(kind, percent, day),
            inspectors=frozenset(inspectors),
            conflicts=_conflicts(members, inspectors, day),
        ),
    )


def _group(kind: str, grade: str, industry: str) -> str:
    """Key industries are their own group in routine plans: full coverage comes before grades."""
    if kind == PlanKind.ROUTINE and industry in SPECIAL_INDUSTRIES:
        return (Group.KEY_A if grade == "A" else Group.KEY).value
    return _OF_GRADE[grade].value


def _conflicts(
    members: list[Member], inspectors: dict[str, int], day: date
) -> frozenset[tuple[str, str]]:
    codes = {one.subject_id: one.credit_code for one in members}
    numbers = {pk: number for number, pk in inspectors.items()}
    pairs = conflicts_of(numbers, day)
    return frozenset((codes[about], numbers[who]) for about, who in pairs if about in codes)
