"""What was decided elsewhere: revocations, repairs and contests, never by who had a hand in it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from accounts.models import Officer
from accounts.roles import Role
from tests import factories
from tests.api.calls import caller, errors, outsider
from violations import services
from violations.models import Contest, Decision, Violation

pytestmark = pytest.mark.django_db

OUTCOME: dict[str, Any] = {
    "reason": "复议机关决定撤销该处罚决定。",
    "document": "舞政复决〔2026〕7号",
    "on": "2026-05-20",
}


@pytest.fixture
def decision(recorder: Officer, reviewer: Officer) -> Decision:
    return factories.decision(
        unit=recorder.unit,
        recorded_by=recorder,
        confirmed_by=reviewer,
        decided_on=date(2026, 3, 5),
    )


@pytest.mark.parametrize("verb", ["revoke", "repair"])
def test_an_outcome_once_and_again(office: Officer, decision: Decision, verb: str) -> None:
    act = decision.violations.get()
    me = caller(office)

    answer = me.post(f"violations/{act.pk}/{verb}/", OUTCOME)

    assert answer.status_code == 200, answer.content
    assert answer.json()["revoked_on" if verb == "revoke" else "repaired_on"] == "2026-05-20"
    again = me.post(f"violations/{act.pk}/{verb}/", OUTCOME)
    assert (again.status_code, again.json()) == (200, answer.json())
    other = me.post(f"violations/{act.pk}/{verb}/", {**OUTCOME, "on": "2026-05-21"})
    assert other.status_code == 409


def test_a_contest_begins_and_ends(office: Officer, decision: Decision) -> None:
    me, path = caller(office), f"decisions/{decision.pk}/contest/"
    begun = {"from": "2026-04-01", "until": None, "document": "舞政复受〔2026〕7号"}

    first = me.post(path, begun)
    assert first.status_code == 201, first.content
    assert (first.json()["from"], first.json()["until"]) == ("2026-04-01", None)
    assert me.post(path, begun).status_code == 200
    ended = me.post(path, {**begun, "until": "2026-07-01"})

    assert (ended.status_code, ended.json()["until"]) == (200, "2026-07-01")
    assert Contest.objects.count() == 1
    assert me.post(path, {**begun, "until": "2026-07-02"}).status_code == 409


@pytest.mark.parametrize("path", ["violations/{act}/revoke/", "violations/{act}/repair/"])
def test_who_recorded_or_confirmed_it_is_refused(home: Any, path: str) -> None:
    both = [factories.officer(Role.OFFICE, role, unit=home) for role in ("recorder",) * 2]
    decision = factories.decision(unit=home, recorded_by=both[0], confirmed_by=both[1])
    act = decision.violations.get()
    for officer in both:
        answer = caller(officer).post(
            path.format(act=act.pk), {**OUTCOME, "on": str(decision.decided_on)}
        )
        assert (answer.status_code, errors(answer)) == (403, [("", "not_allowed")])
        contest = caller(officer).post(
            f"decisions/{decision.pk}/contest/",
            {"from": str(decision.decided_on), "document": "复〔2026〕1号"},
        )
        assert contest.status_code == 403


def test_other_roles_and_scopes_are_refused(
    recorder: Officer, reviewer: Officer, office: Officer, decision: Decision
) -> None:
    path = f"violations/{decision.violations.get().pk}/revoke/"
    assert caller(recorder).post(path, OUTCOME).status_code == 403
    assert caller(reviewer).post(path, OUTCOME).status_code == 403
    assert caller(office, "decisions:read").post(path, OUTCOME).status_code == 403
    assert outsider().post(path, OUTCOME).status_code == 403
    assert decision.violations.get().revoked_on is None


def test_faults_and_what_is_not_there(office: Officer, decision: Decision) -> None:
    me, act = caller(office), decision.violations.get()
    answer = me.post(f"violations/{act.pk}/revoke/", {"reason": "短", "document": "", "on": "x"})
    assert errors(answer) == [("on", "invalid")]
    answer = me.post(
        f"violations/{act.pk}/revoke/", {"reason": "短", "document": "", "on": "2026-01-01"}
    )
    assert set(errors(answer)) == {
        ("on", "before_decision"),
        ("reason", "too_short"),
        ("document", "required"),
    }
    assert me.post("violations/999999/revoke/", OUTCOME).status_code == 404
    assert me.post(f"violations/{10**30}/revoke/", OUTCOME).status_code == 404


def test_a_draft_has_no_outcome(office: Officer) -> None:
    draft = factories.decision(state="draft")
    submitted = factories.decision(state="submitted")
    me = caller(office)
    answer = me.post(f"violations/{draft.violations.get().pk}/revoke/", OUTCOME)
    assert answer.status_code == 404  # another unit's draft does not exist for the office
    answer = me.post(f"violations/{submitted.violations.get().pk}/revoke/", OUTCOME)
    assert (answer.status_code, errors(answer)) == (409, [("", "wrong_state")])


@pytest.mark.parametrize("verb", ["revoke", "repair"])
def test_blanks_make_no_other_outcome(office: Officer, decision: Decision, verb: str) -> None:
    path = f"violations/{decision.violations.get().pk}/{verb}/"
    wide = {**OUTCOME, "document": " 舞政复决  〔2026〕7号 "}

    assert caller(office).post(path, wide).status_code == 200
    assert caller(office).post(path, wide).status_code == 200


def test_blanks_make_no_other_contest(office: Officer, decision: Decision) -> None:
    path = f"decisions/{decision.pk}/contest/"
    wide = {"from": "2026-04-01", "until": None, "document": "舞政复受  〔2026〕7号"}

    assert caller(office).post(path, wide).status_code == 201
    assert caller(office).post(path, wide).status_code == 200


def test_an_equal_outcome_that_came_in_between_is_seen_under_the_lock(
    office: Officer, decision: Decision, monkeypatch: pytest.MonkeyPatch
) -> None:
    act = decision.violations.get()
    path = f"violations/{act.pk}/revoke/"
    reading = Violation.objects.none().__class__.first

    def read_and_then_somebody_else_writes(rows: Any) -> Any:
        found = reading(rows)
        if isinstance(found, Violation) and found.revoked_on is None:
            services.revoke_violation(
                officer=office,
                violation_id=act.pk,
                basis="elsewhere",
                **{**OUTCOME, "on": date(2026, 5, 20)},
            )
        return found

    monkeypatch.setattr(
        Violation.objects.none().__class__, "first", read_and_then_somebody_else_writes
    )
    assert caller(office).post(path, OUTCOME).status_code == 200
    assert act.history.filter(revoked_on__isnull=False).count() == 1
