"""Proposing a correction: the record in boxes, what it would do to grades, why, on which paper."""

from __future__ import annotations

from collections.abc import KeysView
from dataclasses import replace
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.access import check
from accounts.models import Officer
from accounts.roles import Can
from core import audit
from desk.corrections.forms import WhyForm
from desk.corrections.sheets import Sheet, sheet_for
from desk.effects import in_one_line, views_of
from desk.trail import decision_seen
from grading import corrections
from subjects.models import Subject
from violations.correction_decision import DecisionTarget
from violations.correction_entries import FactorTarget, ListEntryTarget
from violations.correction_models import Correction
from violations.correction_subjects import SubjectTarget
from violations.correction_targets import State, Target
from violations.enums import ListState
from violations.errors import InvalidDecision
from violations.inputs import Fault
from violations.models import Decision, Factor, ListEntry

WRONG, CONFLICT = 400, 409
_WHY = "why."


@require_http_methods(["GET", "POST"])
def decision(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A decision in force with its acts and what was imposed."""
    officer = check(request, Can.PROPOSE_CORRECTION)
    rows = Decision.objects.correctable_by(officer).select_related("unit", "subject")
    found = get_object_or_404(rows, pk=pk)
    decision_seen(officer, found)
    back = reverse("desk:correction-record", kwargs={"pk": pk})
    if Decision.objects.visible_to(officer).filter(pk=pk).exists():
        back = reverse("desk:decision", kwargs={"pk": pk})
    return _answer(request, officer, DecisionTarget(found), found.number, back)


@require_http_methods(["GET", "POST"])
def list_entry(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A published entry of the red or black list."""
    officer = check(request, Can.PROPOSE_CORRECTION)
    rows = ListEntry.objects.exclude(state=ListState.PROPOSED).select_related("subject")
    entry = get_object_or_404(rows, pk=pk)
    audit.record(actor=officer, action="subject.view", target=entry.subject)
    return _answer(request, officer, ListEntryTarget(entry), str(entry), _file(entry.subject))


@require_http_methods(["GET", "POST"])
def factor(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Another input of 1-3."""
    officer = check(request, Can.PROPOSE_CORRECTION)
    found = get_object_or_404(Factor.objects.select_related("subject"), pk=pk)
    audit.record(actor=officer, action="subject.view", target=found.subject)
    return _answer(request, officer, FactorTarget(found), str(found), _file(found.subject))


@require_http_methods(["GET", "POST"])
def subject(request: HttpRequest, pk: int) -> HttpResponseBase:
    """What the register says about an organisation, its code included."""
    officer = check(request, Can.PROPOSE_CORRECTION)
    found = get_object_or_404(Subject, pk=pk)
    audit.record(actor=officer, action="subject.view", target=found)
    return _answer(request, officer, SubjectTarget(found), found.name, _file(found))


def _file(subject: Subject) -> str:
    return reverse("desk:subject", kwargs={"pk": subject.survivor_id})


def _answer(
    request: HttpRequest, officer: Officer, target: Target, name: str, back: str
) -> HttpResponseBase:
    post = request.POST if request.method == "POST" else None
    sheet, why = sheet_for(target, post), WhyForm(post)
    page = _Page(request, target, sheet, why, {"record_name": name, "back": back})
    if post is None:
        return page.show()
    why.is_valid()
    if not sheet.readable:
        return page.show(status=WRONG if sheet.lines() else 200)
    if post.get("base") != target.base():
        return page.conflict(officer)
    if post.get("do") != "propose":
        return page.preview(officer)
    try:
        made = corrections.propose_correction(
            officer=officer, target=target, wanted=page.wanted, **why.values()
        )
    except InvalidDecision as refused:
        page.add_faults(refused.faults)
        return page.preview(officer, status=WRONG)
    messages.success(request, "已提出更正，由另一人同意后生效；在此之前记录不变。")
    return redirect("desk:correction", pk=made.pk)


def _is_why(fault: Fault) -> bool:
    return fault.path.startswith(_WHY)


class _Page:
    """The page of one proposal, drawn again after each button."""

    def __init__(
        self, request: HttpRequest, target: Target, sheet: Sheet, why: WhyForm, more: dict[str, Any]
    ) -> None:
        self.request, self.target, self.sheet, self.why = request, target, sheet, why
        self.more = more
        self.draft: Correction | None = None

    @cached_property
    def wanted(self) -> State:
        """As typed; read once, before faults empty the boxes of what was read."""
        return self.sheet.wanted()

    def add_faults(self, faults: list[Fault]) -> None:
        """Those about reason and paper beside them, the others beside the record's boxes."""
        self.why.add_faults(
            [replace(one, path=one.path.removeprefix(_WHY)) for one in faults if _is_why(one)]
        )
        self.sheet.add_faults([one for one in faults if not _is_why(one)])
        if any(one.code == "taken" for one in faults):
            self.more["taken"] = self.wanted["credit_code"]

    def preview(self, officer: Officer, *, status: int = 200) -> HttpResponse:
        """With what would change and what that would do."""
        try:
            self.draft = corrections.drafted(
                officer=officer, target=self.target, wanted=self.wanted
            )
        except InvalidDecision as refused:
            if status != WRONG:
                self.add_faults(refused.faults)
            wanted = self.target.cleaned(self.wanted)
            changes = self.target.changes(wanted) if wanted.keys() == self._paths else []
            return self.show(status=max(status, WRONG), changes=changes)
        effects = views_of(corrections.preview(self.draft))
        return self.show(
            status=status,
            changes=self.draft.changes,
            effects=effects,
            effects_line=in_one_line(effects),
            worsens=any(effect.worsens for effect in effects),
        )

    @property
    def _paths(self) -> KeysView[str]:
        return self.target.state().keys()

    def conflict(self, officer: Officer) -> HttpResponse:
        """409: the record changed while it was being filled in; what was typed stays."""
        self.more["conflict"] = True
        return self.preview(officer, status=CONFLICT)

    def show(self, *, status: int = 200, **context: Any) -> HttpResponse:
        waiting = Correction.objects.waiting().filter(**self.target.columns()).first()
        shown = {
            "target": self.target,
            "sheet": self.sheet,
            "why": self.why,
            "base": self.target.base(),
            "faults": [*self.sheet.lines(), *(self.why.summary() if self.why.is_bound else [])],
            "waiting": waiting,
            "why_none": ""
            if "effects" in context
            else "改正有误的内容后预览，这里显示对等级的影响。",
            **self.sheet.context(),
            **self.more,
            **context,
        }
        return render(self.request, "desk/corrections/propose.html", shown, status=status)
