"""One paper: its pages, its number and hash, how it was served, and issuing it anew."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Officer
from accounts.roles import Can
from core import audit
from desk.fault_forms import FaultForm, day, line, words
from desk.papers.access import READERS, paper_for
from desk.papers.files import SHOWN_PAGES
from desk.papers.register import serve_due
from sanctions.models import Paper
from sanctions.paper_reissue import reissue as issue_again
from sanctions.paper_service import record_service, take_back_service
from sanctions.paper_service_models import Result, Way
from sanctions.papers import may_issue
from violations.errors import InvalidDecision

_SELECT = {"class": "form-select"}


class ServiceForm(FaultForm):
    """One attempt; what each way needs the service says."""

    way = forms.ChoiceField(
        label="送达方式",
        choices=[("", "请选择"), *Way.choices],
        required=False,
        widget=forms.Select(attrs=_SELECT),
    )
    result = forms.ChoiceField(
        label="结果",
        choices=[one for one in Result.choices if one[0] != Result.TAKEN_BACK],
        required=False,
        widget=forms.Select(attrs=_SELECT),
    )
    on = day("日期", "以送达回证或邮件签收的日期为准；公告送达为公告期满之日")
    document = line("送达凭证", "送达回证编号、邮寄单号，或公告的载体和日期")
    recipient = line("签收人及职务", "直接送达时填写，例如：张三，主要负责人")
    servers = line("送达人", "直接、留置送达填写；两人以上的以顿号分开")
    witness = line("见证人", "留置送达时填写姓名和单位")
    remark = words("情况说明", "留置、公告或未送达的，写明拒收、无人、退回等情况", 500)


class TakeBackForm(FaultForm):
    reason = words("更正理由", "写明原登记有何错误；原登记保留，另一人更正后重新登记", 500)


class ReissueForm(FaultForm):
    reason = words("重新出具的理由", "写明原文书有何不妥；原文书保留并标明已被替代", 300)


@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """The page of one paper."""
    officer, paper = paper_for(request, pk, *READERS)
    return _page(request, officer, paper)


@require_POST
def serve(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Record one attempt to serve it."""
    officer, paper = paper_for(request, pk, Can.ISSUE_PAPER)
    form = ServiceForm(request.POST)
    if not form.is_valid():
        return _page(request, officer, paper, service=form)
    try:
        attempt = record_service(officer=officer, paper_id=paper.pk, **form.values())
    except InvalidDecision as refused:
        form.add_faults(refused.faults)
        return _page(request, officer, paper, service=form)
    if attempt.result == Result.SERVED:
        messages.success(request, f"已登记 {paper.number} 于 {attempt.on} 送达，期限自次日起算。")
    else:
        messages.warning(request, f"已登记第 {attempt.ordinal} 次送达，未送达。请再次送达。")
    return redirect("desk:paper", pk=paper.pk)


@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Another officer corrects a service that was recorded wrong."""
    officer, paper = paper_for(request, pk, Can.ISSUE_PAPER)
    form = TakeBackForm(request.POST)
    if not form.is_valid():
        return _page(request, officer, paper, back=form)
    try:
        take_back_service(officer=officer, paper_id=paper.pk, reason=form.cleaned_data["reason"])
    except InvalidDecision as refused:
        form.add_faults(refused.faults)
        return _page(request, officer, paper, back=form)
    messages.success(request, f"已更正 {paper.number} 的送达登记，请重新登记送达情况。")
    return redirect("desk:paper", pk=paper.pk)


@require_POST
def reissue(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A new paper takes the place of this one."""
    officer, paper = paper_for(request, pk, Can.ISSUE_PAPER)
    form = ReissueForm(request.POST)
    if not form.is_valid():
        return _page(request, officer, paper, again=form)
    try:
        new = issue_again(officer=officer, paper=paper, reason=form.cleaned_data["reason"])
    except InvalidDecision as refused:
        form.add_faults(refused.faults)
        return _page(request, officer, paper, again=form)
    messages.success(request, f"已重新出具为 {new.number}，原 {paper.number} 不再使用。")
    return redirect("desk:paper", pk=new.pk)


def _page(
    request: HttpRequest,
    officer: Officer,
    paper: Paper,
    *,
    service: ServiceForm | None = None,
    again: ReissueForm | None = None,
    back: TakeBackForm | None = None,
) -> HttpResponse:
    audit.record(actor=officer, action="paper.view", target=paper)
    may = may_issue(officer, paper.unit) and not paper.is_superseded
    tried = service or again or back
    attempts = list(paper.attempts.select_related("recorded_by__unit"))
    served = [one for one in attempts if one.result == Result.SERVED and paper.served_on and may]
    is_own = bool(served) and served[-1].recorded_by_id == officer.pk
    context: dict[str, Any] = {
        "paper": paper,
        "pages": range(1, min(paper.pages, SHOWN_PAGES) + 1),
        "replaced": Paper.objects.filter(superseded_by=paper).first(),
        "attempts": attempts,
        "due": serve_due(paper),
        "may_serve": may and paper.served_on is None,
        "may_reissue": may,
        "may_take_back": served and not is_own,
        "is_own_service": is_own,
        "taken_back": sum(1 for one in attempts if one.result == Result.TAKEN_BACK),
        "back": back or TakeBackForm(),
        "back_opened": back is not None,
        "form": service or ServiceForm(),
        "again": again or ReissueForm(),
        "lines": tried.summary() if tried else [],
        "opened": again is not None,
    }
    return render(request, "desk/papers/paper.html", context)
