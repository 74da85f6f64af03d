"""Whoever is shown an organisation or a decision leaves a row; typing leaves one, not many."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client

from accounts.models import Officer
from accounts.roles import Role
from core.models import AuditEntry
from subjects.models import Subject
from tests import factories
from tests.desk.entry_posts import penalty
from violations.enums import DecisionState
from violations.models import Decision, EntryDraft

pytestmark = pytest.mark.django_db
NEW = "/violations/penalties/new/"
PREVIEW = "/violations/penalties/preview/"
KEY = "0e8d5c3a-3f5b-4d0e-9a53-7f6f2a1c9b10"


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


@pytest.fixture
def known() -> Subject:
    return factories.subject(credit_code=factories.credit_code(7))


@pytest.fixture
def draft(recorder: Officer) -> Decision:
    return factories.decision(recorded_by=recorder, state=DecisionState.DRAFT)


def _looks(action: str, target: Subject | Decision) -> int:
    return AuditEntry.objects.filter(action=action, target_id=str(target.pk)).count()


def test_an_address_with_a_code_shows_the_organisation_and_says_so(
    browser: Client, known: Subject
) -> None:
    browser.get("/violations/new/", {"credit_code": known.credit_code})
    assert _looks("subject.lookup", known) == 1
    browser.get("/violations/new/", {"credit_code": known.credit_code})  # another form
    assert _looks("subject.lookup", known) == 2


def test_a_form_leaves_one_row_for_each_organisation_however_much_is_typed(
    browser: Client, known: Subject
) -> None:
    other = factories.subject(credit_code=factories.credit_code(8))
    for handler in ("王", "王五"):
        browser.post(PREVIEW, penalty(draft_key=KEY, handler=handler))
    query = {"credit_code": known.credit_code, "draft_key": KEY}
    browser.get("/subjects/lookup/", query)
    browser.post(NEW, penalty(draft_key=KEY, do="add-act"))
    assert _looks("subject.lookup", known) == 1

    browser.post(PREVIEW, penalty(draft_key=KEY, credit_code=other.credit_code))
    browser.post(PREVIEW, penalty(draft_key=KEY))
    assert (_looks("subject.lookup", known), _looks("subject.lookup", other)) == (1, 1)

    browser.post(PREVIEW, penalty(draft_key=str(uuid.uuid4())))
    browser.post(PREVIEW, penalty())  # of no form: each look
    browser.post(PREVIEW, penalty())
    assert _looks("subject.lookup", known) == 4


def test_the_entry_page_sends_its_key_with_a_look_up(browser: Client) -> None:
    assert 'hx-include="#subject-card, [name=draft_key]"' in browser.get(NEW).content.decode()


def test_a_preview_of_nobody_leaves_no_row(browser: Client, known: Subject) -> None:
    browser.post(PREVIEW, penalty(credit_code=factories.credit_code(9)))
    browser.post(PREVIEW, penalty(decided_on=""))  # nothing is shown yet
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize("page", ["", "edit/", "check/"])
def test_pages_of_a_decision_leave_a_row(browser: Client, draft: Decision, page: str) -> None:
    assert browser.get(f"/violations/{draft.pk}/{page}").status_code == 200
    assert _looks("decision.view", draft) == 1


def test_the_form_put_aside_of_a_decision_leaves_a_row(
    browser: Client, draft: Decision, recorder: Officer
) -> None:
    row = EntryDraft.objects.create(officer=recorder, kind="penalty", decision=draft)
    assert browser.get(f"/violations/drafts/{row.pk}/").status_code == 200
    assert _looks("decision.view", draft) == 1


@pytest.mark.parametrize("page", ["edit/", "check/"])
def test_two_versions_side_by_side_leave_a_row(browser: Client, draft: Decision, page: str) -> None:
    answer = browser.post(f"/violations/{draft.pk}/{page}", penalty(version="0"))
    assert answer.status_code == 409
    assert _looks("decision.view", draft) == 1


def test_the_second_persons_page_leaves_a_row(client: Client, recorder: Officer) -> None:
    waiting = factories.decision(recorded_by=recorder, state=DecisionState.SUBMITTED)
    client.force_login(factories.officer(Role.UNIT_REVIEWER))
    assert client.get(f"/violations/{waiting.pk}/confirm/").status_code == 200
    assert _looks("decision.view", waiting) == 1


def test_the_form_of_an_organisation_leaves_a_row(client: Client, known: Subject) -> None:
    client.force_login(factories.officer(Role.OFFICE))
    assert client.get(f"/subjects/{known.pk}/edit/").status_code == 200
    assert _looks("subject.view", known) == 1


def test_filters_alone_leave_a_row(browser: Client) -> None:
    browser.get("/subjects/", {"per": "50"})
    assert not AuditEntry.objects.exists()
    browser.get("/subjects/", {"grade": "B"})
    row = AuditEntry.objects.get(action="subject.search")
    assert row.details == {"asked": "等级：B 一般失信"}
