"""The entry form and the law catalogue: suggestions, warnings, and the reason that is asked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts.models import Officer
from accounts.roles import Role
from core.clock import today
from tests import factories
from tests.desk.entry_posts import penalty, without_dispositions
from violations.enums import DecisionState
from violations.models import Decision, EntryDraft, LawArticle, Violation

pytestmark = pytest.mark.django_db
NEW = "/violations/penalties/new/"
REASON = "情节轻微，经集体讨论减轻处罚。"


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    with time_machine.travel("2026-11-23 10:00+08:00", tick=False):
        yield


@pytest.fixture
def recorder() -> Officer:
    return factories.officer(Role.RECORDER, name="王五")


@pytest.fixture
def browser(client: Client, recorder: Officer) -> Client:
    client.force_login(recorder)
    return client


def low_fine(**changes: str) -> dict[str, str]:
    return penalty(
        **{"v__1__d__0__kind": "fine", "v__1__d__0__amount": "500", **changes},
    )


def article(law: str = "网络安全法", number: str = "59") -> LawArticle:
    return LawArticle.objects.get(law=law, number=number)


# --- warnings and the reason -------------------------------------------------------------------


def test_what_leaves_the_article_is_not_recorded_for_submission_without_a_reason(
    browser: Client,
) -> None:
    text = browser.post(NEW, low_fine()).content.decode()
    assert not Decision.objects.exists()
    assert "罚款 500 元不在《网络安全法》第五十九条规定的幅度内" in text
    assert "违法行为 2 · 与条款不符的理由：处理与法律目录不符，没有写明理由" in text
    assert 'href="#id_v-1-deviation_reason"' in text
    assert 'value="500"' in text  # nothing typed is lost


def test_with_a_reason_it_goes_on_and_the_reviewer_reads_it(browser: Client) -> None:
    reviewer = factories.officer(Role.UNIT_REVIEWER)
    browser.post(NEW, low_fine(v__1__deviation_reason=REASON))
    made = Decision.objects.get()
    check = f"/violations/{made.pk}/check/"
    page = browser.get(check)
    assert "不在《网络安全法》第五十九条规定的幅度内" in page.content.decode()
    assert REASON in page.content.decode()
    browser.post(check, {"seen": page.context["seen"]})
    made.refresh_from_db()
    assert made.state == DecisionState.SUBMITTED

    browser.force_login(reviewer)
    for address in ("confirm/", ""):
        text = browser.get(f"/violations/{made.pk}/{address}").content.decode()
        assert "不在《网络安全法》第五十九条规定的幅度内" in text
        assert REASON in text


def test_a_draft_of_the_form_may_lack_the_reason_and_keeps_what_is_there(browser: Client) -> None:
    browser.post(NEW, low_fine(do="save"))
    draft = EntryDraft.objects.get()
    assert draft.data["acts"][1]["values"].get("deviation_reason", "") == ""
    browser.post(
        f"/violations/drafts/{draft.pk}/", low_fine(do="save", v__1__deviation_reason="一")
    )
    draft.refresh_from_db()
    assert draft.data["acts"][1]["values"]["deviation_reason"] == "一"


def test_a_decision_drafted_elsewhere_is_not_submitted_by_hand_without_a_reason(
    browser: Client, recorder: Officer
) -> None:
    acts = [[("fine", 500)]]  # 保安服务管理条例 第四十三条 begins at 20,000
    made = factories.decision(state=DecisionState.DRAFT, recorded_by=recorder, acts=acts)
    check = f"/violations/{made.pk}/check/"
    answer = browser.post(check, {"seen": browser.get(check).context["seen"]})
    made.refresh_from_db()
    assert made.state == DecisionState.DRAFT
    assert "没有写明理由" in answer.content.decode()


def test_the_reason_stays_when_the_decision_is_edited_and_its_history_names_the_officer(
    browser: Client, recorder: Officer
) -> None:
    browser.post(NEW, low_fine(v__1__deviation_reason=REASON))
    made = Decision.objects.get()
    edit = f"/violations/{made.pk}/edit/"
    page = browser.get(edit)
    assert REASON in page.content.decode()
    browser.post(edit, low_fine(v__1__deviation_reason=REASON + "补充说明。", version="1"))
    act = Violation.objects.get(ordinal=2)
    assert act.deviation_reason == REASON + "补充说明。"
    before = act.history.order_by("history_id").values_list("deviation_reason", "history_user")
    assert list(before) == [(REASON, recorder.pk), (REASON + "补充说明。", recorder.pk)]


def test_what_fits_asks_for_nothing_and_an_unmapped_law_neither(browser: Client) -> None:
    browser.post(NEW, penalty(v__1__law="某市某办法", v__1__article="第三条"))
    assert Decision.objects.count() == 1


def test_the_preview_says_it_while_one_types(browser: Client) -> None:
    text = browser.post("/violations/penalties/preview/", low_fine()).content.decode()
    second = text.partition('id="warned-1"')[2].partition("</div>\n")[0]
    assert "罚款 500 元不在" in second
    assert "warned small" not in text.partition('id="warned-0"')[2].partition('id="warned-1"')[0]


@pytest.mark.parametrize("kind", ["orders", "breaches"])
def test_orders_and_breaches_have_no_box_for_it(browser: Client, kind: str) -> None:
    assert "deviation_reason" not in browser.get(f"/violations/{kind}/new/").content.decode()
    browser.post(f"/violations/{kind}/new/", without_dispositions(v__0__deviation_reason="无"))
    assert Violation.objects.get().deviation_reason == ""


def test_a_version_that_came_later_does_not_touch_an_older_act(browser: Client) -> None:
    entry = article()
    entry.valid_from = today()
    entry.fine_min, entry.fine_max = Decimal(900_000), Decimal(950_000)
    entry.save()
    fine = {"v__1__d__0__kind": "fine", "v__1__d__0__amount": "20,000"}
    browser.post(NEW, penalty(**fine))  # committed on 2026-11-02
    assert Decision.objects.count() == 1


# --- suggestions ---------------------------------------------------------------------------------


def suggested(browser: Client, query: str) -> list[str]:
    text = browser.get("/laws/suggest/", {"v-2-type": query}).content.decode()
    return re.findall(r'value="take-2-(\d+)"', text)


@pytest.mark.parametrize(
    "query",
    [
        "网络安全保护义务",
        "不履行 网络",
        "blxwlaqbhyw",  # 不履行网络安全保护义务
        "wlaqf 59",
        "网络安全法 第五十九条",
        "网络安全 59条",
        "未履行网络安全保护的义务",  # not word by word, but close
    ],
)
def test_an_entry_is_found_by_words_initials_and_article(browser: Client, query: str) -> None:
    assert suggested(browser, query)[0] == str(article().pk)


@pytest.mark.parametrize(
    "query", ["", "  ", "完全无关的文字", "zzzz", "' OR 1=1", "\x00", "9" * 200]
)
def test_what_fits_nothing_suggests_nothing(browser: Client, query: str) -> None:
    assert suggested(browser, query) == []


def test_only_what_is_in_force_today_is_suggested(browser: Client) -> None:
    entry = article()
    entry.valid_until = today().replace(day=22)
    entry.save()
    assert str(entry.pk) not in suggested(browser, "网络安全保护义务")


def test_choosing_fills_type_field_law_and_article_and_keeps_the_rest(browser: Client) -> None:
    post = penalty(do=f"take-1-{article().pk}", v__1__type="网络", v__1__field="", v__1__law="")
    page = browser.post(NEW, post)
    act = page.context["form"].acts[1].form
    assert [act[name].value() for name in ("type", "field", "law", "article", "facts")] == [
        "不履行网络安全保护义务",
        "cyber_security",
        "网络安全法",
        "第五十九条",
        "未定级备案。",
    ]
    assert "autofocus" in str(act["committed_on"])
    assert not Decision.objects.exists()


def test_without_scripts_the_catalogue_is_searched_by_a_button(browser: Client) -> None:
    page = browser.post(NEW, penalty(do="find-1", v__1__type="保安"))
    text = page.content.decode()
    assert re.findall(r'value="(take-\d+)-\d+"', text) == ["take-1", "take-1"]
    assert "保安从业单位未按规定备案、留存资料" in text
    text = browser.post(NEW, penalty(do="find-1", v__1__type="完全无关的文字")).content.decode()
    assert "法律目录中没有与“完全无关的文字”相符的条目" in text
    text = browser.post(NEW, penalty(do="find-1", v__1__type="", v__1__law="")).content.decode()
    assert "另有" in text


@pytest.mark.parametrize(
    "button", ["take-1-999999", "take-9-1", "find-9", "take-1-", "find-", "take"]
)
def test_a_button_that_points_at_nothing_changes_nothing(browser: Client, button: str) -> None:
    page = browser.post(NEW, penalty(do=button))
    assert page.status_code == 200
    assert page.context["form"].acts[1].form["law"].value() == "网络安全法"


def test_suggestions_are_for_recorders(client: Client) -> None:
    client.force_login(factories.officer(Role.UNIT_REVIEWER))
    assert client.get("/laws/suggest/?v-0-type=保安").status_code == 403


def test_suggestions_cost_few_queries(browser: Client, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(8):
        browser.get("/laws/suggest/?v-0-type=保安")
