"""Each figure of quality is the number of the very rows that it opens."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from pytest_django import DjangoAssertNumQueries

from accounts.models import Officer, Unit
from accounts.roles import Role
from core.workdays import one_calendar
from tests import factories
from tests.violations import papers
from violations.attachment_services import attach_file, withdraw_attachment
from violations.confirming import return_decision
from violations.enums import DecisionState
from violations.models import Decision
from violations.papers_due import attach_by, serve_by, to_attach, to_serve
from violations.quality import FIGURES, Period, entry_due, figures_by_unit, rows_of

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")
NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))


@pytest.fixture(autouse=True)
def _day() -> Any:
    with time_machine.travel("2026-11-23 10:00+08:00", tick=False):
        yield


@pytest.fixture
def unit() -> Unit:
    return factories.unit("WG-ZA", "治安管理大队")


@pytest.fixture
def office(unit: Unit) -> Officer:
    return factories.officer(Role.OFFICE, unit=factories.unit(is_office=True))


def _made(unit: Unit, decided_on: date, entered: datetime, **fields: Any) -> Decision:
    recorder = Officer.objects.filter(unit=unit).first() or factories.officer(
        Role.RECORDER, unit=unit
    )
    return factories.decision(
        unit=unit, recorded_by=recorder, decided_on=decided_on, created_at=entered, **fields
    )


def _at(month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI)


def _numbers(figure: str, officer: Officer, period: Period = NOVEMBER) -> set[str]:
    return set(rows_of(figure, officer, period).values_list("number", flat=True))


@pytest.mark.parametrize(
    ("decided_on", "entered", "is_late"),
    [
        # Wednesday 4 November and seven working days end on Friday 13.
        (date(2026, 11, 4), _at(11, 13, 23, 59), False),
        (date(2026, 11, 4), _at(11, 14), True),
        (date(2026, 11, 4), _at(11, 16), True),
        (date(2026, 11, 5), _at(11, 16, 23, 59), False),
        (date(2026, 11, 5), _at(11, 17, 0, 0), True),
        # Friday, Saturday and Sunday all end on the Tuesday of the week after next.
        (date(2026, 11, 6), _at(11, 17, 23), False),
        (date(2026, 11, 7), _at(11, 17, 23), False),
        (date(2026, 11, 8), _at(11, 18), True),
        # 1 to 7 October are off: the first working day after it is the 8th.
        (date(2026, 9, 30), _at(11, 2), True),
        (date(2020, 1, 2), _at(11, 2), True),
    ],
)
def test_late_is_later_than_seven_working_days(
    unit: Unit, office: Officer, decided_on: date, entered: datetime, is_late: bool
) -> None:
    _made(unit, decided_on, entered, number="甲")

    assert _numbers("late", office) == ({"甲"} if is_late else set())


def test_every_day_of_a_year_is_judged_as_the_deadline_says(unit: Unit, office: Officer) -> None:
    year = Period(date(2026, 1, 1), date(2026, 11, 23))
    for at in range(0, 320, 3):
        entered = _at(1, 1) + timedelta(days=at)
        for back in (9, 10, 11, 12):
            _made(unit, entered.date() - timedelta(days=back), entered, number=f"{at}-{back}")

    expected = {
        row.number
        for row in Decision.objects.all()
        if row.created_at.astimezone(SHANGHAI).date() > entry_due(row)
    }

    assert _numbers("late", office, year) == expected
    assert 0 < len(expected) < Decision.objects.count()


def test_what_was_taken_over_is_neither_late_nor_without_its_paper(
    unit: Unit, office: Officer
) -> None:
    _made(unit, date(2026, 1, 5), _at(11, 16), taken_over=True)

    assert _numbers("late", office) == _numbers("no_paper", office) == set()
    assert len(_numbers("recorded", office)) == 1


def test_a_period_ends_at_midnight_in_shanghai(unit: Unit, office: Officer) -> None:
    for number, entered in (
        ("前", _at(10, 31, 23, 59)),
        ("首", _at(11, 1, 0, 0)),
        ("末", _at(11, 30, 23, 59)),
        ("后", _at(12, 1, 0, 0)),
    ):
        _made(unit, date(2026, 10, 30), entered, number=number)

    assert _numbers("recorded", office) == {"首", "末"}


def _one_of_each(unit: Unit) -> None:
    """A decision for each figure, and one with nothing against it."""
    entered = _at(11, 16)
    good = _made(unit, date(2026, 11, 13), entered, number="好")
    with_paper(good)
    with_paper(_made(unit, date(2026, 10, 13), entered, number="迟"))
    with_paper(_made(unit, date(2026, 11, 13), entered, number="未送达", served_on=None))
    _made(unit, date(2026, 11, 13), entered, number="缺纸")
    revoked = _made(unit, date(2026, 11, 13), entered, number="撤")
    with_paper(revoked)
    act = revoked.violations.get()
    act.revoked_on, act.revoked_reason = date(2026, 11, 20), "复议撤销"
    act.save()
    returned = _made(unit, date(2026, 11, 13), entered, number="退", state=DecisionState.SUBMITTED)
    return_decision(
        officer=factories.officer(Role.UNIT_REVIEWER, unit=unit),
        decision_id=returned.pk,
        version=1,
        remark="金额与决定书不符。",
    )


def with_paper(decision: Decision) -> None:
    attach_file(
        officer=decision.recorded_by,
        decision_id=decision.pk,
        kind="paper",
        upload=papers.upload(papers.pdf()),
        reason="补附决定书扫描件",
    )


def test_each_figure_counts_what_it_means(unit: Unit, office: Officer) -> None:
    _one_of_each(unit)
    own = factories.officer(Role.RECORDER, unit=unit)

    assert {figure: _numbers(figure, own) for figure in FIGURES} == {
        "recorded": {"好", "迟", "未送达", "缺纸", "撤", "退"},
        "late": {"迟"},
        "returned": {"退"},
        "revoked": {"撤"},
        "corrected": set(),
        "unserved": {"未送达"},
        "no_paper": {"缺纸"},
    }


def test_figures_are_the_numbers_of_their_rows_for_every_unit(unit: Unit, office: Officer) -> None:
    other = factories.unit("WG-YH", "垭口派出所")
    _one_of_each(unit)
    _made(other, date(2026, 10, 20), _at(11, 16))

    found = figures_by_unit(office, NOVEMBER)

    assert [one.unit for one in found] == sorted((unit, other), key=lambda one: one.code)
    for one in found:
        for figure in FIGURES:
            rows = rows_of(figure, office, NOVEMBER).filter(unit=one.unit)
            assert one.counts.get(figure, 0) == rows.count(), (one.unit, figure)
    assert sum(one.counts.get("late", 0) for one in found) == 2


def test_a_unit_sees_its_own_figures_alone_and_the_office_no_drafts_of_others(
    unit: Unit, office: Officer
) -> None:
    other = factories.unit()
    _one_of_each(unit)
    _made(other, date(2026, 11, 13), _at(11, 16))

    def sees(officer: Officer) -> dict[Unit, int]:
        return {one.unit: one.counts["recorded"] for one in figures_by_unit(officer, NOVEMBER)}

    assert sees(factories.officer(Role.UNIT_REVIEWER, unit=unit)) == {unit: 6}
    assert sees(office) == {unit: 5, other: 1}
    assert sees(factories.officer(Role.AUDITOR, unit=office.unit)) == {unit: 5, other: 1}
    assert sees(factories.officer(Role.TIP_HANDLER, unit=unit)) == {}


def test_the_median_is_in_working_days(unit: Unit, office: Officer) -> None:
    for decided in (date(2026, 11, 13), date(2026, 11, 12), date(2026, 9, 1)):
        _made(unit, decided, _at(11, 16))  # 1, 2 and many working days before

    assert figures_by_unit(office, NOVEMBER)[0].median == 2


def test_the_queries_are_few_however_many_units_and_rows(
    unit: Unit, office: Officer, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(5):
        other = factories.unit()
        for back in range(3):
            _made(other, date(2026, 11, 1 + back), _at(11, 16 + back))

    with one_calendar(), django_assert_max_num_queries(len(FIGURES) + 6):
        assert len(figures_by_unit(office, NOVEMBER)) == 5


def test_missing_papers_are_listed_with_their_last_days(unit: Unit, office: Officer) -> None:
    unserved = _made(unit, date(2026, 11, 4), _at(11, 6), served_on=None, confirmed_at=_at(11, 9))
    stranger = factories.officer(Role.RECORDER, unit=factories.unit())
    own = factories.officer(Role.UNIT_REVIEWER, unit=unit)

    assert list(to_serve(own)) == list(to_serve(office)) == [unserved]
    assert list(to_attach(own)) == list(to_attach(office)) == [unserved]
    assert not to_serve(stranger).exists()
    assert not to_attach(stranger).exists()
    assert serve_by(unserved) == date(2026, 11, 13)
    assert attach_by(unserved) == date(2026, 11, 16)


def test_a_withdrawn_paper_is_missing_again(unit: Unit, office: Officer) -> None:
    decision = _made(unit, date(2026, 11, 13), _at(11, 16))
    with_paper(decision)
    assert not to_attach(office).exists()

    withdraw_attachment(
        officer=decision.recorded_by,
        attachment_id=decision.attachments.get().pk,
        reason="属于另一份决定",
    )

    assert to_attach(office).get() == decision
