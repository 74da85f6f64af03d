"""Taking a written batch back as a whole, as long as nothing was built on it."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import models
from django.utils import timezone

from core import audit
from core.bulk import update_facts
from violations.enums import DecisionState
from violations.import_models import ImportRun
from violations.import_progress import Progress
from violations.models import Decision, DecisionEditor, Disposition, Violation
from violations.signals import facts_written

CHUNK = 2000
# What is written with a decision itself; whatever else points to it was built on it.
OWN_PARTS = frozenset({Violation, Disposition, DecisionEditor})


def built_on(run: ImportRun) -> str:
    """In words: what stands against taking the batch back; empty where nothing does.

    Every relation to a decision or an act counts, whichever app it belongs to, so that a new kind
    of record need not be named here.
    """
    decisions = run.decisions.all()
    if decisions.exclude(state=DecisionState.IN_FORCE).exists():
        return "其中有决定已被作废或撤销"
    if decisions.filter(version__gt=1).exists():
        return "其中有决定已被更正"
    acts = Violation.objects.filter(decision__import_run=run)
    if acts.filter(revoked_on__isnull=False).exists():
        return "其中有失信行为已被撤销"
    if acts.filter(repaired_on__isnull=False).exists():
        return "其中有失信行为已修复"
    for model, path in _pointing():
        if model._base_manager.filter(**{f"{path}__import_run": run}).exists():
            return f"其中有决定已有{model._meta.verbose_name}"
    return ""


def _pointing() -> Iterator[tuple[type[models.Model], str]]:
    """Models with a relation to a decision or an act, each with its path to the decision."""
    for target, further in ((Decision, ""), (Violation, "__decision")):
        for relation in target._meta.related_objects:
            model = relation.related_model
            if isinstance(model, str) or model in OWN_PARTS or hasattr(model, "instance_type"):
                continue  # rows of the history are copies
            yield model, relation.field.name + further


def withdraw_all(run: ImportRun, progress: Progress) -> int:
    """Withdraw every decision of the batch, with history; the caller holds the transaction.

    Says once to whoever grades that the facts changed, and writes one row of the trail.
    """
    assert run.undone_by is not None  # agreed to, by another than who asked
    assert run.undo_asked_by is not None
    ids = list(run.decisions.order_by("pk").values_list("pk", flat=True))
    subject_ids: set[int] = set()
    for start in range(0, len(ids), CHUNK):
        part = list(Decision.objects.select_for_update().filter(pk__in=ids[start : start + CHUNK]))
        for decision in part:
            decision.state = DecisionState.WITHDRAWN.value
            decision.version += 1
            subject_ids.add(decision.subject_id)
        reason = f"整批撤回：{run.undo_reason}"
        update_facts(part, ["state", "version"], user=run.undone_by, reason=reason)
        progress.tell("撤回", start + len(part), len(ids))
    if ids:
        facts_written.send(
            sender=Decision,
            subject_ids=sorted(subject_ids),
            cause="revocation",
            source=f"整批撤回导入 {run.pk}",
        )
    run.finished_at = timezone.now()
    audit.record(
        actor=run.undone_by,
        action="import.undo",
        target=run,
        reason=run.undo_reason,
        details={"decisions": len(ids), "asked_by": run.undo_asked_by.number},
    )
    return len(ids)
