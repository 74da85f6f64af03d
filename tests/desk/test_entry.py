"""Entry of a decision: typed, kept, checked, handed in; with and without scripts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.models import Officer
from accounts.roles import Role
from core.models import AuditEntry
from subjects.models import Subject
from tests import factories
from tests.desk.entry_posts import penalty, without_dispositions
from violations.enums import DecisionState
from violations.models import Decision, EntryDraft

pytestmark = pytest.mark.django_db
NEW = "/violations/penalties/new/"


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    with time_machine.travel(
        datetime(2026, 11, 23, 10, tzinfo=ZoneInfo("Asia/Shanghai")), tick=False
    ):
        yield


@pytest.fixture
def recorder() -> Officer:
    return factories.officer(Role.RECORDER, name="王五")


@pytest.fixture
def browser(client: Client, recorder: Officer) -> Client:
    client.force_login(recorder)
    return client


def test_a_penalty_with_two_acts_for_a_new_organisation_becomes_a_draft(
    browser: Client, recorder: Officer
) -> None:
    answer = browser.post(NEW, penalty())

    decision = Decision.objects.get()
    assert answer.url == reverse("desk:entry-check", kwargs={"pk": decision.pk})  # type: ignore[attr-defined]
    assert decision.state == DecisionState.DRAFT
    assert decision.number == "舞公（治）行罚决字〔2026〕0341号"
    assert decision.decided_on == date(2026, 11, 20)
    assert decision.recorded_by == recorder
    assert Subject.objects.get().name == "舞钢市样例云栖宾馆有限公司"
    assert [(v.bucket, v.amount_fen) for v in decision.violations.all()] == [
        ("penalty", 100_000),
        ("warning", 0),
    ]


def test_checking_and_submitting_says_who_acts_next(browser: Client) -> None:
    factories.officer(Role.UNIT_REVIEWER, name="李四")
    browser.post(NEW, penalty())
    decision = Decision.objects.get()
    url = reverse("desk:entry-check", kwargs={"pk": decision.pk})

    page = browser.get(url)
    text = page.content.decode()
    assert "提交后转 治安管理大队 李四 审核" in text
    assert "以最重的“罚款”计入：行政处罚 1 件，1,000 元" in text
    assert "无重复" in text
    assert f"/violations/{decision.pk}/edit/#id_number" in text
    assert "一般失信" in text  # the preview

    answer = browser.post(url, {"seen": page.context["seen"]}, follow=True)
    decision.refresh_from_db()
    assert decision.state == DecisionState.SUBMITTED
    assert "已提交，转 治安管理大队 李四 审核" in answer.content.decode()


def test_a_unit_without_a_free_reviewer_is_confirmed_by_the_office(browser: Client) -> None:
    assert "提交后转 局办公室 审核" in browser.get(NEW).content.decode()


def test_a_registered_organisation_needs_its_code_only(browser: Client) -> None:
    subject = factories.subject(credit_code=factories.credit_code(7), name="已登记的公司")
    post = {k: v for k, v in penalty().items() if not k.startswith("subject_")}
    browser.post(NEW, post)

    assert Decision.objects.get().subject == subject


@pytest.mark.parametrize(
    ("kind", "post", "kinds"),
    [
        ("orders", without_dispositions(v__0__correct_by="2026-12-01"), ["order_to_correct"]),
        ("breaches", without_dispositions(), []),
        ("breaches", without_dispositions(v__0__ordered="on"), ["order_to_correct"]),
    ],
)
def test_orders_and_breaches_hold_only_what_they_may(
    browser: Client, kind: str, post: dict[str, str], kinds: list[str]
) -> None:
    browser.post(f"/violations/{kind}/new/", post)
    act = Decision.objects.get().violations.get()
    assert [row.kind for row in act.dispositions.all()] == kinds


def test_the_three_forms_open_and_no_others(browser: Client) -> None:
    for kind in ("penalties", "orders", "breaches"):
        assert browser.get(f"/violations/{kind}/new/").status_code == 200
    assert browser.get("/violations/detentions/new/").status_code == 404
    assert "警告" not in browser.get("/violations/orders/new/").content.decode().split("<main")[1]


def test_a_draft_keeps_everything_however_incomplete(browser: Client, recorder: Officer) -> None:
    messy = penalty(do="save", decided_on="后天", v__0__d__0__amount="两千", number="")
    answer = browser.post(NEW, messy)

    row = EntryDraft.objects.get(officer=recorder)
    assert answer.url == reverse("desk:entry-draft", kwargs={"pk": row.pk})  # type: ignore[attr-defined]
    page = browser.get(answer.url).content.decode()  # type: ignore[attr-defined]
    for typed in ("后天", "两千", "未落实网络安全等级保护制度", "舞钢市样例云栖宾馆有限公司"):
        assert typed in page
    assert not Decision.objects.exists()

    browser.post(answer.url, penalty())  # type: ignore[attr-defined]
    assert Decision.objects.count() == 1
    assert not EntryDraft.objects.exists()


def test_saving_a_draft_twice_keeps_one(browser: Client) -> None:
    url = browser.post(NEW, penalty(do="save")).url  # type: ignore[attr-defined]
    browser.post(url, penalty(do="save", handler="赵六"))
    assert EntryDraft.objects.get().data["head"]["handler"] == "赵六"


def test_a_draft_is_its_officers_own(client: Client, recorder: Officer) -> None:
    row = EntryDraft.objects.create(officer=recorder, kind="penalty")
    client.force_login(factories.officer(Role.RECORDER))
    assert client.get(f"/violations/drafts/{row.pk}/").status_code == 404
    assert client.post(f"/violations/drafts/{row.pk}/discard/").status_code == 404
    client.force_login(recorder)
    client.post(f"/violations/drafts/{row.pk}/discard/")
    assert not EntryDraft.objects.exists()


@pytest.mark.parametrize(
    ("button", "there", "gone"),
    [
        ("add-act", 'name="v-2-type"', 'name="v-3-type"'),
        ("remove-act-0", "未落实网络安全等级保护制度", "未按规定登记住宿旅客信息"),
        ("add-disposition-1", 'name="v-1-d-1-kind"', 'name="v-1-d-2-kind"'),
        ("remove-disposition-0-0", 'name="v-0-d-0-kind"', 'name="v-0-d-1-kind"'),
    ],
)
def test_buttons_work_without_scripts_and_lose_nothing(
    browser: Client, button: str, there: str, gone: str
) -> None:
    page = browser.post(NEW, penalty(do=button, decided_on="后天")).content.decode()
    assert there in page
    assert gone not in page
    assert 'value="后天"' in page
    assert "errsum" not in page
    assert not Decision.objects.exists()


def test_looking_up_the_organisation_without_scripts_leaves_a_row_in_the_trail(
    browser: Client,
) -> None:
    factories.subject(credit_code=factories.credit_code(7), name="已登记的公司")
    page = browser.post(NEW, penalty(do="lookup")).content.decode()
    assert "已登记的公司" in page
    assert AuditEntry.objects.filter(action="subject.lookup").exists()


def test_the_preview_writes_only_that_it_was_asked_for_and_never_says_c(browser: Client) -> None:
    subject = factories.subject(credit_code=factories.credit_code(7))
    for day in (1, 2):
        factories.decision(subject, decided_on=date(2026, 6, day))
    before = AuditEntry.objects.count()

    page = browser.post("/violations/penalties/preview/", penalty()).content.decode()

    assert "达到上限，待复核" in page
    assert "系统不自动定为 C 级" in page
    assert "grade-c" not in page
    assert "仍为 B 级 · 达到上限，待复核 · 处罚 2→3 件" in page
    assert 'id="counted-1"' in page
    assert Decision.objects.count() == 2
    assert AuditEntry.objects.count() == before + 1
    assert AuditEntry.objects.latest("id").action == "subject.lookup"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"credit_code": "9141"}, "代码校验通过后"),
        ({"decided_on": ""}, "填写决定日期后"),
        ({"decided_on": "2027-01-01"}, "决定日期晚于今天"),
        ({"v__0__d__0__kind": "", "v__0__d__1__kind": "", "v__1__d__0__kind": "x"}, "选择处理种类"),
    ],
)
def test_the_preview_says_why_it_cannot_be_shown(
    browser: Client, changes: dict[str, str], said: str
) -> None:
    page = browser.post("/violations/penalties/preview/", penalty(**changes)).content.decode()
    assert "暂不能预览" in page
    assert said in page


def test_editing_what_was_submitted_brings_it_back_to_draft(browser: Client) -> None:
    browser.post(NEW, penalty())
    decision = Decision.objects.get()
    check = reverse("desk:entry-check", kwargs={"pk": decision.pk})
    browser.post(check, {"seen": browser.get(check).context["seen"]})
    edit = reverse("desk:entry-edit", kwargs={"pk": decision.pk})
    page = browser.get(edit).content.decode()
    assert "须重新提交审核" in page
    version = Decision.objects.get().version

    browser.post(edit, penalty(handler="赵六", version=str(version)))

    decision.refresh_from_db()
    assert (decision.state, decision.handler) == (DecisionState.DRAFT, "赵六")


def test_what_is_in_force_is_not_edited_here(browser: Client, recorder: Officer) -> None:
    decision = factories.decision(recorded_by=recorder)
    answer = browser.get(f"/violations/{decision.pk}/edit/", follow=True)
    assert "不能直接修改" in answer.content.decode()
    late = browser.post(f"/violations/{decision.pk}/edit/", penalty(handler="赵六"))
    assert late.status_code == 409
    assert "赵六" in late.content.decode()
    assert EntryDraft.objects.get(officer=recorder).data["head"]["handler"] == "赵六"
    decision.refresh_from_db()
    assert decision.version == 1


def test_another_units_decision_does_not_exist(client: Client, recorder: Officer) -> None:
    decision = factories.decision(recorded_by=recorder, state=DecisionState.DRAFT)
    client.force_login(factories.officer(Role.RECORDER, unit=factories.unit()))
    for page in ("", "edit/", "check/"):
        assert client.get(f"/violations/{decision.pk}/{page}").status_code == 404
    assert client.post(f"/violations/{decision.pk}/edit/", penalty()).status_code == 404
    assert client.post(f"/violations/{decision.pk}/check/").status_code == 404


def test_a_reviewer_does_not_record(client: Client) -> None:
    client.force_login(factories.officer(Role.UNIT_REVIEWER))
    assert client.get(NEW).status_code == 403
    assert client.post("/violations/penalties/preview/", penalty()).status_code == 403


def test_the_list_is_scoped_filtered_and_costs_the_same_for_many(
    browser: Client, recorder: Officer, django_assert_max_num_queries: object
) -> None:
    other = factories.officer(Role.RECORDER, unit=factories.unit())
    hidden = factories.decision(recorded_by=other)
    for _ in range(30):
        factories.decision(recorded_by=recorder, confirmed_by=factories.officer(unit=recorder.unit))
    draft = factories.decision(recorded_by=recorder, state=DecisionState.DRAFT)

    with django_assert_max_num_queries(10):  # type: ignore[operator]
        page = browser.get("/violations/").content.decode()
    assert hidden.number not in page
    assert '第 <span class="num">1</span> / <span class="num">2</span> 页' in page
    only = browser.get("/violations/?state=draft").content.decode()
    assert draft.number in only
    assert '/ <span class="num">1</span> 页' in only
    assert browser.get("/violations/?state=odd&page=zz").status_code == 200


def test_a_draft_can_be_given_up_with_a_reason_and_its_number_used_again(browser: Client) -> None:
    browser.post(NEW, penalty())
    decision = Decision.objects.get()
    seen = browser.get(f"/violations/{decision.pk}/").context["seen"]
    url = f"/violations/{decision.pk}/withdraw/"
    browser.post(url, {"seen": seen, "reason": " "})
    assert browser.post(url, {"seen": "", "reason": "重复录入"}).status_code == 409
    decision.refresh_from_db()
    assert decision.state == DecisionState.DRAFT

    browser.post(url, {"seen": seen, "reason": "重复录入"})
    decision.refresh_from_db()
    assert decision.state == DecisionState.WITHDRAWN
    browser.post(NEW, penalty())
    assert Decision.objects.filter(state=DecisionState.DRAFT).count() == 1


def _acts(count: int) -> dict[str, str]:
    first = {k.removeprefix("v-1-"): v for k, v in penalty().items() if k.startswith("v-1-")}
    return {f"v-{i}-{name}": value for i in range(count) for name, value in first.items()}


def _with_acts(count: int) -> dict[str, str]:
    head = {name: value for name, value in penalty().items() if not name.startswith("v-")}
    return head | _acts(count)


def test_a_decision_of_many_acts_keeps_all_of_them_in_an_edit(browser: Client) -> None:
    browser.post(NEW, _with_acts(60))
    decision = Decision.objects.get()
    assert decision.violations.count() == 60
    edit = reverse("desk:entry-edit", kwargs={"pk": decision.pk})
    post = _with_acts(60) | {"handler": "赵六", "version": str(decision.version)}
    browser.post(edit, post)
    decision.refresh_from_db()
    assert (decision.handler, decision.violations.count()) == ("赵六", 60)


def test_more_acts_or_dispositions_than_a_paper_has_are_refused_with_a_message(
    browser: Client,
) -> None:
    page = browser.post(NEW, _with_acts(101)).content.decode()
    assert "最多填写 100 个违法行为，现为 101 个" in page
    assert 'name="v-100-facts"' in page
    rows = {f"v-0-d-{i}-kind": "warning" for i in range(21)}
    page = browser.post(NEW, penalty() | rows).content.decode()
    assert "最多填写 20 项处理，现为 21 项" in page
    assert 'name="v-0-d-20-kind"' in page
    assert not Decision.objects.exists()
