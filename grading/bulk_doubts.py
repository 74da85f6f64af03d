"""Whether stored outcomes are what the rules give for the counts that are stored beside them.

Equal counts alone do not prove that the outcome is right. The outcomes at hand are few, whatever
the number of standings: each is asked of the rules once, and only the standings of one that is
wrong are named.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import date
from typing import Any

from django.db import connection

from core.prepared import as_day
from grading.bulk_sql import (
    COUNTS,
    DECIDED,
    PREFIXES,
    STANDINGS,
    Params,
    among,
    fetch,
    in_scope,
)
from grading.counting import ONE_DAY, Rules, last_counted_day
from grading.rules import Counts, decide
from grading.sources import Scope


def wrongly_decided(scope: Scope, rules: Rules, *, besides: Collection[int]) -> set[int]:
    """Subjects of the scope whose outcome or next day does not follow from their stored counts.

    Looked at are those that ``find_differing`` would leave alone for equal counts: graded B, under
    these rules, without a flag that more than counts decides.
    """
    limit = rules.limits.amount_fen
    here, members = in_scope(scope, "subject_id")
    left_out, left = among("subject_id", besides)
    where = (
        f"{here} AND grade = 'B' AND flags IN ('', 'over_limit') AND rule_set_id = %s"
        f" AND NOT ({left_out})"
    )
    params = [*members, rules.id, *left]

    def is_outcome(row: Sequence[Any]) -> bool:
        warnings, penalties, breaches, over, grade, clauses, exceeded, flags = row
        decided = decide(Counts(warnings, penalties, breaches, limit + over), rules.limits)
        texts = (" ".join(ids) for ids in (decided.clauses, decided.exceeded, decided.flags))
        return (grade, clauses, exceeded, flags) == (decided.grade, *texts)

    def is_next_day(row: Sequence[Any]) -> bool:
        earliest, stored = as_day(row[0]), as_day(row[1])
        return stored == _next_day(earliest, rules)

    found: set[int] = set()
    for prefix in PREFIXES:
        if prefix:
            # Most disclosable evaluations are the internal one, which was looked at already.
            twins = (*COUNTS, *DECIDED, "earliest_on", "next_change_on")
            same = " AND ".join(f"{name} = {prefix}{name}" for name in twins)
            where += f" AND ({same}) IS NOT TRUE"
        counts = [f"{prefix}{name}" for name in COUNTS[:3]]
        # On which side of the limit the money stands is all that the rules ask of it.
        over = f"CASE WHEN {prefix}amount_fen > {limit:d} THEN 1 ELSE 0 END"
        outcome = [f"{prefix}{name}" for name in DECIDED]
        found |= _of_wrong_groups([*counts, over, *outcome], is_outcome, where, params)
        days = [f"{prefix}earliest_on", f"{prefix}next_change_on"]
        found |= _of_wrong_groups(days, is_next_day, where, params)
    return found


def _next_day(earliest: date | None, rules: Rules) -> date | None:
    return earliest and last_counted_day(earliest, rules.window_months) + ONE_DAY


def _of_wrong_groups(
    columns: Sequence[str], is_right: Callable[[Sequence[Any]], bool], where: str, params: Params
) -> set[int]:
    listed = ", ".join(columns)
    places = ", ".join(str(place) for place in range(1, len(columns) + 1))
    groups = fetch(f"SELECT {listed} FROM {STANDINGS} WHERE {where} GROUP BY {places}", params)
    same = "IS NOT DISTINCT FROM" if connection.vendor == "postgresql" else "IS"
    of_group = " AND ".join(f"{column} {same} %s" for column in columns)
    found: set[int] = set()
    for group in groups:
        if not is_right(group):
            sql = f"SELECT subject_id FROM {STANDINGS} WHERE {where} AND {of_group}"
            found.update(row[0] for row in fetch(sql, [*params, *group]))
    return found
