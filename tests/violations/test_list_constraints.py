"""What the database itself refuses, whoever writes past the services."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.roles import Role
from tests import factories
from tests.violations.list_cases import Case, published
from violations.models import ListEntry

pytestmark = pytest.mark.django_db
TABLE = ListEntry._meta.db_table


def write(entry: ListEntry, **columns: Any) -> None:
    """As somebody with a database client would."""
    said = ", ".join(f"{name} = %s" for name in columns)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {TABLE} SET {said} WHERE id = %s",
            [*columns.values(), entry.pk],
        )


def right(case: Case) -> dict[str, Any]:
    """Columns with which the database takes the entry as published."""
    return {
        "state": "published",
        "approved_by_id": case.approver.pk,
        "listed_on": date(2026, 10, 12),
        "notified_on": date(2026, 9, 28),
        "notice_ends_on": date(2026, 10, 10),
        "approved_on": date(2026, 10, 11),
        "hearing": "none",
    }


def test_a_full_procedure_is_taken() -> None:
    case = Case()
    write(case.entry, **right(case))
    assert case.read().state == "published"


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"notified_on": None}, "list_entry_notified_before_listed"),
        ({"notified_on": date(2026, 10, 12)}, "list_entry_notified_before_listed"),
        ({"notice_ends_on": None}, "list_entry_period_has_run"),
        ({"notice_ends_on": date(2026, 10, 11)}, "list_entry_period_has_run"),
        ({"approved_on": date(2026, 10, 10)}, "list_entry_period_has_run"),
        ({"approved_on": None}, "list_entry_period_has_run"),
        ({"listed_on": date(2026, 10, 10)}, "list_entry_period_has_run"),
        ({"notice_ends_on": date(2026, 9, 28)}, "list_entry_period_has_run"),
        (
            {"notice_ends_on": None, "waived_on": date(2026, 9, 29)},  # without its paper
            "list_entry_period_has_run",
        ),
        (
            {"notice_ends_on": None, "waiver_document": "声明", "waived_on": date(2026, 9, 27)},
            "list_entry_period_has_run",
        ),
        ({"hearing": ""}, "list_entry_party_heard"),
        ({"hearing": "adopted"}, "list_entry_party_heard"),
        ({"approved_by_id": None}, "list_entry_published_is_approved"),
    ],
)
def test_publishing_past_the_procedure_is_refused(changes: dict[str, Any], name: str) -> None:
    case = Case()
    with pytest.raises(IntegrityError, match=name):
        write(case.entry, **{**right(case), **changes})


def test_the_proposer_as_approver_is_refused() -> None:
    case = Case()
    with pytest.raises(IntegrityError, match="list_entry_two_persons"):
        write(case.entry, **{**right(case), "approved_by_id": case.office.pk})


def test_a_waiver_with_its_paper_is_taken() -> None:
    case = Case()
    waiver = {"notice_ends_on": None, "waived_on": date(2026, 9, 29), "waiver_document": "声明"}
    write(case.entry, **{**right(case), **waiver})


def test_a_red_entry_cannot_be_waived() -> None:
    case = Case("red")
    waiver = {"notice_ends_on": None, "waived_on": date(2026, 9, 29), "waiver_document": "声明"}
    with pytest.raises(IntegrityError, match="list_entry_period_has_run"):
        write(case.entry, **{**right(case), **waiver})


@pytest.mark.parametrize("columns", [{"removed_on": date(2026, 11, 1)}, {"state": "revoked"}])
def test_nobody_ends_an_entry_alone(columns: dict[str, Any]) -> None:
    case = published()
    with pytest.raises(IntegrityError, match="list_entry_closing_is_approved"):
        write(case.entry, **columns)
    same = {"closing_proposed_by_id": case.office.pk, "closing_approved_by_id": case.office.pk}
    with pytest.raises(IntegrityError, match="list_entry_closed_by_two"):
        write(case.entry, **columns, **same)
    other = factories.officer(Role.APPROVER).pk
    write(case.entry, **columns, **{**same, "closing_approved_by_id": other})
