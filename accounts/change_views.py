"""What waits for a second administrator: the list, one proposal, and what is done with it."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts import changes
from accounts.access import check
from accounts.change_effects import ChangeRefused
from accounts.change_models import AccountChange, ChangeState
from accounts.change_words import in_short, lines_of
from accounts.models import Officer
from accounts.roles import Can
from accounts.tokens import InvalidToken

SHOWN = 50


def waiting_for(officer: Officer) -> QuerySet[AccountChange]:
    """Proposals that this administrator may decide: of others, and not about themself."""
    if not officer.may(Can.ADMINISTER):
        return AccountChange.objects.none()
    rows = AccountChange.objects.filter(state=ChangeState.PROPOSED)
    rows = rows.exclude(proposed_by=officer).exclude(officer_id=officer.pk)
    return rows.select_related("officer", "proposed_by").order_by("proposed_at", "id")


def count_for(officer: Officer) -> int:
    """The number beside the place in the navigation."""
    return waiting_for(officer).count()


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """All that is open, the longest waiting first, and below it what was decided lately."""
    officer = check(request, Can.ADMINISTER)
    rows = AccountChange.objects.select_related("officer", "proposed_by", "decided_by")
    pending = list(rows.filter(state=ChangeState.PROPOSED).order_by("proposed_at")[: SHOWN + 1])
    decided = list(rows.exclude(state=ChangeState.PROPOSED)[:SHOWN])
    mine = {one.pk for one in waiting_for(officer)}
    context = {
        "pending": [(one, in_short(one), one.pk in mine) for one in pending[:SHOWN]],
        "more": len(pending) > SHOWN,
        "decided": [(one, in_short(one)) for one in decided],
        "officer": officer,
    }
    return render(request, "accounts/proposals.html", context)


@never_cache
@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """One proposal: what it would do, why, and what this administrator may do with it."""
    officer = check(request, Can.ADMINISTER)
    return _page(request, officer, get_object_or_404(AccountChange, pk=pk))


def _page(
    request: HttpRequest,
    officer: Officer,
    change: AccountChange,
    fault: str = "",
    status: int = 200,
) -> HttpResponse:
    is_own = change.proposed_by_id == officer.pk
    context = {
        "change": change,
        "lines": lines_of(change),
        "is_own": is_own,
        "is_about_me": change.officer_id == officer.pk,
        "may_decide": change.is_open and not is_own and change.officer_id != officer.pk,
        "may_take": change.has_secret and is_own,
        "fault": fault,
        "remark": request.POST.get("remark", ""),
    }
    return render(request, "accounts/proposal.html", context, status=status)


def _done(
    request: HttpRequest, pk: int, act: Callable[[Officer, AccountChange], object], said: str
) -> HttpResponse:
    officer = check(request, Can.ADMINISTER)
    change = get_object_or_404(AccountChange, pk=pk)
    try:
        act(officer, change)
    except (ChangeRefused, InvalidToken) as refused:
        change.refresh_from_db()
        return _page(request, officer, change, str(refused), 409)
    messages.success(request, said)
    return redirect("accounts:proposal", pk=pk)


@require_POST
def agree(request: HttpRequest, pk: int) -> HttpResponse:
    return _done(
        request,
        pk,
        lambda officer, change: changes.agree(actor=officer, change=change),
        "已同意，变更生效。需要密码或令牌的，由提出人领取。",
    )


@require_POST
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    remark = request.POST.get("remark", "")
    return _done(
        request,
        pk,
        lambda officer, change: changes.refuse(actor=officer, change=change, remark=remark),
        "已退回，变更没有生效。",
    )


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    return _done(
        request,
        pk,
        lambda officer, change: changes.withdraw(actor=officer, change=change),
        "已撤回，变更没有生效。",
    )


@never_cache
@require_POST
def secret(request: HttpRequest, pk: int) -> HttpResponse:
    """The password or token in the answer itself: no address leads to it again."""
    officer = check(request, Can.ADMINISTER)
    change = get_object_or_404(AccountChange, pk=pk)
    try:
        shown = changes.take_secret(actor=officer, change=change)
    except (ChangeRefused, InvalidToken) as refused:
        change.refresh_from_db()
        return _page(request, officer, change, str(refused), 409)
    change.refresh_from_db()
    return render(request, "accounts/secret.html", {"change": change, "secret": shown})
