"""The pages about measures: catalogue, one organisation, handling, and better grades."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.test import Client

from accounts.models import Officer
from accounts.roles import Role
from core.models import AuditEntry
from core.settings_table import integer
from grading.models import Cause
from grading.services import regrade
from sanctions import measure_wake
from sanctions.measure_enums import Because
from sanctions.measure_improvements import units_to_tell
from sanctions.measure_selectors import in_force
from sanctions.measure_sync import Settled, settle
from sanctions.measure_tasks import better_grades, ended_clauses
from sanctions.models import Handling, Improvement, Measure, SubjectMeasure
from subjects.models import Subject
from tests import factories
from tests.sanctions.measure_cases import improved, of_grade
from violations import services

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 23)
REASON = "局长办公会决定停止这一做法。"


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    with time_machine.travel("2026-11-23 10:00+08:00", tick=False):
        yield


@pytest.fixture
def officer() -> Officer:
    unit = factories.unit("WG-OFFICE", "局办公室", is_office=True)
    return factories.officer(Role.OFFICE, unit=unit, name="赵六")


@pytest.fixture
def office(client: Client, officer: Officer) -> Client:
    client.force_login(officer)
    return client


def change(measure: Measure, **values: str) -> dict[str, str]:
    return {
        "guidance": measure.guidance,
        "legal_basis": measure.legal_basis,
        "valid_from": str(measure.valid_from),
        "valid_until": "",
        "reason": REASON,
        "version": str(measure.version),
        **values,
    }


def test_the_catalogue_has_every_clause_of_chapter_four(office: Client) -> None:
    text = office.get("/measures/").content.decode()
    for measure in Measure.objects.all():
        assert measure.clause in text
    assert Measure.objects.count() == 15
    assert text.count("未列明，不适用") == 2


def test_a_clause_that_ends_stops_at_once_and_opens_a_task(
    office: Client, officer: Officer, django_capture_on_commit_callbacks: Any
) -> None:
    subject, measure = of_grade("B"), Measure.objects.get(clause="4-B-1")
    with django_capture_on_commit_callbacks(execute=True):
        office.post(f"/measures/{measure.pk}/change/", change(measure, valid_until="2026-11-22"))
    held = in_force([subject.pk], DAY)[subject.pk]
    assert [row.measure.clause for row in held] == ["4-B-2"]
    measure_wake.settle_all(Because.CATALOGUE)
    row = SubjectMeasure.objects.filter(measure=measure).first()
    assert row is not None
    assert row.ended_because == Because.CATALOGUE
    assert [task.kind for task in ended_clauses(officer, DAY)] == ["measure.ended"]
    page = office.get(f"/measures/{measure.pk}/").content.decode()
    assert subject.name in page
    assert "终止时所涉监管对象" in page
    measure.refresh_from_db()
    office.post(f"/measures/{measure.pk}/checked/", {"version": str(measure.version)})
    assert list(ended_clauses(officer, DAY)) == []


def test_a_basis_that_is_entered_begins_the_clause(
    office: Client, django_capture_on_commit_callbacks: Any
) -> None:
    subject, measure = of_grade("B"), Measure.objects.get(clause="4-B-3")
    post = change(measure, legal_basis="保安服务管理条例第三十八条")
    assert office.post(f"/measures/{measure.pk}/change/", post).status_code == 302
    measure_wake.settle_all(Because.CATALOGUE)
    assert [row.measure.clause for row in in_force([subject.pk], DAY)[subject.pk]] == [
        "4-B-1",
        "4-B-2",
        "4-B-3",
    ]


def test_the_second_of_two_who_change_a_clause_is_told(office: Client) -> None:
    measure = Measure.objects.get(clause="4-A-5")
    office.post(f"/measures/{measure.pk}/change/", change(measure, guidance="写明依据后适用。"))
    late = office.post(f"/measures/{measure.pk}/change/", change(measure))
    assert late.status_code == 409
    assert "已有他人修改" in late.content.decode()


@pytest.mark.parametrize("field", ["version", "valid_from", "valid_until", "legal_basis", "reason"])
def test_odd_input_is_no_server_error(office: Client, field: str) -> None:
    measure = Measure.objects.get(clause="4-A-5")
    for value in ("", "x", "-1", "9" * 30, "\x00"):
        answer = office.post(f"/measures/{measure.pk}/change/", change(measure, **{field: value}))
        assert answer.status_code in (200, 302, 409)


def test_the_file_shows_measures_and_what_was_done_under_them(office: Client) -> None:
    subject = of_grade("B")
    post = {
        "kind": "guidance",
        "done_on": "2026-11-23",
        "matter": "上门宣讲保安服务管理条例",
        "reason": "逐条讲解备案要求，现场答疑。",
    }
    office.post(f"/subjects/{subject.pk}/measures/new/", post)
    for path in (f"/subjects/{subject.pk}/", f"/subjects/{subject.pk}/measures/"):
        text = office.get(path).content.decode()
        assert "4-B-1" in text
        assert "上门宣讲保安服务管理条例" in text
    assert Handling.objects.get().measure.clause == "4-B-2"
    assert AuditEntry.objects.filter(action="handling.record").count() == 1


def test_a_restriction_warns_and_the_officer_decides_with_a_reason(office: Client) -> None:
    subject = of_grade("C")
    path = f"/subjects/{subject.pk}/measures/new/"
    post = {
        "kind": "decision",
        "done_on": "2026-11-23",
        "matter": "旅馆业特种行业许可 受理号 2026-18",
        "clause": "4-C-5",
        "outcome": "",
        "reason": "短",
    }
    text = office.post(path, post).content.decode()
    assert "措施只作提示，请选择您的决定" in text
    assert "内容或理由至少 10 字" in text
    office.post(path, {**post, "outcome": "granted", "reason": "经实地核查，符合法定许可条件。"})
    made = Handling.objects.get()
    assert (made.outcome, made.measure.clause) == ("granted", "4-C-5")


def test_what_is_not_held_cannot_be_handled(office: Client) -> None:
    subject = of_grade("B")
    post = {
        "kind": "commendation",
        "done_on": "2026-11-23",
        "matter": "表彰",
        "reason": "符合年度表彰的全部条件。",
    }
    text = office.post(f"/subjects/{subject.pk}/measures/new/", post).content.decode()
    assert "没有适用条款 4-A-1 的措施" in text
    post |= {"kind": "guidance", "reason": "身份证号 110101199003074610 的人到场。"}
    assert (
        "身份证号码" in office.post(f"/subjects/{subject.pk}/measures/new/", post).content.decode()
    )
    assert not Handling.objects.exists()


def test_a_better_grade_is_told_step_by_step_and_escalates(
    office: Client, officer: Officer
) -> None:
    unit = factories.unit("WG-YH", "垭口派出所")
    better = improved(unit_in_charge=unit)
    local = factories.officer(Role.RECORDER, unit=unit)
    assert [task.unit_id for task in better_grades(local, DAY)] == [unit.pk]
    assert list(better_grades(officer, DAY)) == []
    assert integer("improvement_working_days") == 3
    late = date(2026, 11, 27)  # the fourth working day
    assert list(better_grades(officer, date(2026, 11, 26))) == []
    assert [task.late_because for task in better_grades(officer, late)] == [
        "垭口派出所未在期限内核对"
    ]
    page = f"/measures/better/{better.pk}/"
    assert "由系统核对" in office.get(page).content.decode()
    step = {"told": "垭口派出所", "way": "内网通知", "done_on": "2026-11-23"}
    for kind in ("party", "units", "departments"):
        better.refresh_from_db()
        assert better.closed_on is None
        assert office.post(f"{page}{kind}/", step).status_code == 302
    better.refresh_from_db()
    assert better.closed_on == DAY
    assert list(better_grades(officer, late)) == []
    assert better.subject.name in office.get("/measures/better/?done=1").content.decode()


def test_another_unit_has_no_such_checklist(client: Client) -> None:
    better = improved(unit_in_charge=factories.unit("WG-YH", "垭口派出所"))
    client.force_login(factories.officer(Role.RECORDER))
    assert client.get(f"/measures/better/{better.pk}/").status_code == 404


def test_the_nightly_check_makes_mends_and_then_finds_nothing() -> None:
    subject = of_grade("B")
    SubjectMeasure.objects.filter(subject=subject, sight="internal").update(state="suspended")
    assert measure_wake.verify(repair=False).ended == 2
    assert measure_wake.verify(repair=True).begun == 2
    assert measure_wake.verify(repair=True) == Settled(0, 0)
    SubjectMeasure.objects.all().delete()  # a register that was graded before there were measures
    assert measure_wake.verify(repair=True).begun == 4
    assert set(SubjectMeasure.objects.values_list("because", flat=True)) == {"filled"}


@pytest.mark.parametrize("path", ["/measures/", "/measures/better/"])
def test_the_lists_cost_the_same_for_many(
    office: Client, path: str, django_assert_max_num_queries: Any
) -> None:
    for _ in range(6):
        improved()
        of_grade("B")
    with django_assert_max_num_queries(16):
        office.get(path)


def past_rows(client: Client, subject: Subject) -> list[str]:
    """Each row of the measures that are over, as words."""
    html = client.get(f"/subjects/{subject.pk}/measures/").content.decode()
    card = html[html.index('id="t-past"') :]
    rows = re.findall(r"<tr class=\"off\">.*?</tr>", card, re.DOTALL)
    return [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row)) for row in rows]


def test_what_was_lifted_is_said_once_with_its_day_and_its_cause(
    office: Client, officer: Officer
) -> None:
    subject = factories.subject()
    factories.decision(subject)
    regrade([subject.pk], cause=Cause.DECISION)
    decision = subject.decisions.get()
    services.withdraw_in_force(
        officer=officer,
        decision_id=decision.pk,
        version=decision.version,
        on=DAY,
        reason="判决认定事实不清，撤销该处罚决定。",
        document="（2026）豫0481行初7号",
        basis="court:舞钢市人民法院",
    )
    regrade([subject.pk])
    assert SubjectMeasure.objects.filter(subject=subject, ended_on=DAY).count() == 4
    rows = past_rows(office, subject)
    assert len(rows) == 2
    for row in rows:
        assert "已解除 2026-11-23" in row
        assert "处理决定 → 撤销" in row
        assert "适用中" not in row
        assert "等级变动" not in row


def test_sights_that_differ_stay_two_rows(office: Client) -> None:
    subject = of_grade("B")
    rows = SubjectMeasure.objects.filter(subject=subject)
    rows.update(ended_on=DAY, ended_because=Because.CATALOGUE)
    rows.filter(sight="disclosable").update(ended_on=date(2026, 11, 24))
    shown = past_rows(office, subject)
    assert len(shown) == 4
    assert sum("只在局内" in row for row in shown) == 2
    assert sum("可公开" in row for row in shown) == 2
    assert all("措施目录变动" in row for row in shown)


def test_what_waited_and_began_with_the_service_was_not_lifted(office: Client) -> None:
    subject = factories.subject()
    decision = factories.decision(subject, served_on=None)
    regrade([subject.pk], cause=Cause.DECISION)
    decision.served_on = DAY
    decision.save()
    with transaction.atomic():
        settle([subject.pk], Because.SERVED)
    rows = past_rows(office, subject)
    assert len(rows) == 2
    for row in rows:
        assert "待送达，后转为适用中 2026-11-23" in row
        assert "已解除" not in row
        assert "处理决定 → 送达" in row


def test_what_never_applied_says_so(office: Client) -> None:
    subject = factories.subject()
    decision = factories.decision(subject, served_on=None)
    regrade([subject.pk], cause=Cause.DECISION)
    act = decision.violations.get()
    act.revoked_on = DAY
    act.save()
    regrade([subject.pk], cause=Cause.REVOCATION)
    assert all("未适用即解除 2026-11-23" in row for row in past_rows(office, subject))


def test_the_unit_of_an_annulled_decision_is_told_of_the_better_grade(office: Client) -> None:
    there = factories.unit("WG-YH", "垭口派出所")
    draft = factories.unit("WG-HB", "湖滨派出所")
    subject = factories.subject()
    decision = factories.decision(subject, there)
    given_up = factories.decision(subject, draft, state="withdrawn", confirmed_by=None)
    given_up.confirmed_by = None
    given_up.save()
    regrade([subject.pk])
    act = decision.violations.get()
    act.revoked_on, decision.state = DAY, "withdrawn"
    act.save()
    decision.save()
    regrade([subject.pk], cause=Cause.REVOCATION)
    better = Improvement.objects.get(subject=subject)
    assert units_to_tell(better) == [there]
    text = office.get(f"/measures/better/{better.pk}/").content.decode()
    assert "作出过决定的单位：垭口派出所" in text
