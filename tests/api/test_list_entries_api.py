"""Posting list entries: proposals wait, published ones are taken over while that is open."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from accounts.models import Officer
from grading.models import Standing
from grading.services import regrade
from tests import factories
from tests.api.calls import USUAL, caller, errors, outsider
from violations.list_entries import ListEntryInput, check_list_entry
from violations.models import ListEntry

pytestmark = pytest.mark.django_db

ENTRY: dict[str, Any] = {
    "list": "black",
    "credit_code": factories.credit_code(5),
    "name": "舞钢市样例废旧物品回收有限公司",
    "listed_on": "2026-05-20",
    "expires_on": "2027-05-19",
    "document": "舞公信列〔2026〕3号",
    "legal_basis": "河南省社会信用条例 第二十八条",
    "reason": "经认定符合列入条件。",
    "notified_on": "2026-05-06",
}


def test_a_proposal_waits_and_counts_for_nothing(office: Officer) -> None:
    me = caller(office, *USUAL)

    answer = me.post("list-entries/", {**ENTRY, "listed_on": "2026-12-20", "notified_on": None})

    assert (answer.status_code, answer.json()["state"]) == (201, "proposed"), answer.content
    entry = ListEntry.objects.get()
    regrade([entry.subject_id])
    assert Standing.objects.get(subject=entry.subject).grade == ""


@pytest.mark.usefixtures("takeover_open")
def test_a_published_entry_is_taken_over(office: Officer) -> None:
    answer = caller(office, "lists:published").post("list-entries/", ENTRY)

    assert (answer.status_code, answer.json()["state"]) == (201, "published")
    entry = ListEntry.objects.get()
    regrade([entry.subject_id])
    assert Standing.objects.get(subject=entry.subject).grade == "C"


def test_not_while_takeover_is_closed(office: Officer) -> None:
    answer = caller(office).post("list-entries/", ENTRY)

    assert (answer.status_code, errors(answer)) == (403, [("", "not_allowed")])


@pytest.mark.usefixtures("takeover_open")
def test_notice_and_its_period_are_checked(office: Officer) -> None:
    answer = caller(office).post("list-entries/", {**ENTRY, "notified_on": "2026-05-19"})

    assert (answer.status_code, errors(answer)) == (400, [("notified_on", "notice_too_short")])


def test_the_same_entry_again_is_the_same(office: Officer) -> None:
    me = caller(office, *USUAL)
    first = me.post("list-entries/", ENTRY)

    again = me.post("list-entries/", ENTRY)
    other = me.post("list-entries/", {**ENTRY, "expires_on": "2028-05-19"})

    assert (again.status_code, again.json()) == (200, first.json())
    assert (other.status_code, errors(other)) == (409, [("document", "other_content")])
    assert ListEntry.objects.count() == 1


def test_a_proposal_posted_again_is_the_same_after_the_office_has_gone_on(office: Officer) -> None:
    """Notice, and approval with a later first day, do not make a second proposal of it."""
    me = caller(office, *USUAL)
    proposed = {**ENTRY, "listed_on": "2026-06-20", "notified_on": None}
    first = me.post("list-entries/", proposed)
    entry = ListEntry.objects.get()
    entry.notified_on, entry.listed_on = date(2026, 6, 1), date(2026, 6, 25)
    entry.save()

    again = me.post("list-entries/", proposed)

    assert (again.status_code, again.json()["id"]) == (200, first.json()["id"])
    assert ListEntry.objects.count() == 1


@pytest.mark.parametrize("extra", [{"state": "published"}, {"approved_by": 1}])
def test_no_field_of_a_proposal_publishes_it(office: Officer, extra: dict[str, Any]) -> None:
    answer = caller(office, *USUAL).post("list-entries/", {**ENTRY, **extra})

    assert answer.status_code in (201, 400)
    assert not ListEntry.objects.filter(state="published").exists()


def test_every_fault_is_named(office: Officer) -> None:
    answer = caller(office, *USUAL).post(
        "list-entries/",
        {**ENTRY, "list": "grey", "credit_code": "9141", "name": "", "expires_on": "2026-01-01"},
    )

    assert set(errors(answer)) >= {
        ("list", "unknown"),
        ("credit_code", "length"),
        ("name", "required"),
        ("expires_on", "before_listed"),
    }


def test_a_term_to_the_end_of_the_calendar_is_refused_whatever_the_way_in() -> None:
    data = ListEntryInput(
        **{name: ENTRY[name] for name in ("list", "credit_code", "name", "document")},
        legal_basis=ENTRY["legal_basis"],
        reason=ENTRY["reason"],
        listed_on=date(2026, 5, 20),
        expires_on=date(9999, 12, 31),
        notified_on=date(2026, 5, 6),
    )
    faults = check_list_entry(data, today=date(2026, 11, 20), notice_days=5)
    assert [(fault.path, fault.code) for fault in faults] == [("expires_on", "too_late")]


def test_who_may_not(recorder: Officer, office: Officer) -> None:
    assert caller(recorder).post("list-entries/", ENTRY).status_code == 403
    assert caller(office, "decisions:read").post("list-entries/", ENTRY).status_code == 403
    published = {**ENTRY, "published": True}
    assert caller(office, "lists:propose").post("list-entries/", published).status_code == 403
    assert outsider().post("list-entries/", ENTRY).status_code == 403
