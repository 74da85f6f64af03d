"""Posting decisions: recorded once whatever is repeated, and refused with a word on each fault."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from accounts.models import Officer
from accounts.roles import Role
from core.models import AuditEntry
from subjects.models import Subject
from tests import factories
from tests.api.calls import caller, decision_body, errors, outsider
from violations.models import Decision
from violations.services import confirm_decision, withdraw_decision

pytestmark = pytest.mark.django_db


def test_the_body_of_the_interface_is_recorded_and_submitted(recorder: Officer) -> None:
    answer = caller(recorder).post("decisions/", decision_body())

    assert answer.status_code == 201, answer.content
    decision = Decision.objects.get()
    body = answer.json()
    assert body["id"] == decision.pk
    assert body["state"] == "submitted"
    act = decision.violations.get()
    assert [one["id"] for one in body["violations"]] == [act.pk]
    assert body["violations"][0]["amount"] == "20000.00"
    assert body["violations"][0]["bucket"] == "penalty"
    assert decision.truth_stated
    assert act.dispositions.get(kind="fine").amount == Decimal("20000.00")


def test_without_submit_it_stays_a_draft_and_submit_later_hands_it_in(recorder: Officer) -> None:
    me = caller(recorder)
    first = me.post("decisions/", decision_body(submit=False)).json()
    assert first["state"] == "draft"

    again = me.post("decisions/", decision_body())

    assert again.status_code == 200
    assert again.json()["id"] == first["id"]
    assert again.json()["state"] == "submitted"


@pytest.mark.parametrize(
    "spelling",
    [
        {},
        {"number": "舞公(治)行罚决字[2026]0101 号"},
        {"unit": " WG-ZA "},
        {"subject": {"credit_code": factories.credit_code(1).lower(), "name": "另一个写法"}},
    ],
)
def test_the_same_content_again_is_the_same_decision(
    recorder: Officer, spelling: dict[str, Any]
) -> None:
    me = caller(recorder)
    first = me.post("decisions/", decision_body())

    again = me.post("decisions/", decision_body(**spelling))

    assert again.status_code == 200
    assert again.json() == first.json()
    assert Decision.objects.count() == 1


def test_it_is_the_same_after_it_was_confirmed(recorder: Officer, reviewer: Officer) -> None:
    me = caller(recorder)
    first = me.post("decisions/", decision_body()).json()
    confirm_decision(officer=reviewer, decision_id=first["id"], version=first["version"])

    again = me.post("decisions/", decision_body())

    assert (again.status_code, again.json()["state"]) == (200, "in_force")


@pytest.mark.parametrize(
    "change",
    [
        {"decided_on": "2026-03-06"},
        {"served_on": "2026-03-06"},
        {"procedure": "summary"},
        {"subject": {"credit_code": factories.credit_code(2), "name": "舞钢市另一公司"}},
    ],
)
def test_the_same_number_with_other_content_is_refused(
    recorder: Officer, change: dict[str, Any]
) -> None:
    me = caller(recorder)
    me.post("decisions/", decision_body())

    answer = me.post("decisions/", decision_body(**change))

    assert answer.status_code == 409
    assert errors(answer) == [("number", "other_content")]
    assert Subject.objects.count() == 1


def test_another_amount_is_other_content(recorder: Officer) -> None:
    me = caller(recorder)
    me.post("decisions/", decision_body())
    body = decision_body()
    body["violations"][0]["dispositions"][1]["amount"] = "20000.01"

    assert me.post("decisions/", body).status_code == 409


def test_a_withdrawn_decision_frees_its_number(recorder: Officer) -> None:
    me = caller(recorder)
    first = me.post("decisions/", decision_body()).json()
    withdraw_decision(officer=recorder, decision_id=first["id"], version=first["version"])

    answer = me.post("decisions/", decision_body(decided_on="2026-03-06"))

    assert answer.status_code == 201


def test_every_fault_is_named_with_its_path(recorder: Officer) -> None:
    body = decision_body(decided_on="2027-01-01")
    body["violations"][0]["dispositions"][1] = {"kind": "fine"}
    body["violations"][0]["law"] = ""

    answer = caller(recorder).post("decisions/", body)

    assert answer.status_code == 400
    assert set(errors(answer)) == {
        ("decided_on", "future"),
        ("violations[0].law", "required"),
        ("violations[0].dispositions[1].amount", "required"),
    }
    assert not Decision.objects.exists()


def test_a_resident_identity_number_is_no_subject(recorder: Officer) -> None:
    body = decision_body(subject={"credit_code": "410481199001010018", "name": "某人"})

    answer = caller(recorder).post("decisions/", body)

    assert answer.status_code == 400
    assert ("subject.credit_code", "person") in errors(answer)
    trail = str(list(AuditEntry.objects.values_list("details", flat=True)))
    assert "410481199001010018" not in trail


def test_another_unit_s_decision_is_refused(recorder: Officer) -> None:
    factories.unit("WG-YH", "垭口派出所")

    answer = caller(recorder).post("decisions/", decision_body(unit="WG-YH"))

    assert (answer.status_code, errors(answer)) == (403, [("", "not_allowed")])


def test_what_another_case_system_confirmed_counts_at_once(
    recorder: Officer, reviewer: Officer
) -> None:
    body = decision_body(in_force=True, confirmed_by=reviewer.number)

    answer = caller(recorder).post("decisions/", body)

    assert (answer.status_code, answer.json()["state"]) == (201, "in_force")
    decision = Decision.objects.get()
    assert (decision.confirmed_by, decision.taken_over) == (reviewer, False)
    again = caller(recorder).post("decisions/", body)
    assert (again.status_code, again.json()["id"]) == (200, decision.pk)


def test_the_second_person_may_be_named_by_name(recorder: Officer, reviewer: Officer) -> None:
    answer = caller(recorder).post(
        "decisions/", decision_body(in_force=True, confirmed_by=reviewer.name)
    )

    assert answer.json()["confirmed_by"] == reviewer.number


def test_who_confirmed_must_be_a_second_person_who_may(recorder: Officer, home: Any) -> None:
    colleague = factories.officer(Role.RECORDER, unit=home)
    for named, code in (
        (recorder.number, "same_person"),
        (colleague.number, "may_not"),
        ("查无此人", "unknown"),
    ):
        answer = caller(recorder).post(
            "decisions/", decision_body(in_force=True, confirmed_by=named)
        )
        assert (answer.status_code, errors(answer)) == (400, [("confirmed_by", code)])
    assert not Decision.objects.exists()


@pytest.mark.usefixtures("takeover_open")
def test_without_who_confirmed_it_is_a_takeover(recorder: Officer) -> None:
    body = decision_body(in_force=True)
    del body["violations"][0]["committed_on"]
    del body["violations"][0]["article"]

    answer = caller(recorder).post("decisions/", body)

    assert (answer.status_code, answer.json()["taken_over"]) == (201, True)
    assert answer.json()["state"] == "in_force"


def test_a_takeover_needs_the_setting(recorder: Officer) -> None:
    answer = caller(recorder).post("decisions/", decision_body(in_force=True))

    assert (answer.status_code, errors(answer)) == (403, [("", "not_allowed")])


def test_in_force_needs_its_own_scope(recorder: Officer, reviewer: Officer) -> None:
    body = decision_body(in_force=True, confirmed_by=reviewer.number)

    answer = caller(recorder, "decisions:write").post("decisions/", body)
    assert (answer.status_code, errors(answer)) == (403, [("", "scope")])
    only_in_force = caller(recorder, "decisions:in-force")
    assert only_in_force.post("decisions/", decision_body()).status_code == 403
    assert only_in_force.post("decisions/", body).status_code == 201


def test_a_draft_does_not_come_in_force_by_being_posted_again(
    recorder: Officer, reviewer: Officer
) -> None:
    me = caller(recorder)
    me.post("decisions/", decision_body())

    answer = me.post("decisions/", decision_body(in_force=True, confirmed_by=reviewer.number))

    assert (answer.status_code, errors(answer)) == (409, [("", "wrong_state")])


def test_a_role_that_records_nothing_posts_nothing(reviewer: Officer, office: Officer) -> None:
    for who in (reviewer, office):
        answer = caller(who).post("decisions/", decision_body())
        assert answer.status_code == 403
    assert outsider().post("decisions/", decision_body()).status_code == 403


def test_the_call_stands_in_the_trail_with_where_it_came_from(recorder: Officer) -> None:
    caller(recorder).post("decisions/", decision_body())

    entry = AuditEntry.objects.get(action="decision.post")
    assert entry.origin == "api 127.0.0.1"
    assert entry.actor == recorder.number
    assert entry.details["status"] == 201
    assert AuditEntry.objects.filter(action="decision.record", origin="api 127.0.0.1").exists()


def test_the_office_confirms_elsewhere_only_where_the_unit_has_nobody_free(
    recorder: Officer, office: Officer
) -> None:
    reviewer = factories.officer(Role.UNIT_REVIEWER, unit=recorder.unit)
    body = decision_body(in_force=True, confirmed_by=office.number)
    me = caller(recorder)

    answer = me.post("decisions/", body)
    assert (answer.status_code, errors(answer)) == (400, [("confirmed_by", "unit_has_reviewer")])
    reviewer.is_active = False
    reviewer.save()
    assert me.post("decisions/", body).status_code == 201
