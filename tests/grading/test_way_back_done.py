"""The ways that a file names, done by the real services, give the grade that was named."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine

from accounts.roles import Role
from grading import selectors
from grading.models import Standing
from grading.record_clocks import clocks
from grading.services import regrade
from grading.way_back import REPAIRED, UPHELD, Outlook, Way, outlook
from subjects.models import Subject
from tests import factories
from tests.grading.build import record
from tests.grading.worked_cases import Paper, fine
from violations.outcome_basis import Organ
from violations.outcomes import repair_violation, revoke_violation

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 1)
REASON = "经复核，原决定认定事实不清，予以改变。"
CASES = {
    "one fine": [fine("2026-03-01", 20_000)],
    "a crossed limit of money": [fine("2026-01-05", 300_000), fine("2026-02-05", 400_000)],
    "two fines of different days": [fine("2025-09-01", 100), fine("2026-05-01", 100)],
}


def at(day: date) -> time_machine.travel:
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
    return time_machine.travel(noon, tick=False)


def seen(subject: Subject) -> Outlook:
    view = selectors.view(subject.pk)
    known = clocks([act.violation_id for act in view.facts.acts], view.day)
    days = {pk: one.repair_from for pk, one in known.items() if one.repair_from}
    return outlook(view.facts, view.day, view.versions, days)


def do(way: Way) -> None:
    """Decided elsewhere, by an officer who has nothing to do with the records."""
    given = {"on": way.on, "reason": REASON, "document": "舞行判〔2026〕9号"}
    act = revoke_violation if way.event == UPHELD else repair_violation
    for pk in way.ids:
        officer = factories.officer(Role.OFFICE)
        act(officer=officer, violation_id=pk, basis=Organ.COURT, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("event", [UPHELD, REPAIRED])
def test_done_by_the_services_each_way_gives_its_grade(
    case: str,
    event: str,
    django_capture_on_commit_callbacks: Any,
) -> None:
    papers: list[Paper] = CASES[case]
    with at(TODAY):
        ways = [way for way in seen(record(papers)).ways if way.event == event]
    assert ways
    for number in range(len(ways)):
        with at(TODAY):
            subject = record(papers)
            regrade([subject.pk])
            way = [one for one in seen(subject).ways if one.event == event][number]
        with at(way.on):
            do(way)
            regrade([subject.pk])
        with at(way.better.day):
            regrade([subject.pk])
            standing = Standing.objects.get(pk=subject.pk)
        assert standing.grade == way.better.decided.grade
        assert standing.flags.split() == list(way.better.decided.flags)
