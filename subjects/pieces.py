"""Which names hold a text, at size: on PostgreSQL an index over the pieces of each name.

``text_pieces(value, longest)``, an immutable SQL function that migration 0002 creates, gives every
piece of two to ``longest`` characters with A-Z in lower case; a GIN index stands over it. A text of
two characters is one piece and needs no second look. A longer one must have all its pieces in the
name, and the name is then looked at once more. No extension is needed, and unlike trigrams it
answers for two characters, which is what Chinese names are looked for by. SQLite reads the table:
at its size (100,000) that takes some hundredths of a second.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.db.models import BooleanField, F, Func, Q, QuerySet, Subquery
from django.db.models.expressions import RawSQL

# SQL and its parameters.
Condition = tuple[str, list[Any]]

SHORTEST = 2
# How long the pieces are that stand in the index of a column. There are few letters and many
# characters: two letters alone would leave too many initials to look at.
LONGEST = {"name": 2, "name_initials": 3}


class HasPieces(Func):
    """Whether a column's pieces are all of ``wanted``; for the index of migration 0002."""

    output_field = BooleanField()

    def __init__(self, column: str, wanted: tuple[str, ...]) -> None:
        super().__init__(F(column))
        self.longest, self.wanted = LONGEST[column], wanted

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **kwargs: Any) -> Any:
        column, params = compiler.compile(self.get_source_expressions()[0])
        sql = f"text_pieces({column}, {self.longest}) @> %s::text[]"
        return sql, [*params, list(self.wanted)]


def holds(column: str, text: str, *, row_by_row: bool = False) -> Q:
    """``column`` (name or name_initials) holds ``text``; A-Z and a-z are the same.

    ``row_by_row`` asks no index: for a walk in which many match.
    """
    # The planner knows how many hold a text as it stands, and nothing of one in capitals.
    has_case = column == "name" and any(c.isascii() and c.isalpha() for c in text)
    plainly = Q(**{f"{column}__{'icontains' if has_case else 'contains'}": text})
    wanted = _wanted(column, text)
    if row_by_row or not wanted:
        return plainly
    found = Q(HasPieces(column, wanted))
    return found if _is_exact(column, text) else plainly & found


def holds_sql(table: str, column: str, text: str) -> Condition:
    """As ``holds``, as SQL on a table of that alias."""
    pattern = f"%{connection.ops.prep_for_iexact_query(text)}%"
    if connection.vendor != "postgresql":
        return f"{table}.{column} LIKE %s ESCAPE '\\'", [pattern]
    plainly: Condition = (f"UPPER({table}.{column}) LIKE UPPER(%s)", [pattern])
    wanted = _wanted(column, text)
    if not wanted:
        return plainly
    sql = f"text_pieces({table}.{column}, {LONGEST[column]}) @> %s::text[]"
    found: Condition = (sql, [list(wanted)])
    return found if _is_exact(column, text) else all_of([plainly, found])


def all_of(conditions: Iterable[Condition]) -> Condition:
    parts = list(conditions)
    return " AND ".join(sql for sql, _ in parts), [one for _, params in parts for one in params]


def among(ids: QuerySet[Any, Any] | RawSQL) -> Q:
    """The primary key is one of ``ids``, of which there are few beside the table.

    PostgreSQL asks them first and once, so that this can stand in an OR beside another index.
    """
    if isinstance(ids, QuerySet) and ids.query.is_empty():
        return Q(pk__in=[])
    asked = ids if isinstance(ids, RawSQL) else Subquery(ids)
    joiner, end = (" = ANY(ARRAY", ")") if connection.vendor == "postgresql" else (" IN ", "")
    return Q(
        Func(
            F("pk"),
            asked,
            template=f"%(expressions)s{end}",
            arg_joiner=joiner,
            output_field=BooleanField(),
        )
    )


def _wanted(column: str, text: str) -> tuple[str, ...]:
    """The pieces that a column must have to hold ``text``; none where no index can tell."""
    if connection.vendor != "postgresql" or len(text) < SHORTEST:
        return ()
    size, lower = min(len(text), LONGEST[column]), _lower(text)
    return tuple(sorted({lower[at : at + size] for at in range(len(text) - size + 1)}))


def _is_exact(column: str, text: str) -> bool:
    """Whether ``text`` is one piece: then there is nothing to look at once more."""
    return len(text) <= LONGEST[column]


def _lower(text: str) -> str:
    """A-Z alone, as the SQL function does: some other letters grow when they change case."""
    return "".join(c.lower() if c.isascii() else c for c in text)
