"""The encrypted fields that a page may open: the rows of ``desk/<topic>/reveals.py``, by name."""

from __future__ import annotations

from desk.reveal.fields import Revealable

ROWS: tuple[Revealable, ...] = ()
REGISTRY: dict[str, Revealable] = {row.name: row for row in ROWS}
assert len(REGISTRY) == len(ROWS), "two fields have one name"
