"""How the grade becomes better and what would make it worse, for the credit file (5-9)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import date

from appeals.repair_clocks import clocks
from desk.subject_file import short_number
from grading.counting import why_not_counted
from grading.selectors import View
from grading.way_back import outlook
from grading.way_back_words import Words, words_of
from violations.models import Violation


def words_for(view: View) -> Words:
    """Both directions from the facts of the page, with the names that records have on it."""
    seen = outlook(view.facts, view.day, view.versions, repair_from(view))
    return words_of(seen, names([act.violation_id for act in view.facts.acts]))


def repair_from(view: View) -> dict[int, date]:
    """The earliest day on which each record that weighs now can be repaired.

    A review or suit that runs puts it off to a day that nobody knows: then there is none.
    """
    rules = view.now.rules
    if rules is None:
        return {}
    weighing = [
        act.violation_id for act in view.facts.acts if not why_not_counted(act, view.day, rules)
    ]
    if not weighing:
        return {}
    return {
        one: found.repair_from
        for one, found in clocks(weighing, view.day).items()
        if found.repair_from is not None and not found.no_repair
    }


def names(violation_ids: Collection[int]) -> dict[int, str]:
    """「0203号」, and 「0203号其2」 where a decision holds several of them (3-S)."""
    if not violation_ids:
        return {}
    rows = list(
        Violation.objects.filter(pk__in=violation_ids).values_list(
            "pk", "decision_id", "decision__number", "ordinal"
        )
    )
    many = Counter(decision_id for _, decision_id, _, _ in rows)
    return {
        pk: name(number, ordinal, one_of_many=many[decision_id] > 1 or ordinal > 1)
        for pk, decision_id, number, ordinal in rows
    }


def name(number: str, ordinal: int, *, one_of_many: bool) -> str:
    """What a record is called in a sentence."""
    return short_number(number) + (f"其{ordinal}" if one_of_many else "")
