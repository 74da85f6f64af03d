"""Writes the made-up register: organisations, decisions, contests and list entries in bulk."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from random import Random

from django.db import transaction

from core import audit
from core.bulk import create_facts
from desk.demo.cases import CASES, COMMON
from desk.demo.facts import ActMade, Case, Expected, Listed, MakeCase, Paper
from desk.demo.names import Trade, a_trade, credit_code, name_of
from desk.demo.people import OFFICE, RECORDER
from desk.demo.rows import Rows, treatments_of
from subjects.particulars import SubjectInput
from subjects.services import bulk_register
from violations.models import Decision, Disposition, Violation
from violations.signals import facts_written

SOURCE = "demo"
REASON = "演示数据"
CHUNK = 5000


@dataclass(frozen=True, slots=True)
class Made:
    """One made-up organisation with its case."""

    code: str
    name: str
    trade: Trade
    case: Case


@dataclass
class Register:
    """What was written: the ids of the organisations, and the right answers by code."""

    subject_ids: list[int] = field(default_factory=list)
    expected: dict[str, Expected] = field(default_factory=dict)


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
def make_register(subjects: int, *, seed: int, day: date) -> Register:
    """Write the register of ``plan`` and ask for its grades, in one transaction."""
    made = Register()
    rows = Rows(seed)
    batch: list[Made] = []
    for one in plan(subjects, seed=seed, day=day):
        batch.append(one)
        if len(batch) == CHUNK:
            made.subject_ids += _write(batch, rows)
            batch = []
        if one.case.facts:
            made.expected[one.code] = one.case.expected
    if batch:
        made.subject_ids += _write(batch, rows)
    audit.record(
        actor=None,
        action="demo.register",
        details={"subjects": subjects, "seed": seed, "day": day.isoformat()},
    )
    facts_written.send(
        sender=Decision, subject_ids=made.subject_ids, cause="takeover", source=SOURCE
    )
    return made


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
