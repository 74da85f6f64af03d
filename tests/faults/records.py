"""What is posted: decisions in force, alone or in groups of eight about one organisation.

The last record of a group crosses a limit of the regulation, and nothing follows that would heal a
grade that missed it.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
LAW = "保安服务管理条例"
WARNING: dict[str, Any] = {"kind": "warning"}
_seeds = itertools.count(1)
_numbers = itertools.count(1)

# Each a decision: its kind and the dispositions of its one act.
Paper = tuple[str, tuple[dict[str, Any], ...]]


def fine(yuan: str) -> Paper:
    return ("penalty", ({"kind": "fine", "amount": yuan},))


WARNED: Paper = ("penalty", (WARNING,))
BREACH: Paper = ("breach", ())
GROUPS: tuple[tuple[Paper, ...], ...] = (
    # three warnings: 3-B-1 ends with the last
    (fine("100.00"), fine("200.00"), BREACH, BREACH, BREACH, WARNED, WARNED, WARNED),
    # two fines that pass 500,000 together by one fen: 3-B-2 ends with the last
    (BREACH, BREACH, BREACH, WARNED, WARNED, WARNED, fine("250000.00"), fine("250000.01")),
    # three breaches: 3-B-3 ends with the last
    (WARNED, WARNED, WARNED, fine("1.00"), fine("2.00"), BREACH, BREACH, BREACH),
)


@dataclass(frozen=True)
class Record:
    """One decision as it is posted."""

    number: str
    code: str
    body: dict[str, Any]


def credit_code() -> str:
    body = f"91410481{100_000_000 + next(_seeds):09d}"
    total = sum(ALPHABET.index(char) * pow(3, i, 31) for i, char in enumerate(body))
    return body + ALPHABET[(31 - total % 31) % 31]


def record(code: str, paper: Paper, day: date) -> Record:
    """A decision of that day about the organisation, confirmed elsewhere."""
    kind, dispositions = paper
    number = f"舞公治决字〔{day.year}〕{next(_numbers)}号"
    act = {
        "field": "public_order",
        "type": "保安从业单位违规提供服务",
        "facts": "检查时发现。",
        "law": LAW,
        "article": "第四十三条",
        "committed_on": (day - timedelta(days=5)).isoformat(),
        "dispositions": list(dispositions),
    }
    body = {
        "unit": "WG-ZA",
        "number": number,
        "kind": kind,
        "procedure": "ordinary",
        "subject": {"credit_code": code, "name": f"舞钢市样例{code[8:17]}有限公司"},
        "decided_on": day.isoformat(),
        "served_on": day.isoformat(),
        "submit": True,
        "in_force": True,
        "confirmed_by": "410002",
        "violations": [act],
    }
    return Record(number, code, body)


def group(turn: int, day: date) -> list[Record]:
    """Eight records about one organisation, on eight days up to ``day``."""
    code, papers = credit_code(), GROUPS[turn % len(GROUPS)]
    return [record(code, paper, day - timedelta(days=7 - i)) for i, paper in enumerate(papers)]


def alone(day: date) -> list[Record]:
    """One record about one organisation."""
    papers = (WARNED, fine("500.00"), fine("500000.01"), BREACH)
    return [record(credit_code(), papers[next(_numbers) % len(papers)], day)]


def half_contended(count: int | None, day: date) -> Iterator[list[Record]]:
    """About ``count`` records (None: without end), half of them in groups of eight."""
    turns = itertools.count() if count is None else range(max(1, count // 16))
    for turn in turns:
        yield group(turn, day)
        for _ in range(8):
            yield alone(day)
