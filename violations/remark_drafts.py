"""What a reviewer is typing about a submitted decision: kept until they decide, theirs alone."""

from __future__ import annotations

from django.db import transaction

from accounts.models import Officer
from core import audit
from violations.checks_of_texts import without_persons_numbers
from violations.entry_data import readable
from violations.models import Decision, RemarkDraft

MAX_LENGTH = 1000


@transaction.atomic
def keep_remark(*, officer: Officer, decision: Decision, remark: str) -> RemarkDraft | None:
    """Keep ``remark`` without identity numbers; None, and nothing kept, where it is empty.

    It saves itself while it is typed: the first time alone leaves a row in the trail.
    """
    text = without_persons_numbers(readable(remark))[:MAX_LENGTH]
    if not text.strip():
        RemarkDraft.objects.filter(officer=officer, decision=decision).delete()
        return None
    row, is_new = RemarkDraft.objects.get_or_create(officer=officer, decision=decision)
    row.remark = text
    row.save()
    if is_new:
        audit.record(actor=officer, action="remark.draft.save", target=decision)
    return row


def kept_remark(officer: Officer, decision: Decision) -> str:
    """What the officer typed before, or nothing."""
    rows = RemarkDraft.objects.filter(officer=officer, decision=decision)
    return rows.values_list("remark", flat=True).first() or ""
