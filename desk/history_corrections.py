"""Corrections in the history of an organisation: what, from what to what, both persons, why.

What the register says is told by its own history, which names both persons as well; here are the
corrections of records, and the mergers. Of another unit's decision only which items were corrected
is told (domain.md §5).
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q

from accounts.models import Officer
from desk.history_row import Row
from subjects.models import Subject
from violations.correction_models import Correction, CorrectionKind, CorrectionState
from violations.models import Decision

_DONE = (CorrectionState.CARRIED_OUT, CorrectionState.UNDONE)
_GROUPS = {
    CorrectionKind.DECISION: "record",
    CorrectionKind.LIST_ENTRY: "list",
    CorrectionKind.FACTOR: "factor",
    CorrectionKind.MERGE: "subject",
    CorrectionKind.UNMERGE: "subject",
}
_MERGERS = (CorrectionKind.MERGE, CorrectionKind.UNMERGE)


def corrections(subject: Subject, officer: Officer, group: str) -> Iterator[Row]:
    """The corrections that belong to ``group`` of the history, in the order of their decision."""
    kinds = [kind for kind, of_group in _GROUPS.items() if of_group == group]
    concerned = Q(subject__in=subject.family_ids) | Q(survivor=subject)
    rows = (
        Correction.objects.filter(concerned, kind__in=kinds, state__in=_DONE)
        .select_related(
            "subject", "survivor", "decision", "list_entry", "factor", "proposed_by",
            "decided_by__unit",
        )
        .order_by("decided_at", "id")
    )  # fmt: skip
    found = list(rows)
    readable = set(
        Decision.objects.visible_to(officer)
        .filter(pk__in={one.decision_id for one in found if one.decision_id})
        .values_list("pk", flat=True)
    )
    for one in found:
        if one.kind in _MERGERS:
            yield _row(one, _merger_words(one))
        elif one.decision_id and one.decision_id not in readable:
            labels = "、".join(change["label"] for change in one.changes)
            yield _row(one, f"{_verb(one)} {one.decision}：{labels}", in_full=False)
        else:
            for change in one.changes:
                words = f"{_verb(one)} {_name(one)}，{change['label']}："
                yield _row(one, words, change["from_words"] or "空", change["to_words"] or "空")


def _row(
    one: Correction, words: str, before: str = "", after: str = "", *, in_full: bool = True
) -> Row:
    assert one.decided_at is not None  # carried out
    assert one.decided_by is not None
    paper = f"依据 {one.document}；" if one.document else ""
    why = f"{one.reason}　{paper}" if in_full else ""
    return Row(
        at=one.decided_at,
        event_on=one.decision.decided_on if one.decision else None,
        who=f"{one.decided_by.name} · {one.decided_by.unit.name}",
        group=_GROUPS[CorrectionKind(one.kind)],
        words=words,
        before=before,
        after=after,
        reason=f"{why}{one.proposed_by.name} 提出，更正第 {one.pk} 号",
    )


def _verb(one: Correction) -> str:
    return "还原更正" if one.undoes_id else "更正"


def _name(one: Correction) -> str:
    return str(one.decision or one.list_entry or one.factor)


def _merger_words(one: Correction) -> str:
    merging = (one.kind == CorrectionKind.MERGE) != bool(one.undoes_id)
    if merging:
        return f"并档：{one.subject} 并入 {one.survivor}"
    return f"解除并档：{one.subject} 从 {one.survivor} 分出"
