"""What was told and set aside since: nobody visits for it, nothing of it is pushed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from accounts.roles import Role
from sanctions.notice_office import decide_push, may_leave
from sanctions.notice_tasks import at_the_office, in_hand
from tests import factories
from tests.sanctions.notice_cases import DAY, Case, on
from violations.errors import CaseRefused
from violations.list_closing import agree_to_closing, propose_closing
from violations.models import Decision, ListEntry
from violations.services import withdraw_in_force

pytestmark = pytest.mark.django_db


def annul(case: Case) -> None:
    """Set the decision of the case aside, as a court does."""
    with on(DAY + timedelta(days=1)):
        withdraw_in_force(
            officer=case.office,
            decision_id=case.decision.pk,
            version=Decision.objects.get(pk=case.decision.pk).version,
            on=DAY + timedelta(days=1),
            reason="经复核，原决定认定事实不清，予以撤销。",
            document="撤〔2026〕1号",
            basis="court",
        )


def revoke(entry: ListEntry | None) -> None:
    assert entry is not None
    office, approver = (factories.officer(role) for role in (Role.OFFICE, Role.APPROVER))
    with on(DAY + timedelta(days=1)):
        propose_closing(
            officer=office,
            entry_id=entry.pk,
            version=entry.version,
            closing="revocation",
            on=None,
            reason="列入时不符合条件。",
            document="撤名〔2026〕1号",
        )
        entry.refresh_from_db()
        agree_to_closing(officer=approver, entry_id=entry.pk, version=entry.version)


def kinds(case: Case, day: date) -> list[str]:
    """What the queue asks the unit and the office about notices."""
    with on(day):
        tasks = [*in_hand(case.recorder, day), *at_the_office(case.office, day)]
    return [one.kind for one in tasks]


def test_of_an_annulled_decision_neither_a_visit_nor_a_push_is_asked_for() -> None:
    case = Case()
    day = date(2026, 11, 20)
    kept = case.kept(case.oral(commitment="按期整改", follow_up_on=day))
    assert kinds(case, day) == ["notice.follow_up", "notice.push"]
    annul(case)
    assert kinds(case, day) == []
    with on(day), pytest.raises(CaseRefused):  # nothing false goes to the city platform any more
        decide_push(
            officer=case.office, notice_id=kept.pk, version=kept.version, push="yes", reason="应推"
        )


def test_what_was_recorded_anew_or_stands_in_part_is_still_followed_up() -> None:
    case = Case()
    case.kept(case.oral())
    annul(case)
    assert kinds(case, DAY) == []
    with on(DAY):
        factories.decision(
            case.subject, case.unit, DAY, served_on=DAY, replaces=case.decision, number="新 1 号"
        )
    assert kinds(case, DAY) == ["notice.push"]
    both = Case(black=True)
    both.kept(both.interview())
    annul(both)
    assert kinds(both, DAY).count("notice.push") == 2  # the entry of the list stands


def test_a_revoked_entry_alone_does_not_let_something_sealed_out() -> None:
    case = Case(black=True, law="治安管理处罚法")
    kept = case.kept(case.interview())
    assert may_leave(kept)
    revoke(case.entry)
    assert not may_leave(kept)
