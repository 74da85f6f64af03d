"""Filing an objection at the desk: whose, about which records or which grade, what is claimed."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts.access import check
from accounts.models import Officer
from accounts.roles import Can
from appeals.case_files import OBJECTIONS
from appeals.case_models import Side
from appeals.objection_enums import GradeSight
from appeals.objection_filing import (
    MAX_WORDS,
    ClaimInput,
    ObjectionInput,
    file_objection,
)
from appeals.objection_selectors import disputed, disputed_entries
from core import audit
from core.clock import today
from desk.objections.claims import treatments_of
from desk.objections.forms import FilingForm
from subjects.lookup import find_by_code
from subjects.models import Subject
from violations.case_files import add_file
from violations.enums import DecisionState, ListState
from violations.errors import InvalidDecision
from violations.inputs import Fault
from violations.models import ListEntry, Violation

SHOWN = 50


@dataclass(slots=True)
class Choice:
    """One record or grade that can be claimed about; ``name`` stands in the boxes."""

    name: str
    label: str
    words: str
    made: ClaimInput
    is_disputed: bool = False
    ticked: bool = False
    typed: str = ""
    errors: list[str] = field(default_factory=list)


@require_http_methods(["GET", "POST"])
def show(request: HttpRequest) -> HttpResponseBase:
    """Without an organisation the code is asked for first."""
    officer = check(request, Can.HANDLE_APPEAL)
    subject = _subject(request)
    if subject is None:
        code = request.GET.get("code", "").strip()
        fault = f"没有找到代码为“{code}”的监管对象。请对照营业执照核对。" if code else ""
        return render(request, "desk/objections/find.html", {"code": code, "fault": fault})
    choices = _choices(request, subject)
    if request.method == "GET":
        audit.record(actor=officer, action="subject.view", target=subject)
        form = FilingForm(initial={"received_on": today(), "origin": "desk"})
        return _page(request, subject, choices, form)
    return _file(request, officer, subject, choices)


def _file(
    request: HttpRequest, officer: Officer, subject: Subject, choices: list[Choice]
) -> HttpResponseBase:
    form = FilingForm(request.POST)
    chosen = [one for one in choices if one.ticked]
    claims = tuple(
        ClaimInput(one.typed, one.made.violation_id, one.made.list_entry_id, one.made.grade)
        for one in chosen
    )
    values = form.values()
    lines: list[dict[str, str]] = []
    try:
        data = ObjectionInput(subject_id=subject.pk, claims=claims, **values)
        if form.is_valid():
            made = file_objection(officer=officer, data=data)
            _keep_files(request, officer, made.pk)
            messages.success(
                request, f"已登记异议，回执号 {made.number}；有关记录已标注“异议处理中”。"
            )
            return redirect("desk:objection", pk=made.pk)
    except InvalidDecision as refused:
        lines = _spread(chosen, form, refused.faults)
    faults = [*form.summary(), *lines]
    return _page(request, subject, choices, form, faults=faults, status=400)


def _keep_files(request: HttpRequest, officer: Officer, pk: int) -> None:
    """The objection stands whatever becomes of its files: they can be brought again."""
    for upload in request.FILES.getlist("files"):
        try:
            add_file(OBJECTIONS, officer=officer, case_id=pk, upload=upload, side=Side.PARTY)
        except InvalidDecision as refused:
            messages.error(request, refused.faults[0].message)


def _spread(chosen: list[Choice], form: FilingForm, faults: list[Fault]) -> list[dict[str, str]]:
    """Claims' faults beside their record, the others in the form."""
    lines, rest = [], []
    for fault in faults:
        at = fault.path.removeprefix("claims[").partition("]")[0]
        if fault.path.startswith("claims[") and at.isdigit() and int(at) < len(chosen):
            one = chosen[int(at)]
            one.errors.append(fault.message)
            lines.append({"id": f"id_w_{one.name}", "message": fault.message})
        elif fault.path == "claims":
            lines.append({"id": "id_claims", "message": fault.message})
        else:
            rest.append(fault)
    form.add_faults(rest)
    return lines


def _subject(request: HttpRequest) -> Subject | None:
    given = request.GET.get("subject", "")
    if given.isascii() and given.isdigit() and len(given) < 10:
        found = get_object_or_404(Subject.objects.select_related("merged_into"), pk=given)
        return found.merged_into or found
    code = request.GET.get("code", "")
    return find_by_code(code) if code else None


def _choices(request: HttpRequest, subject: Subject) -> list[Choice]:
    """What of this organisation can be contested: records and entries in force, and the grades."""
    ids = subject.family_ids
    acts = list(
        Violation.objects.filter(
            decision__subject__in=ids,
            decision__state=DecisionState.IN_FORCE,
            revoked_on__isnull=True,
        )
        .select_related("decision__unit")
        .prefetch_related("dispositions")
        .order_by("-decision__decided_on", "-decision_id", "ordinal")[:SHOWN]
    )
    entries = list(ListEntry.objects.filter(subject__in=ids, state=ListState.PUBLISHED)[:SHOWN])
    marked = disputed([one.pk for one in acts])
    marked_entries = disputed_entries([one.pk for one in entries])
    choices = [
        Choice(
            f"v{act.pk}",
            f"{act.decision.number}：{act.type}",
            f"{treatments_of(act)}，{act.decision.decided_on} 决定 · {act.decision.unit}",
            ClaimInput("", violation_id=act.pk),
            act.pk in marked,
        )
        for act in acts
    ]
    choices += [
        Choice(
            f"l{entry.pk}",
            f"{entry.get_list_display()} {entry.paper}",
            f"{entry.listed_on} 至 {entry.expires_on}",
            ClaimInput("", list_entry_id=entry.pk),
            entry.pk in marked_entries,
        )
        for entry in entries
    ]
    choices += [
        Choice(
            f"g_{sight.value}", f"等级评定：{sight.label}", "", ClaimInput("", grade=sight.value)
        )
        for sight in GradeSight
    ]
    wanted = request.GET.get("decision", "")
    decisions = {act.pk: str(act.decision_id) for act in acts}
    for one in choices:
        if request.method == "POST":
            one.ticked = one.name in request.POST
            one.typed = request.POST.get(f"w_{one.name}", "")[: MAX_WORDS * 2]
        elif wanted and one.made.violation_id is not None:
            one.ticked = decisions.get(one.made.violation_id) == wanted and not one.is_disputed
    return choices


def _page(
    request: HttpRequest,
    subject: Subject,
    choices: list[Choice],
    form: FilingForm,
    *,
    faults: list[dict[str, str]] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {"subject": subject, "choices": choices, "form": form, "faults": faults or []}
    return render(request, "desk/objections/new.html", context, status=status)
