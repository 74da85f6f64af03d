"""What a proposed change would do, line by line in Chinese."""

from __future__ import annotations

from accounts.change_models import AccountChange, ChangeKind
from accounts.models import Unit
from accounts.roles import Role
from accounts.scopes import Scope


def lines_of(change: AccountChange) -> list[tuple[str, str]]:
    """Label and value of everything that the change would set."""
    value = change.payload
    if change.kind == ChangeKind.ACCOUNT:
        return [
            ("警号", value["number"]),
            ("姓名", value["name"]),
            ("单位", _unit(value["unit"])),
            ("角色", _roles(value["roles"]) or "没有角色"),
        ]
    if change.kind == ChangeKind.ROLES:
        return [("增加角色", _roles(value["roles"]))]
    if change.kind == ChangeKind.UNIT:
        return [("调往单位", _unit(value["unit"]))]
    if change.kind == ChangeKind.TOKEN:
        scopes = "、".join(f"{Scope(one).label}（{one}）" for one in value["scopes"])
        return [("令牌范围", scopes), ("有效期至（含）", value["until"])]
    if change.kind == ChangeKind.ENABLE:
        return [("账号", "重新启用，角色照旧")]
    return [("密码", "改为随机的一次性密码，本人下次登录时须改掉")]


def in_short(change: AccountChange) -> str:
    """The same in one line, for lists."""
    return "；".join(f"{label} {value}" for label, value in lines_of(change))


def _roles(roles: list[str]) -> str:
    return "、".join(Role(one).label for one in roles)


def _unit(code: str) -> str:
    return Unit.objects.filter(code=code).values_list("name", flat=True).first() or code
