"""What an app reports as still to be done, for the one queue of the workbench (no table of it).

Each app above has functions ``(officer, day) -> Iterable[OpenTask]``; ``desk.queue.sources`` lists
them. A task is worked out from the rows that it is about, so that it goes when they are done.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.workdays import Deadline


@dataclass(frozen=True, slots=True)
class OpenTask:
    """One thing to do.

    ``kind`` is a dotted name ("notice.register") whose Chinese stands in ``label``; ``url`` is the
    page on which it is done. ``unit_id`` is the unit whose task it is (None: the office's),
    ``officer_id`` the person it was given to, if any. ``deadline`` is None where none is set.
    ``waits_for`` says for whom or what a task on hold waits, and ``waiting_since`` from when; both
    are empty for a task that can be done now. ``late_because`` says why an overdue one is late,
    where that is known (not served, refused, unreachable).
    """

    kind: str
    label: str
    title: str
    url: str
    since: date
    deadline: Deadline | None = None
    subject_id: int | None = None
    subject_name: str = ""
    unit_id: int | None = None
    officer_id: int | None = None
    waits_for: str = ""
    waiting_since: date | None = None
    late_because: str = ""


# So many of one source are looked at; a longer line is said to be longer, not counted to its end.
# A source slices its rows to one more than this, those with the earliest deadline first.
MOST = 1000

# The officer comes first; ``core`` knows no such model. A source reports what the officer may see
# and somebody has to do: the queue itself tells own tasks, those of the unit and all others apart.
Source = Callable[[Any, date], Iterable[OpenTask]]
