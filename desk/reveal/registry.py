"""The encrypted fields that a page may open: the rows of ``desk/<topic>/reveals.py``, by name."""

from __future__ import annotations

from desk.notices import reveals as notices
from desk.objections import reveals as objections
from desk.repairs import reveals as repairs
from desk.reveal.fields import Revealable

ROWS: tuple[Revealable, ...] = (*notices.ROWS, *objections.ROWS, *repairs.ROWS)
REGISTRY: dict[str, Revealable] = {row.name: row for row in ROWS}
assert len(REGISTRY) == len(ROWS), "two fields have one name"
