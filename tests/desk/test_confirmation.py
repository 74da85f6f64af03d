"""The second person confirms or returns; never their own, never an older version."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client

from accounts.models import Officer
from accounts.roles import Role
from core.models import AuditEntry
from grading.models import RegradeRequest
from tests import factories
from tests.desk.entry_posts import penalty
from violations.entry_data import RawEntry
from violations.enums import DecisionState
from violations.forms import EntryForm
from violations.models import Decision, DecisionEditor
from violations.services import edit_decision, submit_decision

pytestmark = pytest.mark.django_db


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
def reviewer() -> Officer:
    return factories.officer(Role.UNIT_REVIEWER, name="李四")


@pytest.fixture
def decision(client: Client, recorder: Officer) -> Decision:
    """Entered and submitted on screen."""
    client.force_login(recorder)
    client.post("/violations/penalties/new/", penalty())
    made = Decision.objects.get()
    check = f"/violations/{made.pk}/check/"
    client.post(check, {"seen": client.get(check).context["seen"]})
    made.refresh_from_db()
    assert made.state == DecisionState.SUBMITTED
    return made


def _url(decision: Decision) -> str:
    return f"/violations/{decision.pk}/confirm/"


def _seen(client: Client, decision: Decision) -> str:
    return str(client.get(_url(decision)).context["seen"])


def test_agreeing_puts_it_in_force_and_asks_for_a_grade(
    client: Client, decision: Decision, reviewer: Officer
) -> None:
    client.force_login(reviewer)
    post = {"verdict": "agree", "compared": "on", "seen": _seen(client, decision)}
    answer = client.post(_url(decision), post, follow=True)

    decision.refresh_from_db()
    assert decision.state == DecisionState.IN_FORCE
    assert decision.confirmed_by == reviewer
    assert RegradeRequest.objects.filter(subject=decision.subject).exists()
    assert "已生效" in answer.content.decode()


def test_it_is_not_in_force_before_somebody_compared_the_paper(
    client: Client, decision: Decision, reviewer: Officer
) -> None:
    client.force_login(reviewer)
    page = client.post(_url(decision), {"verdict": "agree", "seen": _seen(client, decision)})
    assert 'href="#id_compared"' in page.content.decode()
    page = client.post(_url(decision), {"compared": "on", "seen": _seen(client, decision)})
    assert "请选择" in page.content.decode()
    decision.refresh_from_db()
    assert decision.state == DecisionState.SUBMITTED


def test_returning_needs_a_remark_that_the_recorder_then_reads(
    client: Client, decision: Decision, reviewer: Officer, recorder: Officer
) -> None:
    client.force_login(reviewer)
    seen = _seen(client, decision)
    short = client.post(_url(decision), {"verdict": "return", "remark": "错了", "seen": seen})
    assert 'href="#id_remark"' in short.content.decode()
    assert "错了" in short.content.decode()

    remark = "罚款金额与决定书不符，请改为 2,000 元。"
    client.post(_url(decision), {"verdict": "return", "remark": remark, "seen": seen})
    decision.refresh_from_db()
    assert (decision.state, decision.returned_remark) == (DecisionState.DRAFT, remark)

    client.force_login(recorder)
    for page in ("", "edit/", "check/"):
        assert remark in client.get(f"/violations/{decision.pk}/{page}").content.decode()
    # Its truth is stated anew before it is handed in again.
    check = f"/violations/{decision.pk}/check/"
    refused = client.post(check, {"seen": client.get(check).context["seen"]})
    assert 'href="#id_truth_stated"' in refused.content.decode()
    client.post(check, {"seen": refused.context["seen"], "truth_stated": "on"})
    decision.refresh_from_db()
    assert decision.state == DecisionState.SUBMITTED


def test_who_agreed_goes_on_with_the_next_that_waits(
    client: Client, decision: Decision, reviewer: Officer
) -> None:
    second = factories.decision(state=DecisionState.SUBMITTED, recorded_by=decision.recorded_by)
    client.force_login(reviewer)
    page = client.get(_url(decision))
    assert f"/violations/{second.pk}/confirm/" in page.content.decode()
    post = {"verdict": "agree", "compared": "on", "seen": page.context["seen"]}
    answer = client.post(_url(decision), post)
    assert answer.url == _url(second)  # type: ignore[attr-defined]


def test_a_version_that_changed_meanwhile_is_shown_beside_the_old_one(
    client: Client, decision: Decision, reviewer: Officer, recorder: Officer
) -> None:
    client.force_login(reviewer)
    seen = _seen(client, decision)
    form = EntryForm("penalty", RawEntry.from_post(penalty(v__0__d__0__amount="9,000")), check=True)
    data = form.to_input(unit_code=recorder.unit.code)
    edited = edit_decision(
        officer=recorder, decision_id=decision.pk, version=decision.version, data=data
    )
    submit_decision(officer=recorder, decision_id=decision.pk, version=edited.version)

    late = client.post(_url(decision), {"verdict": "agree", "compared": "on", "seen": seen})
    text = late.content.decode()

    assert late.status_code == 409
    assert "1,000" in text
    assert "9,000" in text
    decision.refresh_from_db()
    assert decision.state == DecisionState.SUBMITTED


@pytest.mark.parametrize("seen", ["", "made-up", "x:y:z"])
def test_a_broken_seal_confirms_nothing(
    client: Client, decision: Decision, reviewer: Officer, seen: str
) -> None:
    client.force_login(reviewer)
    post = {"verdict": "agree", "compared": "on", "seen": seen}
    assert client.post(_url(decision), post).status_code == 409
    decision.refresh_from_db()
    assert decision.state == DecisionState.SUBMITTED


def test_nobody_confirms_what_they_recorded(client: Client, decision: Decision) -> None:
    both = decision.recorded_by
    both.role_grants.create(role=Role.UNIT_REVIEWER)
    client.force_login(Officer.objects.get(pk=both.pk))
    page = client.get(_url(decision))
    assert page.status_code == 403
    assert "录入与审核须由两人完成" in page.content.decode()
    post = {"verdict": "agree", "compared": "on", "seen": "x"}
    assert client.post(_url(decision), post).status_code == 403


def test_nobody_confirms_what_they_edited_in_any_version(
    client: Client, decision: Decision, reviewer: Officer
) -> None:
    DecisionEditor.objects.create(decision=decision, officer=reviewer)
    client.force_login(reviewer)
    assert client.get(_url(decision)).status_code == 403


def test_a_recorder_without_the_role_may_not(client: Client, decision: Decision) -> None:
    client.force_login(factories.officer(Role.RECORDER))
    assert client.get(_url(decision)).status_code == 403


def test_another_units_reviewer_does_not_find_it(client: Client, decision: Decision) -> None:
    client.force_login(factories.officer(Role.UNIT_REVIEWER, unit=factories.unit()))
    assert client.get(_url(decision)).status_code == 404


def test_the_office_confirms_only_where_the_unit_has_nobody_free(
    client: Client, decision: Decision
) -> None:
    office = factories.officer(Role.OFFICE, unit=factories.unit("WG-OFFICE", is_office=True))
    client.force_login(office)
    assert client.get(_url(decision)).status_code == 200
    factories.officer(Role.UNIT_REVIEWER)
    assert client.get(_url(decision)).status_code == 403


def test_what_is_not_waiting_is_only_read(client: Client, reviewer: Officer) -> None:
    in_force = factories.decision()
    client.force_login(reviewer)
    answer = client.get(_url(in_force), follow=True)
    assert "不在审核中" in answer.content.decode()
    assert answer.redirect_chain[-1][0] == f"/violations/{in_force.pk}/"


def test_a_look_at_a_decision_stands_in_the_trail(client: Client, reviewer: Officer) -> None:
    decision = factories.decision()
    client.force_login(reviewer)
    client.get(f"/violations/{decision.pk}/")
    assert AuditEntry.objects.filter(
        action="decision.view", target_id=str(decision.pk), actor=reviewer.number
    ).exists()


def test_the_office_is_not_told_of_another_units_drafts(client: Client, recorder: Officer) -> None:
    waiting = factories.decision(recorded_by=recorder, state=DecisionState.SUBMITTED)
    draft = factories.decision(waiting.subject, recorded_by=recorder, state=DecisionState.DRAFT)
    client.force_login(factories.officer(Role.OFFICE, unit=factories.unit(is_office=True)))

    page = client.get(_url(waiting))

    assert page.status_code == 200
    assert draft.number not in page.content.decode()
    assert client.get(f"/violations/{draft.pk}/").status_code == 404


def test_an_answered_remark_is_not_shown_again_after_an_edit_of_ones_own(
    client: Client, decision: Decision, recorder: Officer, reviewer: Officer
) -> None:
    remark = "请补充违法事实。"
    client.force_login(reviewer)
    post = {"verdict": "return", "remark": remark, "seen": _seen(client, decision)}
    client.post(_url(decision), post)
    client.force_login(recorder)
    check = f"/violations/{decision.pk}/check/"
    page = client.get(check)
    assert remark in page.content.decode()
    client.post(check, {"seen": page.context["seen"], "truth_stated": "on"})
    decision.refresh_from_db()
    assert (decision.state, decision.returned_remark) == (DecisionState.SUBMITTED, "")

    edit = f"/violations/{decision.pk}/edit/"
    client.post(edit, penalty(handler="赵六", version=str(decision.version)))

    decision.refresh_from_db()
    assert (decision.state, decision.handler) == (DecisionState.DRAFT, "赵六")
    for address in (check, edit, f"/violations/{decision.pk}/", "/"):
        assert remark not in client.get(address).content.decode()
    assert decision.history.filter(returned_remark=remark).exists()
