"""The worked cases of domain.md §3 as data: facts on record, the day, and what the table gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any


def d(text: str) -> date:
    return date.fromisoformat(text)


@dataclass(frozen=True)
class Paper:
    """One decision: its day, its acts (each a list of treatments), and what became of it."""

    decided_on: str
    acts: list[list[Any]]
    kind: str = "penalty"
    contests: list[tuple[str, str | None]] = field(default_factory=list)
    repaired: dict[int, str] = field(default_factory=dict)  # act number -> day
    revoked: bool = False


@dataclass(frozen=True)
class Listed:
    list: str
    listed_on: str
    expires_on: str
    removed_on: str | None = None
    state: str = "published"


@dataclass(frozen=True)
class Case:
    name: str
    facts: Sequence[Paper | Listed]
    day: str
    grade: str
    clauses: str
    counts: tuple[int, int, int]
    amount: str
    flags: str = ""
    next_change_on: str | None = None
    by_violation: bool = False


def fine(day: str, yuan: str | int, **more: Any) -> Paper:
    return Paper(day, [[("fine", Decimal(yuan))]], **more)


def warning(day: str, **more: Any) -> Paper:
    return Paper(day, [["warning"]], **more)


def breach(day: str, **more: Any) -> Paper:
    return Paper(day, [[]], kind="breach", **more)


RED = Listed("red", "2026-01-10", "2028-01-09")
BLACK = Listed("black", "2026-05-01", "2027-04-30")
WARNINGS = [warning("2026-01-05"), warning("2026-02-05"), warning("2026-03-05")]
THREE_ACTS = [[("fine", 1000)], [("fine", 1000)], [("fine", 1000)]]
NOTHING = (0, 0, 0)
JUNE = "2026-06-01"

CASES = [
    Case("nothing", [], JUNE, "", "", NOTHING, "0"),
    Case("red list", [RED], JUNE, "A", "3-A", NOTHING, "0", "", "2028-01-10"),
    *(
        Case(
            f"a fine on {day}", [fine("2025-06-01", 20000)], day, grade, clauses, counts, money,
            "", upcoming,
        )
        for day, grade, clauses, counts, money, upcoming in (
            (JUNE, "B", "3-B-2", (0, 1, 0), "20000", "2026-06-02"),
            ("2026-06-02", "", "", NOTHING, "0", None),
            ("2025-06-01", "B", "3-B-2", (0, 1, 0), "20000", "2026-06-02"),
            ("2025-05-31", "", "", NOTHING, "0", "2025-06-01"),
        )
    ),
    Case(
        "a warning of a leap day", [warning("2024-02-29")], "2025-02-28", "B", "3-B-1", (1, 0, 0),
        "0", "", "2025-03-01",
    ),
    Case(
        "a warning of 28 February is gone on the leap day", [warning("2023-02-28")], "2024-02-29",
        "", "", NOTHING, "0",
    ),
    Case(
        "one decision, a warned and fined act and an order",
        [Paper("2026-03-01", [["warning", ("fine", 500)], ["order_to_correct"]])],
        JUNE, "B", "3-B-1 3-B-2", (1, 1, 0), "500", "", "2027-03-02",
    ),
    Case(
        "one decision, three fined acts", [Paper("2026-03-01", THREE_ACTS)], JUNE, "B", "3-B-2",
        (0, 1, 0), "3000", "", "2027-03-02",
    ),
    Case(
        "three fined acts where violations are counted", [Paper("2026-03-01", THREE_ACTS)], JUNE,
        "B", "", (0, 3, 0), "3000", "over_limit", "2027-03-02", by_violation=True,
    ),
    Case(
        "three fined acts, one repaired",
        [Paper("2026-03-01", THREE_ACTS, repaired={2: "2026-05-20"})],
        JUNE, "B", "3-B-2", (0, 1, 0), "2000", "", "2027-03-02",
    ),
    Case(
        "circulated criticism", [Paper("2026-03-01", [["criticism"]])], JUNE, "B", "3-B-2",
        (0, 1, 0), "0", "", "2027-03-02",
    ),
    Case(
        "confiscated gains over the limit",
        [Paper("2026-03-01", [[("confiscate_gains", 600000)]])],
        JUNE, "B", "", (0, 1, 0), "600000", "over_limit", "2027-03-02",
    ),
    Case(
        "fines of exactly the limit", [fine("2026-01-05", 300000), fine("2026-02-05", 200000)],
        JUNE, "B", "3-B-2", (0, 2, 0), "500000", "", "2027-01-06",
    ),
    Case(
        "fines one fen over the limit",
        [fine("2026-01-05", 300000), fine("2026-02-05", "200000.01")],
        JUNE, "B", "", (0, 2, 0), "500000.01", "over_limit", "2027-01-06",
    ),
    Case("three warnings", WARNINGS, JUNE, "B", "", (3, 0, 0), "0", "over_limit", "2027-01-06"),
    Case(
        "three warnings, the second revoked",
        [WARNINGS[0], warning("2026-02-05", revoked=True), WARNINGS[2]],
        JUNE, "B", "3-B-1", (2, 0, 0), "0", "", "2027-01-06",
    ),
    Case(
        "three warnings and a fine", [*WARNINGS, fine("2026-04-01", 200)], JUNE, "B", "3-B-2",
        (3, 1, 0), "200", "over_limit", "2027-01-06",
    ),
    Case(
        "two breaches", [breach("2026-02-01"), breach("2026-03-01")], JUNE, "B", "3-B-3",
        (0, 0, 2), "0", "", "2027-02-02",
    ),
    Case(
        "three breaches", [breach("2026-02-01"), breach("2026-03-01"), breach("2026-04-01")],
        JUNE, "B", "", (0, 0, 3), "0", "over_limit", "2027-02-02",
    ),
    Case(
        "a repaired breach", [breach("2026-04-01", repaired={1: "2026-05-20"})], JUNE, "", "",
        NOTHING, "0",
    ),
    Case(
        "a breach the day before its repair", [breach("2026-04-01", repaired={1: "2026-05-20"})],
        "2026-05-19", "B", "3-B-3", (0, 0, 1), "0", "", "2026-05-20",
    ),
    Case(
        "red list and a warning", [RED, warning("2026-04-01")], JUNE, "B", "3-B-1", (1, 0, 0),
        "0", "list_conflict", "2027-04-02",
    ),
    Case("black list", [BLACK], JUNE, "C", "3-C", NOTHING, "0", "", "2027-05-01"),
    Case(
        "black list and three warnings", [BLACK, *WARNINGS], JUNE, "C", "3-C", (3, 0, 0), "0", "",
        "2027-01-06",
    ),
    Case(
        "red and black list", [RED, BLACK], JUNE, "C", "3-C", NOTHING, "0", "list_conflict",
        "2027-05-01",
    ),
    Case(
        "removed from the black list",
        [Listed("black", "2026-05-01", "2027-04-30", removed_on=JUNE)], JUNE, "", "", NOTHING, "0",
    ),
    Case(
        "proposed for the black list",
        [Listed("black", "2026-05-01", "2027-04-30", state="proposed")], JUNE, "", "", NOTHING,
        "0",
    ),
    Case(
        "contested and not ended", [fine("2026-03-01", 100, contests=[("2026-04-01", None)])],
        JUNE, "", "", NOTHING, "0",
    ),
    Case(
        "contested and upheld",
        [fine("2026-03-01", 100, contests=[("2026-04-01", "2026-07-01")])],
        JUNE, "", "", NOTHING, "0", "", "2026-07-01",
    ),
    Case(
        "contested, upheld, then a suit",
        [
            fine(
                "2026-03-01", 100,
                contests=[("2026-04-01", "2026-07-01"), ("2026-07-10", "2026-09-01")],
            )
        ],
        "2026-07-05", "B", "3-B-2", (0, 1, 0), "100", "", "2026-07-10",
    ),
]  # fmt: skip
