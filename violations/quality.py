"""How well a unit keeps its records: late, returned, revoked, corrected, papers missing.

Each figure is a count of the very rows that its link opens: one condition serves both. A period is
one of days of entry; who may not read a decision does not count it either.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import groupby

from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import TruncDate
from django.utils import timezone

from accounts.models import Officer, Unit
from core.settings_table import integer
from core.workdays import working_day_after, working_days_between
from violations.attachment_models import Attachment
from violations.correction_models import Correction, CorrectionKind, CorrectionState
from violations.enums import AttachmentKind, DecisionState
from violations.models import Decision, Violation
from violations.visibility import DecisionQuerySet

# What is counted, in the order of the page.
FIGURES = {
    "recorded": "录入",
    "late": "迟录",
    "returned": "被退回",
    "revoked": "被撤销",
    "corrected": "被更正",
    "unserved": "未送达",
    "no_paper": "缺决定书",
}
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """Days of entry, both included."""

    first: date
    last: date

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """From the first, up to and not including the second, in Shanghai."""
        return _midnight(self.first), _midnight(self.last + _DAY)


@dataclass(slots=True)
class UnitFigures:
    """The counts of one unit by the names of ``FIGURES``; the median in working days."""

    unit: Unit
    counts: dict[str, int] = field(default_factory=dict)
    median: int | None = None

    def share(self, figure: str) -> float:
        """Of what was entered, in percent."""
        total = self.counts.get("recorded", 0)
        return self.counts.get(figure, 0) * 100 / total if total else 0.0


def rows_of(figure: str, officer: Officer, period: Period) -> DecisionQuerySet:
    """The decisions that a figure counts, as far as this officer reads them.

    Raises KeyError for a figure that is none.
    """
    start, end = period.moments
    entered = Decision.objects.visible_to(officer).filter(created_at__gte=start, created_at__lt=end)
    return entered.filter(_condition(figure, period))


def figures_by_unit(officer: Officer, period: Period) -> list[UnitFigures]:
    """The figures of each unit that entered anything, in the order of the units' codes."""
    found: dict[int, UnitFigures] = {}
    for figure in FIGURES:
        rows = rows_of(figure, officer, period).order_by().values_list("unit")
        for unit, count in rows.annotate(Count("pk")):
            if figure == "recorded":
                found[unit] = UnitFigures(Unit(pk=unit))
            found[unit].counts[figure] = count
    for unit, median in _medians(officer, period).items():
        found[unit].median = median
    for row in Unit.objects.filter(pk__in=found):
        found[row.pk].unit = row
    return sorted(found.values(), key=lambda one: one.unit.code)


def _condition(figure: str, period: Period) -> Q:
    if figure == "late":
        return late(period)
    if figure == "returned":
        history = Decision.history.filter(id=OuterRef("pk"), history_change_reason="退回更正")
        return Q(Exists(history))
    if figure == "revoked":
        acts = Violation.objects.filter(decision=OuterRef("pk"), revoked_on__isnull=False)
        return Q(Exists(acts))
    if figure == "corrected":
        made = Correction.objects.filter(
            decision=OuterRef("pk"),
            kind=CorrectionKind.DECISION,
            state=CorrectionState.CARRIED_OUT,
        )
        return Q(Exists(made))
    return {"recorded": Q(), "unserved": unserved(), "no_paper": without_paper()}[figure]


def unserved() -> Q:
    """In force and nobody noted when it was served."""
    return Q(state=DecisionState.IN_FORCE, served_on__isnull=True)


def without_paper() -> Q:
    """In force and without the decision itself; records taken over never had theirs here."""
    papers = Attachment.objects.filter(
        decision=OuterRef("pk"), kind=AttachmentKind.PAPER, withdrawn_at__isnull=True
    )
    return Q(state=DecisionState.IN_FORCE, taken_over=False) & ~Q(Exists(papers))


def late(period: Period) -> Q:
    """Entered later than so many working days after the decision; not what was taken over.

    One condition for each run of days with the same limit: an index by time of entry serves it, and
    no function of the database has to know the working days. Month by month, so that a row of a
    year is not held against each of its days.
    """
    limits = _limits(period, integer("late_entry_working_days"))
    months = Q(pk__in=[])
    for _, runs in groupby(limits, key=lambda run: (run[0].year, run[0].month)):
        month = list(runs)
        days = Q(pk__in=[])
        for first, last, limit in month:
            days |= _entered(first, last) & Q(decided_on__lte=limit)
        months |= _entered(month[0][0], month[-1][1]) & days
    return Q(taken_over=False) & months


def _entered(first: date, last: date) -> Q:
    return Q(created_at__gte=_midnight(first), created_at__lt=_midnight(last + _DAY))


def _limits(period: Period, days: int) -> Iterator[tuple[date, date, date]]:
    """Runs of days of entry, each with the last day of decision for which they are too late."""
    decided = period.first - timedelta(days=2 * days + 40)
    first, limit = period.first, None
    entered = period.first
    while entered <= period.last:
        while working_day_after(decided + _DAY, days) < entered:
            decided += _DAY
        if limit is not None and decided != limit:
            yield first, entered - _DAY, limit
            first = entered
        limit = decided
        entered += _DAY
    if limit is not None:
        yield first, period.last, limit


def entry_due(decision: Decision) -> date:
    """The last day on which it was to be entered."""
    return working_day_after(decision.decided_on, integer("late_entry_working_days"))


def _medians(officer: Officer, period: Period) -> dict[int, int]:
    """Per unit, the median of working days from decision to entry."""
    rows = (
        rows_of("recorded", officer, period)
        .filter(taken_over=False)
        .order_by()
        .annotate(entered=TruncDate("created_at"))
        .values_list("unit", "entered", "decided_on")
        .annotate(Count("pk"))
    )
    found = list(rows)
    passed = _passed({day for _, *days, _ in found for day in days})
    by_unit: dict[int, Counter[int]] = defaultdict(Counter)
    for unit, entered, decided, count in found:
        by_unit[unit][max(passed[entered] - passed[decided], 0)] += count
    return {unit: _median(lags) for unit, lags in by_unit.items()}


def _passed(days: set[date]) -> dict[date, int]:
    """For each day the working days since the first of them, itself included."""
    passed, total, before = {}, 0, min(days, default=None)
    for day in sorted(days):
        total += working_days_between(before or day, day + _DAY)
        passed[day], before = total, day
    return passed


def _median(lags: Counter[int]) -> int:
    """The lower one of two in the middle."""
    rank, seen = (lags.total() + 1) // 2, 0
    for lag in sorted(lags):
        seen += lags[lag]
        if seen >= rank:
            return lag
    return 0


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
