"""The file of a draw: for which purpose is asked, and it stands in the trail."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods

from accounts.access import check
from accounts.roles import Can
from core import audit
from desk.inspections.common import BAD, found_plan
from desk.purpose import PurposeForm
from sanctions.inspection_file import written


class DrawPurposeForm(PurposeForm):
    example = "复算 2026 年第四季度日常抽查"


@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """GET asks for the purpose, POST answers with pool list, seed and result."""
    officer = check(request, Can.EXPORT_REGISTER, Can.READ_AUDIT)
    plan = found_plan(pk)
    form = DrawPurposeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        purpose = form.cleaned_data["purpose"]
        audit.record(actor=officer, action="inspection_plan.export", target=plan, reason=purpose)
        answer = HttpResponse("\ufeff" + written(plan), content_type="text/csv; charset=utf-8")
        name = f"抽查文件-{plan.pk}.csv"
        answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
        return answer
    status = BAD if request.method == "POST" else 200
    context = {"form": form, "plan": plan, "total": plan.members.count()}
    return render(request, "desk/inspections/draw_file.html", context, status=status)
