"""The listed organisations as a sheet: a purpose is asked, the export stands in the trail."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

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
from desk.purpose import PurposeForm
from desk.register_filters import Filters, parse
from desk.register_rows import fresh_standings
from desk.templatetags.words import clause_words
from grading.models import Flag, Grade, Standing
from subjects.models import Subject

MAX_ROWS = 10_000
COLUMNS = (
    ("统一社会信用代码", 22),
    ("监管对象", 36),
    ("类别", 12),
    ("行业", 16),
    ("登记状态", 10),
    ("归口单位", 16),
    ("等级", 14),
    ("依据条款", 28),
    ("标记", 18),
    ("警告、责令改正（次）", 12),
    ("行政处罚（件）", 12),
    ("违反许可承诺（次）", 12),
    ("罚没款（元）", 14),
    ("现等级自", 12),
    ("下次变化", 12),
    ("最近变动", 12),
)


class RegisterPurposeForm(PurposeForm):
    example = "12 月旅馆业检查抽取名单"


@require_http_methods(["GET", "HEAD", "POST"])
def export(request: HttpRequest) -> HttpResponse:
    """GET asks for the purpose, POST answers with the sheet; the filters stand in the address."""
    officer = check(request, Can.EXPORT_REGISTER)
    filters = parse(request.GET)
    total = len(filters.subjects(officer).order_by().values_list("pk")[: MAX_ROWS + 1])
    form = RegisterPurposeForm(request.POST or None)
    is_allowed = 0 < total <= MAX_ROWS
    if request.method == "POST" and is_allowed and form.is_valid():
        return _sheet(officer, filters, form.cleaned_data["purpose"])
    context = {
        "form": form,
        "filters": filters,
        "total": total,
        "is_allowed": is_allowed,
        "back": reverse("desk:subjects") + filters.address(),
    }
    status = 400 if request.method == "POST" else 200
    return render(request, "desk/subjects_export.html", context, status=status)


def _sheet(officer: Officer, filters: Filters, purpose: str) -> HttpResponse:
    subjects = list(filters.subjects(officer)[:MAX_ROWS])
    audit.record(
        actor=officer,
        action="subject.export",
        reason=purpose,
        details={"asked": filters.in_words()[:300], "rows": len(subjects)},
    )
    remarks = (
        f"导出条件：{filters.in_words()}",
        f"导出：{officer.name}（{officer.unit.name}） {timezone.localtime():%Y-%m-%d %H:%M}",
        f"用途：{purpose}",
        "内部资料，注意保密。等级含不公开的记录，不得对外提供。",
    )
    data = workbook_bytes(COLUMNS, _rows(subjects), title="监管对象", remarks=remarks)
    response = HttpResponse(data, content_type=XLSX)
    name = f"监管对象-{today():%Y-%m-%d}.xlsx"
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["Cache-Control"] = "no-store"
    return response


def _rows(subjects: list[Subject]) -> Iterator[list[Value]]:
    standings = fresh_standings(subjects)
    for subject in subjects:
        standing = standings[subject.pk]
        yield [
            subject.credit_code,
            subject.name,
            subject.get_kind_display(),
            subject.get_industry_display(),
            subject.get_registry_status_display(),
            subject.unit_in_charge.name if subject.unit_in_charge else "",
            _grade_words(standing),
            clause_words(standing.clauses),
            "、".join(Flag(flag).label for flag in standing.flags.split()),
            standing.warnings,
            standing.penalties,
            standing.breaches,
            Decimal(standing.amount_fen) / 100,
            standing.since,
            standing.next_change_on,
            timezone.localdate(standing.changed_at) if standing.changed_at else None,
        ]


def _grade_words(standing: Standing) -> str:
    return f"{standing.grade} {Grade(standing.grade).label}" if standing.grade else "未定级"
