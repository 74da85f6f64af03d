"""What happens to accounts: signing in and out, passwords, roles; each leaves its audit row."""

from __future__ import annotations

from collections.abc import Iterable

from axes.handlers.proxy import AxesProxyHandler
from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest

from accounts import session_clock
from accounts.models import Officer, RoleGrant
from accounts.roles import Can, Role
from core.audit import record


def sign_in(*, request: HttpRequest, number: str, password: str) -> Officer | None:
    """Sign in with police number and password under a new session key; None where refused.

    A refusal writes its row without the number that was typed (it may be a password typed into
    the wrong box); where the number is an officer's, that officer is the target. After a fifth
    failure ``request.axes_locked_out`` is set and the lock has its own row.
    """
    officer = authenticate(request, number=number, password=password)
    if not isinstance(officer, Officer):
        _record_failure(request, number)
        return None
    with transaction.atomic():
        login(request, officer)
        session_clock.start(request)
        record(actor=officer, action="account.sign_in", target=officer)
    return officer


def _record_failure(request: HttpRequest, number: str) -> None:
    known = Officer.objects.filter(number=number).first()
    locked = bool(getattr(request, "axes_locked_out", False))
    # The count is set only where this very attempt was judged, not where a lock refused it unseen.
    begins = locked and getattr(request, "axes_failures_since_start", None) is not None
    with transaction.atomic():
        record(
            actor=None,
            action="account.sign_in_failed",
            target=known,
            details={"known": known is not None, "locked": locked},
        )
        if begins:
            record(actor=None, action="account.locked", target=known)


def sign_out(*, request: HttpRequest) -> None:
    """End the session of whoever is signed in."""
    if isinstance(request.user, Officer):
        record(actor=request.user, action="account.sign_out", target=request.user)
    logout(request)


def end_session(*, request: HttpRequest, because: str) -> None:
    """End a session that reached a limit: ``because`` is ``idle`` or ``absolute``."""
    if isinstance(request.user, Officer):
        record(
            actor=request.user,
            action="account.session_ended",
            target=request.user,
            details={"because": because},
        )
    logout(request)


def change_password(*, request: HttpRequest, officer: Officer, password: str) -> None:
    """Set the officer's own password; their other sessions end, this one gets a new key."""
    with transaction.atomic():
        officer.set_password(password)
        officer.must_change_password = False
        officer._change_reason = "本人修改密码"  # type: ignore[attr-defined]
        officer.save()
        record(actor=officer, action="account.password_changed", target=officer)
        update_session_auth_hash(request, officer)


def reset_password(*, actor: Officer, officer: Officer, password: str, reason: str) -> None:
    """Set another officer's password, to be changed at their next sign-in; ends a lock."""
    _not_oneself(actor, officer)
    with transaction.atomic():
        officer.set_password(password)
        officer.must_change_password = True
        officer._change_reason = reason  # type: ignore[attr-defined]
        officer.save()
        record(actor=actor, action="account.password_reset", target=officer, reason=reason)
        AxesProxyHandler.reset_attempts(username=officer.number)


def set_roles(*, actor: Officer, officer: Officer, roles: Iterable[str], reason: str) -> None:
    """Give ``officer`` exactly ``roles``; nobody changes their own (reliability.md).

    Raises PermissionDenied for the own account and for an actor who is no administrator,
    ValueError for an unknown role. Nothing is written where nothing changes.
    """
    _not_oneself(actor, officer)
    wanted = {Role(role).value for role in roles}
    with transaction.atomic():
        grants = {grant.role: grant for grant in officer.role_grants.select_for_update()}
        added, removed = sorted(wanted - grants.keys()), sorted(grants.keys() - wanted)
        for role in removed:
            grants[role]._change_reason = reason  # type: ignore[attr-defined]
            grants[role].delete()
        for role in added:
            grant = RoleGrant(officer=officer, role=role)
            grant._change_reason = reason  # type: ignore[attr-defined]
            grant.save()
        if added or removed:
            record(
                actor=actor,
                action="account.roles_changed",
                target=officer,
                reason=reason,
                details={"added": added, "removed": removed},
            )
    for cached in ("roles", "permissions"):
        officer.__dict__.pop(cached, None)


def _not_oneself(actor: Officer, officer: Officer) -> None:
    if not actor.may(Can.ADMINISTER):
        raise PermissionDenied("账号和角色由系统管理员维护。")
    if officer.pk is not None and officer.pk == actor.pk:
        raise PermissionDenied("不能修改自己的账号和角色，请由另一位系统管理员办理。")
