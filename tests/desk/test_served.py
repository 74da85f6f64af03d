"""The day of service, filled in later by the unit's recorder; never changed this way."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts.models import Officer
from accounts.roles import Role
from core.models import AuditEntry
from tests import factories
from tests.violations import papers
from violations.enums import DecisionState
from violations.errors import InvalidDecision, NotAllowed, StaleVersion, WrongState
from violations.models import Attachment, Decision
from violations.serving import serve_decision

pytestmark = pytest.mark.django_db
DECIDED = date(2026, 11, 2)


@pytest.fixture(autouse=True)
def _day() -> Any:
    with time_machine.travel("2026-11-23 10:00+08:00", tick=False):
        yield


@pytest.fixture
def recorder() -> Officer:
    return factories.officer(Role.RECORDER)


@pytest.fixture
def decision(recorder: Officer) -> Decision:
    return factories.decision(recorded_by=recorder, decided_on=DECIDED, served_on=None)


def _serve(officer: Officer, decision: Decision, **changes: Any) -> Decision:
    given = {"served_on": date(2026, 11, 9), "document": "送达回证 26 号", **changes}
    return serve_decision(
        officer=officer, decision_id=decision.pk, version=decision.version, **given
    )


def test_the_recorder_fills_it_in_with_the_receipt(
    client: Client, recorder: Officer, decision: Decision
) -> None:
    client.force_login(recorder)
    url = f"/violations/{decision.pk}/served/"
    page = client.get(url)
    assert "逾期" in page.content.decode()

    client.post(
        url,
        {
            "seen": page.context["seen"],
            "served_on": "2026/11/9",
            "document": "送达回证 26 号",
            "receipt": papers.upload(papers.picture("JPEG"), "回证.jpg"),
        },
    )

    decision.refresh_from_db()
    assert (decision.served_on, decision.state) == (date(2026, 11, 9), DecisionState.IN_FORCE)
    receipt = decision.attachments.get()
    assert (receipt.kind, receipt.file_type) == ("receipt", "jpeg")
    latest = decision.history.latest()
    assert latest.history_change_reason == "补登送达：送达回证 26 号"
    entry = AuditEntry.objects.get(action="decision.serve")
    assert entry.details == {"served_on": "2026-11-09", "document": "送达回证 26 号"}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"served_on": None}, "没有填写送达日期"),
        ({"served_on": date(2026, 11, 24)}, "不能晚于今天"),
        ({"served_on": date(2026, 11, 1)}, "不能早于决定日期"),
        ({"document": " "}, "没有填写送达凭证"),
        ({"receipt": papers.upload(b"<html>", "回证.jpg")}, "回证.jpg"),
    ],
)
def test_what_cannot_be_right_is_refused_whole(
    recorder: Officer, decision: Decision, changes: dict[str, Any], said: str
) -> None:
    with pytest.raises(InvalidDecision, match=said):
        _serve(recorder, decision, **changes)

    decision.refresh_from_db()
    assert decision.served_on is None
    assert not Attachment.objects.exists()


def test_a_day_that_stands_is_not_changed_this_way(recorder: Officer, decision: Decision) -> None:
    served = _serve(recorder, decision)

    with pytest.raises(InvalidDecision, match="请办理更正"):
        _serve(recorder, served, served_on=date(2026, 11, 10))


def test_only_the_unit_s_own_recorder_may_and_only_in_force(
    recorder: Officer, decision: Decision
) -> None:
    for officer in (
        factories.officer(Role.RECORDER, unit=factories.unit()),
        factories.officer(Role.UNIT_REVIEWER),
        factories.officer(Role.OFFICE),
    ):
        with pytest.raises(NotAllowed):
            _serve(officer, decision)
    draft = factories.decision(recorded_by=recorder, state=DecisionState.DRAFT, served_on=None)
    with pytest.raises(WrongState):
        _serve(recorder, draft)


def test_who_read_an_older_version_is_told(recorder: Officer, decision: Decision) -> None:
    stale = Decision.objects.get(pk=decision.pk)
    _serve(recorder, decision)

    with pytest.raises(StaleVersion):
        _serve(recorder, stale)


def test_the_page_keeps_what_was_typed_and_says_what_is_wrong(
    client: Client, recorder: Officer, decision: Decision
) -> None:
    client.force_login(recorder)
    url = f"/violations/{decision.pk}/served/"
    seen = client.get(url).context["seen"]

    page = client.post(
        url, {"seen": seen, "served_on": "2026-13-40", "document": "回证"}
    ).content.decode()

    assert "不是有效日期" in page
    assert 'value="2026-13-40"' in page
    assert 'value="回证"' in page


def test_a_served_decision_has_no_such_page(
    client: Client, recorder: Officer, decision: Decision
) -> None:
    _serve(recorder, decision)
    client.force_login(recorder)

    answer = client.get(f"/violations/{decision.pk}/served/")

    assert answer["Location"] == f"/violations/{decision.pk}/"
