"""Any day of a file: as known then beside as known now, what differs, and how little is shown."""

from __future__ import annotations

import re
from datetime import date, datetime
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import Officer
from accounts.roles import Role
from core.models import AuditEntry
from grading.services import regrade
from subjects.models import Subject
from tests import factories

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def subject() -> Subject:
    """Fined in March 2026 by another unit, revoked in July; a warning of the own unit in May."""
    there = factories.unit("WG-HB", "湖滨派出所")
    with at("2026-03-06T10:00"):
        fined = factories.decision(
            unit=there, decided_on=date(2026, 3, 5), number="舞公（湖滨）行罚决字〔2026〕0007号"
        )
        regrade([fined.subject_id])
    with at("2026-05-08T10:00"):
        factories.decision(fined.subject, decided_on=date(2026, 5, 8), acts=[["warning"]])
        regrade([fined.subject_id])
    with at("2026-07-10T10:00"):
        act = fined.violations.get()
        act.revoked_on = date(2026, 7, 10)
        act.save()
        regrade([fined.subject_id])
    return fined.subject


def at(moment: str) -> time_machine.travel:
    return time_machine.travel(datetime.fromisoformat(moment).replace(tzinfo=ZONE), tick=False)


def page(
    client: Client,
    subject: Subject,
    officer: Officer | None = None,
    *,
    status: int = 200,
    **asked: str,
) -> str:
    client.force_login(officer or factories.officer(Role.OFFICE))
    address = reverse("desk:replay", args=[subject.pk])
    with at("2026-11-23T10:00"):
        answer = client.get(f"{address}?{urlencode(asked)}")
    assert answer.status_code == status
    return re.sub(r"\s+", " ", answer.content.decode())


def test_both_columns_and_what_differs(client: Client, subject: Subject) -> None:
    shown = page(client, subject, day="2026-04-01")
    assert "B 一般失信 → 未定级：0007号已撤销；其余没有变化" in shown
    assert "一年内有 1 件行政处罚，罚没款 20,000 元，均未达到上限" in shown  # as known then
    assert "一年内没有计入的失信记录" in shown  # as known now
    assert re.search(
        r"<dt>此后变化</dt><dd>至 <time>2026-11-23</time>：未定级 → B 一般失信："
        r"\d+号新增（2026-05-08 决定）；其余没有变化",
        shown,
    )  # both days as known now
    assert "2026-03-06 10:00" in shown  # what was written down then
    assert "与按当时记录重算的不同" not in shown
    assert "行政处罚 · 20,000 元；已撤销" in shown


def test_the_same_on_both_sides(client: Client, subject: Subject) -> None:
    shown = page(client, subject, day="2026-11-01", to="2026-11-23")
    assert shown.count("仍为 B 一般失信：没有变化") == 2
    assert "所知不同</span>" not in shown


def test_a_repair_that_was_not_yet_known_is_a_change_since(client: Client) -> None:
    with at("2026-06-01T10:00"):
        decided = factories.decision(decided_on=date(2026, 6, 1))
    act = decided.violations.get()
    with at("2026-11-10T10:00"):
        act.repaired_on = date(2026, 11, 10)
        act.save()
    shown = page(client, decided.subject, day="2026-06-01", to="2026-11-23", known="2026-05-31")
    assert "<dt>所知不同</dt><dd>未定级 → B 一般失信" in shown
    assert "至 <time>2026-11-23</time>：B 一般失信 → 未定级" in shown
    assert "2026-11-10 信用修复" in shown


def test_an_earlier_day_is_not_said_to_come_after(client: Client, subject: Subject) -> None:
    shown = page(client, subject, day="2026-06-01", to="2026-04-01")
    assert "此后变化" not in shown
    assert "<dt>此前变化</dt><dd>自 <time>2026-04-01</time>：未定级 → B 一般失信" in shown


def test_a_moment_of_knowledge_of_its_own(client: Client, subject: Subject) -> None:
    before = page(client, subject, day="2026-06-01", known="2026-07-10 09:59")
    assert "0007号已撤销" in before
    after = page(client, subject, day="2026-06-01", known="2026-07-10 10:01")
    assert "<dt>所知不同</dt><dd>仍为 B 一般失信：没有变化" in after
    first = page(client, subject, day="2026-03-05", known="2026-03-05")
    assert "未定级：没有变化" in first  # nobody knew, and what was entered since was revoked
    assert "那时还没有评定过" in first


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"day": "2026-11-24"}, "2026-11-24 还没有到，只能回看到今天"),
        ({"to": "2027-01-01"}, "2027-01-01 还没有到"),
        ({"day": "1999-12-31"}, "太早"),
        ({"day": "去年"}, "“去年”不是有效日期"),
        ({"known": "2026-11-24 00:01"}, "无法知道那时的记录"),
        ({"known": "昨天 9:00"}, "不是有效时间"),
        ({"known": "2026-11-20 25:00"}, "不是有效时间"),
    ],
)
def test_what_cannot_be_looked_back_at_is_said(
    client: Client, subject: Subject, asked: dict[str, str], message: str
) -> None:
    assert message in page(client, subject, status=400, **asked)  # type: ignore[arg-type]


def test_another_units_record_shows_no_more_than_the_file_does(
    client: Client, subject: Subject
) -> None:
    shown = page(client, subject, factories.officer(Role.RECORDER), day="2026-06-01")
    assert "舞公（湖滨）行罚决字〔2026〕0007号" in shown
    assert "湖滨派出所" in shown
    assert shown.count("保安从业单位违规提供服务") == 1  # of the own unit alone
    assert "检查时发现" not in shown


def test_a_look_back_is_a_look(client: Client, subject: Subject) -> None:
    page(client, subject, day="2026-04-01")
    row = AuditEntry.objects.get(action="subject.view")
    assert row.target_id == str(subject.pk)
    assert row.details == {"part": "replay", "day": "2026-04-01"}


def test_an_entry_that_was_merged_is_looked_back_at_by_itself(
    client: Client, subject: Subject
) -> None:
    with at("2026-08-01T10:00"):
        survivor = factories.subject()
        subject.merged_into = survivor
        subject.save()
    shown = page(client, subject, day="2026-04-01")
    assert "已并入另一档案" in shown
    assert "B 一般失信 → 未定级：0007号已撤销" in shown
    other = page(client, survivor, day="2026-06-01", to="2026-09-01")
    assert "因并档计入本档案" in other


def test_changes_of_grade_lead_to_their_day(client: Client, subject: Subject) -> None:
    client.force_login(factories.officer(Role.OFFICE))
    history = client.get(reverse("desk:subject-history", args=[subject.pk])).content.decode()
    links = re.findall(r'href="([^"]*/replay/\?[^"]*)"', history)
    assert len(links) == 3
    shown = client.get(links[0].replace("&amp;", "&")).content.decode()
    assert "与按当时记录重算的不同" not in shown


def test_few_queries_however_many_records(
    client: Client, subject: Subject, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for day in range(1, 13):
        factories.decision(subject, decided_on=date(2026, 9, day), acts=[["warning"], ["warning"]])
    client.force_login(factories.officer(Role.OFFICE))
    with at("2026-11-23T10:00"), django_assert_max_num_queries(48):
        client.get(reverse("desk:replay", args=[subject.pk]) + "?day=2026-06-01")
