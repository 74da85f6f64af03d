"""Tokens are issued, looked up and revoked here; the secret is shown once and never kept."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable
from datetime import date, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import ApiToken, Client, Officer
from accounts.roles import Can
from accounts.scopes import DISCLOSABLE, Scope
from core.audit import record
from core.clock import today

DEFAULT_DAYS = 365
MAX_DAYS = 2 * 365
_TOKEN = re.compile(r"wg_([0-9a-f]{12})_([0-9A-Za-z_-]{43})")


class InvalidToken(ValueError):  # noqa: N818 - named for what it is
    """A token that may not be issued like this; ``str()`` says why in Chinese."""


def issue_token(
    *,
    actor: Officer | None,
    agreed_by: Officer | None = None,
    officer: Officer | None = None,
    client: Client | None = None,
    scopes: Iterable[str],
    valid_until: date | None = None,
) -> tuple[ApiToken, str]:
    """A new token and its secret, which nobody can ever read again.

    It stands for ``officer`` or for ``client``; exactly one is given. ``actor`` is None where
    whoever runs the server issues it by command; an administrator issues one only with another who
    ``agreed_by``, and neither for themself. Raises InvalidToken, PermissionDenied.
    """
    _require_two(actor, agreed_by, officer)
    if (officer is None) == (client is None):
        raise InvalidToken("令牌属于一名民警或一个外部用户，二者选一。")
    wanted = check_scopes(scopes, is_client=client is not None)
    last = valid_until or today() + timedelta(days=DEFAULT_DAYS)
    check_until(last)
    if officer is not None and not officer.is_active:
        raise InvalidToken("这名民警的账号已停用，不能持有令牌。")
    prefix, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    with transaction.atomic():
        token = ApiToken.objects.create(
            prefix=prefix,
            digest=_digest(secret),
            officer=officer,
            client=client,
            scopes=" ".join(wanted),
            valid_until=last,
        )
        record(
            actor=actor,
            action="token.issue",
            target=token,
            details={
                "scopes": wanted,
                "valid_until": last.isoformat(),
                "agreed_by": agreed_by.number if agreed_by else "",
            },
        )
    return token, f"wg_{prefix}_{secret}"


def _require_two(actor: Officer | None, agreed: Officer | None, officer: Officer | None) -> None:
    for one in (actor, agreed):
        if one is not None and not one.may(Can.ADMINISTER):
            raise PermissionDenied("接口令牌由系统管理员签发。")
        if one is not None and officer is not None and one.pk == officer.pk:
            raise PermissionDenied("不能为自己签发令牌，请由另一位系统管理员办理。")
    if actor is not None and (agreed is None or agreed.pk == actor.pk):
        raise PermissionDenied("签发令牌须经另一位系统管理员同意。请先提出。")


def check_until(last: date) -> None:
    """Raise InvalidToken for an end that is past or too far."""
    if not today() <= last <= today() + timedelta(days=MAX_DAYS):
        raise InvalidToken(f"有效期须在今天到 {MAX_DAYS} 天之内。请更正。")


def check_scopes(scopes: Iterable[str], *, is_client: bool) -> list[str]:
    """The scopes sorted, each once. Raises InvalidToken."""
    wanted = sorted(set(scopes))
    unknown = [scope for scope in wanted if scope not in Scope.values]
    if unknown:
        known = "、".join(Scope.values)
        raise InvalidToken(f"没有“{unknown[0]}”这个范围。可选：{known}。")
    if not wanted:
        raise InvalidToken("没有写明范围。请至少写一个。")
    if is_client and not DISCLOSABLE.issuperset(wanted):
        raise InvalidToken(f"外部用户只能有 {'、'.join(sorted(DISCLOSABLE))}。")
    return wanted


def token_of(text: str) -> ApiToken | None:
    """The valid token that ``text`` is, with its officer or client; None for any other.

    A disabled officer's tokens are worth nothing.
    """
    match = _TOKEN.fullmatch(text)
    if match is None:
        return None
    token = (
        ApiToken.objects.select_related("officer__unit", "client").filter(prefix=match[1]).first()
    )
    right = hmac.compare_digest(token.digest if token else "", _digest(match[2]))
    if token is None or not right or token.revoked_at is not None:
        return None
    if token.valid_until < today() or (token.officer and not token.officer.is_active):
        return None
    return token


def note_use(token: ApiToken) -> None:
    """Remember the day of its last use: one write a day, whatever the number of calls."""
    day = today()
    if token.last_used_on != day:
        never_or_before = Q(last_used_on__isnull=True) | Q(last_used_on__lt=day)
        ApiToken.objects.filter(never_or_before, pk=token.pk).update(last_used_on=day)


def revoke_token(*, actor: Officer | None, token: ApiToken) -> None:
    """End a token now; revoking it twice changes nothing. Raises PermissionDenied."""
    if actor is not None and not actor.may(Can.ADMINISTER):
        raise PermissionDenied("接口令牌由系统管理员撤销。")
    with transaction.atomic():
        locked = ApiToken.objects.select_for_update(of=("self",)).get(pk=token.pk)
        if locked.revoked_at is None:
            locked.revoked_at = timezone.now()
            locked.save(update_fields=["revoked_at"])
            record(actor=actor, action="token.revoke", target=locked)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
