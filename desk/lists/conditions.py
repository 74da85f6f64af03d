"""The catalogue of published conditions: everybody of the register reads, the office keeps."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import check, current_officer, requires
from accounts.roles import Can
from core.clock import today
from desk.lists.forms import StepForm
from desk.service_form import ServiceForm, choice_box, day_box, long_box, text_box
from violations.enums import ListKind
from violations.errors import CaseRefused, InvalidDecision
from violations.list_conditions import ConditionInput, keep_condition
from violations.models import ListCondition

CONFLICT = 409
HISTORY_SHOWN = 20
_FIELDS = ("list", "words", "legal_basis", "document", "valid_from", "valid_until")


class ConditionForm(StepForm):
    list = choice_box("名单", ListKind.choices)
    words = long_box("条件", "照公布的文字填写", 1000)
    legal_basis = text_box("法律依据", longest=300)
    document = text_box("发布文书", longest=100)
    valid_from = day_box("自")
    valid_until = day_box("至（含）", "仍有效的留空；条件改版的，结束旧条件并另建新条件")
    change_reason = text_box("理由", "依据哪份文件录入或更改", 200)


@requires(Can.SEE_REGISTER)
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """All conditions, those in force first."""
    officer = current_officer(request)
    rows = list(ListCondition.objects.annotate(used=Count("entries")))
    valid = set(ListCondition.objects.valid_on(today()).values_list("pk", flat=True))
    groups = [
        (label, [(row, row.pk in valid) for row in rows if row.list == kind])
        for kind, label in reversed(ListKind.choices)
    ]
    context = {"groups": groups, "may_keep": officer.may(Can.KEEP_CATALOGUES)}
    return render(request, "desk/lists/conditions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def keep(request: HttpRequest, pk: int | None = None) -> HttpResponseBase:
    """Enter a condition, or change one; its history stands below."""
    officer = check(request, Can.KEEP_CATALOGUES)
    row = get_object_or_404(ListCondition, pk=pk) if pk else None
    first = {n: getattr(row, n) for n in (*_FIELDS, "version")} if row else {"valid_from": today()}
    form = ConditionForm(request.POST if request.method == "POST" else None, initial=first)
    status = 200
    if request.method == "POST":
        values = form.values()
        status = 400
        try:
            if form.is_valid():
                keep_condition(
                    officer=officer,
                    data=ConditionInput(**{name: values[name] for name in _FIELDS}),
                    reason=values["change_reason"],
                    condition_id=pk,
                    version=values["version"] or 0,
                )
                messages.success(request, "已保存名单条件，原内容保留在历史中。")
                return redirect("desk:list-conditions")
        except InvalidDecision as refused:
            form.add_faults(refused.faults)
        except CaseRefused as late:
            form.add_error(None, late.message)
            status = CONFLICT
    context = {
        "form": form,
        "row": row,
        "faults": _summary(form),
        "history": row.history.select_related("history_user")[:HISTORY_SHOWN] if row else [],
    }
    return render(request, "desk/lists/condition.html", context, status=status)


def _summary(form: ServiceForm) -> list[dict[str, str]]:
    return form.summary() if form.is_bound else []
