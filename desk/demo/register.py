"""Writes the made-up register: organisations, decisions, contests and list entries in bulk."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

from django.db import connection, transaction

from core import audit
from core.bulk import create_facts
from desk.demo.cases import CASES, COMMON
from desk.demo.facts import ActMade, Case, Expected, Listed, MakeCase, Paper
from desk.demo.names import Trade, a_trade, credit_code, name_of
from desk.demo.people import OFFICE, RECORDER
from desk.demo.rows import Rows, treatments_of
from grading.locks import ranges
from grading.models import Cause, Standing
from grading.services import regrade_range
from grading.storing import ensure_standings
from subjects.models import Subject
from subjects.particulars import SubjectInput
from subjects.services import bulk_register
from violations.models import Decision, Disposition, Violation

REASON = "演示数据"
CHUNK = 5000
FIRST = 20


@dataclass(frozen=True, slots=True)
class Made:
    """One made-up organisation with its case."""

    code: str
    name: str
    trade: Trade
    case: Case


# Takes the right answer of an organisation with facts: its code and what it must be graded.
Answer = Callable[[str, Expected], object]


def plan(subjects: int, *, seed: int, day: date) -> Iterator[Made]:
    """``subjects`` organisations: each constructed case first, then what is common.

    A tenth of the rest has no facts at all. The same ``seed`` and ``day`` give the same.
    """
    chance = Random(seed)
    makers: list[MakeCase] = [make for make, _ in COMMON]
    weights = [weight for _, weight in COMMON]
    for number in range(subjects):
        trade = a_trade(chance)
        if number < len(CASES):
            case = CASES[number](day, chance)
        elif chance.random() < 0.1:
            case = Case((), Expected())
        else:
            case = chance.choices(makers, weights)[0](day, chance)
        code = credit_code(trade.register, number + seed * 1_000_000)
        yield Made(code, name_of(trade, number), trade, case)


@transaction.atomic
def make_register(subjects: int, *, seed: int, day: date, answer: Answer) -> list[int]:
    """Write the register of ``plan`` and grade it, in one transaction; the ids of the first few.

    Graded at once and by ranges: a million requests would only be written to be closed. Nothing is
    kept of what is written, so that memory does not grow with the register.
    """
    _take_time()
    first: list[int] = []
    rows = Rows(seed)
    batch: list[Made] = []
    for one in plan(subjects, seed=seed, day=day):
        batch.append(one)
        if len(batch) == CHUNK:
            written = _write(batch, rows)
            first, batch = first or written[:FIRST], []
        if one.case.facts:
            answer(one.code, one.case.expected)
    if batch:
        first = (first + _write(batch, rows))[:FIRST]
    audit.record(
        actor=None,
        action="demo.register",
        details={"subjects": subjects, "seed": seed, "day": day.isoformat()},
    )
    _tell_the_planner()
    for low, high in ranges():
        regrade_range(low, high, cause=Cause.TAKEOVER)
    return first


def _take_time() -> None:
    """On PostgreSQL no limit ends this transaction, and references are checked as they come.

    Checked at its end, each row's check would wait in memory until then.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0")
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def _tell_the_planner() -> None:
    """It takes tables that were empty before for small ones, and joins them row by row."""
    if connection.vendor == "postgresql":
        tables = ", ".join(
            model._meta.db_table for model in (Subject, Standing, Decision, Violation)
        )
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {tables}")


def _write(made: Sequence[Made], rows: Rows) -> list[int]:
    """Write some organisations with all their facts; their ids."""
    unit = rows.units["WG-ZA"]
    subjects = bulk_register(
        officer=rows.officers[RECORDER],
        rows=[
            SubjectInput(
                credit_code=one.code,
                name=one.name,
                industry=one.trade.industry,
                address=f"舞钢市样例路 {at % 300 + 1} 号",
                principal="样例",
                unit_in_charge_id=unit.pk,
            )
            for at, one in enumerate(made)
        ],
        reason=REASON,
    )
    ids = [subjects[one.code].pk for one in made]
    facts = [
        (subject_id, one, fact)
        for subject_id, one in zip(ids, made, strict=True)
        for fact in one.case.facts
    ]
    _write_papers([(i, one, fact) for i, one, fact in facts if isinstance(fact, Paper)], rows)
    entries = [rows.entry(i, fact) for i, _, fact in facts if isinstance(fact, Listed)]
    create_facts(entries, user=rows.officers[OFFICE], reason=REASON)
    # As if each had been asked for: whoever has facts has a standing, if only an empty one.
    ensure_standings(sorted({subject_id for subject_id, _, _ in facts}))
    return ids


def _write_papers(papers: Sequence[tuple[int, Made, Paper]], rows: Rows) -> None:
    user = rows.officers[RECORDER]
    decisions = [rows.decision(subject_id, paper) for subject_id, _, paper in papers]
    create_facts(decisions, user=user, reason=REASON)
    acts: list[tuple[Violation, ActMade]] = []
    contests = []
    for decision, (_, one, paper) in zip(decisions, papers, strict=True):
        for ordinal, act in enumerate(paper.acts, start=1):
            row = rows.violation(decision, ordinal, act, name=one.name, trade=one.trade)
            acts.append((row, act))
        if paper.contest:
            contests.append(rows.contest(decision, *paper.contest))
    create_facts([row for row, _ in acts], user=user, reason=REASON)
    dispositions = [
        Disposition(violation_id=row.pk, kind=kind, amount=amount)
        for row, act in acts
        for kind, amount in treatments_of(act)
    ]
    create_facts(dispositions, user=user, reason=REASON)
    create_facts(contests, user=rows.officers[OFFICE], reason=REASON)
