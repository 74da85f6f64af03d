"""Grading listens to the facts below it: whoever saves one, the subject is graded again.

Connected with sender and dispatch_uid, and never to every sender (house.md, habit 4). Decisions
that are not in force and never were ask for nothing, nor do list entries that are only proposed:
they count on no day.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Model
from django.db.models.signals import post_save

from core import audit
from grading.models import Cause
from grading.requests import request_regrade
from subjects.models import Subject
from violations.enums import LISTED_STATES, DecisionState
from violations.models import Contest, Decision, Disposition, Factor, ListEntry, Violation
from violations.signals import facts_written

# States in which a decision counts, or did until the change at hand.
WEIGHING = frozenset({DecisionState.IN_FORCE, DecisionState.WITHDRAWN})


def connect() -> None:
    """Connect to the models and signals below; called once when the app is ready."""
    handlers: dict[type[Model], Any] = {
        Decision: decision_saved,
        Violation: violation_saved,
        Disposition: disposition_saved,
        Contest: contest_saved,
        ListEntry: list_entry_saved,
        Factor: factor_saved,
        Subject: subject_saved,
    }
    for model, handler in handlers.items():
        post_save.connect(handler, sender=model, dispatch_uid=f"grading.{model.__name__}")
    facts_written.connect(on_facts_written, dispatch_uid="grading.facts_written")


def on_facts_written(
    sender: Any, *, subject_ids: Iterable[int], cause: str, source: str = "", **kwargs: Any
) -> None:
    request_regrade(subject_ids, cause=cause, source=source or audit.current_origin())


def _ask(subject_ids: Iterable[int], cause: Cause) -> None:
    """For a row that was saved; whoever saved it may say more precisely why (``facts_written``)."""
    request_regrade(subject_ids, cause=cause, source=audit.current_origin(), is_told=False)


def decision_saved(sender: Any, *, instance: Decision, **kwargs: Any) -> None:
    if instance.state in WEIGHING:
        _ask([instance.subject_id], Cause.DECISION)


def violation_saved(sender: Any, *, instance: Violation, **kwargs: Any) -> None:
    if instance.decision.state in WEIGHING:
        _ask([instance.decision.subject_id], Cause.DECISION)


def disposition_saved(sender: Any, *, instance: Disposition, **kwargs: Any) -> None:
    if instance.violation.decision.state in WEIGHING:
        _ask([instance.violation.decision.subject_id], Cause.DECISION)


def contest_saved(sender: Any, *, instance: Contest, **kwargs: Any) -> None:
    _ask([instance.decision.subject_id], Cause.CONTEST)


def list_entry_saved(sender: Any, *, instance: ListEntry, **kwargs: Any) -> None:
    if instance.state in LISTED_STATES:  # what is only proposed counts on no day
        _ask([instance.subject_id], Cause.LIST_ENTRY)


def factor_saved(sender: Any, *, instance: Factor, **kwargs: Any) -> None:
    _ask([instance.subject_id], Cause.FACTOR)


def subject_saved(sender: Any, *, instance: Subject, created: bool, **kwargs: Any) -> None:
    """Merging and un-merging move records from one organisation to another.

    After an un-merge the former survivor is known from the history alone.
    """
    if created:
        return
    once = Subject.history.filter(id=instance.pk, merged_into__isnull=False)
    survivors = once.values_list("merged_into_id", flat=True).distinct()
    _ask({instance.pk, *survivors}, Cause.MERGE)
