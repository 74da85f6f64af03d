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
from violations.checks_of_texts import without_persons_numbers
from violations.entry_data import RawEntry
from violations.forms import EntryForm
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

    Identity numbers are left out (``not_kept`` names their boxes), everything else stays.

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
    kept = raw.without_persons_numbers()
    draft.data = kept.to_json()
    draft.label = _label(kept)
    draft.save()
    if is_new or not by_itself:
        audit.record(actor=officer, action="entry.draft.save", target=draft)
    return draft


def not_kept(kind: str, raw: RawEntry) -> list[str]:
    """The names of the boxes from which a draft of this form leaves out an identity number."""
    form = EntryForm(kind, raw, check=False)
    return form.boxes_where(lambda value: without_persons_numbers(value) != value)


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
