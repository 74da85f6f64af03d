"""A pile of papers as one print job: issued one by one, each in its own transaction, then merged.

What was issued stays issued if the work breaks off; taken up again, it goes on where it stopped.
The progress is told between the papers, where any page can read it.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from accounts.models import Officer, Unit
from core import audit
from core.documents import merged, page_count
from sanctions.paper_batch_models import BatchState, PaperBatch, PaperBatchItem
from sanctions.paper_content import checked
from sanctions.paper_files import DamagedPaper, drop, keep, verified
from sanctions.paper_models import Paper
from sanctions.papers import issue, may_issue
from subjects.models import Subject
from violations.errors import InvalidDecision, NotAllowed
from violations.inputs import Fault
from violations.models import Decision, ListEntry

MOST = 200
SMALL = 20
KEPT = timedelta(days=7)  # then the merged file goes; the papers stay
SILENCE = timedelta(seconds=60)
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Order:
    """A paper that is to be issued, as ``papers.issue`` takes it."""

    kind: str
    unit: Unit
    subject: Subject
    content: dict[str, Any] = field(default_factory=dict)
    decision: Decision | None = None
    list_entry: ListEntry | None = None


@transaction.atomic
def start(*, officer: Officer, items: Sequence[Order | Paper]) -> PaperBatch:
    """Have papers issued where they are not yet, and all put into one PDF, in this order.

    Raises NotAllowed, InvalidDecision.
    """
    if not 1 <= len(items) <= MOST:
        message = f"一次可以打印 1 到 {MOST} 份文书，现为 {len(items)} 份。请分批办理。"
        raise InvalidDecision([Fault("papers", "number", message)])
    if not all(may_issue(officer, item.unit) for item in items):
        raise NotAllowed("您不能以其中有的单位的名义出具文书。请联系该单位或局办公室。")
    batch = PaperBatch.objects.create(officer=officer, total=len(items))
    PaperBatchItem.objects.bulk_create(
        _item(batch, ordinal, item) for ordinal, item in enumerate(items, start=1)
    )
    details = {"papers": len(items)}
    audit.record(actor=officer, action="paper_batch.start", target=batch, details=details)
    transaction.on_commit(lambda: _send(batch.pk))
    return batch


def _item(batch: PaperBatch, ordinal: int, item: Order | Paper) -> PaperBatchItem:
    if isinstance(item, Paper):
        return PaperBatchItem(batch=batch, ordinal=ordinal, paper=item, unit=item.unit)
    return PaperBatchItem(
        batch=batch,
        ordinal=ordinal,
        kind=item.kind,
        unit=item.unit,
        subject=item.subject,
        decision=item.decision,
        list_entry=item.list_entry,
        content=checked(item.content),
    )


def _send(batch_id: int) -> None:
    """Wake a worker; where no broker answers a small batch is done at once, others by the sweep."""
    from sanctions import tasks

    try:
        tasks.work_on_paper_batch.delay(batch_id)
        return
    except Exception as error:
        logger.warning("broker not reached (%s); paper batch %s waits", error, batch_id)
    if PaperBatch.objects.get(pk=batch_id).total <= SMALL:
        try:
            work(batch_id)
        except Exception:
            logger.exception("paper batch %s failed inline; the sweep takes it up", batch_id)


def left_over() -> list[int]:
    """Batches of which nothing was heard lately; each waits anew from now on."""
    now = timezone.now()
    late = PaperBatch.objects.filter(
        state__in=(BatchState.WAITING, BatchState.WORKING), beat_at__lte=now - SILENCE
    )
    ids = list(late.order_by("pk").values_list("pk", flat=True)[:20])
    PaperBatch.objects.filter(pk__in=ids).update(beat_at=now)
    return ids


def clean() -> None:
    """Remove merged files that were there to be printed for long enough."""
    old = PaperBatch.objects.filter(finished_at__lte=timezone.now() - KEPT).exclude(stored="")
    for batch in old:
        drop(batch.stored)
        _tell(batch, stored="", sha256="")


def work(batch_id: int) -> None:
    """Issue what is left of a batch, then merge all of it; done once, whoever else works on it."""
    batch = PaperBatch.objects.select_related("officer").get(pk=batch_id)
    if not batch.is_working:
        return
    _tell(batch, state=BatchState.WORKING)
    for item_id in batch.items.filter(paper=None, message="").values_list("pk", flat=True):
        _issue(batch.officer, item_id)
        _tell(batch, done=batch.items.exclude(paper=None, message="").count())
    papers = [
        item.paper
        for item in batch.items.filter(paper__isnull=False).select_related("paper")
        if item.paper is not None
    ]
    _finish(batch, papers)


def _tell(batch: PaperBatch, **values: Any) -> None:
    PaperBatch.objects.filter(pk=batch.pk).update(beat_at=timezone.now(), **values)


@transaction.atomic
def _issue(officer: Officer, item_id: int) -> None:
    """One paper; the item is locked, so that no second worker issues it again."""
    item = PaperBatchItem.objects.select_for_update(of=("self",)).get(pk=item_id)
    if item.paper_id is not None or item.message:
        return
    assert item.unit is not None
    assert item.subject is not None
    try:
        with transaction.atomic():
            item.paper = issue(
                kind=item.kind,
                unit=item.unit,
                subject=item.subject,
                content=item.content,
                officer=officer,
                decision=item.decision,
                list_entry=item.list_entry,
            )
    except (InvalidDecision, PermissionDenied) as refused:
        item.message = str(refused)[:300]
    item.save(update_fields=["paper", "message"])


def _finish(batch: PaperBatch, papers: Sequence[Paper]) -> None:
    try:
        data = merged([verified(paper) for paper in papers]) if papers else b""
    except DamagedPaper:
        logger.error("paper batch %s: a stored paper is damaged or missing", batch.pk)
        _end(batch, BatchState.FAILED, "有文书的文件损坏或缺失，没有合并。请联系系统管理员。")
        return
    if not data:
        _end(batch, BatchState.FAILED, "没有一份文书可以出具。请查看各份的说明。")
        return
    stored = keep(data)
    try:
        with transaction.atomic():
            now = PaperBatch.objects.select_for_update().get(pk=batch.pk)
            if not now.is_working:
                drop(stored)
                return
            now.stored, now.sha256 = stored, hashlib.sha256(data).hexdigest()
            now.pages, now.done = page_count(data), now.total
            now.state, now.finished_at = BatchState.DONE, timezone.now()
            now.save()
    except BaseException:
        drop(stored)
        raise


def _end(batch: PaperBatch, state: str, message: str) -> None:
    _tell(batch, state=state, message=message, finished_at=timezone.now(), done=batch.total)
