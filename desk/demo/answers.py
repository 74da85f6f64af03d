"""The right answers of the made-up register as a file, to hold ``grades`` against."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

from desk.demo.register import Register

COLUMNS = (
    "credit_code",
    "as_of",
    "grade",
    "clauses",
    "flags",
    "warnings",
    "penalties",
    "breaches",
    "amount",
    "disclosable_grade",
)


def expected_rows(register: Register, day: date) -> list[dict[str, str]]:
    """One row an organisation with facts, in the words and columns of the command ``grades``."""
    return [
        dict(
            zip(
                COLUMNS,
                (
                    code,
                    day.isoformat(),
                    right.grade,
                    right.clauses,
                    right.flags,
                    str(right.warnings),
                    str(right.penalties),
                    str(right.breaches),
                    f"{right.amount:.2f}",
                    right.disclosable_grade,
                ),
                strict=True,
            )
        )
        for code, right in register.expected.items()
    ]


def write_expected(path: Path, register: Register, day: date) -> None:
    """Write ``expected_rows`` to a CSV file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(expected_rows(register, day))
