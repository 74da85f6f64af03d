"""The register of organisations: list, search and filters."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import check
from accounts.roles import Can
from core import audit
from core.clock import today
from desk.register_filters import PAGE_SIZES, Filters, controls, looks_like_number, parse
from desk.register_pages import COUNTED, KeyPage
from desk.register_rows import rows_of
from grading.counting import Rules, first_decision_day, rules_on
from grading.facts import rule_versions


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The list; with htmx its result alone. A search or filter leaves a row in the trail."""
    officer = check(request, Can.SEE_REGISTER)
    filters = parse(request.GET)
    page = filters.listing(officer).page(request.GET)
    if filters.text or filters.count:
        audit.record(
            actor=officer, action="subject.search", details={"asked": filters.in_words()[:300]}
        )
    is_part = bool(getattr(request, "htmx", None)) and not request.htmx.boosted  # type: ignore[attr-defined]
    context = {
        "filters": filters,
        "main_controls": controls(filters, main=True),
        "more_controls": controls(filters, main=False),
        "chips": filters.chips(),
        "may_export": officer.may(Can.EXPORT_REGISTER),
        "may_edit": officer.may(Can.EDIT_SUBJECT),
        "page_sizes": PAGE_SIZES,
        **result(page, filters),
    }
    template = "desk/_subject_results.html" if is_part else "desk/subjects.html"
    response = render(request, template, context)
    response["Vary"] = "HX-Request"
    if is_part:  # the address without the boxes that were left alone
        response["HX-Push-Url"] = request.path + filters.address()
    return response


def result(page: KeyPage, filters: Filters) -> dict[str, Any]:
    """Rows and what is said above and below them."""
    rules = rules_on(today(), rule_versions())
    parameters = filters.parameters()
    return {
        "page": page,
        "rows": rows_of(page.subjects, filters.query),
        "more_than_counted": page.total > COUNTED,
        "counted": COUNTED,
        "previous": _beside(parameters, "before", page.before, page.number - 1),
        "next": _beside(parameters, "after", page.after, page.number + 1),
        "limits": rules.limits if rules else None,
        "window": _window(rules),
        "understood": _understood(filters),
        "without_filters": "?" + (urlencode({"q": filters.text}) if filters.text else ""),
        "export_query": filters.address(),
    }


def _beside(parameters: dict[str, str], side: str, key: str, number: int) -> str:
    """The address of the page before or after; empty where there is none."""
    return "?" + urlencode(parameters | {side: key, "page": str(number)}) if key else ""


def _window(rules: Rules | None) -> tuple[object, object] | None:
    """The days whose decisions count today, for the line below the list."""
    if rules is None:
        return None
    return first_decision_day(today(), rules.window_months), today()


def _understood(filters: Filters) -> str:
    """How the search text was read, in words."""
    kind = filters.query.kind
    if kind == "all":
        return ""
    if looks_like_number(filters.text):
        return f"“{filters.text}”匹配文书号和名称"
    if kind == "short":
        return "只输入了一个字，请至少输入两个字"
    what = {"code": "代码开头", "initials": "拼音首字母", "name": "名称"}[kind]
    return f"{what}“{filters.text}”匹配{'代码和曾用代码' if kind == 'code' else '名称和曾用名称'}"
