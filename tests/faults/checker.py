"""Reads the tables after the faults and says what is lost, halved, doubled or wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.faults.client import Attempt
from tests.faults.expected import (
    Connection,
    answers,
    next_day,
    read_law,
    read_subjects,
)

BUREAU = ZoneInfo("Asia/Shanghai")
OUTCOME = ("grade", "clauses", "warnings", "penalties", "breaches", "amount_fen", "flags")
COLUMNS = (
    *OUTCOME,
    "next_change_on",
    *(f"disclosable_{name}" for name in OUTCOME),
    "disclosable_next_change_on",
)


@dataclass
class Found:
    """What a look at the tables showed; ``examples`` name a few of the wrong."""

    stored: int = 0
    lost: int = 0
    half: int = 0
    doubled: int = 0
    wrong: int = 0
    waiting: int = 0
    examples: list[str] = field(default_factory=list)

    @property
    def is_settled(self) -> bool:
        return not (self.wrong or self.waiting)


def the_day(shift: float = 0.0) -> date:
    """The day at the bureau, by the clock of a product shifted by that many seconds."""
    return (datetime.now(BUREAU) + timedelta(seconds=shift)).date()


def look(connection: Connection, attempts: Sequence[Attempt], day: date) -> Found:
    """Compare the tables with what was posted and acknowledged, as of ``day``."""
    found = Found()
    _look_at_decisions(connection, attempts, found)
    codes = sorted({one.record.code for one in attempts})
    _look_at_standings(connection, codes, day, found)
    _look_at_changes(connection, codes, found)
    found.waiting = _one(
        connection,
        "SELECT count(*) FROM grading_regraderequest r JOIN subjects_subject s"
        " ON s.id = r.subject_id WHERE s.credit_code = ANY(%s)"
        " AND r.done_at IS NULL AND r.attempts < 5",
        codes,
    )
    return found


def _one(connection: Connection, sql: str, *params: Any) -> int:
    row = connection.execute(sql, params).fetchone()
    assert row is not None
    return int(row[0])


def _look_at_decisions(connection: Connection, attempts: Sequence[Attempt], found: Found) -> None:
    """Lost: acknowledged and not there. Half: there without a part of it. Doubled: there twice."""
    rows = connection.execute(
        """
        SELECT d.number, d.id,
               (SELECT count(*) FROM violations_violation v WHERE v.decision_id = d.id),
               (SELECT count(*) FROM violations_disposition x JOIN violations_violation v
                    ON v.id = x.violation_id WHERE v.decision_id = d.id),
               (SELECT count(*) FROM violations_historicaldecision h WHERE h.id = d.id),
               (SELECT count(*) FROM core_auditentry a WHERE a.target_id = d.id::text
                    AND a.target_type = 'violations.decision'),
               (SELECT count(*) FROM grading_regraderequest r WHERE r.subject_id = d.subject_id)
          FROM violations_decision d WHERE d.number = ANY(%s)
        """,
        [[one.record.number for one in attempts]],
    ).fetchall()
    stored: dict[str, list[tuple[Any, ...]]] = {}
    for number, *parts in rows:
        stored.setdefault(number, []).append(tuple(parts))
    for one in attempts:
        there = stored.get(one.record.number, [])
        found.stored += bool(there)
        found.doubled += max(0, len(there) - 1)
        if one.acknowledged and one.decision_id not in {parts[0] for parts in there}:
            found.lost += 1
            found.examples.append(f"acknowledged and not there: {one.record.number}")
        dispositions = len(one.record.body["violations"][0]["dispositions"])
        for identity, acts, treatments, history, audit, requests in there:
            if (acts, treatments) != (1, dispositions) or 0 in (history, audit, requests):
                found.half += 1
                found.examples.append(f"half: decision {identity}")


def _look_at_standings(connection: Connection, codes: list[str], day: date, found: Found) -> None:
    law, subjects = read_law(connection), read_subjects(connection, codes)
    rows = connection.execute(
        f"SELECT subject_id, {', '.join(COLUMNS)} FROM grading_standing WHERE subject_id = ANY(%s)",
        [list(subjects)],
    ).fetchall()
    standings = {int(row[0]): tuple(row[1:]) for row in rows}
    nothing = ("", "", 0, 0, 0, 0, "", None)
    for subject_id, subject in subjects.items():
        inside, outside = answers(subject, day, law)
        right = (
            *inside,
            next_day(subject, day, law, disclosable=False),
            *outside,
            next_day(subject, day, law, disclosable=True),
        )
        stored = standings.get(subject_id, nothing + nothing)
        if stored != right:
            found.wrong += 1
            if len(found.examples) < 5:
                found.examples.append(f"subject {subject_id}: stored {stored}, right {right}")


def _look_at_changes(connection: Connection, codes: list[str], found: Found) -> None:
    """A change that changes nothing is an effect that came twice; so is a second open review."""
    compared = [name for name in COLUMNS if "next_change" not in name]
    same = " AND ".join(f"c.{name} = c.before_{name}" for name in compared)
    lagged = ", ".join(
        f"lag(c.{name}) OVER (PARTITION BY c.subject_id ORDER BY c.id) AS before_{name}"
        for name in compared
    )
    doubled = _one(
        connection,
        f"SELECT count(*) FROM (SELECT {', '.join(f'c.{name}' for name in compared)}, {lagged}"
        " FROM grading_gradechange c JOIN subjects_subject s ON s.id = c.subject_id"
        f" WHERE s.credit_code = ANY(%s)) c WHERE {same}",
        codes,
    )
    if doubled:
        found.examples.append(f"{doubled} changes that change nothing")
    found.doubled += doubled
    unlike = _one(
        connection,
        """
        SELECT count(*) FROM grading_standing g JOIN subjects_subject s ON s.id = g.subject_id
         WHERE s.credit_code = ANY(%s) AND (g.flags LIKE '%%over_limit%%') <> EXISTS (
             SELECT 1 FROM grading_review r WHERE r.subject_id = g.subject_id
                AND r.flag = 'over_limit' AND r.closed_at IS NULL)
        """,
        codes,
    )
    if unlike:
        found.examples.append(f"{unlike} organisations whose reviews do not follow their flags")
    found.wrong += unlike
