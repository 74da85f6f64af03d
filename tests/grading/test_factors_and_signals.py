"""A factor changes no grade; three kinds of it open an outside signal, and nothing else does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import time_machine

from accounts.models import Officer
from accounts.roles import Role
from grading.models import RegradeRequest, Standing
from grading.services import regrade
from subjects.models import Subject
from tests import factories
from violations.enums import FactorKind
from violations.factor_checks import FactorInput
from violations.factor_services import end_factor, record_factor, revoke_factor

pytestmark = pytest.mark.django_db
OPENING = {FactorKind.DISCIPLINE_LIST, FactorKind.JOINT_PUNISHMENT}
REASON, PAPER = "上级来函更正，原列入有误。", "豫信用办函〔2026〕3号"


@pytest.fixture(autouse=True)
def day() -> Iterator[Any]:
    with time_machine.travel("2026-11-20 10:00+08:00", tick=False) as traveller:
        yield traveller


@pytest.fixture
def subject() -> Subject:
    return factories.subject()


@pytest.fixture
def officer() -> Officer:
    return factories.officer(Role.RECORDER)


def record(officer: Officer, subject: Subject, kind: str, **changes: Any) -> int:
    data = FactorInput(
        credit_code=subject.credit_code,
        kind=kind,
        scheme="某评价体系",
        value="某结果",
        source="上级推送",
        in_force_from=date(2026, 10, 1),
        **changes,
    )
    return record_factor(officer=officer, data=data).pk


def standing(subject: Subject) -> Standing:
    """As the open requests leave it; there must be one, or nobody would have graded."""
    assert RegradeRequest.objects.filter(subject=subject, done_at__isnull=True).exists()
    regrade([subject.pk])
    return Standing.objects.get(subject=subject)


@pytest.mark.parametrize("kind", sorted(set(FactorKind) - OPENING))
def test_a_harmless_kind_opens_nothing(subject: Subject, officer: Officer, kind: str) -> None:
    record(officer, subject, kind)
    now = standing(subject)
    assert (now.grade, now.flags) == ("", "")


@pytest.mark.parametrize(
    ("kind", "changes"),
    [*((kind, {}) for kind in sorted(OPENING)), ("national", {"is_worst": True})],
)
def test_a_signalling_kind_opens_a_flag_and_no_grade(
    subject: Subject, officer: Officer, kind: str, changes: dict[str, Any]
) -> None:
    record(officer, subject, kind, **changes)
    now = standing(subject)
    assert (now.grade, now.flags) == ("", "outside_signal")


@pytest.mark.parametrize("kind", sorted(OPENING))
def test_revoking_closes_the_flag(subject: Subject, officer: Officer, kind: str) -> None:
    pk = record(officer, subject, kind)
    assert standing(subject).flags == "outside_signal"
    revoke_factor(officer=officer, factor_id=pk, version=1, reason=REASON, document=PAPER)
    assert standing(subject).flags == ""


def test_an_end_closes_the_flag_the_day_after(subject: Subject, officer: Officer, day: Any) -> None:
    pk = record(officer, subject, "discipline_list")
    assert standing(subject).flags == "outside_signal"
    end_factor(officer=officer, factor_id=pk, version=1, last_day=date(2026, 11, 20), reason=REASON)
    now = standing(subject)
    assert (now.flags, now.next_change_on) == ("outside_signal", date(2026, 11, 21))
    day.move_to("2026-11-21 10:00+08:00")
    regrade([subject.pk])
    assert Standing.objects.get(subject=subject).flags == ""


def test_an_end_in_the_past_closes_the_flag_at_once(subject: Subject, officer: Officer) -> None:
    pk = record(officer, subject, "joint_punishment")
    assert standing(subject).flags == "outside_signal"
    end_factor(officer=officer, factor_id=pk, version=1, last_day=date(2026, 11, 19), reason=REASON)
    assert standing(subject).flags == ""


def test_a_grade_stays_what_the_records_make_it(subject: Subject, officer: Officer) -> None:
    factories.decision(subject, decided_on=date(2026, 3, 1))
    record(officer, subject, "joint_reward")
    record(officer, subject, "joint_punishment")
    now = standing(subject)
    assert (now.grade, now.flags) == ("B", "outside_signal")
