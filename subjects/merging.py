"""Two entries for one organisation become one, and are taken apart again (house.md, habit 6).

Records stay where they are; ``merged_into`` says under which entry they count, and always points at
an entry that is itself not merged. Whether two persons agreed is seen to by the correction service,
the only caller.
"""

from __future__ import annotations

from collections.abc import Mapping

from accounts.models import Officer
from subjects.models import Subject
from subjects.particulars import SubjectFault

# For each entry concerned, the id of the one it was merged into.
Pointers = dict[int, int | None]


def pointers_of(subject: Subject, survivor: Subject) -> Pointers:
    """Where both entries, and those merged into either of them, point now."""
    family = Subject.objects.filter(pk__in=(subject.pk, survivor.pk)) | Subject.objects.filter(
        merged_into__in=(subject.pk, survivor.pk)
    )
    return dict(family.order_by("pk").values_list("pk", "merged_into_id"))


def merged(subject: Subject, survivor: Subject) -> Pointers:
    """What changes when ``subject`` is merged: what was merged into it follows to the survivor."""
    followers = Subject.objects.filter(merged_into=subject).values_list("pk", flat=True)
    return {one: survivor.pk for one in (subject.pk, *followers)}


def merge_faults(subject: Subject, survivor: Subject) -> list[SubjectFault]:
    """Why these two cannot be merged; empty where they can."""
    if subject.pk == survivor.pk:
        message = "监管对象不能并入自己。请另选一个监管对象。"
        return [SubjectFault("survivor", "itself", message)]
    if subject.merged_into_id:
        message = f"“{subject.name}”已并入其他档案。请打开并入后的档案办理。"
        return [SubjectFault("subject", "merged", message)]
    if survivor.merged_into_id:
        message = f"“{survivor.name}”已并入其他档案，不能再并入它。请选择并入后的档案。"
        return [SubjectFault("survivor", "merged", message)]
    return []


def unmerge_faults(subject: Subject) -> list[SubjectFault]:
    """Why this entry cannot be taken out; empty where it can."""
    if subject.merged_into_id:
        return []
    message = f"“{subject.name}”没有并入其他档案，无需解除。"
    return [SubjectFault("subject", "not_merged", message)]


def lock(ids: Mapping[int, object] | list[int]) -> dict[int, Subject]:
    """These entries, locked in the order of their ids, as everybody locks them."""
    rows = Subject.objects.select_for_update().filter(pk__in=list(ids)).order_by("pk")
    return {row.pk: row for row in rows}


def point(pointers: Pointers, *, officer: Officer, reason: str) -> None:
    """Let each entry point where ``pointers`` says; those that already do are left alone.

    Entries that become nobody's come first, so that no entry ever points at one that is merged.
    """
    rows = lock(pointers)
    for pk, target in sorted(pointers.items(), key=lambda item: (item[1] is not None, item[0])):
        row = rows[pk]
        if row.merged_into_id != target:
            row.merged_into_id = target
            row._history_user = officer  # type: ignore[attr-defined]
            row._change_reason = reason  # type: ignore[attr-defined]
            row.save()
