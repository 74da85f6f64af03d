"""The papers that belong to a record: list notice and decision, the repair notice."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import time_machine

from accounts.roles import Role
from sanctions.paper_of_decisions import issue_repair_notice, standing
from sanctions.paper_of_lists import content_for, issue_for_entry, kinds_for
from tests import factories
from tests.sanctions.paper_cases import office_officer
from violations.enums import DecisionState, ListKind, ListState
from violations.errors import InvalidDecision, NotAllowed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("blank_pdf")]


@pytest.fixture(autouse=True)
def _day() -> Any:
    with time_machine.travel("2026-06-01 10:00 +0800", tick=False):
        yield


def test_the_repair_notice_says_from_when_each_act_can_be_repaired() -> None:
    station = factories.unit("WG-YH", "垭口派出所")
    decision = factories.decision(unit=station, decided_on=date(2026, 3, 5))
    factories.act(decision, ["warning"], type="未按规定登记")
    recorder = factories.officer(Role.RECORDER, unit=station)
    paper = issue_repair_notice(officer=recorder, decision=decision)
    assert paper.content["acts"] == [
        ["保安从业单位违规提供服务", "罚款20000元", "一般失信", "2026年6月6日"],
        ["未按规定登记", "警告", "轻微失信", "2026年3月5日"],
    ]
    assert decision.number in paper.texts["opening"][0]
    assert standing(decision) == paper
    with pytest.raises(InvalidDecision, match="已出具"):
        issue_repair_notice(officer=recorder, decision=decision)
    again = issue_repair_notice(
        officer=recorder, decision=decision, supersedes=paper, reason="单位名称写错"
    )
    assert standing(decision) == again


def test_no_repair_notice_for_what_is_not_in_force_or_of_another_unit() -> None:
    draft = factories.decision(state=DecisionState.DRAFT)
    with pytest.raises(InvalidDecision, match="生效"):
        issue_repair_notice(officer=office_officer(), decision=draft)
    decision = factories.decision(unit=factories.unit("WG-YH", "垭口派出所"))
    with pytest.raises(NotAllowed):
        issue_repair_notice(officer=factories.officer(Role.RECORDER), decision=decision)


def test_a_proposal_gets_a_notice_and_a_published_entry_a_decision() -> None:
    clerk = office_officer()
    entry = factories.list_entry(factories.subject(), ListKind.BLACK, listed_on=date(2026, 5, 1))
    assert kinds_for(entry) == ("list_decision",)
    content = content_for(entry, "list_decision")
    assert content["grade"] == "C级（严重失信）"
    paper = issue_for_entry(officer=clerk, entry=entry, kind="list_decision")
    assert paper.list_entry == entry
    entry.state = ListState.PROPOSED
    assert kinds_for(entry) == ("list_notice",)
    with pytest.raises(InvalidDecision):
        issue_for_entry(officer=clerk, entry=entry, kind="list_decision")
    with pytest.raises(NotAllowed):
        issue_for_entry(officer=factories.officer(Role.RECORDER), entry=entry, kind="list_notice")
    entry.list = ListKind.RED
    assert kinds_for(entry) == ()
