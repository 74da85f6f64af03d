"""Reading objections: which records are disputed, and what is open about whom."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import QuerySet

from appeals.objection_models import Objection, ObjectionClaim


def disputed(violation_ids: Collection[int]) -> set[int]:
    """Those of these acts that carry the mark 异议处理中 (条例 art. 41); one query."""
    if not violation_ids:
        return set()
    rows = ObjectionClaim.objects.filter(is_open=True, violation_id__in=list(violation_ids))
    return {pk for pk in rows.values_list("violation_id", flat=True) if pk is not None}


def disputed_entries(entry_ids: Collection[int]) -> set[int]:
    """Those of these list entries that carry the mark; one query."""
    if not entry_ids:
        return set()
    rows = ObjectionClaim.objects.filter(is_open=True, list_entry_id__in=list(entry_ids))
    return {pk for pk in rows.values_list("list_entry_id", flat=True) if pk is not None}


def open_about(subject_ids: Collection[int]) -> QuerySet[Objection]:
    """The open objections of these organisations, with their claims."""
    rows: QuerySet[Objection] = Objection.objects.open().filter(subject__in=list(subject_ids))
    return rows.select_related("subject", "handler").prefetch_related("claims", "pauses")
