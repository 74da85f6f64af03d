"""Two that post the same at once: one is recorded, the others are told so, and nothing is a 500."""

from __future__ import annotations

import threading
from collections import Counter
from typing import Any

import pytest
from django.db import connection

from accounts.models import Officer
from subjects.models import Subject
from tests.api.calls import Caller, caller, decision_body
from tests.api.test_list_entries_api import ENTRY
from violations import list_proposals, outcomes_api
from violations.list_entries import ListEntryInput
from violations.models import Decision, ListEntry

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
WRITERS = 6


def at_once(me: Caller, path: str, bodies: list[dict[str, Any]]) -> list[Any]:
    """The answers to all these posts, released together."""
    together = threading.Barrier(len(bodies))
    answers: list[Any] = []

    def post(body: dict[str, Any]) -> None:
        try:
            together.wait(20)
            answers.append(me.post(path, body))
        finally:
            connection.close()

    threads = [threading.Thread(target=post, args=(body,)) for body in bodies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers


def test_the_same_decision_is_recorded_once(recorder: Officer) -> None:
    answers = at_once(caller(recorder), "decisions/", [decision_body()] * WRITERS)

    assert Counter(one.status_code for one in answers) == {201: 1, 200: WRITERS - 1}
    assert len({one.json()["id"] for one in answers}) == 1
    assert (Decision.objects.count(), Subject.objects.count()) == (1, 1)


def test_other_content_under_the_same_number_is_refused(recorder: Officer) -> None:
    bodies = [decision_body(decided_on=f"2026-03-{5 + n:02d}") for n in range(WRITERS)]

    answers = at_once(caller(recorder), "decisions/", bodies)

    assert Counter(one.status_code for one in answers) == {201: 1, 409: WRITERS - 1}
    assert Decision.objects.count() == 1


def test_the_same_list_entry_of_an_unknown_organisation(office: Officer) -> None:
    me = caller(office, "lists:propose")
    answers = at_once(me, "list-entries/", [ENTRY] * WRITERS)

    assert Counter(one.status_code for one in answers) == {201: 1, 200: WRITERS - 1}
    assert ListEntry.objects.count() == 1


def test_an_organisation_that_came_between_the_look_and_the_entry(
    office: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The look found no organisation to lock; another made the same entry before this one did."""
    me = caller(office, "lists:propose")
    look, answers = list_proposals.standing_entry, []

    def late(data: ListEntryInput) -> ListEntry | None:
        monkeypatch.setattr(outcomes_api, "standing_entry", look)
        found = look(data)
        other = threading.Thread(target=lambda: answers.append(_posted(me)))
        other.start()
        other.join(60)
        return found

    monkeypatch.setattr(outcomes_api, "standing_entry", late)
    mine = me.post("list-entries/", ENTRY)
    assert [answers[0].status_code, mine.status_code] == [201, 200]
    assert ListEntry.objects.count() == 1


def _posted(me: Caller) -> Any:
    try:
        return me.post("list-entries/", ENTRY)
    finally:
        connection.close()
