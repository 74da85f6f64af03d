"""Drafts of entry forms: what an officer typed and has not handed in, however incomplete.

A draft is no fact: it counts nowhere, only its officer sees it, and it is deleted once a decision
was made of it.
"""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from accounts.models import Officer
from core import audit
from subjects.lookup import find_by_code
from violations.entry_data import RawEntry
from violations.models import Decision, EntryDraft


@transaction.atomic
def save_draft(
    *,
    officer: Officer,
    kind: str,
    raw: RawEntry,
    key: UUID,
    draft: EntryDraft | None = None,
    decision: Decision | None = None,
    by_itself: bool = False,
) -> EntryDraft:
    """Keep what stands in the boxes; into ``draft`` where there is one, else into the form's own.

    ``key`` is the form's, ``decision`` the stored decision that is being edited, if any.
    ``by_itself``: the form saved itself while it was being typed, which is put into the audit
    trail the first time only.
    """
    is_new = False
    if draft is None:
        draft, is_new = EntryDraft.objects.get_or_create(
            officer=officer, key=key, defaults={"kind": kind, "decision": decision}
        )
    draft.key = draft.key or key
    draft.data = raw.to_json()
    draft.label = _label(raw)
    draft.save()
    if is_new or not by_itself:
        audit.record(actor=officer, action="entry.draft.save", target=draft)
    return draft


@transaction.atomic
def discard_draft(*, officer: Officer, draft: EntryDraft) -> None:
    """Delete a draft: its decision was recorded, or its officer no longer wants it."""
    audit.record(actor=officer, action="entry.draft.discard", target=draft)
    draft.delete()


def _label(raw: RawEntry) -> str:
    """What the lists call it: the paper's number, the organisation, or nothing known yet."""
    number = raw.head.get("number", "").strip()
    code = raw.head.get("credit_code", "").strip()
    known = find_by_code(code) if code else None
    name = known.name if known else raw.head.get("subject_name", "").strip() or code
    return " · ".join(part for part in (number, name) if part)[:200] or "未命名草稿"
