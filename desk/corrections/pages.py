"""The list of corrections, and the page of one with what it changes and what it does."""

from __future__ import annotations

from typing import Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.access import check
from accounts.models import Officer
from accounts.roles import Can
from desk.corrections.forms import WhyForm
from desk.decision_view import act_views
from desk.effects import in_one_line, views_kept, views_of
from desk.entry_kinds import WORDS
from desk.trail import decision_seen
from grading import corrections
from grading.dry_run import mark
from violations.correction_models import Correction, CorrectionQuerySet, CorrectionState
from violations.errors import InvalidDecision
from violations.models import Decision
from violations.selectors import in_full

READERS = (Can.PROPOSE_CORRECTION, Can.AGREE_TO_CORRECTION, Can.READ_AUDIT)
PAGE_SIZE = 25
STATE_TAGS = {
    CorrectionState.PROPOSED: "info",
    CorrectionState.CARRIED_OUT: "ok",
    CorrectionState.REFUSED: "bad",
    CorrectionState.WITHDRAWN: "",
    CorrectionState.UNDONE: "warn",
}
_ABOUT = ("subject", "decision", "list_entry", "factor", "survivor", "proposed_by__unit",
          "decided_by__unit", "undoes")  # fmt: skip
_CLOSED = (CorrectionState.REFUSED, CorrectionState.WITHDRAWN, CorrectionState.UNDONE)


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Those that wait for this officer first; older ones page by page from a key on."""
    officer = check(request, *READERS)
    visible = Correction.objects.visible_to(officer)
    mine = visible.decidable_by(officer)
    counts = dict(visible.order_by().values_list("state").annotate(n=Count("pk")))
    closed = sum(counts.get(state, 0) for state in _CLOSED)
    tabs = [
        ("mine", "待我办理", mine.count(), mine),
        ("waiting", "全部待同意", counts.get("proposed", 0), visible.waiting()),
        ("done", "已更正", counts.get("carried_out", 0), visible.filter(state="carried_out")),
        ("closed", "不同意、撤回、还原", closed, visible.filter(state__in=_CLOSED)),
    ]
    shown = request.GET.get("show", "")
    if shown not in {key for key, *_ in tabs}:
        shown = "mine" if tabs[0][2] else "waiting"
    rows: CorrectionQuerySet = next(rows for key, _, _, rows in tabs if key == shown)
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit() and len(before) < 19:
        rows = rows.filter(pk__lt=int(before))
    found = list(rows.select_related(*_ABOUT).order_by("-pk").distinct()[: PAGE_SIZE + 1])
    context = {
        "rows": [(row, STATE_TAGS[CorrectionState(row.state)]) for row in found[:PAGE_SIZE]],
        "tabs": [(key, label, count) for key, label, count, _ in tabs],
        "show": shown,
        "older": found[PAGE_SIZE - 1].pk if len(found) > PAGE_SIZE else None,
    }
    return render(request, "desk/corrections/list.html", context)


@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """One correction: before and after, what it does to grades, and what may be done with it."""
    officer = check(request, *READERS)
    return page(request, officer, pk)


@require_safe
def record(request: HttpRequest, pk: int) -> HttpResponse:
    """A decision as it stands, for who corrects records and reads no others (administrators)."""
    officer = check(request, Can.PROPOSE_CORRECTION)
    rows = in_full(Decision.objects.correctable_by(officer))
    decision = get_object_or_404(rows, pk=pk)
    decision_seen(officer, decision)
    context = {
        "decision": decision,
        "acts": act_views(decision),
        "paper": WORDS[decision.kind][2],
        "corrections": Correction.objects.filter(decision=decision).select_related(*_ABOUT),
    }
    return render(request, "desk/corrections/record.html", context)


def page(
    request: HttpRequest, officer: Officer, pk: int, *, status: int = 200, **more: Any
) -> HttpResponse:
    """The page of one correction; ``more`` is what an answer to a button adds."""
    visible = Correction.objects.visible_to(officer).select_related(*_ABOUT)
    correction = get_object_or_404(visible, pk=pk)
    if correction.decision is not None:
        decision_seen(officer, correction.decision)
    refusal = corrections.why_not_decide(officer, correction)
    open_undo = correction.undone_by.filter(state=CorrectionState.PROPOSED).first()
    context = {
        "correction": correction,
        "tag": STATE_TAGS[CorrectionState(correction.state)],
        "may_decide": correction.is_waiting and not refusal,
        "refusal": refusal if correction.is_waiting else "",
        "may_withdraw": correction.is_waiting and correction.proposed_by_id == officer.pk,
        "may_undo": correction.state == CorrectionState.CARRIED_OUT
        and officer.may(Can.PROPOSE_CORRECTION)
        and open_undo is None,
        "open_undo": open_undo,
        "undo_form": WhyForm(),
        **_effects(correction),
        **more,
    }
    return render(request, "desk/corrections/correction.html", context, status=status)


def _effects(correction: Correction) -> dict[str, Any]:
    """What it would do now, while it waits; what it did, once it is carried out."""
    if correction.effects:
        shown = views_kept(correction.effects)
        return {
            "effects": shown,
            "effects_line": in_one_line(shown),
            "effects_title": "办结时对等级的影响",
            "effects_foot": "办结时按当时的规则和记录计算。",
        }
    if not correction.is_waiting:
        return {"why_none": "没有办理，对等级没有影响。", "effects": []}
    target = corrections.target_of(correction)
    if target.base() != correction.base:
        now = target.state()
        rows = [
            (one, target.words(one["path"], now.get(one["path"]))) for one in correction.changes
        ]
        return {"stale": True, "now_rows": rows, "why_none": "该记录后来又有变动，不能按此办理。"}
    try:
        effects = corrections.preview(correction)
    except InvalidDecision as refused:
        return {"why_none": refused.faults[0].message, "effects": []}
    shown = views_of(effects)
    return {"effects": shown, "effects_line": in_one_line(shown), "seen": mark(effects)}
