"""What the tables must say, worked out from the records themselves by other means than the product.

Rows are read by plain SQL; buckets, money, limits and days are those of ``tests.grading.oracle``,
which shares no code with the product.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import psycopg

from tests.grading.oracle import DAY, PlainAct, PlainSubject, a_year_later, answer

Connection = psycopg.Connection[tuple[Any, ...]]
# (grade, clauses, W, P, L, money in fen, flags)
Answer = tuple[str, str, int, int, int, int, str]


@dataclass(frozen=True)
class Law:
    """Which laws' records may leave the bureau."""

    open_laws: tuple[str, ...]


def read_law(connection: Connection) -> Law:
    row = connection.execute(
        "SELECT laws FROM grading_ruleset WHERE approved_on IS NOT NULL"
        " ORDER BY effective_from DESC LIMIT 1"
    ).fetchone()
    assert row is not None
    return Law(tuple(law for law, sealed in row[0].items() if not sealed))


def read_subjects(connection: Connection, codes: list[str]) -> dict[int, PlainSubject]:
    """The records in force of these organisations, by the id of the organisation."""
    rows = connection.execute(
        """
        SELECT s.id, d.id, d.kind, d.decided_on, v.id, v.law, x.kind, x.amount
          FROM subjects_subject s
          LEFT JOIN violations_decision d ON d.subject_id = s.id AND d.state = 'in_force'
          LEFT JOIN violations_violation v ON v.decision_id = d.id AND v.revoked_on IS NULL
          LEFT JOIN violations_disposition x ON x.violation_id = v.id
         WHERE s.credit_code = ANY(%s)
        """,
        [codes],
    ).fetchall()
    acts: dict[int, dict[int, list[Any]]] = defaultdict(dict)
    for subject_id, decision, kind, day, act, law, treatment, amount in rows:
        found = acts[subject_id]
        if act is not None:
            entry = found.setdefault(act, [decision, kind, day, law, [], Decimal(0)])
            if treatment is not None:
                entry[4].append(treatment)
                entry[5] += amount or 0
    return {
        subject_id: PlainSubject(tuple(_act(*one) for one in found.values()), (), ())
        for subject_id, found in acts.items()
    }


def _act(
    decision: int, kind: str, day: date, law: str, treatments: list[str], money: Decimal
) -> PlainAct:
    light = {"warning", "order_to_correct"}
    bucket = "warning" if set(treatments) <= light else "penalty"
    if kind == "breach":
        bucket = "breach"
    fen = int(money * 100) if bucket == "penalty" else 0
    return PlainAct(decision, bucket, fen, law, day, None, (), False)


def answers(subject: PlainSubject, day: date, law: Law) -> tuple[Answer, Answer]:
    """Both evaluations of a day, the internal and the disclosable one."""
    return answer(subject, day), answer(subject, day, open_laws=law.open_laws)


def turning_days(subject: PlainSubject) -> list[date]:
    """Every day on which a record begins or ends to count."""
    begins = {act.decided_on for act in subject.acts}
    return sorted(begins | {a_year_later(day) + DAY for day in begins})


def next_day(subject: PlainSubject, day: date, law: Law, *, disclosable: bool) -> date | None:
    """The first day after ``day`` with another answer."""
    now = answers(subject, day, law)[disclosable]
    later = (turn for turn in turning_days(subject) if turn > day)
    return next((turn for turn in later if answers(subject, turn, law)[disclosable] != now), None)


def turns_between(subject: PlainSubject, first: date, last: date, law: Law) -> list[date]:
    """The days after ``first`` up to ``last`` on which either answer turns."""
    return [
        turn
        for turn in turning_days(subject)
        if first < turn <= last and answers(subject, turn, law) != answers(subject, turn - DAY, law)
    ]
