"""Inspections on screen: plan, draw and file; a visit recorded and followed; what is refused."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.models import Officer
from accounts.roles import Role
from core.clock import today
from core.models import AuditEntry
from sanctions.inspection_file import repeat
from sanctions.inspection_models import Inspection, OfficerInterest
from sanctions.inspection_plan_models import InspectionPlan
from tests import factories
from tests.sanctions.inspection_cases import (
    WORD,
    frozen,
    graded,
    inspectors,
    planner,
    station,
    visit,
)
from violations.models import Factor

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def plan_post(**changes: Any) -> dict[str, Any]:
    values = {
        "name": "2026 年第四季度日常抽查",
        "kind": "routine",
        "unit_code": station().code,
        "starts_on": f"{today()}",
        "ends_on": f"{today() + 30 * DAY}",
        "do": "preview",
    }
    return {**values, **changes}


def result_post(**changes: Any) -> dict[str, Any]:
    values = {"version": "1", "outcome": "clean", "visited_on": f"{today()}", "found": ""}
    return {**values, **changes}


def enter(client: Client, officer: Officer) -> Client:
    client.force_login(officer)
    return client


def test_a_plan_is_looked_at_frozen_drawn_by_another_and_taken_away(client: Client) -> None:
    inspectors()
    graded("C", name="舞钢市样例金叶有限公司")
    graded("A", name="舞钢市样例青禾有限公司")
    mine, other = planner(), planner()
    browser = enter(client, mine)
    page = browser.post("/inspections/plans/new/", plan_post()).content.decode()
    assert "按此封存的名册" in page
    assert not InspectionPlan.objects.exists()
    bad = browser.post("/inspections/plans/new/", plan_post(name="", ends_on="下月"))
    assert bad.status_code == 400
    assert "“下月”不是有效日期" in bad.content.decode()
    browser.post("/inspections/plans/new/", plan_post(do="freeze"))
    plan = InspectionPlan.objects.get()
    page = browser.get(f"/inspections/plans/{plan.pk}/").content.decode()
    assert plan.commitment in page
    assert plan.secret not in page
    assert "制定人不能抽取" in page
    draw = {"draw-version": "1", "draw-word": WORD, "draw-word_source": "纪检监督员报数"}
    url = f"/inspections/plans/{plan.pk}/draw/"
    assert browser.post(url, draw).status_code == 403
    browser = enter(client, other)
    assert browser.post(url, {**draw, "draw-word": "1"}).status_code == 400
    page = browser.post(url, draw, follow=True).content.decode()
    assert "已抽取，检查任务已下达检查单位" in page
    assert plan.secret in page
    assert browser.post(url, draw).status_code == 409
    made = Inspection.objects.get()
    assert made.subject.name == "舞钢市样例金叶有限公司"
    file_url = f"/inspections/plans/{plan.pk}/file/"
    assert browser.post(file_url, {"purpose": ""}).status_code == 400
    answer = browser.post(file_url, {"purpose": "复算第四季度抽查"})
    assert repeat(answer.content.decode("utf-8-sig")).faults == []
    assert AuditEntry.objects.filter(action="inspection_plan.export").exists()
    assert AuditEntry.objects.filter(action="inspection_plan.refused").count() == 2


def test_cancelling_on_the_page(client: Client) -> None:
    inspectors()
    graded("")
    plan = frozen()
    browser, url = enter(client, planner()), f"/inspections/plans/{plan.pk}/cancel/"
    assert browser.post(url, {"cancel-version": "1", "cancel-reason": ""}).status_code == 400
    given = {"cancel-version": "1", "cancel-reason": "范围有误，重新制定"}
    assert "范围有误，重新制定" in browser.post(url, given, follow=True).content.decode()
    assert browser.post(url, given).status_code == 409


def test_a_blocked_visit_says_the_clause_and_a_named_complaint_opens_it(client: Client) -> None:
    inspectors()
    best = graded("A", name="舞钢市样例青禾有限公司")
    browser = enter(client, planner())
    page = browser.get(f"/inspections/new/?credit_code={best.credit_code}").content.decode()
    assert "免于日常巡查检查" in page
    given = {
        "credit_code": best.credit_code,
        "reason": "routine",
        "document": "",
        "unit_code": station().code,
        "due_on": f"{today() + 5 * DAY}",
    }
    refused = browser.post("/inspections/new/", given)
    assert refused.status_code == 400
    assert "4-A-2" in refused.content.decode()
    assert not Inspection.objects.exists()
    named = {**given, "reason": "complaint", "document": "举报受理 2026-118 号"}
    assert (
        "检查人员已随机抽取"
        in browser.post("/inspections/new/", named, follow=True).content.decode()
    )


def test_a_result_is_recorded_and_the_entry_form_opens_filled_in(client: Client) -> None:
    two = inspectors(2)
    one = visit(two=two)
    browser, url = enter(client, two[0]), f"/inspections/{one.pk}/"
    assert "登记检查结果" in browser.get(url).content.decode()
    bad = browser.post(f"{url}result/", result_post(outcome="order"))
    assert bad.status_code == 400
    assert "没有填写检查情况" in bad.content.decode()
    given = result_post(
        outcome="order", found="消防通道堆放杂物。", correct_by=f"{today() + 7 * DAY}"
    )
    page = browser.post(f"{url}result/", given, follow=True).content.decode()
    assert "不改变等级" in page
    assert f"/violations/orders/new/?inspection={one.pk}" in page
    assert Factor.objects.get().unit == station()
    form = browser.get(f"/violations/orders/new/?inspection={one.pk}").content.decode()
    assert one.subject.credit_code in form
    assert f"{today()} 监督检查发现：消防通道堆放杂物。" in form
    assert f'value="{today() + 7 * DAY}"' in form
    assert f"{two[0].name}、{two[1].name}" in form
    assert browser.post(f"{url}result/", given).status_code == 409
    stranger = factories.officer(Role.RECORDER, unit=factories.unit("WG-ZL", "朱兰派出所"))
    browser = enter(client, stranger)
    assert browser.get(f"/violations/orders/new/?inspection={one.pk}").status_code == 404
    assert browser.get(url).status_code == 404


def test_only_the_two_may_record_on_the_page(client: Client) -> None:
    one = visit()
    browser = enter(client, inspectors(1)[0])
    assert "由抽取的两名检查人员登记" in browser.get(f"/inspections/{one.pk}/").content.decode()
    assert browser.post(f"/inspections/{one.pk}/result/", result_post()).status_code == 403
    assert AuditEntry.objects.filter(action="inspection.refused").exists()


def test_the_office_draws_anew_excuses_and_takes_back(client: Client) -> None:
    three = inspectors(3)
    one = visit(two=three)
    browser, url = enter(client, planner()), f"/inspections/{one.pk}/"
    assert "重新抽取检查人员" in browser.get(url).content.decode()
    given = {
        "reassign-version": "1",
        "reassign-leaving": f"{three[0].pk}",
        "reassign-reason": "出差",
    }
    assert browser.post(f"{url}reassign/", {**given, "reassign-reason": ""}).status_code == 400
    assert "已重新抽取" in browser.post(f"{url}reassign/", given, follow=True).content.decode()
    one.refresh_from_db()
    assert set(one.inspector_ids) == {three[1].pk, three[2].pk}
    assert browser.post(f"{url}reassign/", given).status_code == 409
    three[1].is_active = False
    three[1].save()
    page = browser.get("/inspections/?state=reassign").content.decode()
    assert f"为{three[1].name}重新抽取" in page
    leaver = {"leaver": f"{three[1].pk}", "reason": "调离"}
    assert (
        "重新抽取检查人员"
        in browser.post("/inspections/leaver/", leaver, follow=True).content.decode()
    )
    assert browser.post(f"{url}nothing/").status_code == 404
    excuse = {"excuse-version": "3", "excuse-reason": "该单位已经注销"}
    assert "不再检查" in browser.post(f"{url}excuse/", excuse, follow=True).content.decode()
    done = visit(two=[three[0], three[2]])
    enter(client, three[0]).post(f"/inspections/{done.pk}/result/", result_post())
    back = {"reopen-version": "2", "reopen-reason": "登记到了另一家", "reopen-document": "笔录"}
    page = (
        enter(client, planner())
        .post(f"/inspections/{done.pk}/reopen/", back, follow=True)
        .content.decode()
    )
    assert "已撤回检查结果" in page


def test_interests_are_declared_and_ended_on_the_page(client: Client) -> None:
    mine, one = inspectors(1)[0], graded("", name="舞钢市样例云栖有限公司")
    browser = enter(client, mine)
    assert browser.post("/inspections/interests/", {}).status_code == 400
    given = {"credit_code": one.credit_code, "ground": "relative"}
    page = browser.post("/inspections/interests/", given, follow=True).content.decode()
    assert "舞钢市样例云栖有限公司" in page
    row = OfficerInterest.objects.get()
    browser = enter(client, inspectors(1)[0])
    assert "舞钢市样例云栖有限公司" not in browser.get("/inspections/interests/").content.decode()
    browser = enter(client, planner())
    unknown = {**given, "number": "nobody"}
    assert "没有这个警号" in browser.post("/inspections/interests/", unknown).content.decode()
    end = f"/inspections/interests/{row.pk}/end/"
    assert "没有填写解除理由" in browser.post(end, {}, follow=True).content.decode()
    assert "已解除" in browser.post(end, {"reason": "已离职"}, follow=True).content.decode()


def test_published_results_hold_neither_grades_nor_persons_nor_words(client: Client) -> None:
    two = inspectors(2)
    for grade in ("B", ""):
        one = visit(graded(grade), two)
        given = result_post(outcome="mended", found="暗号甲乙丙")
        enter(client, two[0]).post(f"/inspections/{one.pk}/result/", given)
    browser = enter(client, factories.officer(Role.ADMINISTRATOR))
    page = browser.get("/inspections/results/").content.decode()
    assert "发现问题，当场改正" in page
    assert "暗号甲乙丙" not in page
    assert two[0].name not in page
    assert 'class="grade' not in page


def test_lists_cost_the_same_for_many(client: Client, django_assert_max_num_queries: Any) -> None:
    two = inspectors(2)
    for number in range(60):
        visit(factories.subject(name=f"第{number}家"), two, grade="ABC"[number % 3])
    enter(client, two[0])
    for path in (
        "/inspections/",
        "/inspections/?state=reassign",
        "/inspections/results/",
        "/inspections/plans/",
        "/inspections/statistics/",
        "/inspections/interests/",
    ):
        with django_assert_max_num_queries(16):
            assert client.get(path).status_code == 200
    page = client.get("/inspections/?grade=A&mine=1&q=第").content.decode()
    assert 'aria-label="筛选' in page or "共" in page
    for odd in ("?state=odd&grade=odd&page=zz&plan=x&q=%00", "?plan=9999999999999999999"):
        assert client.get(f"/inspections/{odd}").status_code == 200
    figures = client.get("/inspections/statistics/").content.decode()
    assert "A 级计划 20 项，完成 0 项，发现问题 0 项" in figures
    assert client.get("/inspections/statistics/?year=99999").status_code == 200


def test_what_a_result_lacks_is_said_beside_a_day_that_cannot_be_read(client: Client) -> None:
    two = inspectors(2)
    one = visit(two=two)
    browser, url = enter(client, two[0]), f"/inspections/{one.pk}/result/"
    page = browser.post(url, result_post(outcome="order", visited_on="昨天")).content.decode()
    for said in ("“昨天”不是有效日期", "没有填写检查情况", "没有填写改正期限"):
        assert said in page
    page = browser.post(url, result_post(outcome="", visited_on="")).content.decode()
    assert "没有填写检查日期" in page
    assert "须责令改正的还须填写改正期限" in page
    assert "有 2 处需要更正" in page


def test_the_draw_stands_before_the_roster_on_a_phone(client: Client) -> None:
    inspectors()
    graded("C", name="舞钢市样例金叶有限公司")
    plan = frozen()
    page = enter(client, planner()).get(f"/inspections/plans/{plan.pk}/").content.decode()
    assert '<div class="g g-main2 m-lift">' in page
    assert '<section class="card m-later" aria-labelledby="t-pool">' in page


def test_the_pool_is_looked_at_by_name_before_it_is_frozen(client: Client) -> None:
    inspectors()
    graded("C", name="舞钢市样例金叶有限公司")
    page = enter(client, planner()).post("/inspections/plans/new/", plan_post()).content.decode()
    assert "舞钢市样例金叶有限公司" in page
