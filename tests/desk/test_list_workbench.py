"""What the workbench says of the lists: in the same second, to whom it concerns, and when."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Officer
from accounts.roles import Role
from desk.lists.cards import decidable_by
from grading.models import Review
from grading.services import regrade
from tests import factories
from tests.violations.list_cases import FIRST_AFTER, LAST_OF_FIVE, Case, on, published
from tests.violations.test_list_closing import propose as propose_closing
from violations.confirming import confirm_decision
from violations.enums import DecisionState, ListKind

pytestmark = pytest.mark.django_db


def workbench(officer: Officer) -> str:
    client = Client()
    client.force_login(officer)
    return client.get(reverse("desk:workbench")).content.decode()


def test_a_penalty_for_the_red_list_is_on_the_workbench_in_the_same_second() -> None:
    office = factories.officer(Role.OFFICE)
    with on(date(2026, 6, 1)):
        entry = factories.list_entry(listed_on=date(2026, 5, 1))
        regrade([entry.subject_id])
        unit = factories.unit()
        decision = factories.decision(
            entry.subject,
            unit,
            state=DecisionState.SUBMITTED,
            recorded_by=factories.officer(Role.RECORDER, unit=unit),
        )
        assert "名单冲突" not in workbench(office)
        confirm_decision(
            officer=factories.officer(Role.UNIT_REVIEWER, unit=unit),
            decision_id=decision.pk,
            version=decision.version,
        )
        assert not Review.objects.exists()  # no worker has run
        shown = workbench(office)
        assert "名单冲突" in shown
        assert entry.subject.name in shown
        assert "名单冲突" not in workbench(factories.officer(Role.RECORDER))


def test_what_waits_for_the_approver_is_counted_once_its_period_has_run() -> None:
    case = Case().notify().hear()
    with on(LAST_OF_FIVE):
        assert decidable_by(case.approver) == 0
        shown = workbench(case.approver)
        assert case.subject.name in shown
        assert "告知期内" in shown
    with on(FIRST_AFTER):
        assert decidable_by(case.approver) == 1
        assert "：审批列入" in workbench(case.approver)
        assert case.subject.name in workbench(case.office)


def test_what_one_had_a_hand_in_does_not_wait_for_oneself() -> None:
    both = factories.officer(Role.OFFICE, Role.APPROVER)
    case = Case()
    case.office = both
    case.notify().hear()
    with on(FIRST_AFTER):
        assert decidable_by(both) == 0
        assert case.subject.name not in workbench(both)


def test_a_removal_waits_for_the_second_person() -> None:
    case = propose_closing(published())
    with on(date(2026, 11, 20)):
        assert decidable_by(case.approver) == 1
        assert "：审批移出" in workbench(case.approver)


def test_terms_that_end_soon_are_named_to_the_office() -> None:
    with on(date(2026, 11, 20)):
        soon = factories.list_entry(
            list=ListKind.RED, listed_on=date(2026, 1, 10), expires_on=date(2026, 12, 20)
        )
        factories.list_entry(
            list=ListKind.RED, listed_on=date(2026, 1, 10), expires_on=date(2026, 12, 21)
        )
        shown = workbench(factories.officer(Role.OFFICE))
    assert "名单即将到期" in shown
    assert shown.count('至 <span class="num">2026-12-2') == 1
    assert soon.subject.name in shown


def test_an_approval_is_due_five_working_days_after_the_period() -> None:
    case = Case().notify().hear()
    with on(FIRST_AFTER):
        shown = workbench(case.approver)
    assert "2026-10-16" in shown  # 12 to 16 October
    with on(date(2026, 10, 19)):
        assert "逾期" in workbench(case.approver)
