"""What happens to accounts: signing in and out, passwords, roles; each leaves its audit row."""

from __future__ import annotations

from collections.abc import Iterable

from axes.handlers.proxy import AxesProxyHandler
from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest

from accounts import session_clock
from accounts.models import Officer
from accounts.roles import Can
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


def set_first_password(*, actor: Officer, officer: Officer, password: str, reason: str) -> None:
    """Set another officer's password, to be changed at their next sign-in; ends a lock.

    Whoever knows it can act as that officer: only ``accounts.changes`` calls this, after a second
    administrator has agreed.
    """
    not_oneself(actor, officer)
    with transaction.atomic():
        officer.set_password(password)
        officer.must_change_password = True
        officer._change_reason = reason  # type: ignore[attr-defined]
        officer.save()
        record(actor=actor, action="account.password_reset", target=officer, reason=reason)
        AxesProxyHandler.reset_attempts(username=officer.number)


def remove_roles(*, actor: Officer, officer: Officer, roles: Iterable[str], reason: str) -> None:
    """Take ``roles`` away from ``officer`` at once; giving one needs a second administrator.

    Raises PermissionDenied for the own account and for an actor who is no administrator. Nothing is
    written where nothing changes.
    """
    not_oneself(actor, officer)
    with transaction.atomic():
        grants = officer.role_grants.select_for_update().filter(role__in=list(roles))
        removed = sorted(grant.role for grant in grants)
        for grant in grants:
            grant._change_reason = reason  # type: ignore[attr-defined]
            grant.delete()
        if removed:
            record(
                actor=actor,
                action="account.roles_changed",
                target=officer,
                reason=reason,
                details={"added": [], "removed": removed},
            )
    for cached in ("roles", "permissions"):
        officer.__dict__.pop(cached, None)


def disable(*, actor: Officer, officer: Officer, reason: str) -> None:
    """Shut an account at once: out at the next request, its tokens worth nothing.

    Raises PermissionDenied as ``remove_roles`` does.
    """
    not_oneself(actor, officer)
    with transaction.atomic():
        locked = Officer.objects.select_for_update(of=("self",)).get(pk=officer.pk)
        if locked.is_active:
            locked.is_active = False
            locked._change_reason = reason  # type: ignore[attr-defined]
            locked.save()
            record(actor=actor, action="account.disable", target=locked, reason=reason)


def correct_name(*, actor: Officer, officer: Officer, name: str, reason: str) -> None:
    """Mend how the name is written. Raises PermissionDenied as ``remove_roles`` does."""
    not_oneself(actor, officer)
    with transaction.atomic():
        locked = Officer.objects.select_for_update(of=("self",)).get(pk=officer.pk)
        before, locked.name = locked.name, name
        locked._change_reason = reason  # type: ignore[attr-defined]
        locked.save()
        record(
            actor=actor,
            action="account.correct_name",
            target=locked,
            reason=reason,
            details={"name": [before, name]},
        )


def not_oneself(actor: Officer, officer: Officer) -> None:
    """Raise PermissionDenied for the own account and for an actor who is no administrator."""
    if not actor.may(Can.ADMINISTER):
        raise PermissionDenied("账号和角色由系统管理员维护。")
    if officer.pk is not None and officer.pk == actor.pk:
        raise PermissionDenied("不能修改自己的账号和角色，请由另一位系统管理员办理。")
