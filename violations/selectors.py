"""Reading decisions: by number, by who must act on them, in full, and whether they add up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from accounts.models import Officer, Unit
from accounts.roles import Can
from violations.enums import DecisionState
from violations.inputs import DispositionInput
from violations.models import Decision, DecisionEditor, Disposition, EntryDraft, Violation
from violations.numbers import number_key
from violations.reviewers import confirmable_by
from violations.severity import bucket_of, money_fen
from violations.visibility import DecisionQuerySet


def same_number(unit: Unit, number: str, *, besides: Decision | None = None) -> Decision | None:
    """The unit's decision of this number, however it is typed; withdrawn ones do not count."""
    key = number_key(number)
    if not key:
        return None
    found = Decision.objects.filter(unit=unit, number_key=key).exclude(
        state=DecisionState.WITHDRAWN
    )
    if besides is not None and besides.pk:
        found = found.exclude(pk=besides.pk)
    return found.select_related("unit", "subject").first()


def awaiting_confirmation(officer: Officer) -> DecisionQuerySet:
    """What this officer may confirm or return now, the longest waiting first."""
    return (
        confirmable_by(officer)
        .select_related("unit", "subject", "recorded_by")
        .order_by("submitted_at", "id")
    )


def drafts_of(officer: Officer) -> DecisionQuerySet:
    """Decisions of the own unit, not handed in, that this officer recorded or had a hand in."""
    if not officer.may(Can.RECORD_DECISION):
        return Decision.objects.none()
    edited = DecisionEditor.objects.filter(decision=OuterRef("pk"), officer=officer)
    return (
        Decision.objects.filter(Q(recorded_by=officer) | Exists(edited))
        .filter(unit=officer.unit_id, state=DecisionState.DRAFT)
        .select_related("unit", "subject")
        .order_by("id")
    )


def returned_to(officer: Officer) -> DecisionQuerySet:
    """Those of them that a reviewer sent back with a remark."""
    return drafts_of(officer).exclude(returned_remark="")


def entry_drafts_of(officer: Officer) -> QuerySet[EntryDraft]:
    """Forms that this officer put aside and may go on with, the latest first.

    One that changes a decision needs that decision to be of the officer's unit still.
    """
    own = Decision.objects.visible_to(officer).filter(unit=officer.unit_id)
    return EntryDraft.objects.filter(officer=officer).filter(
        Q(decision__isnull=True) | Q(decision__in=own)
    )


def handed_in_by(officer: Officer) -> DecisionQuerySet:
    """Decisions that this officer recorded and that wait for the second person, oldest first."""
    return (
        Decision.objects.filter(recorded_by=officer, state=DecisionState.SUBMITTED)
        .select_related("unit", "subject")
        .order_by("submitted_at", "id")
    )


def in_full(decisions: DecisionQuerySet) -> DecisionQuerySet:
    """With all that a page or an answer tells of a decision: four queries for any number."""
    rows = Disposition.objects.order_by("id")
    return decisions.select_related(
        "unit", "subject", "recorded_by__unit", "confirmed_by__unit", "replaces"
    ).prefetch_related("violations", Prefetch("violations__dispositions", rows), "contests")


@dataclass(frozen=True, slots=True)
class SeverityDifference:
    """An act whose stored bucket or money is not what its dispositions say."""

    violation_id: int
    stored_bucket: str
    stored_fen: int
    computed_bucket: str
    computed_fen: int

    def __str__(self) -> str:
        return (
            f"失信行为 {self.violation_id}：存储 {self.stored_bucket} {self.stored_fen} 分，"
            f"按处理计算 {self.computed_bucket} {self.computed_fen} 分"
        )


def stored_severity_differences() -> list[SeverityDifference]:
    """Every act whose stored bucket or money differs from its dispositions (3-H).

    Reads acts and dispositions once, side by side in the order of the acts, so that a million of
    them fit in memory.
    """
    return list(_differences())


def _differences() -> Iterator[SeverityDifference]:
    acts = (
        Violation.objects.order_by("pk")
        .values_list("pk", "decision__kind", "bucket", "amount_fen")
        .iterator()
    )
    rows = (
        Disposition.objects.order_by("violation_id", "pk")
        .values_list("violation_id", "kind", "amount")
        .iterator()
    )
    by_act = groupby(rows, key=itemgetter(0))
    ahead = next(by_act, None)
    for pk, decision_kind, bucket, amount_fen in acts:
        imposed: list[DispositionInput] = []
        if ahead is not None and ahead[0] == pk:
            imposed = [DispositionInput(kind, amount) for _, kind, amount in ahead[1]]
            ahead = next(by_act, None)
        computed = bucket_of(decision_kind, [d.kind for d in imposed])
        computed_fen = money_fen(computed, imposed)
        if (bucket, amount_fen) != (computed.value, computed_fen):
            yield SeverityDifference(pk, bucket, amount_fen, computed.value, computed_fen)
