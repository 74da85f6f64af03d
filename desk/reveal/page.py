"""One encrypted field in plain: the purpose is asked, and the trail has its row first."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from accounts.access import check
from accounts.models import Officer
from core import audit
from desk.purpose import PurposeForm
from desk.reveal.fields import Revealable
from desk.reveal.registry import REGISTRY


class RevealPurposeForm(PurposeForm):
    example = "电话通知约谈时间"
    by_whom = "查看人"


def reveal(request: HttpRequest, what: str, pk: int) -> HttpResponseBase:
    """GET asks what for; POST writes the row and then, only then, reads and shows the value."""
    row = REGISTRY.get(what)
    if row is None:
        raise Http404
    return _answer(request, row, pk)


@require_http_methods(["GET", "HEAD", "POST"])
def _answer(request: HttpRequest, row: Revealable, pk: int) -> HttpResponse:
    officer = check(request, *row.needs)
    found = get_object_or_404(row.scope(officer).defer(row.field), pk=pk)
    form = RevealPurposeForm(request.POST or None)
    context: dict[str, Any] = {
        "form": form,
        "label": row.label,
        "whose": row.of(found),
        "back": row.back(found),
    }
    status = 200
    if request.method == "POST":
        if form.is_valid():
            context["value"] = _opened(officer, row, found, form.cleaned_data["purpose"])
            context["is_open"] = True
        else:
            status = 400
    answer = render(request, "desk/reveal/page.html", context, status=status)
    answer["Cache-Control"] = "no-store"
    return answer


def _opened(officer: Officer, row: Revealable, found: Any, purpose: str) -> str:
    """The value in plain. The row of the trail is committed before it is even decrypted."""
    audit.record(
        actor=officer,
        action="field.reveal",
        target=found,
        reason=purpose,
        details={"what": row.name},
    )
    value = row.scope(officer).values_list(row.field, flat=True).get(pk=found.pk)
    return str(value or "")
