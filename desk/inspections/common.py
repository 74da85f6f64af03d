"""What the pages of inspections share: who reads them, and how a refusal is shown."""

from __future__ import annotations

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from accounts.models import Officer
from accounts.roles import Can
from core import audit
from sanctions.inspection_models import Inspection
from sanctions.inspection_plan_models import InspectionPlan

READERS = (Can.RECORD_INSPECTION, Can.SEE_ALL_DECISIONS)
CONFLICT, BAD = 409, 400
TABS = (
    ("inspections", "检查任务", READERS),
    ("inspection-plans", "检查计划", (Can.SEE_REGISTER,)),
    ("inspection-results", "结果公布", (Can.SEE_REGISTER,)),
    ("inspection-statistics", "统计", READERS),
    ("inspection-interests", "回避登记", (Can.RECORD_INSPECTION,)),
)
SHOWN_PAGE = 50


def tabs_for(officer: Officer) -> list[tuple[str, str]]:
    """(URL name, words) of the pages that this officer may open."""
    return [(f"desk:{name}", words) for name, words, needs in TABS if any(map(officer.may, needs))]


def visible_visit(officer: Officer, pk: int) -> Inspection:
    """Raises Http404 for one of another unit."""
    rows = Inspection.objects.visible_to(officer).select_related(
        "plan", "subject__unit_in_charge", "unit", "helped_by", "factor"
    )
    people = ("first__unit", "second__unit", "ordered_by", "recorded_by")
    found: Inspection = get_object_or_404(rows.select_related(*people), pk=pk)
    return found


def found_plan(pk: int) -> InspectionPlan:
    """Plans are published to everybody who sees the register."""
    people = ("planned_by", "drawn_by", "cancelled_by", "unit")
    found: InspectionPlan = get_object_or_404(InspectionPlan.objects.select_related(*people), pk=pk)
    return found


def version_of(values: dict[str, object]) -> int:
    given = values.get("version")
    return given if isinstance(given, int) else 0


def refused(officer: Officer, row: Inspection | InspectionPlan, step: str, why: str) -> None:
    """An attempt that was turned away stands in the trail."""
    noun = "inspection_plan" if isinstance(row, InspectionPlan) else "inspection"
    audit.record(
        actor=officer, action=f"{noun}.refused", target=row, reason=why, details={"step": step}
    )


def number(request: HttpRequest, name: str) -> int | None:
    """A whole number of the address or the form; None where it is none."""
    text = request.GET.get(name, "") or request.POST.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
