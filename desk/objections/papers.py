"""The receipt and the answer: looked at as a draft, then numbered and kept."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from accounts.access import check
from accounts.models import Unit
from accounts.roles import Can
from appeals.objection_answers import (
    ANSWER,
    RECEIPT,
    answer,
    answer_content,
    issue_receipt,
    receipt_content,
)
from core import audit
from desk.objections.acts import refused_step
from desk.objections.case import found
from sanctions.paper_preview import preview
from violations.errors import CaseRefused, InvalidDecision, NotAllowed

_CONTENT = {RECEIPT: receipt_content, ANSWER: answer_content}
_KINDS = {"receipt": RECEIPT, "answer": ANSWER}


@require_safe
def show(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """The draft as PDF; nothing is numbered."""
    officer = check(request, Can.HANDLE_APPEAL, Can.DECIDE_APPEAL)
    objection = found(officer, pk)
    code = _KINDS.get(kind)
    if code is None or not objection.by_party:
        raise Http404
    audit.record(
        actor=officer, action="objection.preview", target=objection, details={"kind": code}
    )
    office, content = Unit.objects.get(is_office=True), _CONTENT[code](objection)
    data = preview(code, office, objection.subject, content)
    answer_ = HttpResponse(data, content_type="application/pdf")
    answer_["Cache-Control"] = "private, no-store"
    return answer_


@require_POST
def issue_one(request: HttpRequest, pk: int, kind: str) -> HttpResponseBase:
    """Number it and keep it; it is served from its own page."""
    officer = check(request, Can.HANDLE_APPEAL)
    objection = found(officer, pk)
    if kind not in _KINDS:
        raise Http404
    typed = request.POST.get("version", "")
    version = int(typed) if typed.isascii() and typed.isdigit() else 0
    service = issue_receipt if kind == "receipt" else answer
    try:
        done = service(officer=officer, objection_id=pk, version=version)
    except InvalidDecision as refused:
        messages.error(request, refused.faults[0].message)
        return redirect("desk:objection", pk=pk)
    except (CaseRefused, NotAllowed) as refused:
        refused_step(officer, objection, kind, refused)
        messages.error(request, refused.message)
        return redirect("desk:objection", pk=pk)
    paper = done.receipt if kind == "receipt" else done.answer
    if paper is None:
        messages.success(request, "已办结。")
        return redirect("desk:objection", pk=pk)
    messages.success(request, f"已出具 {paper.number}，请打印并登记送达。")
    return redirect("desk:paper", pk=paper.pk)
