"""Open objections on the pages of an organisation and of a decision."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from accounts.models import Officer
from accounts.roles import Can
from appeals.objection_deadlines import Clock, clock, limits
from appeals.objection_effects import IfUpheld, if_upheld
from appeals.objection_models import Objection
from appeals.objection_selectors import disputed, open_about
from desk.deadlines import Due, due
from subjects.models import Subject


@dataclass(frozen=True, slots=True)
class OpenObjection:
    """One that is open: both grades now, and if it is upheld."""

    objection: Objection
    effect: IfUpheld
    clock: Clock
    due: Due
    opens: bool  # whether this officer may open the case


def card(subject: Subject, officer: Officer) -> dict[str, object]:
    """For ``desk/objections/_subject_card.html``: a few queries, none more per objection."""
    rows = list(open_about([subject.pk]).prefetch_related("statements__unit"))
    may_file = officer.may(Can.HANDLE_APPEAL)
    if not rows:
        return {"open": [], "may_file": may_file}
    visible = set(
        Objection.objects.visible_to(officer)
        .filter(pk__in=[one.pk for one in rows])
        .values_list("pk", flat=True)
    )
    effects, limit = if_upheld(rows), limits()
    found = []
    for one in rows:
        stands = clock(one, limit=limit)
        found.append(
            OpenObjection(one, effects[one.pk], stands, due(stands.deadline), one.pk in visible)
        )
    return {"open": found, "may_file": may_file}


def marks(violation_ids: Iterable[int]) -> set[int]:
    """The acts of a page that carry 异议处理中."""
    return disputed(list(violation_ids))
