"""What the API says of an organisation: everything, or what may be known outside the bureau.

Outside, nothing but the disclosable evaluation exists. An organisation about which it says nothing
is answered like one that nobody knows, after the same queries (domain.md §3, "Two grades").
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import F

from core.clock import today
from grading.counting import (
    ONE_DAY,
    Act,
    Evaluation,
    Facts,
    Rules,
    evaluate,
    last_counted_day,
    next_change,
    rules_on,
    turning_days,
    why_not_counted,
)
from grading.facts import load, rule_versions, scope_of
from grading.history_source import HistorySource
from grading.models import GradeChange
from grading.selectors import view
from grading.sources import WEIGHED
from subjects.lookup import find_by_code_evenly
from subjects.models import Subject
from violations.models import Violation

YEARS_OUTSIDE = 5  # adverse information is shown no longer (law.md, "finality")
NOBODY = 0  # the id of no subject: asked for where a code is unknown
# Outside, a record that does not count is named only where it may count later.
_NAMED_OUTSIDE = frozenset({"contested", "not_yet"})


@dataclass(frozen=True, slots=True)
class Answer:
    """One evaluation of an organisation with what else is said about it.

    ``facts`` are those it rests on; ``disclosable_grade`` and its day are the same as ``grade`` and
    ``next_change_on`` outside.
    """

    subject: Subject
    facts: Facts
    versions: Sequence[Rules]
    now: Evaluation
    next_change_on: date | None
    disclosable_grade: str
    disclosable_next_change_on: date | None
    is_internal: bool


def answer(
    credit_code: str,
    *,
    internal: bool,
    day: date | None = None,
    known_at: datetime | None = None,
) -> Answer | None:
    """The organisation with this present or former code; None where it is unknown.

    Without ``internal`` also where nothing disclosable counts on the day.
    """
    subject = find_by_code_evenly(credit_code)
    if not internal:
        return _outside(subject, day or today())
    if subject is None:
        return None
    seen = view(subject.pk, day, known_at=known_at)
    both = seen.both
    return Answer(
        subject,
        seen.facts,
        seen.versions,
        both.internal,
        both.next_change_on,
        both.disclosable.decided.grade,
        both.disclosable_next_change_on,
        is_internal=True,
    )


def _outside(subject: Subject | None, day: date) -> Answer | None:
    """What may be known outside, of facts that may leave both today and on the day.

    Sealed records are dropped before anything is worked out, so that they cost no time either; so
    are those repaired by now, whatever the day asked for: repair ends publication, sharing and use.
    """
    versions = rule_versions()
    rules = rules_on(today(), versions)
    scope = scope_of([subject.pk if subject else NOBODY])
    on_record = load(scope, day, versions).get(subject.pk if subject else NOBODY, Facts())
    open_acts = [act for act in on_record.acts if rules and _may_leave(act, rules)]
    facts = Facts(open_acts, on_record.entries)
    now = evaluate(facts, day, versions, disclosable=True)
    following = next_change(facts, now, versions, disclosable=True)
    if subject is None or day < first_day_outside(today()) or not (now.counted or now.entries):
        return None
    grade = now.decided.grade
    return Answer(subject, facts, versions, now, following, grade, following, is_internal=False)


def _may_leave(act: Act, rules: Rules) -> bool:
    is_repaired = act.repaired_on is not None and act.repaired_on <= today()
    return rules.discloses(act.law_key) and not is_repaired


def first_day_outside(day: date) -> date:
    """The earliest day about which anything is said outside on ``day``."""
    return last_counted_day(day, -12 * YEARS_OUTSIDE)


def since(found: Answer) -> date | None:
    """The day on which the grade became what it is; None where there is no grade.

    The day of the change that was written, or, where time alone moved the grade since, that day.
    """
    column = "grade" if found.is_internal else "disclosable_grade"
    last: tuple[str, date] | None = (
        GradeChange.objects.filter(subject_id=found.subject.pk)
        .exclude(**{column: F(f"old_{column}")})
        .order_by("-pk")
        .values_list(column, "effective_on")
        .first()
    )
    grade = found.now.decided.grade
    if not grade:
        return None
    if last is not None and last[0] == grade:
        return last[1]
    return _turned_on(found)


def _turned_on(found: Answer) -> date | None:
    """The latest day up to now on which the grade differs from that of the day before."""
    outside = not found.is_internal
    for turn in sorted(turning_days(found.facts, found.versions), reverse=True):
        if turn > found.now.day:
            continue
        old = evaluate(found.facts, turn - ONE_DAY, found.versions, disclosable=outside)
        if old.decided.grade != found.now.decided.grade:
            return turn
    return None


def evaluated(now: Evaluation, *, internal: bool) -> dict[str, Any]:
    """Grade, clauses, limits, flags and counts; no flags outside."""
    counts, decided = now.counts, now.decided
    return {
        "grade": decided.grade or None,
        "clauses": list(decided.clauses),
        "exceeded": list(decided.exceeded),
        "flags": list(decided.flags) if internal else [],
        "counts": {
            "warnings": counts.warnings,
            "penalties": counts.penalties,
            "breaches": counts.breaches,
            "amount": yuan(counts.amount_fen),
        },
        "rule_set": now.rules.name if now.rules else None,
    }


def yuan(fen: int) -> str:
    """Fen as yuan with two decimals: "20000.00"."""
    return f"{Decimal(fen) / 100:.2f}"


def graded(found: Answer, *, known_at: datetime | None = None) -> dict[str, Any]:
    """The answer of ``grade/``."""
    return {
        "credit_code": found.subject.credit_code,
        "as_of": found.now.day.isoformat(),
        **evaluated(found.now, internal=found.is_internal),
        "counted": list(found.now.counted),
        "not_counted": [
            {"id": violation_id, "why": why}
            for violation_id, why in sorted(not_counted(found, known_at=known_at).items())
        ],
        "next_change_on": _text(found.next_change_on),
        "disclosable_grade": found.disclosable_grade or None,
        "disclosable_next_change_on": _text(found.disclosable_next_change_on),
    }


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None


def not_counted(found: Answer, *, known_at: datetime | None = None) -> dict[int, str]:
    """Each violation on record that does not count, with why: {id: why}.

    ``why``: revoked, repaired, contested, not_yet, lapsed. Of what was known at a moment, records
    revoked by then are left out.
    """
    reasons = {act.violation_id: _why(found, act) for act in found.facts.acts}
    if not found.is_internal:
        return {one: why for one, why in reasons.items() if why in _NAMED_OUTSIDE}
    if known_at is not None:
        scope = scope_of([found.subject.pk], source=HistorySource(known_at))
        older = HistorySource(known_at).acts(scope, date.min)
        stored = [(row.violation_id, None, row.repaired_on) for row in older]
    else:
        stored = list(_on_record(found.subject.pk))
    for violation_id, revoked_on, repaired_on in stored:
        if revoked_on is not None:
            reasons[violation_id] = "revoked"
        elif violation_id not in reasons:
            repaired = repaired_on is not None and repaired_on <= found.now.day
            reasons[violation_id] = "repaired" if repaired else "lapsed"
    return {one: why for one, why in reasons.items() if why}


def _why(found: Answer, act: Act) -> str:
    rules = found.now.rules
    return why_not_counted(act, found.now.day, rules) if rules else "no_rule_set"


def _on_record(subject_id: int) -> Any:
    """(id, revoked_on, repaired_on) of every act that counts or once counted."""
    return Violation.objects.filter(
        scope_of([subject_id]).where("decision__subject_id"),
        decision__state__in=WEIGHED,
        decision__confirmed_by__isnull=False,
    ).values_list("pk", "revoked_on", "repaired_on")
