"""Reading decisions: the token's unit sees what its officer sees, page by page."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.models import Officer
from core.models import AuditEntry
from tests import factories
from tests.api.calls import caller, errors, outsider

pytestmark = pytest.mark.django_db


@pytest.fixture
def some(recorder: Officer) -> list[Any]:
    return [
        factories.decision(unit=recorder.unit, recorded_by=recorder, decided_on=date(2026, n, 5))
        for n in range(1, 6)
    ]


def test_the_list_is_paged_by_key_and_complete(recorder: Officer, some: list[Any]) -> None:
    me = caller(recorder)
    seen: list[int] = []
    before: dict[str, Any] = {}
    for _ in range(3):
        page = me.get("decisions/", limit=2, **before).json()
        seen += [one["id"] for one in page["results"]]
        before = {"before": page["next"]}
    assert seen == [one.pk for one in reversed(some)]
    assert page["next"] is None


def test_filters(recorder: Officer, some: list[Any]) -> None:
    me = caller(recorder)

    def ids(**query: Any) -> list[int]:
        return [one["id"] for one in me.get("decisions/", **query).json()["results"]]

    assert ids(subject=some[0].subject.credit_code) == [some[0].pk]
    assert ids(**{"from": "2026-03-05", "to": "2026-04-05"}) == [some[3].pk, some[2].pk]
    assert ids(unit="WG-YH") == []
    assert ids(subject=factories.credit_code(77)) == []


def test_another_unit_s_decision_does_not_exist(recorder: Officer, office: Officer) -> None:
    foreign = factories.decision(unit=factories.unit("WG-YH", "垭口派出所"))

    me = caller(recorder)
    assert me.get("decisions/").json()["results"] == []
    answer = me.get(f"decisions/{foreign.pk}/")
    assert (answer.status_code, errors(answer)) == (404, [("", "not_found")])
    assert answer.content == me.get("decisions/999999999/").content
    assert caller(office).get(f"decisions/{foreign.pk}/").status_code == 200


def test_the_queries_do_not_grow_with_the_page(
    recorder: Officer, some: list[Any], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    me = caller(recorder)
    me.get("decisions/")  # the day of the last use is noted once
    with django_assert_num_queries(10):
        # token, roles, page, acts, treatments, contests, law catalogue, rule set (two), trail
        assert len(me.get("decisions/").json()["results"]) == 5


@pytest.mark.parametrize(
    ("query", "fault"),
    [
        ({"from": "5.3.2026"}, ("from", "invalid")),
        ({"to": "2026-02-30"}, ("to", "invalid")),
        ({"limit": "0"}, ("limit", "min_value")),
        ({"before": "x"}, ("before", "invalid")),
        ({"before": "9" * 30}, ("before", "max_value")),
        ({"subject": "\x00"}, ("subject", "control")),
    ],
)
def test_wrong_parameters(recorder: Officer, query: dict[str, str], fault: tuple[str, str]) -> None:
    answer = caller(recorder).get("decisions/", **query)

    assert (answer.status_code, errors(answer)) == (400, [fault])


def test_no_client_outside_reads_a_decision() -> None:
    decision = factories.decision()
    assert outsider().get("decisions/").status_code == 403
    assert outsider().get(f"decisions/{decision.pk}/").status_code == 403


def test_the_trail_names_whose_decisions_were_listed(recorder: Officer) -> None:
    subject = factories.decision(unit=recorder.unit).subject
    caller(recorder).get("decisions/", subject=subject.credit_code)
    caller(recorder).get("decisions/", subject=factories.credit_code(77))

    named, unknown = AuditEntry.objects.filter(action="decision.list").order_by("pk")
    assert named.details["credit_code"] == subject.credit_code
    assert "credit_code" not in unknown.details
