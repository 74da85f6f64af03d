"""Reading the law catalogue: the list, and one entry with its versions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.access import check
from accounts.roles import Can
from core.clock import today
from desk.laws.forms import EndForm
from grading.counting import rules_on
from grading.facts import rule_versions
from grading.models import RuleSet
from violations.enums import Field
from violations.law_search import MAX_QUERY, search
from violations.law_selectors import in_force, unmapped_laws_in_use, versions_of
from violations.models import LawArticle
from violations.warnings import fine_range

PAGE_SIZE = 50
READERS = (
    Can.RECORD_DECISION,
    Can.CONFIRM_DECISION,
    Can.SEE_ALL_DECISIONS,
    Can.KEEP_CATALOGUES,
)
SEALED, OPEN, UNMAPPED = ("封存", ""), ("可公开", "info"), ("未列明，按封存", "warn")


@dataclass(frozen=True, slots=True)
class Line:
    """One version with its words: range of the fine, and what the rule set says of its law."""

    entry: LawArticle
    fine: str
    sealing: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Happening:
    """One row of the history."""

    at: datetime
    who: str
    what: str
    reason: str


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """The catalogue, by words and field; the office also sees laws in use that nobody mapped."""
    officer = check(request, *READERS)
    query, field = request.GET.get("q", "")[:MAX_QUERY].strip(), request.GET.get("field", "")
    past = request.GET.get("past") == "1"
    rows = LawArticle.objects.order_by("law", "id") if past else in_force(today())
    if field in Field.values:
        rows = rows.filter(field=field)
    page = Paginator(search(query, rows), PAGE_SIZE).get_page(request.GET.get("page"))
    may_keep = officer.may(Can.KEEP_CATALOGUES)
    context = {
        "page": page,
        "lines": _lines(page.object_list),
        "query": query,
        "field": field,
        "fields": [("", "全部领域"), *Field.choices],
        "past": past,
        "today": today(),
        "may_keep": may_keep,
        "unmapped": unmapped_laws_in_use() if may_keep else [],
    }
    return render(request, "desk/laws/list.html", context)


@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """One entry: what holds, what held before, who changed what and why."""
    officer = check(request, *READERS)
    entry = get_object_or_404(LawArticle, pk=pk)
    return render(request, "desk/laws/article.html", article_context(entry, officer.may))


def article_context(entry: LawArticle, may: Any, end_form: EndForm | None = None) -> dict[str, Any]:
    """Everything ``desk/laws/article.html`` needs; ``may`` asks for a right."""
    versions = versions_of(entry)
    return {
        "line": _lines([entry])[0],
        "entry": entry,
        "versions": _lines(versions),
        "is_latest": versions[0].pk == entry.pk,
        "latest": versions[0],
        "history": list(_happenings([row.pk for row in versions])),
        "may_keep": may(Can.KEEP_CATALOGUES),
        "today": today(),
        "end_form": end_form or EndForm(initial={"version": entry.version}),
        "faults": end_form.summary() if end_form else [],
    }


def _lines(entries: Any) -> list[Line]:
    rules = rules_on(today(), rule_versions())
    laws = RuleSet.objects.get(pk=rules.id).laws if rules else {}
    words = {True: SEALED, False: OPEN, None: UNMAPPED}
    return [
        Line(
            entry,
            fine_range(entry) if "fine" in entry.kind_values else "—",
            words[laws.get(entry.law_key)],
        )
        for entry in entries
    ]


_KINDS = {"+": "录入", "~": "修改"}


def _happenings(ids: list[int]) -> Iterator[Happening]:
    rows = LawArticle.history.filter(id__in=ids).select_related("history_user__unit")
    for row in rows.order_by("-history_date", "-history_id"):
        user = row.history_user
        who = f"{user.name}（{user.unit.name}）" if user else "系统"
        what = f"{_KINDS[row.history_type]} {row.law}{row.article}"
        if row.valid_until:
            what += f"，有效至 {row.valid_until}"
        yield Happening(row.history_date, who, what, row.history_change_reason or "")
