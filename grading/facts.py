"""From rows to the plain facts that ``grading.counting`` weighs, for any number of subjects.

One query a table of records, whatever the source; the records of entries that were merged count
for the surviving one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from core.clock import today
from grading.counting import Act, Facts, Rules, first_decision_day, rules_on
from grading.models import CountBy, RuleSet
from grading.rules import Limits
from grading.sources import LIVE, FactSource, Scope

RULE_COLUMNS = (
    "id",
    "name",
    "effective_from",
    "approved_on",
    "warning_limit",
    "penalty_limit",
    "breach_limit",
    "amount_limit",
    "window_months",
    "count_by",
    "laws",
)


def scope_of(
    ids: Collection[int] | None = None,
    *,
    low: int | None = None,
    high: int | None = None,
    source: FactSource = LIVE,
) -> Scope:
    """A scope of surviving ids (an id that was merged stands for its survivor) or of a range."""
    merged = source.merged()
    wanted = None if ids is None else frozenset(merged.get(one, one) for one in ids)
    return Scope(wanted, low, high, merged)


def load(
    scope: Scope, day: date, versions: Collection[Rules], *, source: FactSource = LIVE
) -> dict[int, Facts]:
    """The facts of each organisation of the scope that may count on ``day`` or later.

    Organisations with nothing on record since then are absent.
    """
    since = window_begins(day, versions)
    contests: dict[int, list[tuple[date, date | None]]] = defaultdict(list)
    for decision_id, begins, ends in source.contests(scope, since):
        contests[decision_id].append((begins, ends))
    facts: dict[int, Facts] = defaultdict(Facts)
    for row in source.acts(scope, since):
        covered = tuple(sorted(contests[row.decision_id], key=str)) if contests else ()
        facts[scope.survivor(row.subject_id)].acts.append(Act(*row[1:], contests=covered))
    for subject_id, entry in source.entries(scope):
        facts[scope.survivor(subject_id)].entries.append(entry)
    for subject_id, signal in source.signals(scope):
        facts[scope.survivor(subject_id)].signals.append(signal)
    return {subject_id: found for subject_id, found in facts.items() if scope.holds(subject_id)}


def window_begins(day: date, versions: Collection[Rules]) -> date:
    """The earliest day of a decision that may count on ``day`` or later."""
    return min((first_decision_day(day, rules.window_months) for rules in versions), default=day)


def rule_versions(known_at: datetime | None = None) -> list[Rules]:
    """Every approved rule set as plain figures, the earliest first.

    With ``known_at`` those approved by that moment: an approved rule set is never changed.
    """
    approved = approved_rule_sets()
    if known_at is not None:
        day = timezone.localdate(known_at)
        approved = approved.filter(approved_on__lte=day)
        # Of an approval of that very day, the history knows the hour.
        later = RuleSet.history.filter(approved_on=day, history_date__gt=known_at)
        sooner = RuleSet.history.filter(approved_on=day, history_date__lte=known_at)
        approved = approved.exclude(
            Q(approved_on=day, pk__in=later.values("id")) & ~Q(pk__in=sooner.values("id"))
        )
    return [rules_from(values) for values in approved.values(*RULE_COLUMNS)]


def approved_rule_sets() -> QuerySet[RuleSet]:
    """Approved rule sets, the earliest first."""
    return RuleSet.objects.filter(approved_on__isnull=False).order_by("effective_from")


def as_rules(rule_set: RuleSet) -> Rules:
    """One rule set, approved or a draft (then from its ``effective_from``), as plain figures."""
    return rules_from({name: getattr(rule_set, name) for name in RULE_COLUMNS})


def rules_from(values: Mapping[str, Any]) -> Rules:
    """Plain figures from the RULE_COLUMNS of a rule set."""
    return Rules(
        id=values["id"],
        name=values["name"],
        effective_from=values["effective_from"],
        approved_on=values["approved_on"] or values["effective_from"],
        limits=Limits(
            values["warning_limit"],
            values["penalty_limit"],
            values["breach_limit"],
            round(values["amount_limit"] * 100),
        ),
        window_months=values["window_months"],
        by_violation=values["count_by"] == CountBy.VIOLATION,
        open_laws=frozenset(law for law, sealed in values["laws"].items() if not sealed),
    )


def laws_named_today() -> frozenset[str]:
    """The laws of which the rule set in force today says whether their records are sealed."""
    rules = rules_on(today(), rule_versions())
    return frozenset(RuleSet.objects.get(pk=rules.id).laws) if rules else frozenset()
