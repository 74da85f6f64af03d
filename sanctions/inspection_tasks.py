"""What inspections leave open: visits, draws, free places, decisions that are expected."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts.models import Officer
from accounts.roles import Can
from core.open_tasks import MOST, OpenTask
from core.settings_table import integer
from core.workdays import Deadline, deadline_after
from sanctions.inspection_enums import FOLLOWED, PlanState, VisitState
from sanctions.inspection_models import Inspection
from sanctions.inspection_plan_models import InspectionPlan
from sanctions.inspection_visits import to_reassign
from violations.enums import DecisionState
from violations.models import Decision

# An order is entered soon after its visit; what is older is looked for on the visit's own page.
FOLLOWED_FOR = timedelta(days=90)


def visits(officer: Officer, day: date) -> Iterable[OpenTask]:
    """Open visits: of the own unit for who inspects, of all for who plans."""
    rows = Inspection.objects.filter(state=VisitState.OPEN)
    if officer.may(Can.PLAN_INSPECTION):
        pass
    elif officer.may(Can.RECORD_INSPECTION):
        rows = rows.visible_to(officer)
    else:
        return
    for visit in rows.select_related("subject").order_by("due_on", "pk")[: MOST + 1]:
        mine = officer.pk if officer.pk in visit.inspector_ids else visit.first_id
        yield _task(
            visit,
            "inspection.visit",
            "监督检查",
            f"检查 {visit.subject.name}（{visit.get_reason_display()}）",
            since=visit.ordered_on,
            deadline=Deadline(visit.due_on, False, f"检查期限 {visit.due_on}"),
            officer_id=mine,
        )


def draws(officer: Officer, day: date) -> Iterable[OpenTask]:
    """Frozen pools that a second person is to draw."""
    if not officer.may(Can.PLAN_INSPECTION):
        return
    for plan in InspectionPlan.objects.filter(state=PlanState.FROZEN).order_by("pk")[:MOST]:
        own = plan.planned_by_id == officer.pk
        frozen = timezone.localdate(plan.frozen_at)
        yield OpenTask(
            kind="inspection.draw",
            label="抽取检查对象",
            title=f"见证抽取：{plan.name}",
            url=reverse("desk:inspection-plan", args=[plan.pk]),
            since=frozen,
            deadline=Deadline(plan.starts_on, False, f"计划期间自 {plan.starts_on} 开始"),
            waits_for="局办公室另一人" if own else "",
            waiting_since=frozen if own else None,
        )


def free_places(officer: Officer, day: date) -> Iterable[OpenTask]:
    """Visits whose inspector left, or that never had two."""
    if not officer.may(Can.PLAN_INSPECTION):
        return
    for visit in to_reassign().select_related("subject").order_by("due_on", "pk")[: MOST + 1]:
        yield _task(
            visit,
            "inspection.reassign",
            "重新抽取检查人员",
            f"{visit.subject.name} 的检查缺少检查人员",
            since=visit.ordered_on,
            deadline=Deadline(visit.due_on, False, f"检查期限 {visit.due_on}"),
            for_unit=False,
        )


def follow_ups(officer: Officer, day: date) -> Iterable[OpenTask]:
    """Visits after which a decision is expected and none of the unit stands on record yet."""
    if not officer.may(Can.RECORD_DECISION):
        return
    limit = integer("inspection_follow_working_days")
    rows = without_decision(Inspection.objects.filter(unit=officer.unit_id), day)
    for visit in rows.select_related("subject").order_by("visited_on", "pk")[: MOST + 1]:
        assert visit.visited_on is not None  # a constraint: it is done
        yield _task(
            visit,
            "inspection.follow",
            "录入检查后的决定",
            f"{visit.subject.name}：{visit.get_outcome_display()}",
            since=visit.visited_on,
            deadline=deadline_after(visit.visited_on, limit),
            officer_id=visit.recorded_by_id,
        )


def without_decision(rows: QuerySet[Inspection], day: date) -> QuerySet[Inspection]:
    """Those of ``rows`` whose result asks for a decision that the unit has not entered yet."""
    entered = Decision.objects.filter(
        subject=OuterRef("subject"),
        unit=OuterRef("unit"),
        decided_on__gte=OuterRef("visited_on"),
    ).exclude(state=DecisionState.WITHDRAWN)
    return rows.filter(
        state=VisitState.DONE, outcome__in=sorted(FOLLOWED), visited_on__gte=day - FOLLOWED_FOR
    ).exclude(Exists(entered))


def open_tasks(officer: Officer, day: date) -> Iterator[OpenTask]:
    """All of the above, for the one queue."""
    for source in (visits, draws, free_places, follow_ups):
        yield from source(officer, day)


def _task(
    visit: Inspection,
    kind: str,
    label: str,
    title: str,
    *,
    since: date,
    deadline: Deadline,
    officer_id: int | None = None,
    for_unit: bool = True,
) -> OpenTask:
    return OpenTask(
        kind=kind,
        label=label,
        title=title,
        url=reverse("desk:inspection", args=[visit.pk]),
        since=since,
        deadline=deadline,
        subject_id=visit.subject_id,
        subject_name=visit.subject.name,
        unit_id=visit.unit_id if for_unit else None,
        officer_id=officer_id,
    )
