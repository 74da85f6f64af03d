"""History of facts: the rows of django-simple-history, written for less.

Made as one more instance that is saved, the history of a fact costs twice as much as the fact
itself. Here it is one plain INSERT, and one for all rows of a model within ``written_together``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter
from typing import Any

from django.db import connections, models, router
from django.utils import timezone
from simple_history.models import HistoricalRecords

ABOUT = ("history_date", "history_type", "history_user_id", "history_change_reason")

Values = tuple[Any, ...]


class FactHistory(HistoricalRecords):  # type: ignore[misc]
    """``HistoricalRecords`` with a leaner way to its table.

    The same table, columns and values; user and reason come from the same places. Nobody is told
    of the row (``post_create_historical_record``) and many-to-many fields are not followed: facts
    have none.
    """

    def create_historical_record(
        self, instance: models.Model, history_type: str, using: str | None = None
    ) -> None:
        table = _table(type(instance), self.manager_name)
        alias = (using if self.use_base_model_db else None) or router.db_for_write(table.model)
        user = self.get_history_user(instance)
        row = (
            *table.values_of(instance),
            getattr(instance, "_history_date", None) or timezone.now(),
            history_type,
            user.pk if user else None,
            self.get_change_reason_for_object(instance, history_type, using),
        )
        waiting = _waiting.get()
        if waiting is None:
            table.insert(alias, [row])
        else:
            waiting.setdefault((table, alias), []).append(row)


@dataclass(frozen=True, slots=True, eq=False)
class _Table:
    """A history table: its model, its fields in order, and what reads their values off a fact."""

    model: type[models.Model]
    fields: tuple[models.Field[Any, Any], ...]
    values_of: Any

    def insert(self, alias: str, rows: Sequence[Values]) -> None:
        connection = connections[alias]
        quote = connection.ops.quote_name
        columns = ", ".join(quote(str(field.column)) for field in self.fields)
        places = f"({', '.join(['%s'] * len(self.fields))})"
        sql = (
            f"INSERT INTO {quote(self.model._meta.db_table)} ({columns}) "
            f"VALUES {', '.join([places] * len(rows))}"
        )
        prepared = [
            value
            if value is None or type(value) in (str, int, bool)
            else field.get_db_prep_save(value, connection=connection)
            for row in rows
            for field, value in zip(self.fields, row, strict=True)
        ]
        with connection.cursor() as cursor:
            cursor.execute(sql, prepared)


_waiting: ContextVar[dict[tuple[_Table, str], list[Values]] | None] = ContextVar(
    "history_waiting", default=None
)


@contextmanager
def written_together() -> Iterator[None]:
    """Write the history of what is saved within at the end, in one statement a model.

    The rows say what was saved when it was saved. The caller holds the transaction: what fails
    within leaves neither facts nor history.
    """
    if _waiting.get() is not None:
        yield
        return
    waiting: dict[tuple[_Table, str], list[Values]] = {}
    token = _waiting.set(waiting)
    try:
        yield
    finally:
        _waiting.reset(token)
    for (table, alias), rows in waiting.items():
        table.insert(alias, rows)


@lru_cache(maxsize=64)
def _table(model: type[models.Model], manager: str) -> _Table:
    # Asking for the manager makes a class of its own each time: a third of what history cost.
    history = getattr(model, manager).model
    names = [field.attname for field in history.tracked_fields]
    by_name = {field.attname: field for field in history._meta.concrete_fields}
    return _Table(history, tuple(by_name[name] for name in (*names, *ABOUT)), attrgetter(*names))
