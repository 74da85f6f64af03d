"""Many subjects at once: counts from one grouped query, decided by the same rules.

A subject is *plain* on a day when nothing but the one-year window moves its counts: no repair or
contest still to come into play, no list entry, no signal, no merger, no rule set to come. Then the
counts and the earliest counted decision say all, and where neither differs from what is stored,
nothing does. The others are *intricate* and are left to the evaluation record by record.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Q
from django.utils.dateparse import parse_datetime

from grading.counting import (
    ONE_DAY,
    Rules,
    first_decision_day,
    last_counted_day,
    rules_on,
)
from grading.facts import rule_versions
from grading.locks import hold_range, share_ranges
from grading.models import Cause, RegradeRequest, Standing
from grading.rules import Counts, decide
from grading.sources import PUBLISHED, SIGNALLING, WEIGHED, Scope
from grading.storing import (
    STANDING,
    Row,
    change_between,
    ensure_standings,
    update_standings,
)
from subjects.models import Subject
from violations.enums import DecisionState
from violations.models import Contest, Decision, Factor, ListEntry, Violation

# How many given ids are taken in one transaction; ranges are ``locks.RANGE`` long.
SUBJECTS_AT_ONCE = 5000

_COUNTS = ("warnings", "penalties", "breaches", "amount_fen", "earliest_on")
COUNTED = (*_COUNTS, *(f"disclosable_{name}" for name in _COUNTS))


@dataclass
class Plain:
    """What was found and written for the plain subjects of a scope, and who is left."""

    subject_ids: Collection[int] = ()
    changes: list[Row] = field(default_factory=list)
    requests: Sequence[int] = ()
    intricate: list[int] = field(default_factory=list)


def regrade_plain(scope: Scope, cause: Cause | None, day: date) -> Plain:
    """Grade the plain subjects of the scope; the caller holds it (``hold``) and finishes.

    The changes are not yet inserted. Requests of intricate subjects stay open for whoever grades
    them.
    """
    # In this order, and after the lock: a request whose fact is not yet read stays open.
    requests = _open_requests(scope)
    versions = rule_versions()
    rules = rules_on(day, versions)
    if rules is None or any(version.begins_on > day for version in versions):
        return Plain(intricate=_everyone(scope))
    intricate = _intricate(scope, rules, day)
    asked: dict[int, list[dict[str, str]]] = defaultdict(list)
    for _, subject_id, why, source in requests:
        asked[subject_id].append({"cause": why, "source": source})
    found = Plain(
        subject_ids=asked.keys() - intricate,
        requests=[pk for pk, subject_id, *_ in requests if subject_id not in intricate],
        intricate=sorted(intricate),
    )
    written: list[Row] = []
    for before, counted in _differing(scope, rules, day):
        subject_id = before["subject_id"]
        if subject_id in intricate:
            continue
        causes = list(asked.get(subject_id, ()))
        if cause is not None:
            causes.append({"cause": cause.value, "source": ""})
        after = {**before, **_decided(counted, rules)}
        change = change_between(before, after, day=day, causes=causes)
        written.append(after)
        if change is not None:
            found.changes.append(change)
    ensure_standings([row["subject_id"] for row in written if row["is_new"]])
    update_standings(written)
    _name_what_counted(found.changes, rules, day)
    return found


def _decided(counted: Row, rules: Rules) -> Row:
    """The columns of a standing that follow from the counts of a plain subject."""
    row: Row = {"rule_set_id": rules.id}
    for prefix in ("", "disclosable_"):
        counts = Counts(*(counted[f"{prefix}{name}"] for name in _COUNTS[:4]))
        decided = decide(counts, rules.limits)
        earliest = counted[f"{prefix}earliest_on"]
        row |= {f"{prefix}{name}": counted[f"{prefix}{name}"] for name in _COUNTS}
        row |= {
            f"{prefix}grade": decided.grade,
            f"{prefix}clauses": " ".join(decided.clauses),
            f"{prefix}exceeded": " ".join(decided.exceeded),
            f"{prefix}flags": " ".join(decided.flags),
            f"{prefix}next_change_on": (
                last_counted_day(earliest, rules.window_months) + ONE_DAY if earliest else None
            ),
        }
    return row


def hold(scope: Scope) -> None:
    """Lock until the transaction ends, before anything is read: a range, or given standings."""
    if scope.ids is None:
        hold_range(scope.low or 0)
        return
    share_ranges(scope.ids)
    locked = Standing.objects.select_for_update().filter(pk__in=scope.members()).order_by("pk")
    have = set(locked.values_list("pk", flat=True))
    missing = sorted(set(scope.members()) - have)
    if missing:
        ensure_standings(missing)
        list(locked.values_list("pk", flat=True))


def _open_requests(scope: Scope) -> list[tuple[int, int, str, str]]:
    return list(
        RegradeRequest.objects.filter(scope.where("subject_id"), done_at__isnull=True).values_list(
            "pk", "subject_id", "cause", "source"
        )
    )


def _ids(rows: Any, column: str) -> set[int]:
    return set(rows.order_by().values_list(column, flat=True).distinct())


def _everyone(scope: Scope) -> list[int]:
    """Whoever has a decision that was ever in force, an entry, a factor, a standing, a request."""
    here = scope.where("subject_id")
    sources = (
        Decision.objects.filter(here, state__in=WEIGHED),
        ListEntry.objects.filter(here),
        Factor.objects.filter(here),
        Standing.objects.filter(here),
        RegradeRequest.objects.filter(here, done_at__isnull=True),
    )
    return sorted(set().union(*(_ids(rows, "subject_id") for rows in sources)))


def _intricate(scope: Scope, rules: Rules, day: date) -> set[int]:
    """Subjects of the scope whose next change does not follow from their counts."""
    here, there = scope.where("subject_id"), scope.where("decision__subject_id")
    since = first_decision_day(day, rules.window_months)
    in_force = Q(decision__state=DecisionState.IN_FORCE, decision__decided_on__gte=since)
    entries = ListEntry.objects.filter(here, PUBLISHED, expires_on__gte=day)
    overdue = Q(next_change_on__lt=day) | Q(disclosable_next_change_on__lt=day)
    # An act under several laws is open only if all of them are: not for the counting query.
    acts = Violation.objects.filter(there, in_force)
    to_come = acts.filter(Q(repaired_on__gt=day) | Q(law_key__contains="|"))
    found = _ids(to_come, "decision__subject_id")
    found |= _ids(
        Contest.objects.filter(there, in_force).filter(
            Q(contested_until__isnull=True) | Q(contested_until__gt=day)
        ),
        "decision__subject_id",
    )
    found |= _ids(
        Decision.objects.filter(here, state=DecisionState.IN_FORCE, decided_on__gt=day),
        "subject_id",
    )
    found |= _ids(entries, "subject_id")
    signals = Factor.objects.filter(here, SIGNALLING, revoked_on__isnull=True)
    found |= _ids(signals, "subject_id")
    # Each day on which time turned such a grade is written down as of that day.
    found |= _ids(Standing.objects.filter(here, overdue), "subject_id")
    merged = Subject.objects.filter(merged_into__isnull=False).filter(
        Q(pk__in=scope.merged.keys()) & (scope.where("pk") | scope.where("merged_into_id"))
    )
    for member, survivor in merged.values_list("pk", "merged_into_id"):
        found.add(member)
        if survivor is not None:
            found.add(survivor)
    return found


def _scoped(scope: Scope, column: str) -> tuple[str, list[Any]]:
    """The scope as SQL on a column, with its parameters."""
    if scope.ids is None:
        return f"{column} BETWEEN %s AND %s", [scope.low, scope.high]
    members = scope.members()
    if connection.vendor == "postgresql":
        return f"{column} = ANY(%s)", [members]
    return f"{column} IN ({', '.join(['%s'] * len(members))})", list(members)


def _counting_sql(scope: Scope, rules: Rules, day: date) -> tuple[str, list[Any]]:
    """One row a subject with what counts: its counts, money and earliest decision, both ways."""
    violations, decisions = Violation._meta.db_table, Decision._meta.db_table
    laws = sorted(rules.open_laws) or [""]
    is_open = f"v.law_key IN ({', '.join(['%s'] * len(laws))})"
    among, members = _scoped(scope, "d.subject_id")
    within = "SUM" if rules.by_violation else "MAX"
    inner = []
    for prefix, condition in (("", "1 = 1"), ("o", "t.is_open = 1")):
        for letter, bucket in (("w", "warning"), ("p", "penalty"), ("b", "breach")):
            inner.append(
                f"{within}(CASE WHEN t.bucket = '{bucket}' AND {condition} THEN 1 ELSE 0 END)"
                f" AS {prefix}{letter}"
            )
        inner.append(f"SUM(CASE WHEN {condition} THEN t.amount_fen ELSE 0 END) AS {prefix}m")
    sql = f"""
        SELECT subject_id,
               SUM(w) AS warnings, SUM(p) AS penalties, SUM(b) AS breaches, SUM(m) AS amount_fen,
               MIN(decided_on) AS earliest_on,
               SUM(ow) AS disclosable_warnings, SUM(op) AS disclosable_penalties,
               SUM(ob) AS disclosable_breaches, SUM(om) AS disclosable_amount_fen,
               MIN(CASE WHEN any_open = 1 THEN decided_on END) AS disclosable_earliest_on
          FROM (SELECT t.subject_id, t.decision_id, t.decided_on, {", ".join(inner)},
                       MAX(t.is_open) AS any_open
                  FROM (SELECT d.subject_id, d.id AS decision_id, d.decided_on, v.bucket,
                               v.amount_fen, CASE WHEN {is_open} THEN 1 ELSE 0 END AS is_open
                          FROM {violations} v JOIN {decisions} d ON d.id = v.decision_id
                         WHERE d.state = 'in_force' AND v.revoked_on IS NULL
                           AND d.decided_on BETWEEN %s AND %s AND {among}
                           AND (v.repaired_on IS NULL OR v.repaired_on > %s)) t
                 GROUP BY t.subject_id, t.decision_id, t.decided_on) per_decision
         GROUP BY subject_id"""
    since = first_decision_day(day, rules.window_months)
    return sql, [*laws, since.isoformat(), day.isoformat(), *members, day.isoformat()]


def _differing(scope: Scope, rules: Rules, day: date) -> Iterable[tuple[Row, Row]]:
    """(standing, counts) where the counts are not the stored ones, or the stored day has come.

    A subject without a standing gets a blank one, a standing without counts zeros.
    """
    counting, params = _counting_sql(scope, rules, day)
    standings = Standing._meta.db_table
    stored = ", ".join(f"s.{name}" for name in STANDING)
    counted = ", ".join(f"a.{name}" for name in COUNTED)
    nothing = ", ".join("NULL" for _ in COUNTED)
    differs = " OR ".join(
        f"s.{name} <> a.{name} OR (s.{name} IS NULL) <> (a.{name} IS NULL)" for name in COUNTED
    )
    among, members = _scoped(scope, "s.subject_id")
    sql = f"""
        WITH a AS ({counting})
        SELECT a.subject_id, {counted}, s.subject_id IS NULL AS is_new, {stored}
          FROM a LEFT JOIN {standings} s ON s.subject_id = a.subject_id
         WHERE s.subject_id IS NULL OR {differs}
            OR s.rule_set_id IS NULL OR s.rule_set_id <> %s
            OR s.next_change_on IS NULL OR s.next_change_on <= %s
            OR s.disclosable_next_change_on <= %s
            OR s.grade <> 'B' OR s.flags NOT IN ('', 'over_limit')
        UNION ALL
        SELECT s.subject_id, {nothing}, 1 = 0, {stored}
          FROM {standings} s
         WHERE {among} AND s.subject_id NOT IN (SELECT subject_id FROM a)
           AND (s.grade <> '' OR s.flags <> '' OR s.next_change_on IS NOT NULL
                OR s.disclosable_grade <> '' OR s.disclosable_next_change_on IS NOT NULL
                OR s.earliest_on IS NOT NULL)"""
    today = day.isoformat()
    with connection.cursor() as cursor:
        cursor.execute(sql, [*params, rules.id, today, today, *members])
        rows = cursor.fetchall()
    blank = _blank_standing()
    width = len(COUNTED) + 1
    for row in rows:
        counts = dict(zip(COUNTED, map(_plain_value, row[1:width]), strict=True))
        for name in COUNTED:
            if counts[name] is None and not name.endswith("earliest_on"):
                counts[name] = 0
        is_new = bool(row[width])
        before = (
            dict(blank)
            if is_new
            else dict(zip(STANDING, map(_plain_value, row[width + 1 :]), strict=True))
        )
        yield {**before, "subject_id": row[0], "is_new": is_new}, counts


def _blank_standing() -> Row:
    blank = Standing()
    return {name: getattr(blank, name) for name in STANDING}


def _plain_value(value: Any) -> Any:
    """Sums come as Decimal from PostgreSQL, days and moments as text from SQLite."""
    if isinstance(value, Decimal):
        return int(value)
    if isinstance(value, str) and len(value) >= 10 and value[4:5] == "-":
        return date.fromisoformat(value) if len(value) == 10 else parse_datetime(value)
    return value


def _name_what_counted(changes: Sequence[Row], rules: Rules, day: date) -> None:
    """Set the ids of the violations that counted on the changes that have any."""
    by_subject = {
        change["subject_id"]: change
        for change in changes
        if change["warnings"] or change["penalties"] or change["breaches"]
    }
    since = first_decision_day(day, rules.window_months)
    ids = sorted(by_subject)
    for start in range(0, len(ids), 20_000):
        rows = Violation.objects.filter(
            Q(repaired_on__isnull=True) | Q(repaired_on__gt=day),
            decision__subject_id__in=ids[start : start + 20_000],
            decision__state=DecisionState.IN_FORCE,
            decision__decided_on__range=(since, day),
            revoked_on__isnull=True,
        ).order_by("pk")
        for subject_id, violation_id in rows.values_list("decision__subject_id", "pk"):
            by_subject[subject_id]["counted"].append(violation_id)
