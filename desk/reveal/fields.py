"""What the registry says of one encrypted field that a page may open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from accounts.models import Officer
from accounts.roles import Can


@dataclass(frozen=True, slots=True)
class Revealable:
    """One encrypted field.

    ``name`` stands in the address ("interview.phone"), ``label`` on screen. ``needs`` are the
    rights of which one must be held (else 403); ``scope`` gives the rows that this officer may see
    (others are 404). ``of`` says in words whose it is, ``back`` the page to return to.
    """

    name: str
    label: str
    field: str
    needs: tuple[Can, ...]
    scope: Callable[[Officer], QuerySet[Any]]
    of: Callable[[Any], str]
    back: Callable[[Any], str]
