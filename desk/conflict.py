"""Two officers at one decision: the second sees both versions, and nothing is overwritten.

reliability.md: "Optimistic concurrency".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from accounts.access import current_officer
from desk.entry_page import Work
from desk.trail import decision_seen
from subjects.credit_codes import normalise
from violations.entry_data import RawEntry
from violations.errors import StaleVersion
from violations.forms import EntryForm, PlainForm
from violations.models import Decision

CONFLICT = 409
_REGISTERED = frozenset({"code_exception", "subject_name", "subject_address", "subject_principal"})
_LEFT_OUT = frozenset({"subject_industry", "truth_stated", "ordered"})


@dataclass(frozen=True, slots=True)
class Row:
    """One item in both versions."""

    label: str
    mine: str
    theirs: str

    @property
    def differs(self) -> bool:
        return self.mine != self.theirs


def compare(kind: str, mine: RawEntry, theirs: RawEntry) -> list[Row]:
    """Every item that stands in at least one of the two versions, in the order of the form."""
    if _same_code(mine, theirs):
        mine, theirs = _without_particulars(mine), _without_particulars(theirs)
    left, right = _items(kind, mine), _items(kind, theirs)
    labels = list(dict.fromkeys([*left, *right]))
    rows = [Row(label, left.get(label, ""), right.get(label, "")) for label in labels]
    return [row for row in rows if row.mine or row.theirs]


def _same_code(mine: RawEntry, theirs: RawEntry) -> bool:
    codes = [normalise(raw.head.get("credit_code", "")) for raw in (mine, theirs)]
    return codes[0] == codes[1]


def _without_particulars(raw: RawEntry) -> RawEntry:
    """Without what stands in the register, which the form of a known organisation does not send."""
    head = {name: value for name, value in raw.head.items() if name not in _REGISTERED}
    return RawEntry(head, raw.acts)


def edit_conflict(request: HttpRequest, work: Work, stale: StaleVersion) -> HttpResponse:
    """409: what was typed beside what is stored now, and a way to go on with either."""
    current = stale.decision
    kept = work.raw.flat() | {"version": str(current.version), "draft_key": str(work.key)}
    return _page(
        request,
        current,
        str(stale),
        rows=compare(work.kind, work.raw, RawEntry.from_decision(current)),
        mine_title="您填写的",
        kept=kept.items(),
        draft=work.draft,
    )


def no_longer(decision: Decision) -> str:
    """Why a decision admits no change, and whom to ask."""
    state = decision.get_state_display()
    return f"该决定{state}，不能直接修改。需要更正的，请联系局办公室。"


def too_late(request: HttpRequest, work: Work, current: Decision) -> HttpResponse:
    """409: the decision can no longer be changed; what was typed is shown beside it and kept."""
    return _page(
        request,
        current,
        no_longer(current),
        rows=compare(work.kind, work.raw, RawEntry.from_decision(current)),
        mine_title="您填写的",
        draft=work.draft,
        again=reverse("desk:decision", kwargs={"pk": current.pk}),
        is_late=True,
    )


def answer_conflict(
    request: HttpRequest, stale: StaleVersion, seen: RawEntry, *, again: str, remark: str = ""
) -> HttpResponse:
    """409: what the officer had on screen beside what is stored now; nothing was done.

    ``again`` names the page on which to look and decide anew; ``remark`` is what they wrote.
    """
    current = stale.decision
    return _page(
        request,
        current,
        str(stale),
        remark=remark,
        rows=compare(current.kind, seen, RawEntry.from_decision(current)),
        mine_title="您刚才看到的",
        again=reverse(again, kwargs={"pk": current.pk}),
    )


def _page(request: HttpRequest, decision: Decision, message: str, **context: Any) -> HttpResponse:
    decision_seen(current_officer(request), decision)
    context |= {"decision": decision, "message": message}
    return render(request, "desk/decision_conflict.html", context, status=CONFLICT)


def _items(kind: str, raw: RawEntry) -> dict[str, str]:
    form = EntryForm(kind, raw, check=False)
    items = _form_items(form.head, "")
    for act in form.acts:
        prefix = f"违法行为 {act.number} · "
        items |= _form_items(act.form, prefix)
        rows = [" ".join(_form_items(row, "").values()).strip() for row in act.dispositions]
        if act.dispositions:
            items[f"{prefix}处理"] = "、".join(row for row in rows if row)
    return items


def _form_items(form: PlainForm, prefix: str) -> dict[str, str]:
    items = {}
    for field in form:
        if field.name in _LEFT_OUT:
            continue
        value = str(field.value() or "").strip()
        words = dict(getattr(field.field.widget, "choices", ()))
        items[f"{prefix}{field.label}"] = str(words.get(value, value)) if value else ""
    return items
