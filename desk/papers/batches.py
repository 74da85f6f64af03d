"""A pile of papers as one print job: started, watched, printed."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST, require_safe

from accounts.access import check
from accounts.models import Officer
from accounts.roles import Can
from core import audit
from desk.papers.files import checked, pdf
from sanctions import paper_batches
from sanctions.models import Paper, PaperBatch
from sanctions.paper_batches import MOST, Order
from sanctions.paper_of_decisions import REPAIR_NOTICE, content_for, may_have_repair_notice
from violations.errors import InvalidDecision
from violations.models import Decision

BAR = 720
STOP_POLLING = {"HX-Refresh": "true"}


@require_POST
def start(request: HttpRequest) -> HttpResponseBase:
    """Papers ticked in the register, or decisions whose repair notices are to be issued."""
    officer = check(request, Can.ISSUE_PAPER)
    papers = Paper.objects.visible_to(officer).standing().filter(pk__in=_ids(request, "paper"))
    items: list[Order | Paper] = list(papers.select_related("unit").order_by("pk"))
    items += _orders(officer, _ids(request, "decision"))
    try:
        batch = paper_batches.start(officer=officer, items=items)
    except InvalidDecision as refused:
        messages.warning(request, str(refused))
        return redirect("desk:papers-due" if "decision" in request.POST else "desk:papers")
    return redirect("desk:paper-batch", pk=batch.pk)


def _orders(officer: Officer, ids: list[int]) -> list[Order]:
    """Repair notices of decisions that have none yet."""
    rows = Decision.objects.visible_to(officer).in_force().filter(pk__in=ids)
    rows = rows.exclude(papers__in=Paper.objects.standing().filter(kind=REPAIR_NOTICE))
    found = rows.select_related("unit", "subject").prefetch_related("violations__dispositions")
    return [
        Order(REPAIR_NOTICE, one.unit, one.subject, content_for(one), decision=one)
        for one in found.order_by("pk")
        if may_have_repair_notice(one)
    ]


def _ids(request: HttpRequest, name: str) -> list[int]:
    given = request.POST.getlist(name)[: MOST + 1]
    return [int(one) for one in given if one.isascii() and one.isdigit() and len(one) < 19]


@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """How far it is, and what is in it."""
    batch = _batch(request, pk)
    items = batch.items.select_related("paper__subject", "subject")
    context = {"batch": batch, "items": items, **_progress(batch)}
    return render(request, "desk/papers/batch.html", context)


@require_GET
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """Asked every two seconds while papers are issued; then the page loads anew."""
    batch = _batch(request, pk)
    if not batch.is_working:
        return HttpResponse(headers=STOP_POLLING)
    return render(request, "desk/papers/_progress.html", {"batch": batch, **_progress(batch)})


@require_GET
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """The merged PDF; 410 where it is gone or damaged."""
    batch = _batch(request, pk)
    officer = check(request, Can.ISSUE_PAPER)
    audit.record(actor=officer, action="paper_batch.open", target=batch)
    data = checked(batch) if batch.stored else None
    if data is None:
        message = "合并的文件已过保存期或已损坏。请在文书登记中重新选择打印。"
        return HttpResponse(
            message, status=HTTPStatus.GONE, content_type="text/plain; charset=utf-8"
        )
    return pdf(data, f"批量打印-{batch.pk}.pdf", as_download="download" in request.GET)


def _batch(request: HttpRequest, pk: int) -> PaperBatch:
    officer = check(request, Can.ISSUE_PAPER)
    return get_object_or_404(PaperBatch.objects.visible_to(officer), pk=pk)


def _progress(batch: PaperBatch) -> dict[str, Any]:
    percent = min(100 * batch.done // batch.total, 100) if batch.total else 0
    return {"percent": percent, "bar_width": BAR, "bar_done": BAR * percent // 100}
