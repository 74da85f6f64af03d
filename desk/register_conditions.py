"""The conditions of the register's filters, each in the form that suits how it is asked.

A list first asks for a couple of thousand at most, in any order (``any_order``): then each filter
may begin where it finds least. Where that is not everybody, it walks the register in its order and
looks at row after row (``row_by_row``), which is quick because many match.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from accounts.models import Officer
from grading.models import Standing
from subjects.enums import SPECIAL_INDUSTRIES
from subjects.models import Subject
from subjects.pieces import among
from violations.enums import DecisionState
from violations.models import Decision
from violations.numbers import number_key

SPECIAL, UNGRADED = "special", "none"

Condition = Callable[[str, Officer], Q]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of an organisation, in two forms that mean the same.

    To ``row_by_row`` belongs ``of_changed`` for those whose standing has changed once, and
    ``of_rest`` for the others: they are walked apart.
    """

    any_order: Q
    row_by_row: Q
    of_changed: Q = field(default_factory=Q)
    of_rest: Q = field(default_factory=Q)

    @property
    def is_everybody(self) -> bool:
        return not self.any_order


class _RowByRow(Exists):
    """EXISTS that PostgreSQL asks for each row and makes no join of: that could begin with all."""

    template = "EXISTS(%(subquery)s OFFSET 0)"


def of_grade(value: str, officer: Officer) -> Q:
    if value == UNGRADED:
        return Q(standing__isnull=True) | Q(standing__grade="")
    return Q(standing__grade=value)


def ungraded_of_rest() -> Q:
    """``of_grade`` for those whose standing never changed, without an OR that hides how many."""
    return ~Q(Exists(Standing.objects.filter(pk=OuterRef("pk"), grade__gt="")))


def of_field(value: str, officer: Officer) -> Q:
    """An act in this field whose decision is in force and that is not revoked, however old.

    Only of decisions that the officer reads: the file hides the field of those of other units.
    """
    return Q(pk__in=_with_acts(value, officer).values("survivor"))


def of_field_row_by_row(value: str, officer: Officer) -> Q:
    return Q(_RowByRow(_with_acts(value, officer).filter(survivor=OuterRef("pk"))))


def _with_acts(value: str, officer: Officer) -> QuerySet[Any, Any]:
    """Entries with such an act; ``survivor`` is the expression of the index subject_survivor."""
    readable = Decision.objects.visible_to(officer).filter(
        state=DecisionState.IN_FORCE,
        violations__field=value,
        violations__revoked_on__isnull=True,
    )
    entries: Any = Subject.objects.filter(decisions__in=readable.order_by()).order_by()
    found: QuerySet[Any, Any] = entries.annotate(survivor=Coalesce("merged_into_id", "id"))
    return found


def of_flag(value: str, officer: Officer) -> Q:
    # The second half is what the partial index standing_flagged needs to hear.
    return Q(standing__flags__contains=value, standing__flags__gt="")


def of_industry(value: str, officer: Officer) -> Q:
    return Q(industry__in=SPECIAL_INDUSTRIES) if value == SPECIAL else Q(industry=value)


def of_number(text: str, officer: Officer) -> Q:
    """One of the decisions, of those this officer reads, has a number with ``text`` in it.

    A whole number that is known is looked up; a part of one is looked for in all.
    """
    readable: Any = Decision.objects.visible_to(officer).order_by()
    key = number_key(text)
    whole = readable.filter(number_key=key)
    decisions = whole if whole.exists() else readable.filter(number_key__contains=key)
    survivor = Coalesce("subject__merged_into_id", "subject_id")
    return among(decisions.values_list(survivor))
