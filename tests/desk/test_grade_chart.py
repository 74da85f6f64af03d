"""The chart of the grade over time, tested as text."""

from __future__ import annotations

import itertools
import re
from datetime import UTC, date, datetime

import pytest
import time_machine

from accounts.roles import Role
from desk import subject_file
from desk.charts import Chart, Event, Step, span
from grading.services import regrade
from tests import factories

TODAY = date(2026, 11, 23)


def drawn(*steps: Step, events: tuple[Event, ...] = ()) -> Chart:
    window = (date(2025, 11, 23), TODAY)
    return Chart(date(2025, 9, 1), date(2027, 9, 1), TODAY, window, steps, events)


def test_what_was_evaluated_is_solid_and_what_is_worked_out_is_dashed() -> None:
    chart = drawn(
        Step(date(2025, 9, 1), "", True),
        Step(date(2026, 3, 5), "B", True),
        Step(TODAY, "B", False),
        Step(date(2027, 3, 6), "", False),
    )
    svg = str(chart.wide())
    assert re.findall(r'height="12" rx="2" class="(f-\w)"', svg) == ["f-n", "f-b"]
    assert re.findall(r'height="10" class="(s-\w)"', svg) == ["s-b", "s-n"]
    assert "一年窗口 2025-11-23 至 2026-11-23" in svg
    assert "2026-03-05 起B 一般失信" in svg


def test_events_are_numbered_and_never_lie_on_each_other() -> None:
    events = tuple(Event(date(2026, 8, 14), f"处罚 {n}号", n > 2) for n in range(5))
    svg = str(drawn(Step(date(2025, 9, 1), "", True), events=events).wide())
    at = [float(x) for x in re.findall(r'<circle cx="([\d.]+)"', svg)]
    assert len(at) == 5
    assert all(later - earlier >= 20 for earlier, later in itertools.pairwise(at))
    assert svg.count('class="f-no s-br"') == 2


@pytest.mark.parametrize("chart", ["wide", "narrow"])
def test_words_are_escaped_and_nothing_is_styled_inline(chart: str) -> None:
    svg = str(getattr(drawn(Step(date(2025, 9, 1), "C", True)), chart)())
    assert "style=" not in svg
    assert 'role="img"' in svg


def test_the_span_keeps_a_year_back_in_view_and_stays_within_bounds() -> None:
    first, last = span([], TODAY)
    assert (TODAY - first).days >= 365
    assert last > TODAY
    first, last = span([date(2010, 1, 1), date(2040, 1, 1)], TODAY)
    assert (TODAY - first).days <= 3 * 366
    assert (last - TODAY).days <= 2 * 366


@pytest.mark.django_db
def test_before_the_first_evaluation_the_chart_only_supposes() -> None:
    """A record taken over long after its day does not make the past look evaluated."""
    with time_machine.travel(datetime(2026, 11, 23, 2, tzinfo=UTC), tick=False):
        subject = factories.subject()
        factories.decision(subject, decided_on=date(2026, 3, 5))
        regrade([subject.pk])
        entries = subject_file.list_entries(subject)
        explained = subject_file.explain(subject, entries)
        officer = factories.officer(Role.OFFICE)
        listed, _ = subject_file.records(subject, officer, explained.view, None)
        chart = subject_file.chart(subject, explained, listed, entries)
    supposed = [(step.day, step.grade) for step in chart.steps if not step.certain]
    assert (date(2026, 3, 5), "B") in supposed
    assert supposed[-1] == (date(2027, 3, 6), "")
    assert [(step.day, step.grade) for step in chart.steps if step.certain] == [(TODAY, "B")]
    assert next(event.words for event in chart.events).startswith("处罚 ")
