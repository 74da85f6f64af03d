"""Warnings travel with the answer and stop no connected system; a reason given is kept."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.models import Officer
from accounts.roles import Role
from tests import factories
from tests.api.calls import caller, decision_body
from violations.models import Decision, Violation

pytestmark = pytest.mark.django_db


@pytest.fixture
def recorder() -> Officer:
    return factories.officer(Role.RECORDER, unit=factories.unit("WG-ZA"))


def body(amount: str, **act: Any) -> dict[str, Any]:
    """The body of the interface, its one act fined ``amount`` yuan under art. 43 (20,000 up)."""
    given: dict[str, Any] = decision_body()
    given["violations"] = [
        {
            **given["violations"][0],
            "law": "保安服务管理条例",
            "article": "第四十三条",
            "dispositions": [{"kind": "fine", "amount": amount}],
            **act,
        }
    ]
    return given


def test_an_amount_outside_the_article_is_recorded_submitted_and_warned_about(
    recorder: Officer,
) -> None:
    answer = caller(recorder).post("decisions/", body("500.00"))
    assert answer.status_code == 201, answer.content
    assert answer.json()["state"] == "submitted"
    assert [(w["field"], w["code"]) for w in answer.json()["warnings"]] == [
        ("violations[0].dispositions[0].amount", "amount_outside_article")
    ]
    found = caller(recorder).get(f"decisions/{Decision.objects.get().pk}/").json()
    assert found["warnings"] == answer.json()["warnings"]


def test_what_fits_the_article_has_no_warnings(recorder: Officer) -> None:
    assert caller(recorder).post("decisions/", body("20000.00")).json()["warnings"] == []


def test_a_draft_with_a_warning_is_handed_in_by_the_second_post(recorder: Officer) -> None:
    me = caller(recorder)
    me.post("decisions/", body("500.00") | {"submit": False})
    again = me.post("decisions/", body("500.00"))
    assert (again.status_code, again.json()["state"]) == (200, "submitted")


def test_a_reason_for_it_is_kept_and_is_no_part_of_the_content(recorder: Officer) -> None:
    me = caller(recorder)
    reason = "情节轻微，经集体讨论减轻处罚。"
    answer = me.post("decisions/", body("500.00", deviation_reason=reason))
    assert answer.json()["violations"][0]["deviation_reason"] == reason
    assert Violation.objects.get().deviation_reason == reason
    assert me.post("decisions/", body("500.00")).status_code == 200


def test_a_person_s_number_in_the_reason_is_refused(recorder: Officer) -> None:
    given = body("500.00", deviation_reason="持有人 410481199003070011 请求从轻")
    answer = caller(recorder).post("decisions/", given)
    assert answer.status_code == 400
    assert [e["field"] for e in answer.json()["errors"]] == ["violations[0].deviation_reason"]
