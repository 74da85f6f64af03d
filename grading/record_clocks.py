"""The three clocks of any number of records: four queries, whatever their number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from grading.clocks import Clocks, Record, clocks_of
from grading.counting import Act, Rules, rules_on
from grading.facts import approved_rule_sets, as_rules
from grading.models import RuleSet
from grading.tiers import TierMap, read
from violations.enums import DecisionState, DispositionKind
from violations.models import Contest, Disposition, Violation


class Figures(NamedTuple):
    """What the rule set of a day says about counting, sealing and repair."""

    rules: Rules
    tiers: TierMap


def figures_on(day: date) -> Figures | None:
    """Those of the rule set in force on ``day``; None before the first (制度尚未施行)."""
    rows = list(approved_rule_sets())
    rules = rules_on(day, [as_rules(row) for row in rows])
    if rules is None:
        return None
    row = next(one for one in rows if one.pk == rules.id)
    return Figures(rules, read(row.tiers))


def figures_of(rule_set: RuleSet) -> Figures:
    """Those of one rule set, approved or a draft."""
    return Figures(as_rules(rule_set), read(rule_set.tiers))


def clocks(violations: Iterable[Violation | int], day: date) -> dict[int, Clocks]:
    """By id of the act; what is not in force on record has no clocks and is left out.

    Empty before the first rule set.
    """
    figures = figures_on(day)
    if figures is None:
        return {}
    ids = [one if isinstance(one, int) else one.pk for one in violations]
    return {
        record.act.violation_id: clocks_of(record, day, figures.rules, figures.tiers)
        for record in records(ids)
    }


def records(violation_ids: Iterable[int]) -> list[Record]:
    """The acts of decisions in force with what their clocks hang on; three queries."""
    acts = Violation.objects.filter(
        pk__in=list(violation_ids), decision__state=DecisionState.IN_FORCE
    ).order_by("pk")
    rows = list(
        acts.values_list(
            "pk",
            "decision_id",
            "bucket",
            "amount_fen",
            "law_key",
            "decision__decided_on",
            "repaired_on",
            "decision__procedure",
            "decision__served_on",
            "revoked_on",
        )
    )
    kinds, fines = _imposed([row[0] for row in rows])
    contests = _contests({row[1] for row in rows})
    return [
        Record(
            Act(*row[:7], contests=tuple(contests[row[1]])),
            row[7],
            tuple(kinds[row[0]]),
            fines[row[0]],
            *row[8:],
        )
        for row in rows
    ]


def _imposed(ids: list[int]) -> tuple[dict[int, list[str]], dict[int, int]]:
    """What was imposed on each act, and its fines in fen (confiscations are no fine)."""
    kinds: dict[int, list[str]] = defaultdict(list)
    fines: dict[int, int] = defaultdict(int)
    rows = Disposition.objects.filter(violation__in=ids).order_by("pk")
    for violation_id, kind, amount in rows.values_list("violation_id", "kind", "amount"):
        kinds[violation_id].append(kind)
        if kind == DispositionKind.FINE and amount is not None:
            fines[violation_id] += int(amount * 100)
    return kinds, fines


def _contests(ids: set[int]) -> dict[int, list[tuple[date, date | None]]]:
    found: dict[int, list[tuple[date, date | None]]] = defaultdict(list)
    rows = Contest.objects.filter(decision__in=ids).order_by("contested_from", "pk")
    for decision_id, begins, ends in rows.values_list(
        "decision_id", "contested_from", "contested_until"
    ):
        found[decision_id].append((begins, ends))
    return found
