"""Issuing papers: numbered, rendered once, stored with their hash (house.md, habit 14)."""

from __future__ import annotations

import hashlib
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import Officer, Unit
from accounts.roles import Can
from core import audit
from core.clock import today
from core.documents import page_count, render_pdf
from sanctions.paper_content import checked
from sanctions.paper_files import drop, keep
from sanctions.paper_kinds import paper_kind
from sanctions.paper_layout import context_of, words_of
from sanctions.paper_models import Paper, PaperCounter
from sanctions.paper_numbers import number_of
from sanctions.paper_texts import texts_for
from subjects.models import Subject
from violations.errors import InvalidDecision, NotAllowed
from violations.inputs import Fault
from violations.models import Decision, ListEntry
from violations.writing import save_as

MIN_REASON = 5
MAX_REASON = 300


def may_issue(officer: Officer, unit: Unit) -> bool:
    """Papers of the own unit; the office's officers those of every unit."""
    if not officer.may(Can.ISSUE_PAPER):
        return False
    return unit.pk == officer.unit_id or officer.may(Can.KEEP_NOTICES)


@transaction.atomic
def issue(
    *,
    kind: str,
    unit: Unit,
    subject: Subject,
    content: dict[str, Any],
    officer: Officer,
    decision: Decision | None = None,
    list_entry: ListEntry | None = None,
    supersedes: Paper | None = None,
    reason: str = "",
) -> Paper:
    """Give the next number, render the paper, store it; ``supersedes`` is the one it replaces.

    The number is the next of this unit, kind and year: its row is locked until the transaction
    ends, and what fails takes no number. Raises NotAllowed, InvalidDecision.
    """
    found = paper_kind(kind)
    if not may_issue(officer, unit):
        raise NotAllowed("您不能以该单位名义出具文书。请联系该单位或局办公室。")
    frozen = checked(content)
    if supersedes is not None:
        supersedes = _replaceable(supersedes, kind, unit, subject, reason)
    day = today()
    counter = _next(unit, kind, day.year)
    paper = Paper(
        kind=kind,
        label=found.label,
        number=number_of(found, unit, day.year, counter.last),
        year=day.year,
        sequence=counter.last,
        unit=unit,
        subject=subject,
        decision=decision,
        list_entry=list_entry,
        content=frozen,
        issued_by=officer,
        issued_on=day,
        issued_at=timezone.now(),
    )
    paper.texts, paper.text_versions = texts_for(found, words_of(found, paper), day)
    data = render_pdf(found.template, context_of(found, paper))
    _store(paper, data)
    try:
        save_as(officer, paper, reason="出具文书")
        if supersedes is not None:
            _replace(officer, supersedes, paper, reason.strip())
        audit.record(
            actor=officer,
            action="paper.issue",
            target=paper,
            reason=reason.strip(),
            details={"kind": kind, "sha256": paper.sha256, "subject": subject.pk},
        )
    except BaseException:
        drop(paper.stored)
        raise
    return paper


def _next(unit: Unit, kind: str, year: int) -> PaperCounter:
    """The counter with its next number, locked until the transaction ends."""
    PaperCounter.objects.get_or_create(unit=unit, kind=kind, year=year)
    counter = PaperCounter.objects.select_for_update().get(unit=unit, kind=kind, year=year)
    counter.last += 1
    counter.save(update_fields=["last"])
    return counter


def _store(paper: Paper, data: bytes) -> None:
    paper.stored = keep(data)
    paper.sha256 = hashlib.sha256(data).hexdigest()
    paper.size = len(data)
    paper.pages = page_count(data)


def _replaceable(old: Paper, kind: str, unit: Unit, subject: Subject, reason: str) -> Paper:
    """The locked paper that a new one takes the place of. Raises InvalidDecision."""
    old = Paper.objects.select_for_update().get(pk=old.pk)
    faults = []
    if old.is_superseded:
        faults.append(Fault("reason", "superseded", "该文书已经重新出具。请打开新的文书办理。"))
    if (old.kind, old.unit_id, old.subject_id) != (kind, unit.pk, subject.pk):
        message = "重新出具的文书须与原文书种类、单位和监管对象相同。"
        faults.append(Fault("reason", "other", message))
    reason = reason.strip()
    if not MIN_REASON <= len(reason) <= MAX_REASON:
        message = f"重新出具的理由须有 {MIN_REASON} 到 {MAX_REASON} 字，现为 {len(reason)} 字。"
        faults.append(Fault("reason", "length", message + "请写明原文书有何不妥。"))
    if faults:
        raise InvalidDecision(faults)
    return old


def _replace(officer: Officer, old: Paper, new: Paper, reason: str) -> None:
    old.superseded_by = new
    old.superseded_reason = reason
    write_later(officer, old, "superseded_by", "superseded_reason", reason="重新出具")
    audit.record(
        actor=officer, action="paper.supersede", target=old, reason=reason, details={"by": new.pk}
    )


def write_later(officer: Officer, paper: Paper, *fields: str, reason: str) -> None:
    """Save what is known only after issue; the database refuses a change of anything else."""
    paper._history_user = officer  # type: ignore[attr-defined]
    paper._change_reason = reason  # type: ignore[attr-defined]
    paper.save(update_fields=fields)
