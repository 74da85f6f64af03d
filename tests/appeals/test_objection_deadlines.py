"""3 and 7 working days, stopped while something is awaited, over holidays (art. 41)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine

from appeals import case_marks, objection_steps
from appeals.objection_deadlines import clock, last_day, unit_last_day
from appeals.objection_models import Objection
from core.models import Holiday
from tests.appeals.objection_cases import Case
from tests.grading.worked_cases import d

pytestmark = pytest.mark.django_db
WAITED = "请补交机动车转移登记证书。"


def at(day: str) -> time_machine.travel:
    return time_machine.travel(f"{day} 09:00+08:00", tick=False)


def fresh(objection: Objection) -> Objection:
    return Objection.objects.get(pk=objection.pk)


@pytest.fixture(autouse=True)
def _notice() -> None:
    """2026 as announced: festival 02-15 to 02-23, 02-14 and 02-28 work; 10-01 to 10-07, 10-10."""
    Holiday.objects.filter(year=2026).delete()
    for name, first, days in (("春节", d("2026-02-15"), 9), ("国庆节", d("2026-10-01"), 7)):
        for n in range(days):
            day = first + timedelta(days=n)
            Holiday.objects.create(day=day, kind="off", name=name, year=2026)
    for works in ("2026-02-14", "2026-02-28", "2026-09-20", "2026-10-10"):
        Holiday.objects.create(day=d(works), kind="work", name="调休", year=2026)


@pytest.mark.parametrize(
    ("received", "office", "checked", "unit"),
    [
        ("2026-11-09", "2026-11-12", "2026-11-18", "2026-11-12"),
        ("2026-09-30", "2026-10-10", "2026-10-15", "2026-10-10"),
        ("2026-02-13", "2026-02-25", "2026-03-02", "2026-02-25"),
    ],
)
def test_three_days_alone_and_seven_with_the_unit(
    received: str, office: str, checked: str, unit: str
) -> None:
    with at(received):
        case = Case()
        accepted = case.accepted()
        assert last_day(accepted).day == d(office)
        asked = case.step(accepted, objection_steps.ask_units, question="")
        assert last_day(fresh(asked)).day == d(checked)
        assert unit_last_day(asked.statements.get()).day == d(unit)


def test_a_year_without_a_notice_is_said_to_be_provisional() -> None:
    Holiday.objects.filter(year=2027).delete()
    with at("2026-12-30"):
        found = last_day(Case().accepted())
        assert found.provisional
        assert "2027 年放假安排尚未录入" in found.why


def test_the_days_stand_still_while_material_is_awaited() -> None:
    with at("2026-11-09"):
        case = Case()
        accepted = case.accepted()
    with at("2026-11-10"):
        waiting = case.step(accepted, objection_steps.pause, kind="material", why=WAITED)
        stands = clock(waiting)
        assert (stands.on_hold, stands.waits_for) == (True, "申请人补充材料")
    with at("2026-11-25"):
        assert clock(fresh(waiting)).deadline.day == d("2026-11-27")  # two days are left
        resumed = case.step(
            waiting, objection_steps.resume, ends_on=d("2026-11-17"), brought=WAITED
        )
        late = clock(fresh(resumed))
        assert late.deadline.day == d("2026-11-19")
        assert "扣除等待的 5 个工作日" in late.deadline.why
        assert late.late_because == "局办公室尚未提出认定意见"
        said = case.step(resumed, objection_steps.explain, reason="鉴定机构延期出具意见。")
        assert clock(fresh(said)).late_because == "鉴定机构延期出具意见。"


def test_who_waits_for_whom_and_why_it_is_late() -> None:
    with at("2026-11-09"):
        case = Case()
        filed = case.filed()
        assert clock(filed).waits_for == f"{case.office.name}决定是否受理"
        accepted = case.step(filed, objection_steps.accept)
    with at("2026-11-10"):
        asked = fresh(case.step(accepted, objection_steps.ask_units, question=""))
        stands = clock(asked)
        assert (stands.waits_for, stands.waiting_since) == ("治安管理大队核实", d("2026-11-10"))
        assert stands.unit_deadline is not None
        assert stands.unit_deadline.day == d("2026-11-13")
        assert stands.late_because == ""
    with at("2026-11-19"):
        assert clock(fresh(asked)).late_because == "治安管理大队逾期未回复核实情况"


def test_what_others_owe_after_a_changed_record() -> None:
    with at("2026-09-30"):
        case = Case()
        decided = case.decide(case.proposed())
        assert [
            getattr(case_marks.last_day(decided, kind), "day", None)
            for kind in ("shared", "published")
        ] == [
            date(2026, 10, 8),
            date(2026, 10, 10),
        ]
