"""Reading factors: the list with its filters, and one factor with what became of it."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.access import check
from accounts.models import Officer, Unit
from accounts.roles import Can
from core import audit
from core.clock import today
from desk.factors.forms import EndForm, RevokeForm
from desk.factors.states import in_force, opens_signal, state_of
from subjects import credit_codes
from violations.enums import FactorKind
from violations.factor_models import Factor
from violations.factor_runs import open_runs_of
from violations.factor_services import may_change

PAGE_SIZE = 50
MAX_QUERY = 100
READERS = (Can.RECORD_FACTOR, Can.SEE_ALL_DECISIONS)
STATES = (("", "有效"), ("past", "已过或已撤销"), ("all", "全部"))


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Factors of the own unit, or all, by kind, state, unit and organisation."""
    officer = check(request, *READERS)
    day, asked = today(), request.GET
    rows = Factor.objects.visible_to(officer)
    kind, state = asked.get("kind", ""), asked.get("state", "")
    query = asked.get("q", "")[:MAX_QUERY].strip().replace("\x00", "")
    if kind in FactorKind.values:
        rows = rows.filter(kind=kind)
    if state == "past":
        rows = rows.exclude(in_force(day))
    elif state != "all":
        state, rows = "", rows.filter(in_force(day))
    if query:
        code = credit_codes.normalise(query)
        rows = rows.filter(
            Q(subject__name__icontains=query) | Q(subject__credit_code__startswith=code)
        )
    unit = asked.get("unit", "")
    sees_all = officer.may(Can.SEE_ALL_DECISIONS)
    if unit and sees_all:
        rows = rows.filter(unit__code=unit)
    rows = rows.select_related("subject", "unit")
    page = Paginator(rows, PAGE_SIZE).get_page(asked.get("page"))
    context = {
        "page": page,
        "rows": [(one, state_of(one, day), opens_signal(one)) for one in page],
        "kind": kind,
        "kinds": [("", "全部种类"), *FactorKind.choices],
        "state": state,
        "states": STATES,
        "query": query,
        "unit": unit,
        "units": Unit.objects.order_by("code") if sees_all else [],
        "open_runs": open_runs_of(officer),
        "may_record": officer.may(Can.RECORD_FACTOR),
    }
    return render(request, "desk/factors/list.html", context)


@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """One factor; 404 for one of another unit."""
    officer = check(request, *READERS)
    factor = visible_factor(officer, pk)
    audit.record(actor=officer, action="factor.view", target=factor)
    return render(request, "desk/factors/factor.html", factor_context(officer, factor))


def visible_factor(officer: Officer, pk: int) -> Factor:
    """Raises Http404 for one that is not on this officer's list."""
    rows = Factor.objects.visible_to(officer).select_related(
        "subject", "unit", "recorded_by__unit", "run"
    )
    found: Factor = get_object_or_404(rows, pk=pk)
    return found


def factor_context(
    officer: Officer,
    factor: Factor,
    revoke: RevokeForm | None = None,
    end: EndForm | None = None,
) -> dict[str, Any]:
    """Everything ``desk/factors/factor.html`` needs."""
    used = revoke or end
    version = {"version": factor.version}
    return {
        "factor": factor,
        "state": state_of(factor, today()),
        "opens_signal": opens_signal(factor),
        "may_change": may_change(officer, factor),
        "revoke_form": revoke or RevokeForm(initial=version, prefix="revoke"),
        "end_form": end or EndForm(initial=version, prefix="end"),
        "opened": "revoke" if revoke else "end" if end else "",
        "faults": used.summary() if used else [],
        "history": factor.history.select_related("history_user__unit").order_by("-history_id"),
    }
