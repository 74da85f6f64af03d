"""Asking for grades: everything for the bureau, the disclosable evaluation alone for others."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
import time_machine
from pytest_django import DjangoAssertNumQueries

from accounts.models import Officer
from accounts.roles import Role
from core.models import AuditEntry
from grading.services import regrade
from subjects.models import Subject
from tests import factories
from tests.api.calls import caller, decision_body, errors, outsider
from violations.models import Decision

pytestmark = pytest.mark.django_db

SEALED = "治安管理处罚法"


@pytest.fixture
def fined() -> Decision:
    return factories.decision(decided_on=date(2026, 3, 5))


def ids(decision: Decision) -> list[int]:
    return list(decision.violations.values_list("pk", flat=True))


def test_the_answer_of_the_interface(recorder: Officer, fined: Decision) -> None:
    subject = fined.subject
    answer = caller(recorder).get(f"subjects/{subject.credit_code}/grade/")

    assert answer.json() == {
        "credit_code": subject.credit_code,
        "as_of": "2026-11-20",
        "grade": "B",
        "clauses": ["3-B-2"],
        "exceeded": [],
        "flags": [],
        "counts": {"warnings": 0, "penalties": 1, "breaches": 0, "amount": "20000.00"},
        "counted": ids(fined),
        "not_counted": [],
        "rule_set": answer.json()["rule_set"],
        "next_change_on": "2027-03-06",
        "disclosable_grade": "B",
        "disclosable_next_change_on": "2027-03-06",
    }
    assert answer.json()["rule_set"]


def test_what_does_not_count_is_named_with_why(recorder: Officer, fined: Decision) -> None:
    subject = fined.subject
    lapsed = factories.decision(subject, decided_on=date(2025, 3, 5))
    contested = factories.decision(subject, decided_on=date(2026, 4, 5))
    factories.contest(contested, date(2026, 4, 10))
    revoked = factories.decision(subject, decided_on=date(2026, 5, 5))
    for act in revoked.violations.all():
        act.revoked_on = date(2026, 6, 1)
        act.save()
    draft = factories.decision(subject, state="draft")

    path = f"subjects/{subject.credit_code}/grade/"
    body = caller(recorder).get(path).json()

    assert {one["id"]: one["why"] for one in body["not_counted"]} == {
        ids(lapsed)[0]: "lapsed",
        ids(contested)[0]: "contested",
        ids(revoked)[0]: "revoked",
    }
    assert ids(draft)[0] not in [one["id"] for one in body["not_counted"]]
    past = caller(recorder).get(path, as_of="2025-04-01").json()
    assert past["counted"] == ids(lapsed)


def test_as_it_was_known_then(recorder: Officer, fined: Decision) -> None:
    path = f"subjects/{fined.subject.credit_code}/grade/"
    me = caller(recorder)
    assert me.get(path, known_at="2026-11-19T10:00").json()["grade"] is None
    assert me.get(path, known_at="2026-11-20T10:00:00+08:00").json()["grade"] is None
    with time_machine.travel("2026-11-22T10:00:00+08:00", tick=True):
        known = caller(recorder).get(path, known_at="2026-11-21T10:00:00+08:00")
        assert known.json()["grade"] == "B"


def test_before_the_first_rule_set_there_is_no_grade(recorder: Officer, fined: Decision) -> None:
    body = caller(recorder).get(f"subjects/{fined.subject.credit_code}/grade/", as_of="2010-01-01")
    assert (body.json()["grade"], body.json()["rule_set"]) == (None, None)


def test_the_subject_with_its_grade_and_since_when(recorder: Officer, fined: Decision) -> None:
    subject = fined.subject
    path = f"subjects/{subject.credit_code}/"
    waiting = caller(recorder).get(path).json()
    assert waiting["is_being_regraded"] is True
    regrade([subject.pk])

    assert caller(recorder).get(path).json() == {
        "credit_code": subject.credit_code,
        "name": subject.name,
        "kind": "company",
        "grade": "B",
        "since": "2026-11-20",
        "is_being_regraded": False,
    }
    outside = outsider().get(path).json()
    assert outside["grade"] == "B"
    assert "is_being_regraded" not in outside


def test_a_former_code_is_answered_for_the_organisation(recorder: Officer, fined: Decision) -> None:
    from subjects.models import SubjectCode

    former = factories.credit_code(4242)
    SubjectCode.objects.create(subject=fined.subject, code=former)
    body = caller(recorder).get(f"subjects/{former}/grade/").json()
    assert (body["credit_code"], body["grade"]) == (fined.subject.credit_code, "B")


@pytest.fixture
def mixed(fined: Decision) -> tuple[Decision, Decision]:
    """One fine that is open and two sealed ones of the same organisation."""
    sealed = factories.decision(
        fined.subject,
        decided_on=date(2026, 6, 1),
        law=SEALED,
        acts=[[("fine", 500)], [("fine", 600_000)]],
    )
    return fined, sealed


def test_outside_nothing_sealed_shows(mixed: tuple[Decision, Decision], recorder: Officer) -> None:
    fined, sealed = mixed
    path = f"subjects/{fined.subject.credit_code}/grade/"
    inside = caller(recorder).get(path).json()
    assert inside["counts"]["penalties"] == 2
    assert inside["flags"] == ["over_limit"]

    for who in (outsider(), caller(recorder, "grades:read")):
        body = who.get(path).json()
        assert body["counts"] == {
            "warnings": 0,
            "penalties": 1,
            "breaches": 0,
            "amount": "20000.00",
        }
        assert body["flags"] == []
        assert body["counted"] == ids(fined)
        assert not set(ids(sealed)) & {one["id"] for one in body["not_counted"]}
        assert body["next_change_on"] == body["disclosable_next_change_on"] == "2027-03-06"


def test_outside_the_answer_is_that_of_the_organisation_without_its_sealed_records(
    mixed: tuple[Decision, Decision],
) -> None:
    """Nothing can be inferred: field by field the same as had nothing sealed ever happened."""
    fined, _ = mixed
    twin = factories.decision(decided_on=fined.decided_on)
    for query in ({}, {"as_of": "2026-05-01"}, {"as_of": "2026-12-31"}):
        bodies = [
            outsider().get(f"subjects/{one.subject.credit_code}/grade/", **query).json()
            for one in (fined, twin)
        ]
        for body, one in zip(bodies, (fined, twin), strict=True):
            assert body.pop("credit_code") == one.subject.credit_code
            assert body.pop("counted") == ids(one)
        assert bodies[0] == bodies[1]


def nothing_to_say() -> list[Subject]:
    """Organisations about which nothing may be said outside, each for another reason."""
    sealed = factories.decision(decided_on=date(2026, 6, 1), law=SEALED).subject
    unmapped = factories.decision(decided_on=date(2026, 6, 1), law="无人知晓的条例").subject
    lapsed = factories.decision(decided_on=date(2024, 6, 1)).subject
    contested = factories.decision(decided_on=date(2026, 6, 1))
    factories.contest(contested, date(2026, 6, 2))
    proposed = factories.list_entry(state="proposed").subject
    return [factories.subject(), sealed, unmapped, lapsed, contested.subject, proposed]


@pytest.mark.parametrize("path", ["subjects/{}/", "subjects/{}/grade/"])
def test_outside_who_has_nothing_disclosable_is_like_who_is_unknown(
    path: str, recorder: Officer
) -> None:
    unknown = [factories.credit_code(777), "410481199001010018", "x", "舞钢"]
    answers = [
        who.get(path.format(code))
        for who in (outsider(), caller(recorder, "grades:read"))
        for code in [*(one.credit_code for one in nothing_to_say()), *unknown]
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    own = {"X-Request-ID", "Expires"}  # of each request alone, whoever asks for whatever
    headers = [{k: v for k, v in answer.headers.items() if k not in own} for answer in answers]
    assert all(one == headers[0] for one in headers)


@pytest.mark.parametrize("path", ["subjects/{}/", "subjects/{}/grade/"])
def test_outside_the_same_queries_are_asked_for_both(
    path: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    who = outsider()
    who.get(path.format("x"))  # the day of the last use is noted once
    asked = []
    for code in [*(one.credit_code for one in nothing_to_say()), factories.credit_code(777)]:
        with django_assert_num_queries(10) as queries:
            who.get(path.format(code))
        texts = [query["sql"].split(" WHERE ")[0] for query in queries.captured_queries[:-1]]
        asked.append([re.sub(r"_django_curs_\w+", "cursor", text) for text in texts])
    assert all(one == asked[0] for one in asked)


def test_outside_a_moment_of_knowledge_is_refused_before_anybody_is_looked_up(
    fined: Decision,
) -> None:
    for code in (fined.subject.credit_code, factories.credit_code(777)):
        answer = outsider().get(f"subjects/{code}/grade/", known_at="2026-11-20T09:00")
        assert (answer.status_code, errors(answer)) == (403, [("known_at", "scope")])


def test_each_look_up_stands_in_the_trail(recorder: Officer, fined: Decision) -> None:
    caller(recorder).get(f"subjects/{fined.subject.credit_code}/grade/")
    who = outsider()
    who.get("subjects/410481199001010018/")

    inside, outside = AuditEntry.objects.filter(action="subject.look_up").order_by("pk")
    assert (inside.target_id, inside.actor) == (str(fined.subject.pk), recorder.number)
    assert inside.details["credit_code"] == fined.subject.credit_code
    assert outside.actor.startswith("client-")
    assert "410481199001010018" not in str(outside.details)


@pytest.mark.parametrize(
    ("query", "fault"),
    [
        ({"as_of": "0001-01-01"}, ("as_of", "out_of_range")),
        ({"as_of": "9999-12-31"}, ("as_of", "out_of_range")),
        ({"as_of": "20261120"}, ("as_of", "invalid")),
        ({"known_at": "yesterday"}, ("known_at", "invalid")),
        ({"known_at": "2030-01-01T00:00:00+08:00"}, ("known_at", "out_of_range")),
        ({"known_at": "0001-01-01T00:00:00+14:00"}, ("known_at", "invalid")),
    ],
)
def test_wrong_days(recorder: Officer, query: dict[str, str], fault: tuple[str, str]) -> None:
    answer = caller(recorder).get(f"subjects/{factories.credit_code(1)}/grade/", **query)
    assert (answer.status_code, errors(answer)) == (400, [fault])


def test_the_preview_says_what_confirmation_will_give(recorder: Officer, fined: Decision) -> None:
    code = fined.subject.credit_code
    body = decision_body(subject={"credit_code": code, "name": fined.subject.name})
    rows = Decision.objects.count()

    answer = caller(recorder).post(f"subjects/{code}/preview/", body)

    assert answer.status_code == 200, answer.content
    shown = answer.json()
    assert shown["counts"]["penalties"] == 2
    assert shown["before"]["counts"]["penalties"] == 1
    assert shown["counts"]["amount"] == "40000.00"
    assert shown["is_registered"] is True
    assert Decision.objects.count() == rows


def test_the_preview_needs_neither_unit_nor_number_nor_a_known_organisation(
    recorder: Officer,
) -> None:
    body = decision_body()
    for name in ("unit", "number", "subject"):
        del body[name]

    answer = caller(recorder).post(f"subjects/{factories.credit_code(9)}/preview/", body)

    assert (answer.status_code, answer.json()["is_registered"]) == (200, False)
    assert not Subject.objects.exists()


def test_the_preview_refuses_what_entry_refuses(recorder: Officer) -> None:
    code = factories.credit_code(9)
    body: dict[str, Any] = decision_body(kind="order")
    answer = caller(recorder).post(f"subjects/{code}/preview/", body)
    assert (answer.status_code, errors(answer)) == (
        400,
        [("subject.credit_code", "other_subject")],
    )
    del body["subject"]
    answer = caller(recorder).post(f"subjects/{code}/preview/", body)
    assert ("violations[0].dispositions[1].kind", "not_in_order") in errors(answer)


def test_the_preview_is_the_bureau_s(recorder: Officer) -> None:
    path = f"subjects/{factories.credit_code(9)}/preview/"
    assert outsider().post(path, decision_body()).status_code == 403
    assert caller(recorder, "grades:internal").post(path, decision_body()).status_code == 403


@pytest.mark.parametrize("day", ["2026-04-01", "2026-11-20"])
def test_a_repaired_record_is_not_shown_outside_for_any_day(
    recorder: Officer, fined: Decision, day: str
) -> None:
    act = fined.violations.get()
    act.repaired_on = date(2026, 6, 1)
    act.save()
    path = f"subjects/{fined.subject.credit_code}/grade/"

    assert outsider().get(path, as_of=day).status_code == 404
    assert caller(recorder).get(path, as_of=day).status_code == 200


@time_machine.travel("2031-06-01T10:00:00+08:00", tick=True)
def test_outside_nothing_is_said_of_days_more_than_five_years_ago() -> None:
    old = factories.decision(decided_on=date(2026, 5, 5))
    path = f"subjects/{old.subject.credit_code}/grade/"

    assert outsider().get(path, as_of="2026-06-01").status_code == 200
    assert outsider().get(path, as_of="2026-05-31").status_code == 404
    inside = caller(factories.officer(Role.RECORDER)).get(path, as_of="2026-05-31")
    assert inside.json()["grade"] == "B"
