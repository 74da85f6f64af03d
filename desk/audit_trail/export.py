"""Rows of the trail as a sheet: a purpose is asked, and the export stands in the trail."""

from __future__ import annotations

import json
from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods

from accounts.access import check
from accounts.models import Officer
from accounts.roles import Can
from core import audit
from core.clock import today
from core.spreadsheets_writer import XLSX, Value, workbook_bytes
from desk.audit_trail.filters import Filters, parse
from desk.audit_trail.page import shown
from desk.purpose import PurposeForm

MAX_ROWS = 10_000
COLUMNS = (
    ("编号", 10),
    ("时间", 20),
    ("警号", 10),
    ("姓名", 10),
    ("单位", 16),
    ("来源", 20),
    ("类别", 8),
    ("操作", 24),
    ("对象类型", 14),
    ("对象编号", 10),
    ("对象", 40),
    ("理由", 40),
    ("内容", 60),
)


class TrailPurposeForm(PurposeForm):
    example = "2026 年第四季度内部审计"


@require_http_methods(["GET", "HEAD", "POST"])
def export(request: HttpRequest) -> HttpResponse:
    """GET asks for the purpose, POST answers with the sheet; the filters stand in the address."""
    officer = check(request, Can.READ_AUDIT)
    filters = parse(request.GET, officer)
    total = len(filters.rows().values_list("pk")[: MAX_ROWS + 1])
    form = TrailPurposeForm(request.POST or None)
    is_allowed = 0 < total <= MAX_ROWS
    if request.method == "POST" and is_allowed and form.is_valid():
        return _sheet(officer, filters, form.cleaned_data["purpose"])
    context = {
        "form": form,
        "filters": filters,
        "total": total,
        "is_allowed": is_allowed,
        "back": reverse("desk:audit-trail") + filters.address(),
    }
    status = 400 if request.method == "POST" else 200
    return render(request, "desk/audit_trail/export.html", context, status=status)


def _sheet(officer: Officer, filters: Filters, purpose: str) -> HttpResponse:
    rows = list(_rows(filters))
    audit.record(
        actor=officer,
        action="audit.export",
        reason=purpose,
        details={"asked": filters.in_words()[:300], "rows": len(rows)},
    )
    remarks = (
        f"导出条件：{filters.in_words()}",
        f"导出：{officer.name}（{officer.unit.name}） {timezone.localtime():%Y-%m-%d %H:%M}",
        f"用途：{purpose}",
        "内部资料，注意保密，不得对外提供。",
    )
    data = workbook_bytes(COLUMNS, rows, title="审计记录", remarks=remarks)
    response = HttpResponse(data, content_type=XLSX)
    name = f"审计记录-{today():%Y-%m-%d}.xlsx"
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["Cache-Control"] = "no-store"
    return response


def _rows(filters: Filters) -> Iterator[list[Value]]:
    for row in shown(list(filters.rows()[:MAX_ROWS])):
        entry = row.entry
        yield [
            entry.pk,
            f"{timezone.localtime(entry.at):%Y-%m-%d %H:%M:%S}",
            entry.actor,
            entry.actor_name,
            row.unit,
            entry.origin,
            row.kind.label,
            row.words,
            row.type,
            entry.target_id,
            entry.target_label,
            entry.reason,
            json.dumps(entry.details, ensure_ascii=False)[:2000] if entry.details else "",
        ]
