"""The office keeps the law catalogue: adding, changing, mending and ending an entry."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import check
from accounts.models import Officer
from accounts.roles import Can
from desk.conflict import CONFLICT
from desk.laws.forms import CHANGE, MEND, ArticleForm, ChangeForm, EndForm, present
from desk.laws.pages import article_context
from violations.errors import InvalidDecision
from violations.law_services import (
    StaleArticle,
    add_article,
    change_article,
    end_article,
    mend_article,
)
from violations.models import LawArticle

HOWS = (
    (CHANGE, "法律有新规定", "现版本到新规定施行的前一天为止；此前的行为仍按现版本判断"),
    (MEND, "更正录入错误", "原来录错的内容改正过来，如同一直如此；改动保留在历史中"),
)


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """One more entry."""
    officer = check(request, Can.KEEP_CATALOGUES)
    form = ArticleForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        data = form.article_input()
        if not form.errors:
            try:
                made = add_article(officer=officer, data=data, reason=form.values()["reason"])
            except InvalidDecision as refused:
                form.add_faults(refused.faults)
            else:
                messages.success(request, f"已增加 {made}，录入时即可选用。")
                return redirect("desk:law", pk=made.pk)
    return _page(request, form, None)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """A new version from a day on, or an error of typing set right."""
    officer = check(request, Can.KEEP_CATALOGUES)
    entry = get_object_or_404(LawArticle, pk=pk)
    if hasattr(entry, "replaced_by"):
        messages.info(request, "这是已被替代的版本，保留原样。请修改现在的版本。")
        return redirect("desk:law", pk=pk)
    if request.method != "POST":
        return _page(request, ChangeForm(initial=present(entry)), entry)
    form = ChangeForm(request.POST)
    try:
        made = _write(officer, entry, form)
    except InvalidDecision as refused:
        form.add_faults(refused.faults)
    except StaleArticle as stale:
        form.add_error(None, str(stale))
        return _page(request, form, stale.article, status=CONFLICT)
    if form.errors:
        return _page(request, form, entry)
    messages.success(request, f"已保存 {made}。此前的记录仍按行为发生时的规定判断。")
    return redirect("desk:law", pk=made.pk)


def _write(officer: Officer, entry: LawArticle, form: ChangeForm) -> LawArticle:
    """The entry as it stands afterwards; nothing is written where a box could not be read."""
    data, values = form.article_input(), form.values()
    if values["how"] not in (CHANGE, MEND):
        form.add_error("how", "请选择是法律有新规定，还是更正录入错误。")
    if form.errors:
        return entry
    service = mend_article if values["how"] == MEND else change_article
    return service(
        officer=officer,
        article_id=entry.pk,
        version=values["version"] or 0,
        data=data,
        reason=values["reason"],
    )


@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """The article no longer holds after a day."""
    officer = check(request, Can.KEEP_CATALOGUES)
    entry = get_object_or_404(LawArticle, pk=pk)
    form = EndForm(request.POST)
    values = form.values()
    status = 200
    if not form.errors:
        try:
            end_article(
                officer=officer,
                article_id=pk,
                version=values["version"] or 0,
                last_day=values["last_day"],
                reason=values["reason"],
            )
        except InvalidDecision as refused:
            form.add_faults(refused.faults)
        except StaleArticle as stale:
            form.add_error(None, str(stale))
            status = CONFLICT
        else:
            messages.success(request, f"{entry} 适用到 {values['last_day']} 为止。")
            return redirect("desk:law", pk=pk)
    context = article_context(entry, officer.may, form)
    return render(request, "desk/laws/article.html", context, status=status)


def _page(
    request: HttpRequest, form: ArticleForm, entry: LawArticle | None, status: int = 200
) -> HttpResponse:
    context = {"form": form, "entry": entry, "hows": HOWS, "faults": form.summary()}
    return render(request, "desk/laws/form.html", context, status=status)
