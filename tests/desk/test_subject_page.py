"""The credit file: conclusion, clauses, what comes next, records, and who sees how much of them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import Officer
from accounts.roles import Role
from core.models import AuditEntry
from grading.models import Cause, RegradeRequest
from grading.services import regrade
from subjects.models import Subject
from tests import factories
from violations.enums import DecisionKind, DecisionState, ListKind
from violations.models import Factor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_on_the_day")]
SECRET_FACTS = "前台未登记三名旅客"


@pytest.fixture
def _on_the_day():  # type: ignore[no-untyped-def]
    with time_machine.travel(datetime(2026, 11, 23, 2, 0, tzinfo=UTC), tick=False):
        yield


def settled(subject: Subject) -> None:
    """Grade the subject, as the worker would have done after the facts were saved."""
    regrade([subject.pk])


def page_for(client: Client, officer: Officer, subject: Subject, query: str = "") -> str:
    client.force_login(officer)
    answer = client.get(reverse("desk:subject", args=[subject.pk]) + query)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def hotel() -> Subject:
    """Two penalties and one warning in force, one order that has lapsed."""
    subject = factories.subject(name="舞钢市样例云栖宾馆有限公司")
    own = factories.unit("WG-ZA", "治安管理大队")
    factories.decision(
        subject,
        own,
        date(2026, 8, 14),
        acts=[[("fine", 300_000)], ["warning"]],
        number="舞公（治）行罚决字〔2026〕0203号",
    )
    factories.decision(
        subject,
        factories.unit("WG-WA", "网络安全保卫大队"),
        date(2026, 3, 5),
        acts=[[("fine", 20_000), "warning"]],
        number="舞公（网安）行罚决字〔2026〕0012号",
    )
    factories.decision(
        subject,
        own,
        date(2025, 9, 10),
        kind=DecisionKind.ORDER,
        number="舞公（湖滨）责改〔2025〕0031号",
    )
    settled(subject)
    return subject


def test_the_conclusion_comes_first_and_every_clause_shows_its_count(client: Client) -> None:
    page = page_for(client, factories.officer(Role.OFFICE), hotel())
    assert "为什么是 B 级" in page
    assert "一年内有 2 件行政处罚、1 次警告、责令改正，罚没款 320,000 元，均未达到上限" in page
    for place in ("三（一）A 级", "三（二）B 级 条件 1", "三（二）B 级 条件 3", "三（三）C 级"):
        assert place in page
    assert "2 件，上限 3 件（不含）" in page
    assert "320,000 元，上限 500,000 元" in page
    assert page.count("符合</span>") == 4  # 3-B-1 and 3-B-2 符合, 3-A and 3-C 不符合


def test_what_happens_next_has_its_days(client: Client) -> None:
    page = page_for(client, factories.officer(Role.OFFICE), hotel())
    card = page[page.index("接下来会发生什么") : page.index("管理措施")]
    assert re.findall(r"<time>([\d-]+)</time>", card) == ["2027-03-06", "2027-08-15"]
    assert "处罚 2 → 1 件" in card
    assert "预计转为 未定级" in card
    assert "2027-03-06 之前再有 1 件行政处罚" in card
    assert "0203号其1" in card


def test_records_show_the_heaviest_disposition_first_and_until_when_they_count(
    client: Client,
) -> None:
    page = page_for(client, factories.officer(Role.OFFICE), hotel())
    assert re.search(r"罚款 20,000 元 ?<div class=\"sub\">并处警告", page)
    assert "已移出一年窗口" in page
    assert page.index("2027-08-14") < page.rindex("2026-09-10")


def test_a_revoked_record_stays_greyed_with_its_reason(client: Client) -> None:
    subject = factories.subject()
    decision = factories.decision(subject, decided_on=date(2026, 8, 1))
    act = decision.violations.get()
    act.revoked_on, act.revoked_reason = date(2026, 9, 1), "异议成立"
    act.save()
    settled(subject)
    page = page_for(client, factories.officer(Role.OFFICE), subject)
    assert '<tr id="v' in page
    assert 'class="off"' in page
    assert "已撤销" in page
    assert "为什么未定级" in page


def test_an_unserved_decision_says_so(client: Client) -> None:
    subject = factories.subject()
    factories.decision(subject, decided_on=date(2026, 11, 1), served_on=None)
    settled(subject)
    page = page_for(client, factories.officer(Role.OFFICE), subject)
    assert "未送达" in page
    assert "决定送达当事人之前，不据以采取措施" in page


def test_a_crossed_limit_keeps_b_and_never_says_c(client: Client) -> None:
    subject = factories.subject()
    for month in (9, 10, 11):
        factories.decision(subject, decided_on=date(2026, month, 1))
    settled(subject)
    page = page_for(client, factories.officer(Role.OFFICE), subject)
    assert "为什么是 B 级" in page
    assert "达到上限，待复核" in page
    assert "系统不自动定为 C 级" in page


def test_lists_and_factors_are_shown(client: Client) -> None:
    subject = factories.subject()
    factories.list_entry(subject, ListKind.BLACK, date(2026, 11, 1), document="舞公信〔2026〕31号")
    Factor.objects.create(
        subject=subject,
        kind="national",
        scheme="国家公共信用综合评价",
        value="良",
        source="市平台推送",
        in_force_from=date(2026, 10, 1),
        recorded_by=factories.officer(Role.OFFICE),
    )
    settled(subject)
    page = page_for(client, factories.officer(Role.OFFICE), subject)
    assert "为什么是 C 级" in page
    assert "舞公信〔2026〕31号" in page
    assert "惩戒措施" in page
    assert "4-C-5" in page
    assert "良" in page


def test_a_red_list_that_yields_to_records_says_so(client: Client) -> None:
    subject = factories.subject()
    factories.list_entry(subject, ListKind.RED, date(2026, 11, 1))
    factories.decision(subject, decided_on=date(2026, 11, 10))
    settled(subject)
    page = page_for(client, factories.officer(Role.OFFICE), subject)
    assert "名单冲突，待核对" in page
    assert "从低评定" in page


def test_a_proposed_entry_is_no_fact_yet(client: Client) -> None:
    subject = factories.subject()
    factories.list_entry(subject, ListKind.BLACK, state="proposed", document="舞公信〔2026〕99号")
    page = page_for(client, factories.officer(Role.OFFICE), subject)
    assert "舞公信〔2026〕99号" not in page
    assert "未列入红名单、黑名单" in page


# --- who sees how much --------------------------------------------------------------------------


def secretive(unit_code: str) -> Subject:
    subject = factories.subject()
    decision = factories.decision(
        subject,
        factories.unit(unit_code),
        date(2026, 8, 14),
        acts=[],
        number="舞公（治）行罚决字〔2026〕0203号",
    )
    factories.act(
        decision, [("fine", 300_000)], type="未按规定查验住宿人员身份", facts=SECRET_FACTS
    )
    settled(subject)
    return subject


@pytest.mark.parametrize("role", [Role.RECORDER, Role.UNIT_REVIEWER, Role.ADMINISTRATOR])
def test_of_another_units_record_no_facts_in_words_are_shown(client: Client, role: Role) -> None:
    page = page_for(client, factories.officer(role), secretive("WG-HB"))
    assert "未按规定查验住宿人员身份" not in page
    assert SECRET_FACTS not in page
    for seen in (
        "舞公（治）行罚决字〔2026〕0203号",
        "2026-08-14",
        "行政处罚",
        "300,000",
        "处罚 1 件",
    ):
        assert seen in page


@pytest.mark.parametrize("role", [Role.RECORDER, Role.OFFICE, Role.APPROVER, Role.AUDITOR])
def test_the_own_unit_and_who_may_see_all_read_it_in_full(client: Client, role: Role) -> None:
    page = page_for(client, factories.officer(role), secretive("WG-ZA"))
    assert "未按规定查验住宿人员身份" in page


def test_what_another_unit_has_not_confirmed_is_not_there(client: Client) -> None:
    subject = factories.subject()
    there = factories.unit("WG-HB")
    waits = factories.decision(subject, there, state=DecisionState.SUBMITTED)
    assert waits.number not in page_for(client, factories.officer(Role.RECORDER), subject)
    own = page_for(client, factories.officer(Role.RECORDER, unit=there), subject)
    assert waits.number in own
    assert "待审核，未计入" in own


@pytest.mark.parametrize("view", ["desk:subject", "desk:subject-history", "desk:subject-status"])
def test_the_tip_handler_sees_no_file(client: Client, view: str) -> None:
    subject = factories.subject()
    client.force_login(factories.officer(Role.TIP_HANDLER))
    assert client.get(reverse(view, args=[subject.pk])).status_code == 403


def test_an_unknown_file_is_not_found(client: Client) -> None:
    client.force_login(factories.officer(Role.OFFICE))
    assert client.get(reverse("desk:subject", args=[999_999])).status_code == 404


def test_a_file_is_only_read(client: Client) -> None:
    subject = factories.subject()
    client.force_login(factories.officer(Role.OFFICE))
    assert client.post(reverse("desk:subject", args=[subject.pk])).status_code == 405


def test_every_look_up_is_in_the_audit_trail(client: Client) -> None:
    officer, subject = factories.officer(Role.RECORDER), factories.subject()
    page_for(client, officer, subject)
    row = AuditEntry.objects.get(action="subject.view")
    assert (row.actor, row.unit, row.target_id) == (
        officer.number,
        officer.unit.code,
        str(subject.pk),
    )


def test_a_merged_entry_leads_to_the_surviving_one_with_all_records(client: Client) -> None:
    survivor = factories.subject()
    merged = factories.subject(merged_into=survivor)
    decision = factories.decision(merged, decided_on=date(2026, 11, 1))
    settled(survivor)
    client.force_login(factories.officer(Role.OFFICE))
    answer = client.get(reverse("desk:subject", args=[merged.pk]), follow=True)
    assert answer.redirect_chain == [(reverse("desk:subject", args=[survivor.pk]), 302)]
    page = answer.content.decode()
    assert "已并入本档案" in page
    assert decision.number in page
    assert "为什么是 B 级" in page


# --- while it is being graded again -------------------------------------------------------------


def test_an_open_request_is_shown_and_asked_about_until_it_is_done(client: Client) -> None:
    subject = factories.subject()
    request = RegradeRequest.objects.create(subject=subject, cause=Cause.DECISION)
    officer = factories.officer(Role.OFFICE)
    page = page_for(client, officer, subject)
    assert "正在重新评定" in page
    status = reverse("desk:subject-status", args=[subject.pk])
    assert f'hx-get="{status}"' in page
    assert "data-background" in page

    assert "正在重新评定" in client.get(status, headers={"X-Background": "1"}).content.decode()
    request.done_at = request.requested_at
    request.save()
    answer = client.get(status, headers={"X-Background": "1"})
    assert answer.headers["HX-Refresh"] == "true"
    assert "正在重新评定" not in page_for(client, officer, subject)


# --- the page as such ---------------------------------------------------------------------------


def test_no_inline_style_or_script(client: Client) -> None:
    page = page_for(client, factories.officer(Role.OFFICE), hotel())
    assert " style=" not in page
    assert not re.search(r"<script(?![^>]* src=)", page)
    assert not re.search(r" on[a-z]+=\"", page)


def test_the_number_of_queries_does_not_grow_with_the_records(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    subject = factories.subject()
    for day in range(1, 21):
        made = factories.decision(
            subject, decided_on=date(2026, 10, day), acts=[["warning"], [("fine", 100)]]
        )
        factories.contest(made, date(2026, 11, 1), date(2026, 11, 2))
    settled(subject)
    client.force_login(factories.officer(Role.OFFICE))
    with django_assert_max_num_queries(60):
        client.get(reverse("desk:subject", args=[subject.pk]))


def test_many_records_are_paged(client: Client) -> None:
    subject = factories.subject()
    made = factories.decision(subject, decided_on=date(2026, 10, 1), acts=[["warning"]] * 60)
    settled(subject)
    officer = factories.officer(Role.OFFICE)
    assert page_for(client, officer, subject).count('<tr id="v') == 50
    second = page_for(client, officer, subject, "?page=2")
    assert second.count('<tr id="v') == 10
    assert f"{made.number}" in second


@pytest.mark.parametrize("part", ["", "history/"])
def test_no_look_at_a_file_reads_the_records_of_everybody(client: Client, part: str) -> None:
    """Its own or merged into it: across a join such a condition would, among a million."""
    subject = factories.decision().subject
    merged = factories.decision().subject
    merged.merged_into = subject
    merged.save()
    client.force_login(factories.officer(Role.OFFICE))
    with CaptureQueriesContext(connection) as seen:
        html = client.get(f"/subjects/{subject.pk}/{part}").content.decode()
    assert merged.decisions.get().number in html
    across = 'OR "subjects_subject"."merged_into_id"'
    assert not [one["sql"] for one in seen if across in one["sql"]]
