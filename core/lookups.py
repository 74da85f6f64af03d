"""``column__among=ids``: as ``__in``, with one parameter however many ids there are.

Thousands of parameters are read, split and planned one by one: half a second of a nightly run.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import Field, ForeignObject, Lookup

from core.fast_insert import ids_among


@ForeignObject.register_lookup  # which does not look at those of Field
@Field.register_lookup
class Among(Lookup[Any]):
    """For columns of ids (bigint); ids are given as they are, never as a queryset."""

    lookup_name = "among"
    prepare_rhs = False
    rhs: Collection[int]

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        column, params = self.process_lhs(compiler, connection)
        condition, ids = ids_among(column, list(self.rhs))
        return condition, (*params, ids)
