"""Adding papers to a stored decision, and withdrawing one that does not belong there."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import check, current_officer, requires
from accounts.models import Officer
from accounts.roles import Can
from desk.attachments.card import card_context
from desk.trail import decision_seen
from violations.attachment_services import attach_file, withdraw_attachment
from violations.errors import InvalidDecision, WrongState
from violations.forms import ErrorLine
from violations.models import Attachment, Decision

_LABELS = {"kind": "附件种类", "files": "附件", "reason": "补充说明"}


@requires(Can.RECORD_DECISION)
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The form to add files, several at once; those that can be kept are, whatever the others."""
    officer = current_officer(request)
    own = Decision.objects.visible_to(officer).filter(unit=officer.unit_id)
    decision = get_object_or_404(own.select_related("unit", "subject"), pk=pk)
    if request.method == "GET":
        decision_seen(officer, decision)
        return _page(request, officer, decision, [])
    uploads = request.FILES.getlist("files")
    lines = [] if uploads else [ErrorLine("附件", "没有选择文件。请选择后上传。", "id_files")]
    kept = 0
    for upload in uploads:
        try:
            attach_file(
                officer=officer,
                decision_id=decision.pk,
                kind=request.POST.get("kind", ""),
                upload=upload,
                reason=request.POST.get("reason", ""),
            )
        except InvalidDecision as refused:
            lines += lines_of(refused)
        except WrongState as late:
            messages.warning(request, late.message)
            return redirect("desk:decision", pk=pk)
        else:
            kept += 1
    if kept:
        messages.success(request, f"已上传 {kept} 个附件。")
    if lines:
        decision_seen(officer, decision)
        return _page(request, officer, decision, list(dict.fromkeys(lines)))
    return redirect("desk:decision", pk=pk)


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Withdraw a file with a reason; it stays on record, struck out."""
    officer = check(request, Can.RECORD_DECISION)
    visible = Attachment.objects.visible_to(officer).filter(decision__unit=officer.unit_id)
    file = get_object_or_404(visible, pk=pk)
    try:
        reason = request.POST.get("reason", "")
        withdraw_attachment(officer=officer, attachment_id=pk, reason=reason)
    except InvalidDecision as refused:
        messages.error(request, refused.faults[0].message)
        return redirect("desk:attachment", pk=pk)
    except WrongState as late:
        messages.warning(request, late.message)
        return redirect("desk:attachment", pk=pk)
    messages.success(request, f"已撤下附件“{file.name}”，记录保留。")
    return redirect("desk:decision", pk=file.decision_id)


def lines_of(refused: InvalidDecision) -> list[ErrorLine]:
    """What was refused, each with the box to go to."""
    return [
        ErrorLine(_LABELS.get(fault.path, ""), fault.message, f"id_{fault.path}")
        for fault in refused.faults
    ]


def _page(
    request: HttpRequest, officer: Officer, decision: Decision, lines: Sequence[ErrorLine]
) -> HttpResponse:
    context = {
        "decision": decision,
        "lines": lines,
        "kind": request.POST.get("kind") or request.GET.get("kind", ""),
        "reason": request.POST.get("reason", ""),
        **card_context(decision, officer),
    }
    return render(request, "desk/attachments/add.html", context)
