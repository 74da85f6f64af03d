"""Rows of the permission table, one module a topic; each module names its rows ``ROWS``.

What a row's address needs and ``World`` does not hold, the row's ``kwargs`` makes on the spot.
"""

from __future__ import annotations

import pkgutil
from importlib import import_module

from tests.permission_table import Row


def rows_of_topics() -> dict[str, Row]:
    """Those of all modules here; an address that two modules name is a mistake."""
    rows: dict[str, Row] = {}
    for module in pkgutil.iter_modules(__path__, f"{__name__}."):
        more: dict[str, Row] = import_module(module.name).ROWS
        twice = rows.keys() & more.keys()
        assert not twice, f"{module.name} repeats {sorted(twice)}"
        rows |= more
    return rows
