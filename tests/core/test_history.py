"""History of facts: what the package would write, in fewer statements."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from simple_history.models import HistoricalRecords

from core.history import FactHistory, written_together
from subjects.models import Subject
from tests import factories
from violations.models import Decision
from violations.writing import save_as

pytestmark = pytest.mark.django_db


def history_of(row: Any) -> list[dict[str, Any]]:
    return list(type(row).history.filter(id=row.pk).order_by("history_id").values())


def inserts(captured: CaptureQueriesContext) -> list[str]:
    return [
        query["sql"] for query in captured if 'INSERT INTO "subjects_historical' in query["sql"]
    ]


def test_the_row_is_the_one_that_the_package_writes(monkeypatch: pytest.MonkeyPatch) -> None:
    officer, decision = factories.officer(), factories.decision()
    save_as(officer, decision, reason="更正")
    monkeypatch.setattr(
        FactHistory, "create_historical_record", HistoricalRecords.create_historical_record
    )
    save_as(officer, decision, reason="更正")

    ours, packages = history_of(decision)[-2:]

    for row in (ours, packages):
        del row["history_id"], row["history_date"]
    assert ours == packages
    assert (ours["history_type"], ours["history_user_id"], ours["history_change_reason"]) == (
        "~",
        officer.pk,
        "更正",
    )


def test_who_gives_no_reason_and_no_name_leaves_them_open() -> None:
    row = history_of(factories.subject())[0]

    assert (row["history_type"], row["history_user_id"], row["history_change_reason"]) == (
        "+",
        None,
        None,
    )


def test_together_is_one_statement_a_model() -> None:
    with CaptureQueriesContext(connection) as captured, written_together():
        made = [factories.subject(name=f"样例{n}") for n in range(3)]
        assert not inserts(captured)

    assert len(inserts(captured)) == 1
    assert [history_of(subject)[0]["name"] for subject in made] == ["样例0", "样例1", "样例2"]


def test_what_is_saved_twice_keeps_both_versions() -> None:
    with written_together(), written_together():
        subject = factories.subject(name="原名")
        subject.name = "新名"
        subject.save()

    assert [(row["history_type"], row["name"]) for row in history_of(subject)] == [
        ("+", "原名"),
        ("~", "新名"),
    ]


def test_what_fails_within_leaves_nothing_for_later() -> None:
    def fail() -> None:
        with transaction.atomic(), written_together():
            factories.subject(name="失败")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    later = factories.subject(name="以后")

    assert list(Subject.history.values_list("name", flat=True)) == ["以后"]
    assert len(history_of(later)) == 1


def test_nothing_is_written_for_a_model_that_was_not_saved() -> None:
    with written_together():
        pass

    assert not Decision.history.exists()
