"""The right answers of the made-up register as a file, to hold ``grades`` against."""

from __future__ import annotations

import csv
from datetime import date
from typing import TextIO

from desk.demo.facts import Expected

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


class Answers:
    """A CSV file, one row an organisation with facts, in the words and columns of ``grades``."""

    def __init__(self, file: TextIO, day: date) -> None:
        self._rows = csv.writer(file, lineterminator="\n")
        self._rows.writerow(COLUMNS)
        self._day = day.isoformat()

    def write(self, code: str, right: Expected) -> None:
        """One right answer."""
        self._rows.writerow(
            (
                code,
                self._day,
                right.grade,
                right.clauses,
                right.flags,
                right.warnings,
                right.penalties,
                right.breaches,
                f"{right.amount:.2f}",
                right.disclosable_grade,
            )
        )
