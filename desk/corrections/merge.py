"""Two entries of one organisation: proposing that they be merged, or taken apart again."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts.access import check
from accounts.models import Officer
from accounts.roles import Can
from core import audit
from desk.corrections.forms import EvidenceForm
from desk.effects import in_one_line, views_of
from grading import corrections
from subjects.lookup import find_by_code
from subjects.models import Subject
from violations.correction_subjects import MergeTarget, UnmergeTarget
from violations.errors import InvalidDecision
from violations.inputs import Fault


@require_http_methods(["GET", "POST"])
def merge(request: HttpRequest, pk: int) -> HttpResponseBase:
    """``pk`` into the organisation whose code is given; the records stay and count there."""
    officer = check(request, Can.PROPOSE_CORRECTION)
    subject = get_object_or_404(Subject.objects.surviving(), pk=pk)
    audit.record(actor=officer, action="subject.view", target=subject)
    code = (request.POST.get("code") or request.GET.get("code") or "").strip()[:40]
    survivor = find_by_code(code) if code else None
    context: dict[str, Any] = {"subject": subject, "code": code, "is_merger": True}
    if survivor is None:
        said = f"没有找到代码为“{code}”的监管对象。请核对代码。" if code else ""
        return _show(request, EvidenceForm(), context | {"not_found": said}, 400 if said else 200)
    audit.record(
        actor=officer, action="subject.lookup", target=survivor, details={"credit_code": code}
    )
    return _answer(request, officer, MergeTarget(subject, survivor), context)


@require_http_methods(["GET", "POST"])
def unmerge(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The entry ``pk``, which was merged, stands by itself again with its own records."""
    officer = check(request, Can.PROPOSE_CORRECTION)
    merged = Subject.objects.filter(merged_into__isnull=False).select_related("merged_into")
    subject = get_object_or_404(merged, pk=pk)
    assert subject.merged_into is not None  # filtered
    audit.record(actor=officer, action="subject.view", target=subject)
    target = UnmergeTarget(subject, subject.merged_into)
    return _answer(request, officer, target, {"subject": subject, "is_merger": False})


def _answer(
    request: HttpRequest, officer: Officer, target: MergeTarget, context: dict[str, Any]
) -> HttpResponseBase:
    wants = request.POST.get("do") == "propose"
    why = EvidenceForm(request.POST if wants else None)
    context |= {"survivor": target.survivor}
    status = 200
    if wants:
        why.is_valid()
        try:
            made = corrections.propose_correction(
                officer=officer, target=target, wanted=target.wanted(), **why.values()
            )
        except InvalidDecision as refused:
            status = 400
            why.add_faults([_beside(fault) for fault in refused.faults])
        else:
            messages.success(request, "已提出，由另一人同意后生效；在此之前两个档案不变。")
            return redirect("desk:correction", pk=made.pk)
    try:
        draft = corrections.drafted(officer=officer, target=target, wanted=target.wanted())
    except InvalidDecision as refused:
        return _show(request, why, context | {"why_none": refused.faults[0].message}, 400)
    effects = views_of(corrections.preview(draft))
    context |= {"effects": effects, "effects_line": in_one_line(effects), "changes": draft.changes}
    return _show(request, why, context, status)


def _beside(fault: Fault) -> Fault:
    return replace(fault, path=fault.path.removeprefix("why."))


def _show(
    request: HttpRequest, why: EvidenceForm, context: dict[str, Any], status: int
) -> HttpResponse:
    shown = {"why": why, "faults": why.summary() if why.is_bound else [], **context}
    return render(request, "desk/corrections/merge.html", shown, status=status)
