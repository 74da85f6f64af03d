"""What an organisation gets about itself on request: its credit file and a certificate."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts.access import current_officer, requires
from accounts.models import Officer
from accounts.roles import Can
from core import audit
from core.clock import today
from desk.fault_forms import FaultForm, line
from sanctions.credit_file import (
    CERTIFICATE,
    FILE,
    FREE_A_YEAR,
    MAX_PURPOSE,
    files_this_year,
    issue_certificate,
    issue_credit_file,
)
from sanctions.models import Paper
from sanctions.paper_kinds import paper_kind
from subjects.models import Subject
from violations.errors import InvalidDecision

SHOWN = 20
ISSUE = {FILE: issue_credit_file, CERTIFICATE: issue_certificate}


class RequestForm(FaultForm):
    """Which paper, and what the organisation wants it for."""

    kind = forms.ChoiceField(
        label="文书",
        choices=[(code, paper_kind(code).label) for code in ISSUE],
        error_messages={"required": "没有选择文书。", "invalid_choice": "没有这种文书。请重选。"},
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    purpose = line(
        "用途",
        "印在文书上；信用报告例如：了解自身信用状况，证明例如：参加政府采购投标",
        MAX_PURPOSE,
    )


@requires(Can.ISSUE_PAPER)
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, pk: int) -> HttpResponseBase:
    """GET: the form and what was given so far; POST issues the paper."""
    officer = current_officer(request)
    subject = get_object_or_404(Subject.objects.surviving(), pk=pk)
    if request.method != "POST":
        audit.record(
            actor=officer, action="subject.view", target=subject, details={"part": "papers"}
        )
        return _page(request, officer, subject, RequestForm())
    form = RequestForm(request.POST)
    if not form.is_valid():
        return _page(request, officer, subject, form)
    service = ISSUE[form.cleaned_data["kind"]]
    try:
        paper = service(officer=officer, subject=subject, purpose=form.cleaned_data["purpose"])
    except InvalidDecision as refused:
        form.add_faults(refused.faults)
        return _page(request, officer, subject, form)
    messages.success(request, f"已出具{paper.label}，文号 {paper.number}。")
    return redirect("desk:paper", pk=paper.pk)


def _page(
    request: HttpRequest, officer: Officer, subject: Subject, form: RequestForm
) -> HttpResponse:
    papers = Paper.objects.visible_to(officer).filter(subject=subject)
    context: dict[str, Any] = {
        "subject": subject,
        "form": form,
        "lines": form.summary(),
        "papers": papers.select_related("unit").defer("content", "texts")[:SHOWN],
        "used": files_this_year(subject, today().year),
        "free": FREE_A_YEAR,
    }
    return render(request, "desk/papers/subject.html", context)
