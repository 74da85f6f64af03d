"""The entry form saves itself: one draft a form, for who typed it, and no activity of theirs."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.models import Officer
from accounts.roles import Role
from core.models import AuditEntry
from tests import factories
from tests.desk.entry_posts import penalty
from violations.enums import DecisionState
from violations.models import Decision, EntryDraft

pytestmark = pytest.mark.django_db
URL = "/violations/penalties/autosave/"
KEY = "0e8d5c3a-3f5b-4d0e-9a53-7f6f2a1c9b10"
BY_ITSELF = {"HX-Request": "true", "X-Background": "1"}


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 11, 23, 2, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def recorder() -> Officer:
    return factories.officer(Role.RECORDER, name="王五")


@pytest.fixture
def browser(client: Client, recorder: Officer) -> Client:
    client.force_login(recorder)
    return client


def test_what_is_typed_is_kept_as_one_draft_however_often_it_is_saved(
    browser: Client, recorder: Officer
) -> None:
    first = browser.post(URL, penalty(draft_key=KEY, number="舞公"), headers=BY_ITSELF)
    browser.post(URL, penalty(draft_key=KEY, decided_on="后天"), headers=BY_ITSELF)

    row = EntryDraft.objects.get(officer=recorder)
    assert row.data["head"]["decided_on"] == "后天"
    assert first.json()["page"] == reverse("desk:entry-draft", kwargs={"pk": row.pk})
    assert "已自动保存" in first.json()["said"]
    assert AuditEntry.objects.filter(action="entry.draft.save").count() == 1
    assert not Decision.objects.exists()
    assert "继续录入" in browser.get("/").content.decode()


def test_the_form_goes_on_with_the_draft_it_saved_itself_into(browser: Client) -> None:
    page = browser.get("/violations/penalties/new/")
    key = str(page.context["work"].key)
    assert f'name="draft_key" value="{key}"' in page.content.decode()
    browser.post(URL, penalty(draft_key=key), headers=BY_ITSELF)

    browser.post("/violations/penalties/new/", penalty(draft_key=key, do="save"))
    assert EntryDraft.objects.count() == 1
    browser.post("/violations/penalties/new/", penalty(draft_key=key))
    assert Decision.objects.count() == 1
    assert not EntryDraft.objects.exists()


def test_an_opened_draft_keeps_its_key(browser: Client) -> None:
    page = browser.post(URL, penalty(draft_key=KEY), headers=BY_ITSELF).json()["page"]
    assert f'value="{KEY}"' in browser.get(page).content.decode()


def test_an_ended_session_is_told_and_nothing_is_redirected(client: Client) -> None:
    answer = client.post(URL, penalty(draft_key=KEY), headers=BY_ITSELF)
    assert answer.status_code == 204
    assert answer["HX-Redirect"].startswith("/accounts/sign-in/")
    assert not EntryDraft.objects.exists()


def test_saving_by_itself_keeps_no_idle_session_alive(browser: Client) -> None:
    browser.get("/")
    session = browser.session
    session["used_at"] = int(time.time()) - settings.SESSION_IDLE_SECONDS + 60
    session.save()
    used = session["used_at"]
    assert browser.post(URL, penalty(draft_key=KEY), headers=BY_ITSELF).status_code == 200
    assert browser.session["used_at"] == used


def test_a_page_gets_a_token_after_a_new_sign_in(browser: Client) -> None:
    assert len(browser.get(URL, headers=BY_ITSELF).json()["token"]) == 64


def test_another_officer_does_not_take_over_what_was_typed(
    browser: Client, recorder: Officer
) -> None:
    browser.force_login(factories.officer(Role.RECORDER))
    answer = browser.post(URL, penalty(draft_key=KEY, typed_by=recorder.number), headers=BY_ITSELF)
    assert answer.status_code == 409
    assert not EntryDraft.objects.exists()


def test_the_same_key_is_another_draft_for_another_officer(browser: Client) -> None:
    browser.post(URL, penalty(draft_key=KEY), headers=BY_ITSELF)
    browser.force_login(factories.officer(Role.RECORDER))
    browser.post(URL, penalty(draft_key=KEY, handler="赵六"), headers=BY_ITSELF)
    assert EntryDraft.objects.count() == 2


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"draft_key": ""}, 400),
        ({"draft_key": "x" * 40}, 400),
        ({"draft_key": KEY, "editing": "abc"}, 404),
        ({"draft_key": KEY, "editing": "9" * 30}, 404),
        ({"draft_key": KEY, "editing": "999"}, 404),
    ],
)
def test_a_spoiled_form_is_refused(browser: Client, changes: dict[str, str], status: int) -> None:
    assert browser.post(URL, penalty(**changes), headers=BY_ITSELF).status_code == status
    assert not EntryDraft.objects.exists()


def test_another_units_decision_cannot_be_named(browser: Client) -> None:
    foreign = factories.decision(unit=factories.unit(), state=DecisionState.DRAFT)
    answer = browser.post(URL, penalty(draft_key=KEY, editing=str(foreign.pk)), headers=BY_ITSELF)
    assert answer.status_code == 404


def test_an_unfinished_change_is_offered_on_the_page_of_its_decision(
    browser: Client, recorder: Officer
) -> None:
    decision = factories.decision(state=DecisionState.DRAFT, recorded_by=recorder)
    typed = penalty(draft_key=KEY, editing=str(decision.pk), handler="赵六")
    browser.post(URL, typed, headers=BY_ITSELF)
    row = EntryDraft.objects.get(decision=decision)
    page = browser.get(reverse("desk:entry-edit", kwargs={"pk": decision.pk})).content.decode()
    assert "尚未提交的修改" in page
    assert reverse("desk:entry-draft", kwargs={"pk": row.pk}) in page


def test_the_second_of_two_officers_sees_both_versions_and_keeps_the_own(
    browser: Client, recorder: Officer
) -> None:
    decision = factories.decision(state=DecisionState.DRAFT, recorded_by=recorder)
    edit = reverse("desk:entry-edit", kwargs={"pk": decision.pk})
    version = str(decision.version)
    colleague = Client()
    colleague.force_login(factories.officer(Role.RECORDER))
    colleague.post(edit, penalty(version=version, handler="孙七"))

    answer = browser.post(
        edit, penalty(version=version, handler="赵六", draft_key=str(uuid.uuid4()))
    )
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "孙七" in page
    assert "赵六" in page
    assert "已存为草稿" in page
    decision.refresh_from_db()
    assert decision.handler == "孙七"
    kept = EntryDraft.objects.get(officer=recorder)
    assert kept.data["head"]["handler"] == "赵六"

    # Going on from there replaces the colleague's version knowingly, and the draft is used up.
    again = dict(answer.context["kept"])
    browser.post(edit, {**again, "do": "check"})
    decision.refresh_from_db()
    assert decision.handler == "赵六"
    assert not EntryDraft.objects.exists()


def test_a_draft_that_came_too_late_can_still_be_read(browser: Client, recorder: Officer) -> None:
    decision = factories.decision(recorded_by=recorder)
    row = EntryDraft.objects.create(
        officer=recorder,
        kind="penalty",
        decision=decision,
        key=uuid.UUID(KEY),
        data={"head": {"handler": "赵六"}, "acts": []},
    )
    answer = browser.get(reverse("desk:entry-draft", kwargs={"pk": row.pk}))
    assert answer.status_code == 409
    assert "赵六" in answer.content.decode()
    assert "该决定已不能修改" in answer.content.decode()


def test_after_submitting_the_next_form_carries_what_stays_the_same(browser: Client) -> None:
    browser.post("/violations/penalties/new/", penalty(procedure="summary", handler="赵六"))
    check = reverse("desk:entry-check", kwargs={"pk": Decision.objects.get().pk})
    seen = browser.get(check).context["seen"]
    answer = browser.post(check, {"seen": seen, "then": "next"}, follow=True)
    assert Decision.objects.get().state == DecisionState.SUBMITTED
    head = answer.context["work"].raw.head
    assert (head["procedure"], head["handler"], head["credit_code"]) == ("summary", "赵六", "")
    assert "decided_on" not in head
    assert "请录入下一件" in answer.content.decode()


def test_particulars_that_the_form_does_not_send_are_no_difference(
    browser: Client, recorder: Officer
) -> None:
    subject = factories.subject(credit_code=factories.credit_code(7), address="样例路 1 号")
    decision = factories.decision(subject, state=DecisionState.DRAFT, recorded_by=recorder)
    typed = {name: value for name, value in penalty().items() if not name.startswith("subject_")}
    edit = reverse("desk:entry-edit", kwargs={"pk": decision.pk})
    answer = browser.post(edit, {**typed, "version": "999"})
    rows = {row.label: row.differs for row in answer.context["rows"]}
    assert "监管对象名称" not in rows
    assert "住所" not in rows
    assert not rows["统一社会信用代码"]
    assert rows["决定书文号"]


def test_a_draft_opens_no_decision_of_a_unit_that_its_officer_left(
    browser: Client, recorder: Officer
) -> None:
    decision = factories.decision(recorded_by=recorder)
    row = EntryDraft.objects.create(
        officer=recorder, kind="penalty", decision=decision, key=uuid.UUID(KEY), label="旧单位草稿"
    )
    recorder.unit = factories.unit()
    recorder.save()
    address = reverse("desk:entry-draft", kwargs={"pk": row.pk})
    assert browser.get(address).status_code == 404
    assert browser.post(address, penalty()).status_code == 404
    for page in ("/", "/violations/"):  # no list leads there
        assert "旧单位草稿" not in browser.get(page).content.decode()
    recorder.unit = decision.unit
    recorder.save()
    assert "旧单位草稿" in browser.get("/").content.decode()


PERSON = "110101199003070011"  # made up, its check character is right


@pytest.mark.parametrize(
    "written", [PERSON, "１１０１０１１９９００３０７００１１", "110101 19900307 0011"]
)
def test_a_draft_holds_no_identity_number_and_all_else(
    browser: Client, recorder: Officer, written: str
) -> None:
    facts = f"老板（{written}）当场承认，罚款 1000 元。"
    answer = browser.post(
        URL,
        penalty(draft_key=KEY, v__1__facts=facts, credit_code=written, subject_principal="张三"),
        headers=BY_ITSELF,
    )
    row = EntryDraft.objects.get(officer=recorder)
    kept = row.data["acts"][1]["values"]["facts"]
    assert kept == "老板（〔身份证号码未保存〕）当场承认，罚款 1000 元。"
    assert written not in f"{row.data} {row.label}"
    assert row.data["head"]["subject_principal"] == "张三"
    said = answer.json()["said"]
    assert "统一社会信用代码" in said
    assert "违法行为 2 · 违法事实" in said
    assert "违法行为 1" not in said

    page = browser.post(
        "/violations/penalties/new/", penalty(do="save", v__1__facts=facts), follow=True
    ).content.decode()
    assert "违法行为 2 · 违法事实" in page
    assert "身份证号码没有存入草稿" in page
    assert written not in page


def test_control_characters_in_pasted_text_are_dropped(browser: Client, recorder: Officer) -> None:
    pasted = "一\x00二\x1b三\t四\r\n五"
    code = factories.credit_code(7)
    answer = browser.post(
        URL,
        penalty(draft_key=KEY, v__0__facts=pasted, credit_code=code + "\x00"),
        headers=BY_ITSELF,
    )
    assert answer.status_code == 200
    data = EntryDraft.objects.get(officer=recorder).data
    assert data["acts"][0]["values"]["facts"] == "一二三\t四\r\n五"
    assert data["head"]["credit_code"] == code
    assert browser.get("/violations/penalties/new/?credit_code=%00&handler=%00").status_code == 200
    assert browser.get("/subjects/lookup/?credit_code=9%001").status_code == 200
