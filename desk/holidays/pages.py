"""The yearly notices: which years are there, and entering one with its effect shown before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import check, current_officer, requires
from accounts.roles import Can
from core import workdays
from core.clock import today
from core.holiday_models import DayKind, Holiday
from core.workday_notices import (
    LONGEST_TEXT,
    NoticeChanged,
    NoticeDay,
    NoticeRead,
    NoticeRefused,
    as_text,
    keep_year,
    planned,
    read_notice,
    version_of,
)
from desk.holidays.missing import missing_year
from desk.holidays.moved import Effect, effect_of
from desk.service_form import ServiceForm, long_box, text_box

CONFLICT = 409
FIRST_YEAR = 2020
MOVED_SHOWN = 100
HISTORY_SHOWN = 30


class NoticeForm(ServiceForm):
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    notice = text_box("通知名称或文号", "例如“国办发明电〔2026〕1号”", 200)
    text = forms.CharField(
        label="放假安排",
        required=False,
        help_text="可直接粘贴通知正文，每个节日一行，例如“国庆节：10月1日至7日放假，10月10日上班”",
        widget=forms.Textarea(attrs={"rows": "10", "maxlength": str(LONGEST_TEXT)}),
    )
    reason = long_box("理由", "录入或更改的原因，记入历史和审计记录", 100)


@dataclass(frozen=True, slots=True)
class Row:
    """One holiday of a notice: its days off and the days worked for it."""

    name: str
    off: list[date]
    work: list[date]


@requires(Can.SEE_REGISTER)
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The years with their notices; the next one, where it is missing."""
    officer = current_officer(request)
    rows = list(
        Holiday.objects.exclude(kind=DayKind.PLAIN)
        .values("year", "notice")
        .annotate(
            off=Count("pk", filter=Q(kind=DayKind.OFF)),
            work=Count("pk", filter=Q(kind=DayKind.WORK)),
        )
        .order_by("-year")
    )
    known = {row["year"] for row in rows}
    day = today()
    context = {
        "rows": rows,
        "missing_year": missing_year(),
        "absent": [year for year in (day.year + 1, day.year) if year not in known],
        "may_keep": officer.may(Can.KEEP_CATALOGUES),
    }
    return render(request, "desk/holidays/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def year(request: HttpRequest, year: int) -> HttpResponseBase:
    """Enter or change one year's notice: preview with the deadlines that move, then save."""
    officer = check(request, Can.KEEP_CATALOGUES)
    if not FIRST_YEAR <= year <= today().year + 2:
        raise Http404
    form = NoticeForm(request.POST if request.method == "POST" else None, initial=_first(year))
    status, read = 200, read_notice(year, str(form["text"].value() or ""))
    if request.method == "POST":
        values = form.values()
        if request.POST.get("do") == "save":
            try:
                before = workdays.calendar()
                keep_year(
                    actor=officer,
                    year=year,
                    text=values["text"],
                    notice=values["notice"],
                    reason=values["reason"],
                    version=values["version"] or 0,
                )
            except NoticeRefused as refused:
                status = 400
                for message in refused.messages:
                    form.add_error(_box_of(message), message)
            except NoticeChanged as late:
                status = CONFLICT
                form.add_error(None, late.message)
            else:
                effect = effect_of(before, workdays.calendar())
                messages.success(request, f"已保存 {year} 年放假安排。{_said(effect)}")
                return redirect("desk:holidays")
        elif read.faults:
            status = 400
            for fault in read.faults:
                form.add_error("text", fault)
    return _page(request, year, form, read, status)


def _page(
    request: HttpRequest, year: int, form: NoticeForm, read: NoticeRead, status: int
) -> HttpResponse:
    previewed = request.method == "POST" and not read.faults
    effect = effect_of(workdays.calendar(), planned(year, read.days)) if previewed else None
    history = Holiday.history.filter(year=year).select_related("history_user")
    context: dict[str, Any] = {
        "year": year,
        "form": form,
        "faults": form.summary() if form.is_bound else [],
        "rows": _rows(read.days),
        "doubts": read.doubts if previewed else [],
        "effect": effect,
        "moved": effect.moved[:MOVED_SHOWN] if effect else [],
        "said": _said(effect) if effect else "",
        "history": history.order_by("-history_id")[:HISTORY_SHOWN],
        "is_new": version_of(year) == 0,
    }
    return render(request, "desk/holidays/year.html", context, status=status)


def _first(year: int) -> dict[str, Any]:
    row = Holiday.objects.filter(year=year).exclude(kind=DayKind.PLAIN).first()
    notice = row.notice if row else f"国务院办公厅关于 {year} 年部分节假日安排的通知"
    return {"text": as_text(year), "notice": notice, "version": version_of(year)}


def _box_of(message: str) -> str:
    """Beside which box a refusal stands."""
    if "通知文号" in message:
        return "notice"
    return "reason" if "理由" in message else "text"


def _rows(days: Any) -> list[Row]:
    rows = []
    listed: list[NoticeDay] = sorted(days, key=lambda one: one.name)
    for name, group in groupby(listed, key=lambda one: one.name):
        own = sorted(group, key=lambda one: one.day)
        rows.append(
            Row(
                name,
                [one.day for one in own if one.kind == DayKind.OFF],
                [one.day for one in own if one.kind == DayKind.WORK],
            )
        )
    return sorted(rows, key=lambda row: min([*row.off, *row.work]))


def _said(effect: Effect) -> str:
    """The effect in one sentence."""
    if not effect.open:
        return "没有在办的期限。"
    words = f"在办期限 {effect.open} 个，其中 {len(effect.moved)} 个日期变动"
    return words + (f"，{effect.certain} 个由暂定转为确定。" if effect.certain else "。")
