"""The bulk path writes what ``save()`` would, rows and history alike, and nothing by halves."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from core.bulk import create_facts
from core.fast_insert import insert_rows
from subjects.models import Subject
from tests import factories
from violations.enums import DispositionKind
from violations.models import Disposition

pytestmark = pytest.mark.django_db


def new_subject(seed: int) -> Subject:
    return Subject(
        credit_code=factories.credit_code(seed), name=f"舞钢市样例第{seed}公司", kind="company"
    )


def test_rows_read_back_as_they_were_given() -> None:
    rows = [new_subject(1), new_subject(2)]
    officer = factories.officer()
    create_facts(rows, user=officer, reason="接收")
    for row in rows:
        stored = Subject.objects.get(pk=row.pk)
        for field in Subject._meta.concrete_fields:
            assert getattr(stored, field.attname) == getattr(row, field.attname)
        assert not row._state.adding
        record = stored.history.get()
        assert record.history_type == "+"
        assert record.history_user == officer
        assert record.history_change_reason == "接收"
        assert record.name == row.name
        assert record.created_at == row.created_at


def test_a_row_saved_later_gets_another_id() -> None:
    rows = [new_subject(1), new_subject(2), new_subject(3)]
    create_facts(rows)
    later = new_subject(4)
    later.save()
    create_facts([new_subject(5)])
    assert len(set(Subject.objects.values_list("pk", flat=True))) == 5
    assert later.pk not in {row.pk for row in rows}


def test_a_saved_row_can_be_changed_and_its_history_goes_on() -> None:
    row = new_subject(1)
    create_facts([row])
    row.name = "舞钢市样例新名公司"
    row.save()
    assert [one.history_type for one in row.history.order_by("history_id")] == ["+", "~"]


def test_enumerations_and_money_are_stored_as_values() -> None:
    act = factories.decision().violations.get()
    row = Disposition(violation=act, kind=DispositionKind.CONFISCATE_GAINS, amount=Decimal("0.01"))
    create_facts([row])
    stored = Disposition.objects.get(pk=row.pk)
    assert (stored.kind, stored.amount) == ("confiscate_gains", Decimal("0.01"))


def test_one_wrong_row_leaves_nothing() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        create_facts([new_subject(1), new_subject(2), new_subject(1)])
    assert not Subject.objects.exists()
    assert not Subject.history.exists()


def test_constraints_hold_on_the_bulk_path() -> None:
    act = factories.decision().violations.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        create_facts([Disposition(violation=act, kind="warning", amount=Decimal("5.00"))])


def test_nothing_to_write_is_fine() -> None:
    create_facts([])


@pytest.mark.django_db(transaction=True)
def test_rows_are_inserted_within_a_transaction_only() -> None:
    with pytest.raises(transaction.TransactionManagementError):
        insert_rows(Subject, ["name"], [("甲",)])
