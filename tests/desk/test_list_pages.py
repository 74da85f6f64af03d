"""The pages of the red and the black list: who sees what, each step as a form, refusals shown."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Officer
from accounts.roles import Role
from core.models import AuditEntry
from grading.models import RegradeRequest
from tests import factories
from tests.violations.list_cases import FIRST_AFTER, LAST_OF_FIVE, SERVED, Case, on, published
from violations.enums import ListKind, ListState
from violations.models import ListCondition, ListEntry, ListObjection

pytestmark = pytest.mark.django_db


def signed_in(officer: Officer) -> Client:
    client = Client()
    client.force_login(officer)
    return client


def page(case: Case, officer: Officer | None = None) -> Any:
    return signed_in(officer or case.office).get(reverse("desk:list-entry", args=[case.entry.pk]))


def take(case: Case, step: str, officer: Officer, **data: str) -> Any:
    name = "desk:list-verdict" if step in VERDICTS else "desk:list-act"
    url = reverse(name, kwargs={"pk": case.entry.pk, "step": step})
    return signed_in(officer).post(url, {"version": str(case.read().version), **data})


VERDICTS = {"approve", "return", "agree-closing", "refuse-closing"}


def test_the_whole_way_of_a_black_list_entry_in_the_browser() -> None:
    case = Case()
    with on(SERVED):
        shown = page(case).content.decode()
        assert "待 <b>局办公室</b> 送达告知书并登记送达日期" in shown
        notice = {"on": "2026-09-28", "document": "舞公信告〔2026〕1号"}
        assert take(case, "notify", case.office, **notice).status_code == 302
        shown = page(case).content.decode()
        assert "2026-10-10" in shown
        assert "10-01 至 10-07 国庆节放假，10-10 上班" in shown
        heard = {"hearing": "rejected", "on": "2026-09-28", "statement": "无", "reason": "查证"}
        assert take(case, "hear", case.office, **heard).status_code == 302
        early = take(case, "approve", case.approver, document="舞公信〔2026〕1号")
        assert early.status_code == 409
        assert "告知期未满：2026-10-10 期满" in early.content.decode()
        assert case.read().state == ListState.PROPOSED
        assert AuditEntry.objects.filter(action="list_entry.refused").exists()
    with on(FIRST_AFTER):
        ready = page(case, case.approver).content.decode()
        assert "审批列入" in ready
        assert "对等级的影响（预览）" in ready
        done = {"document": "舞公信〔2026〕1号", "listed_on": "2026-10-12"}
        assert take(case, "approve", case.approver, **done).status_code == 302
    assert case.read().state == ListState.PUBLISHED
    assert RegradeRequest.objects.filter(subject=case.subject, source__contains="批准").exists()


@pytest.mark.parametrize("day", [SERVED, LAST_OF_FIVE])
def test_too_early_the_page_offers_no_approval_and_says_until_when(day: date) -> None:
    case = Case().notify().hear(day=SERVED)
    with on(day):
        shown = page(case, case.approver).content.decode()
    assert "暂不能办理：告知期未满：2026-10-10 期满" in shown
    assert "批准列入</button>" not in shown


def test_what_was_typed_stays_after_an_error() -> None:
    case = Case().notify()
    with on(FIRST_AFTER):
        answer = take(case, "hear", case.office, hearing="rejected", statement="我方已整改完毕")
    shown = answer.content.decode()
    assert answer.status_code == 400
    assert "我方已整改完毕" in shown
    assert "没有填写采纳与否的理由" in shown


def test_the_proposer_with_both_roles_is_refused_on_the_page() -> None:
    both = factories.officer(Role.OFFICE, Role.APPROVER)
    case = Case().notify().hear()
    case.office = both
    case.hear()
    with on(FIRST_AFTER):
        answer = take(case, "approve", both, document="舞公信〔2026〕1号")
    assert answer.status_code == 403
    assert "不能审批" in answer.content.decode()
    assert case.read().state == ListState.PROPOSED


def test_a_stale_page_is_told_so_and_nothing_happens() -> None:
    case = Case().notify().hear()
    version = case.read().version
    case.hear("partly")
    with on(FIRST_AFTER):
        answer = take(case, "approve", case.approver, document="某号", version=str(version))
    assert answer.status_code == 409
    assert "已办理过此条目" in answer.content.decode()


@pytest.mark.parametrize("role", [Role.RECORDER, Role.UNIT_REVIEWER])
def test_a_unit_s_officer_sees_what_is_published_and_no_proposal(role: str) -> None:
    officer = factories.officer(role)
    case, listed = Case(), published()
    assert page(case, officer).status_code == 404
    shown = page(listed, officer).content.decode()
    assert listed.entry.published_document in shown
    assert "样例证据" not in shown
    assert "已履行" not in shown  # the party's statement
    index = signed_in(officer).get(reverse("desk:lists")).content.decode()
    assert listed.subject.name in index
    assert case.subject.name not in index
    assert "拟列入" not in index


def test_removal_by_two_in_the_browser() -> None:
    case = published()
    with on(date(2026, 11, 20)):
        closing = {"closing": "removal", "on": "2026-11-20", "reason": "已履行", "document": "1号"}
        assert take(case, "close", case.office, **closing).status_code == 302
        shown = page(case, case.approver).content.decode()
        assert "审批移出" in shown
        assert take(case, "agree-closing", case.office).status_code == 403
        assert take(case, "agree-closing", case.approver).status_code == 302
    assert case.read().removed_on == date(2026, 11, 20)


def test_an_objection_is_recorded_and_settled_on_the_page() -> None:
    case = Case("red").notify()
    with on(date(2026, 9, 29)):
        take(case, "object", case.office, received_on="2026-09-29", content="有未结处罚")
        objection = ListObjection.objects.get()
        settled = {"objection_id": str(objection.pk), "settlement": "dismissed"}
        assert take(case, "settle", case.office, **settled).status_code == 400
        settled["settled_reason"] = "处罚已于 2025 年执行完毕"
        assert take(case, "settle", case.office, **settled).status_code == 302
        missing = {**settled, "objection_id": "999999"}
        assert take(case, "settle", case.office, **missing).status_code == 404
    objection.refresh_from_db()
    assert objection.settlement == "dismissed"


@pytest.mark.parametrize("step", ["approve", "edit", "nonsense"])
def test_a_step_of_somebody_else_or_none_does_not_exist(step: str) -> None:
    case = Case()
    url = reverse("desk:list-act", kwargs={"pk": case.entry.pk, "step": step})
    assert signed_in(case.office).post(url).status_code == 404


def typed(case: Case, **changes: str) -> dict[str, str]:
    given = {
        "do": "propose",
        "credit_code": case.subject.credit_code,
        "condition": str(case.condition.pk),
        "reason": "拒不履行处罚决定",
        "evidence": "催告书 2 份",
        "document": "舞公信拟〔2026〕9号",
        "listed_on": "2026-10-20",
        "expires_on": "2027-10-19",
    }
    return {**given, **changes}


def test_a_proposal_is_previewed_then_made() -> None:
    case = Case()
    url = reverse("desk:list-new") + "?list=black"
    with on(SERVED):
        client = signed_in(case.office)
        seen = client.post(url, typed(case, do="preview"))
        assert seen.status_code == 200
        assert "严重失信" in seen.content.decode()
        assert ListEntry.objects.count() == 1
        assert client.post(url, typed(case)).status_code == 302
    entry = ListEntry.objects.latest("pk")
    assert (entry.list, entry.state, entry.condition) == ("black", "proposed", case.condition)
    assert entry.legal_basis == case.condition.legal_basis


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"condition": ""}, "没有选择列入条件"),
        ({"condition": "999999"}, "不在有效的条件之内"),
        ({"reason": ""}, "没有填写事由"),
        ({"evidence": ""}, "没有填写证据材料"),
        ({"listed_on": "明天"}, "不是有效日期"),
        ({"credit_code": "110101199003070011"}, "身份证"),
    ],
)
def test_a_proposal_that_lacks_something_is_refused(changes: dict[str, str], said: str) -> None:
    case = Case()
    with on(SERVED):
        answer = signed_in(case.office).post(
            reverse("desk:list-new") + "?list=black", typed(case, **changes)
        )
    assert answer.status_code == 400
    assert said in answer.content.decode()
    assert ListEntry.objects.count() == 1


def test_an_edit_asks_for_the_notice_again() -> None:
    case = Case().notify()
    url = reverse("desk:list-edit", args=[case.entry.pk])
    with on(SERVED):
        client = signed_in(case.office)
        assert "须重新办理" in client.get(url).content.decode()
        answer = client.post(url, typed(case, version=str(case.read().version), reason="另一事由"))
        assert answer.status_code == 302
        late = client.post(url, typed(case, version="1", reason="又一事由"))
    assert late.status_code == 409
    assert (case.read().reason, case.entry.notified_on) == ("另一事由", None)


def test_a_renewal_begins_where_the_first_ends() -> None:
    case = published("red")
    with on(date(2027, 9, 1)):
        url = reverse("desk:list-new") + f"?list=red&renews={case.entry.pk}"
        shown = signed_in(case.office).get(url).content.decode()
    assert 'value="2027-10-12"' in shown
    assert case.subject.credit_code in shown


def test_filters_counts_and_terms_that_end_soon() -> None:
    unit = factories.unit("WG-ZA", "治安管理大队")
    with on(date(2026, 11, 20)):
        soon = factories.list_entry(
            factories.subject(unit_in_charge=unit, industry="hotel"),
            ListKind.RED,
            date(2026, 1, 10),
            date(2026, 12, 20),
        )
        later = factories.list_entry(list=ListKind.BLACK, listed_on=date(2026, 1, 10))
        client = signed_in(factories.officer(Role.OFFICE))
        for query, there in (
            ("?state=soon", {soon}),
            ("?list=black", {later}),
            ("?unit=WG-ZA", {soon}),
            ("?industry=hotel", {soon}),
            ("?state=in_force", {soon, later}),
            ("?state=proposed", set()),
            ("?state=nonsense&list=grey&before=x", {soon, later}),
        ):
            shown = client.get(reverse("desk:lists") + query).content.decode()
            for entry in (soon, later):
                assert (entry.subject.name in shown) is (entry in there), query


def test_older_entries_follow_by_key_and_queries_do_not_grow() -> None:
    office = factories.officer(Role.OFFICE)
    approver = factories.officer(Role.APPROVER)
    subject = factories.subject()

    def more(count: int) -> None:
        for _ in range(count):
            factories.list_entry(subject, proposed_by=office, approved_by=approver)
            factories.list_entry(
                subject, state=ListState.PROPOSED, proposed_by=office, notice_days=7
            )

    client = signed_in(office)
    more(2)
    client.get(reverse("desk:lists"))
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(reverse("desk:lists"))
    more(30)
    with CaptureQueriesContext(connection) as many:
        first = client.get(reverse("desk:lists"))
    assert len(many) == len(few)
    older = first.context["older"]
    second = client.get(reverse("desk:lists"), {"before": older})
    assert {row.pk for row, _, _ in second.context["rows"]}.isdisjoint(
        {row.pk for row, _, _ in first.context["rows"]}
    )
    assert len(second.context["rows"]) == 64 - 50
    assert second.context["older"] is None


def test_conditions_are_kept_with_a_reason() -> None:
    office = factories.officer(Role.OFFICE)
    client = signed_in(office)
    url = reverse("desk:list-condition-new")
    given = {
        "list": "black",
        "words": "拒不履行处罚决定",
        "legal_basis": "河南省社会信用条例 第二十八条",
        "document": "舞公〔2026〕1号",
        "valid_from": "2026-01-01",
    }
    answer = client.post(url, given)
    assert answer.status_code == 400
    assert "没有填写理由" in answer.content.decode()
    assert client.post(url, {**given, "change_reason": "公布条件"}).status_code == 302
    row = ListCondition.objects.get()
    stale = client.post(
        reverse("desk:list-condition", args=[row.pk]),
        {**given, "version": "0", "change_reason": "改"},
    )
    assert stale.status_code == 409
    assert "拒不履行处罚决定" in client.get(reverse("desk:list-conditions")).content.decode()


def test_looking_at_an_entry_leaves_a_row_in_the_trail() -> None:
    case = published()
    page(case)
    assert AuditEntry.objects.get(action="list_entry.view").target_id == str(case.entry.pk)
