"""How the open work of one officer goes to another: each kind of work says how (``sources``)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from accounts.models import Officer
from accounts.roles import Can


@dataclass(frozen=True, slots=True)
class HandOver:
    """One kind of work that is given to a person.

    ``held_by(officer_ids)`` counts what each of them holds, in one query for any number;
    ``move(officer=, leaver=, to=)`` gives all that ``leaver`` holds to ``to``, in the transaction
    of the caller, and says how many. ``needs`` is the right that ``to`` must have: without it
    that kind stays where it is, and the page says so.
    """

    label: str
    held_by: Callable[[Collection[int]], Mapping[int, int]]
    move: Callable[..., int]
    needs: Can

    def may_take(self, to: Officer) -> bool:
        return to.may(self.needs)
