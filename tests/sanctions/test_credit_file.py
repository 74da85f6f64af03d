"""Credit file and certificate: the disclosable evaluation alone, and nothing behind it shows."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import time_machine

from accounts.models import Officer
from accounts.roles import Role
from core import audit
from grading.services import regrade
from sanctions.credit_file import (
    certificate,
    credit_file,
    issue_certificate,
    issue_credit_file,
)
from sanctions.paper_models import Paper
from subjects.models import Subject
from tests import factories
from tests.sanctions.paper_cases import office_officer
from violations.enums import ListKind
from violations.errors import InvalidDecision, NotAllowed

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("blank_pdf"),
]
SEALED = "治安管理处罚法"
OPEN = "保安服务管理条例"


@pytest.fixture(autouse=True)
def _day() -> Any:
    with time_machine.travel("2026-06-01 10:00 +0800", tick=False):
        yield


def _bare(subject: Subject, content: dict[str, Any]) -> dict[str, Any]:
    """Without what is the organisation's own: its name and code stand beside the content."""
    assert subject.name not in str(content)
    return content


def test_sealed_records_leave_no_trace() -> None:
    clean, sealed = factories.subject(), factories.subject()
    factories.decision(sealed, decided_on=date(2026, 3, 1), law=SEALED)
    regrade([clean.pk, sealed.pk])
    assert _bare(sealed, certificate(sealed, "投标使用")) == certificate(clean, "投标使用")
    assert credit_file(sealed, "了解自身", 1) == credit_file(clean, "了解自身", 1)
    assert certificate(sealed, "投标使用")["grade"] == ""


def test_a_sealed_record_beside_the_red_list_leaves_the_a() -> None:
    """Inside it is B; outside nothing may tell."""
    plain, mixed = factories.subject(), factories.subject()
    for one in (plain, mixed):
        factories.list_entry(one, ListKind.RED, listed_on=date(2026, 1, 10))
    factories.decision(mixed, decided_on=date(2026, 3, 1), law=SEALED)
    regrade([plain.pk, mixed.pk])
    assert certificate(mixed, "投标使用") == certificate(plain, "投标使用")
    assert certificate(mixed, "投标使用")["grade"] == "A级（信用优良）"


def test_open_records_stand_with_their_source_and_a_mixed_paper_without_its_number() -> None:
    organisation = factories.subject()
    open_one = factories.decision(organisation, decided_on=date(2026, 3, 1), law=OPEN)
    mixed = factories.decision(organisation, decided_on=date(2026, 4, 1), law=OPEN)
    factories.act(mixed, ["warning"], law=SEALED, type="封存的行为")
    regrade([organisation.pk])
    content = credit_file(organisation, "了解自身", 1)
    assert [row[0] for row in content["records"]] == [open_one.number, "—"]
    assert content["records"][0][3] == open_one.unit.name
    assert content["grade"] == "B级（一般失信）"
    assert "封存的行为" not in str(content)
    assert mixed.number not in str(content)


def test_who_used_the_file() -> None:
    organisation, reader = factories.subject(), factories.officer(Role.RECORDER)
    audit.record(actor=reader, action="subject.view", target=organisation)
    audit.record(actor=reader, action="subject.lookup", target=organisation)
    (row,) = credit_file(organisation, "了解自身", 1)["users"]
    assert row == [reader.unit.name, "2次", "2026年6月1日"]


def test_the_third_file_of_a_year_says_that_it_is_beyond_the_free_two() -> None:
    clerk, organisation = office_officer(), factories.subject()
    turns = [_turn(clerk, organisation) for _ in range(3)]
    assert turns == [
        "2026年度第1次，免费",
        "2026年度第2次，免费",
        "2026年度第3次，超出每年2次的免费次数",
    ]
    with time_machine.travel("2027-01-02 10:00 +0800", tick=False):
        assert _turn(clerk, organisation) == "2027年度第1次，免费"


def _turn(clerk: Officer, organisation: Subject) -> str:
    paper = issue_credit_file(officer=clerk, subject=organisation, purpose="了解自身信用状况")
    return str(paper.content["turn"])


def test_a_purpose_is_needed() -> None:
    clerk, organisation = office_officer(), factories.subject()
    for purpose in ("", "投标", "x" * 201):
        with pytest.raises(InvalidDecision):
            issue_certificate(officer=clerk, subject=organisation, purpose=purpose)
    assert Paper.objects.count() == 0


def test_who_may_not_issue_them() -> None:
    organisation = factories.subject()
    for role in (Role.APPROVER, Role.AUDITOR, Role.WINDOW):
        with pytest.raises(NotAllowed):
            issue_certificate(
                officer=factories.officer(role), subject=organisation, purpose="投标使用"
            )
