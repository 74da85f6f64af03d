"""Two administrators: one proposes, another agrees, and only then does it hold.

What takes power away (a role, an account, a token) is done at once by one administrator
(``accounts.services``, ``accounts.tokens``); what gives power goes through here. Nobody proposes or
agrees to anything about their own account.
"""

from __future__ import annotations

import re
import secrets
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from accounts import change_effects
from accounts.change_effects import ChangeRefused
from accounts.change_models import AccountChange, ChangeKind, ChangeState
from accounts.models import Officer, Unit
from accounts.roles import Can, Role
from accounts.tokens import InvalidToken, check_scopes, check_until
from core.audit import record

MIN_REASON = 10
OPEN_DAYS = 14
SECRET_DAYS = 7
_NUMBER = re.compile(r"[0-9A-Za-z]{4,32}")
# Nothing that looks like another: these are read from a screen and typed by hand.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def propose(
    *,
    actor: Officer,
    kind: str,
    officer: Officer | None = None,
    payload: dict[str, Any] | None = None,
    reason: str,
) -> AccountChange:
    """Ask another administrator for it. Raises PermissionDenied, ChangeRefused, InvalidToken."""
    _require_administrator(actor)
    if officer is not None and officer.pk == actor.pk:
        raise PermissionDenied("不能修改自己的账号和角色，请由另一位系统管理员办理。")
    if len(reason.strip()) < MIN_REASON:
        raise ChangeRefused(f"理由太短。请写明为什么这样改，不少于 {MIN_REASON} 个字。")
    wanted = _checked(ChangeKind(kind), officer, payload or {})
    with transaction.atomic():
        _refuse_second(kind, officer, wanted)
        change = AccountChange.objects.create(
            kind=kind,
            officer=officer,
            payload=wanted,
            seen=fingerprint(officer),
            reason=reason.strip(),
            proposed_by=actor,
        )
        _note(actor, "propose", change, change.reason)
    return change


def agree(*, actor: Officer, change: AccountChange) -> AccountChange:
    """Let it take effect. Raises PermissionDenied for the proposer, for whom it is about and for
    whoever is no administrator; ChangeRefused where it is decided already or has become stale.
    """
    with transaction.atomic():
        locked = _locked(change)
        _require_second(actor, locked)
        _require_fresh(locked)
        locked.state, locked.decided_by = ChangeState.AGREED, actor
        locked.decided_at = timezone.now()
        change_effects.apply(locked, actor)
        locked.save()
        _note(actor, "agree", locked, locked.reason)
    return locked


def refuse(*, actor: Officer, change: AccountChange, remark: str) -> AccountChange:
    """Let it come to nothing, with a remark. Raises as ``agree`` does."""
    if not remark.strip():
        raise ChangeRefused("没有写明为什么不同意。请填写意见。")
    with transaction.atomic():
        locked = _locked(change)
        _require_second(actor, locked)
        locked.state, locked.decided_by = ChangeState.REFUSED, actor
        locked.decided_at, locked.remark = timezone.now(), remark.strip()[:200]
        locked.save()
        _note(actor, "refuse", locked, locked.remark)
    return locked


def withdraw(*, actor: Officer, change: AccountChange) -> AccountChange:
    """Take back what one proposed oneself. Raises PermissionDenied, ChangeRefused."""
    with transaction.atomic():
        locked = _locked(change)
        _require_administrator(actor)
        if locked.proposed_by_id != actor.pk:
            raise PermissionDenied("只有提出人可以撤回。不同意的，请写明意见退回。")
        _require_open(locked)
        locked.state = ChangeState.WITHDRAWN
        locked.save()
        _note(actor, "withdraw", locked, "")
    return locked


def take_secret(*, actor: Officer, change: AccountChange) -> str:
    """The first password or the token, made now and shown once, to whoever proposed it.

    Neither stands anywhere before, and whoever agreed never learns it. Raises PermissionDenied,
    ChangeRefused where there is none (any more), InvalidToken.
    """
    with transaction.atomic():
        locked = _locked(change)
        _require_administrator(actor)
        if locked.proposed_by_id != actor.pk:
            raise PermissionDenied("初始密码和令牌只向提出人显示一次。")
        if not locked.has_secret:
            raise ChangeRefused(
                "没有可领取的密码或令牌：尚未同意，或已显示过。需要的，请重新提出。"
            )
        if locked.decided_at and timezone.now() - locked.decided_at > timedelta(days=SECRET_DAYS):
            raise ChangeRefused(f"同意后 {SECRET_DAYS} 天内没有领取，已失效。请重新提出。")
        secret = change_effects.secret_of(locked, actor, password=one_time_password())
        locked.secret_at = timezone.now()
        locked.save()
        _note(actor, "secret", locked, "")
    return secret


def fingerprint(officer: Officer | None) -> str:
    """What an account is now; a proposal for another state of it is stale."""
    if officer is None:
        return ""
    roles = " ".join(sorted(officer.role_grants.values_list("role", flat=True)))
    fresh = Officer.objects.get(pk=officer.pk)
    return f"{fresh.unit.code}|{'on' if fresh.is_active else 'off'}|{roles}"


def _require_administrator(actor: Officer) -> None:
    if not actor.may(Can.ADMINISTER):
        raise PermissionDenied("账号、角色和令牌由系统管理员维护。")


def _require_open(change: AccountChange) -> None:
    if not change.is_open:
        raise ChangeRefused(f"这项变更{change.get_state_display()}，不再办理。")


def _require_second(actor: Officer, change: AccountChange) -> None:
    _require_administrator(actor)
    if actor.pk == change.proposed_by_id:
        raise PermissionDenied("提出人不能同意自己提出的变更。请由另一位系统管理员办理。")
    if actor.pk == change.officer_id:
        raise PermissionDenied("不能办理自己的账号。请由另一位系统管理员办理。")
    _require_open(change)


def _require_fresh(change: AccountChange) -> None:
    proposer = Officer.objects.get(pk=change.proposed_by_id)
    if not proposer.may(Can.ADMINISTER):
        raise ChangeRefused("提出人已不是系统管理员。请写明意见退回，由在任的管理员重新提出。")
    if timezone.now() - change.proposed_at > timedelta(days=OPEN_DAYS):
        raise ChangeRefused(f"提出已超过 {OPEN_DAYS} 天。请写明意见退回，由提出人重新提出。")
    if change.seen != fingerprint(change.officer):
        raise ChangeRefused("提出之后账号的单位、状态或角色已变。请写明意见退回，再重新提出。")


def _locked(change: AccountChange) -> AccountChange:
    return AccountChange.objects.select_for_update(of=("self",)).get(pk=change.pk)


def _refuse_second(kind: str, officer: Officer | None, wanted: dict[str, Any]) -> None:
    waiting = AccountChange.objects.filter(state=ChangeState.PROPOSED, kind=kind)
    if kind == ChangeKind.ACCOUNT:
        doubled = waiting.filter(payload__number=wanted["number"]).exists()
    else:
        doubled = kind != ChangeKind.TOKEN and waiting.filter(officer=officer).exists()
    if doubled:
        raise ChangeRefused("已有一项同类变更待另一位管理员办理。请等待办结，或先撤回那一项。")


def _note(actor: Officer, verb: str, change: AccountChange, reason: str) -> None:
    record(
        actor=actor,
        action=f"account_change.{verb}",
        target=change,
        reason=reason,
        details={"kind": change.kind, "wanted": change.payload},
    )


def _checked(kind: ChangeKind, officer: Officer | None, given: dict[str, Any]) -> dict[str, Any]:
    """The payload in the one form that is stored; refuses what could not take effect."""
    if (officer is None) != (kind == ChangeKind.ACCOUNT or bool(given.get("client"))):
        raise ChangeRefused("没有写明是谁的账号。请先选民警。")
    if kind == ChangeKind.ACCOUNT:
        return _account(given)
    if kind == ChangeKind.ROLES and officer is not None:
        new = _roles(given["roles"]) - set(officer.role_grants.values_list("role", flat=True))
        if not new:
            raise ChangeRefused("没有要增加的角色。请核对。")
        return {"roles": sorted(new)}
    if kind == ChangeKind.UNIT:
        return {"unit": _unit(given["unit"])}
    if kind == ChangeKind.ENABLE and officer is not None and officer.is_active:
        raise ChangeRefused("账号本来就在用。请核对。")
    return _token(officer, given) if kind == ChangeKind.TOKEN else {}


def _account(given: dict[str, Any]) -> dict[str, Any]:
    number, name = str(given["number"]).strip(), str(given["name"]).strip()
    if not _NUMBER.fullmatch(number) or not name or len(name) > 64:
        raise ChangeRefused("警号由 4 到 32 位数字或字母组成，姓名不超过 64 个字。请更正。")
    if Officer.objects.filter(number=number).exists():
        raise ChangeRefused(f"警号 {number} 已有账号。停用过的，请提出重新启用。")
    roles = sorted(_roles(given.get("roles", ())))
    return {"number": number, "name": name, "unit": _unit(given["unit"]), "roles": roles}


def _roles(values: Any) -> set[str]:
    return {Role(value).value for value in values}


def _unit(code: str) -> str:
    if not Unit.objects.filter(code=code).exists():
        raise ChangeRefused(f"没有代码为 {code} 的单位。请核对。")
    return code


def _token(officer: Officer | None, given: dict[str, Any]) -> dict[str, Any]:
    client = str(given.get("client", "")).strip()
    if len(client) > 64:
        raise InvalidToken("外部用户的名称超过 64 个字。请缩短。")
    scopes = check_scopes(given["scopes"], is_client=officer is None)
    until: date = given["until"]
    check_until(until)
    if officer is not None and not officer.is_active:
        raise InvalidToken("这名民警的账号已停用，不能持有令牌。")
    holder = {"client": client, "contact": str(given.get("contact", ""))[:100]} if client else {}
    return {**holder, "scopes": scopes, "until": until.isoformat()}


def one_time_password() -> str:
    """16 letters and digits in fours: about 79 bits, to be changed at the first sign-in."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))
