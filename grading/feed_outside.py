"""Which changes may still be handed out: what ended since they were written must not leave again.

A change stays as it was written for ever; the feed is read from its beginning by whoever comes
anew. Revocation and repair end publication and sharing, and so does sealing (law.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import OuterRef, Subquery

from core.clock import today
from grading.answers import first_day_outside
from grading.counting import rules_on
from grading.facts import rule_versions
from grading.feed import changes_after
from grading.models import GradeChange
from violations.enums import DecisionState, ListState
from violations.models import ListEntry, Violation


@dataclass(frozen=True, slots=True)
class Shown:
    """One change for a reader outside; ``tells_old`` where the grade before may be told as well."""

    change: GradeChange
    tells_old: bool


def shown_outside(cursor: int, limit: int) -> tuple[list[Shown], int]:
    """At most ``limit`` changes after ``cursor``, and the cursor to go on from.

    Changes that may no longer leave are passed over without a word; nothing is shown only where
    nothing more is there, so that a reader may stop at an empty page.
    """
    shown: list[Shown] = []
    while not shown:
        read = list(changes_after(cursor, limit, disclosable=True))
        if not read:
            break
        shown = _of(read)
        cursor = read[-1].disclosable_number or cursor
    return shown, cursor


def _of(read: Sequence[GradeChange]) -> list[Shown]:
    earlier = GradeChange.objects.filter(subject=OuterRef("subject"), pk__lt=OuterRef("pk"))
    before_of = dict(
        GradeChange.objects.filter(pk__in=[change.pk for change in read])
        .annotate(before_id=Subquery(earlier.order_by("-pk").values("pk")[:1]))
        .values_list("pk", "before_id")
    )
    before = GradeChange.objects.in_bulk([pk for pk in before_of.values() if pk is not None])
    ended = _ended([*read, *before.values()])
    return [
        Shown(change, tells_old=before_of[change.pk] not in ended)
        for change in read
        if change.pk not in ended
    ]


def _ended(changes: Sequence[GradeChange]) -> set[int]:
    """The ids of the changes whose disclosable evaluation rests on something that ended since.

    A record that was sealed all along gave nothing to it: what becomes of it is not to be noticed.
    """
    versions = rule_versions()
    then = {rules.id: rules for rules in versions}
    now = rules_on(today(), versions)
    acts = Violation.objects.filter(pk__in={pk for change in changes for pk in change.counted})
    laws = dict(acts.order_by().values_list("pk", "law_key"))
    standing = acts.filter(
        revoked_on__isnull=True,
        decision__state=DecisionState.IN_FORCE,
        decision__decided_on__gte=first_day_outside(today()),
    ).exclude(repaired_on__lte=today())
    open_acts = {
        pk for pk in standing.values_list("pk", flat=True) if now and now.discloses(laws[pk])
    }
    open_entries = set(
        ListEntry.objects.filter(pk__in={pk for change in changes for pk in change.entries})
        .exclude(state=ListState.REVOKED)
        .values_list("pk", flat=True)
    )
    ended = set()
    for change in changes:
        rules = then.get(change.rule_set_id or 0)
        told = {pk for pk in change.counted if rules and rules.discloses(laws.get(pk, ""))}
        if not (told <= open_acts and open_entries.issuperset(change.entries)):
            ended.add(change.pk)
    return ended
