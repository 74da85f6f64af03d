"""Organisations whose grading failed again and again: administrators see them and try again."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.access import check
from accounts.models import Officer
from accounts.roles import Can
from grading import left_over
from subjects.models import Subject

SHOWN = 100  # so many at once mean one cause: it is found from the first


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The list, the longest waiting first."""
    check(request, Can.ADMINISTER)
    found = left_over.set_aside()
    context = {"rows": found[:SHOWN], "total": found.count(), "attempts": left_over.ATTEMPTS}
    return render(request, "desk/set_aside.html", context)


@require_POST
def try_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Put one back in line; it is graded at once, or set aside again after as many attempts."""
    officer = check(request, Can.ADMINISTER)
    subject = get_object_or_404(Subject, pk=pk)
    if left_over.try_again(officer=officer, subject=subject):
        messages.success(request, f"已重新提交评定：{subject.name}。结果见该对象的信用档案。")
    else:
        messages.warning(request, f"{subject.name}已不在待处理之列，无需再试。")
    return redirect("desk:set-aside")


def count_for(officer: Officer) -> int:
    """The number beside the place in the navigation."""
    return left_over.set_aside().count()
