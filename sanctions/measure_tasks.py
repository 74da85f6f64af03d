"""What measures leave open: checklists after a better grade, and clauses that have ended."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.urls import reverse

from accounts.models import Officer
from accounts.roles import Can
from core.open_tasks import MOST, OpenTask
from core.settings_table import integer
from core.workdays import Deadline, deadline_after
from sanctions.measure_improvements import visible_to
from sanctions.measure_models import Measure


def better_grades(officer: Officer, day: date) -> Iterable[OpenTask]:
    """The unit in charge lifts and tells; what is overdue comes to the office as well."""
    days, known = integer("improvement_working_days"), dict[date, Deadline]()
    for row in (
        visible_to(officer).filter(closed_on__isnull=True).order_by("improved_on")[: MOST + 1]
    ):
        deadline = known.setdefault(row.improved_on, deadline_after(row.improved_on, days))
        late, unit = day > deadline.day, row.subject.unit_in_charge
        if officer.may(Can.KEEP_MEASURES) and unit and unit.pk != officer.unit_id and not late:
            continue
        yield OpenTask(
            kind="measure.better",
            label="等级好转核对",
            title=f"{row.old_grade} 级变为{f'{row.new_grade} 级' if row.new_grade else '未定级'}，"
            "核对措施解除和告知情况",
            url=reverse("desk:improvement", args=[row.pk]),
            since=row.improved_on,
            deadline=deadline,
            subject_id=row.subject_id,
            subject_name=row.subject.name,
            unit_id=unit.pk if unit else None,
            late_because=f"{unit.name}未在期限内核对" if late and unit else "",
        )


def ended_clauses(officer: Officer, day: date) -> Iterable[OpenTask]:
    """A clause has ended: the office looks at everything that hung on it."""
    if not officer.may(Can.KEEP_MEASURES):
        return
    for row in Measure.objects.filter(valid_until__lt=day, ending_checked_on__isnull=True):
        yield OpenTask(
            kind="measure.ended",
            label="条款终止核对",
            title=f"{row} 已于 {row.valid_until} 终止，逐一核对所涉监管对象",
            url=reverse("desk:measure", args=[row.pk]),
            since=row.valid_until or day,
        )
