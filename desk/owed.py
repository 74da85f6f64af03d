"""What follows the decision of a case: by when, and when it was done (条例 arts. 42, 43)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from appeals.case_marks import last_day, owed
from appeals.objection_models import Objection
from appeals.repair_models import Repair
from desk.deadlines import Due, due
from grading.models import RegradeRequest
from sanctions.measure_models import SubjectMeasure


@dataclass(frozen=True, slots=True)
class Owed:
    """One thing that follows a decision: by when, and when it was done."""

    what: str
    done: str
    by: Due | None = None
    note: str = ""


def after_change(case: Objection | Repair, at: datetime) -> Iterator[Owed]:
    """What the change itself did, since the moment ``at`` at which it was decided.

    Measures follow the grade: nothing is said of them before it was assessed again.
    """
    regraded = _regraded(case, at)
    yield Owed("等级重新评定", regraded)
    ended = SubjectMeasure.objects.filter(
        subject=case.subject.survivor_id, ended_on__gte=case.decided_on
    ).count()
    words = f"解除 {ended} 项" if ended else "随等级调整，没有须解除的措施"
    yield Owed("监管措施调整", regraded, None, words if regraded else "")


def on_paper(case: Objection | Repair) -> Iterator[Owed]:
    """The answer: issued, and served."""
    paper = case.answer
    yield Owed("出具答复书", moment(paper.issued_at) if paper else "")
    yield Owed("送达答复书", day_words(paper.served_on) if paper else "")


def by_others(case: Objection | Repair) -> Iterator[Owed]:
    """What is to be told to others, of a case whose marks are prefetched."""
    for kind, mark in owed(case):
        last = last_day(case, kind.value) if mark is None else None
        done, words = (day_words(mark.done_on), mark.words) if mark else ("", "")
        yield Owed(kind.label, done, due(last) if last else None, words)


def day_words(day: date | None) -> str:
    return day.isoformat() if day else ""


def moment(at: datetime | None) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else ""


def _regraded(case: Objection | Repair, at: datetime) -> str:
    """When the grade was assessed for this change, by the first request since; not of later ones.

    A change that found a request waiting in its own transaction joined that one.
    """
    requests = RegradeRequest.objects.filter(subject=case.subject.survivor_id)
    own = requests.filter(requested_at__gte=at).order_by("requested_at", "pk").first()
    if own is not None:
        return moment(own.done_at)
    return "" if requests.filter(done_at__isnull=True).exists() else moment(at)
