"""Statements that a connection plans once: they outlive a rollback, and a connection made anew."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection, transaction

from core.prepared import A_DAY, AN_ID, Prepared, Statement, numbered
from tests import factories
from violations.models import Decision

DAY = date(2026, 3, 5)


def test_the_queryset_stays_the_definition(db: None) -> None:
    made = factories.decision(decided_on=DAY)
    factories.decision(made.subject, decided_on=date(2025, 3, 5))
    known = Prepared(
        lambda: (
            Decision.objects.filter(
                subject_id=AN_ID, decided_on__gte=A_DAY, handler="", unit__name__contains="%大队%"
            )
            .order_by()
            .values_list("pk", "number")
        )
    )
    made.unit.name = "治安%大队%"
    made.unit.save()
    made.handler = ""
    made.save()
    for _ in range(7):  # from the sixth on PostgreSQL may take a plan for any value
        assert known.rows(an_id=made.subject_id, a_day=DAY) == [(made.pk, made.number)]
    assert known.rows(an_id=made.subject_id, a_day=date(2026, 3, 6)) == []


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_it_outlives_a_rollback_and_a_connection_made_anew() -> None:
    double = Statement(numbered("SELECT %s + %s"), "bigint", "bigint")

    def doubled(value: int) -> int:
        with connection.cursor() as cursor:
            double.run(cursor, [value, value])
            return int(cursor.fetchone()[0])

    with transaction.atomic():
        assert doubled(2) == 4
        transaction.set_rollback(True)
    assert doubled(3) == 6
    connection.close()
    assert doubled(4) == 8
