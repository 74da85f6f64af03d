"""The key by which an entry form is told from all others, also before it was ever saved."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID


def read_key(given: Mapping[str, str]) -> UUID | None:
    """The key that the form carries; None where it carries none or it is spoiled."""
    try:
        return UUID(given.get("draft_key", ""))
    except ValueError:
        return None
