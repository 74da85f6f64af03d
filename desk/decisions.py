"""The decisions an officer may read in full: the list, and the page of one."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from accounts.access import current_officer, requires
from accounts.roles import Can
from desk.decision_papers import papers_context
from desk.decision_view import STATE_TAGS, act_views, next_step
from desk.entry_kinds import WORDS, slug_of
from desk.outcomes.actions import outcome_actions
from desk.papers.cards import decision_papers
from desk.quality.rows import narrowed_by
from desk.seen import sealed
from desk.trail import decision_seen
from violations.enums import DecisionState
from violations.models import Decision
from violations.selectors import entry_drafts_of, in_full
from violations.workflow import Action, allows

PAGE_SIZE = 25
MAX_DRAFTS = 20
READERS = (Can.RECORD_DECISION, Can.CONFIRM_DECISION, Can.SEE_ALL_DECISIONS)


@requires(*READERS)
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """All visible decisions, newest first, by state; above them the officer's own drafts."""
    officer = current_officer(request)
    narrowed = narrowed_by(request.GET, officer)
    visible = narrowed.rows
    counts = dict(visible.order_by().values_list("state").annotate(n=Count("pk")))
    state = request.GET.get("state", "")
    if state not in DecisionState.values:
        state = ""
    rows = visible.filter(state=state) if state else visible
    rows = rows.select_related("unit", "subject", "recorded_by").annotate(acts=Count("violations"))
    paginator = Paginator(rows.order_by("-decided_on", "-id"), PAGE_SIZE)
    paginator.count = counts.get(state, 0) if state else sum(counts.values())
    page = paginator.get_page(request.GET.get("page"))
    states = [("", "全部", sum(counts.values()))]
    states += [(value, label, counts.get(value, 0)) for value, label in DecisionState.choices]
    context = {
        "page": page,
        "rows": [(row, STATE_TAGS[DecisionState(row.state)]) for row in page],
        "state": state,
        "states": states,
        "narrowed": narrowed,
        "drafts": entry_drafts_of(officer)[:MAX_DRAFTS],
        "may_record": officer.may(Can.RECORD_DECISION),
    }
    return render(request, "desk/decisions.html", context)


@requires(*READERS)
@require_GET
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """One decision with its acts; 404 for one that is not visible to the officer."""
    officer = current_officer(request)
    decision = get_object_or_404(in_full(Decision.objects.visible_to(officer)), pk=pk)
    decision_seen(officer, decision)
    context = {
        "decision": decision,
        "acts": act_views(decision),
        "paper": WORDS[decision.kind][2],
        "state_tag": STATE_TAGS[DecisionState(decision.state)],
        "next_step": next_step(decision),
        "may_edit": allows(decision, Action.EDIT, officer),
        "may_submit": allows(decision, Action.SUBMIT, officer),
        "may_confirm": allows(decision, Action.CONFIRM, officer),
        "may_withdraw": allows(decision, Action.WITHDRAW, officer),
        "seen": sealed(decision),
        "contests": list(decision.contests.all()),
        "kind_slug": slug_of(decision.kind),
        **outcome_actions(officer, decision),
        **papers_context(decision, officer),
        **decision_papers(decision, officer),
    }
    return render(request, "desk/decision.html", context)
