"""One form of the admin site, taken apart: what is proposed, and what holds at once."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from accounts import changes, services
from accounts.change_effects import ChangeRefused
from accounts.change_models import AccountChange, ChangeKind
from accounts.models import Officer


def split(
    actor: Officer, pk: int | None, cleaned: dict[str, Any]
) -> tuple[list[AccountChange], list[str]]:
    """The proposals made, and in Chinese what holds already. Raises as the services do.

    ``pk`` is None for a new account. The caller holds the transaction.
    """
    if pk is None:
        wanted = {
            "number": cleaned["number"],
            "name": cleaned["name"],
            "unit": cleaned["unit"].code,
            "roles": cleaned["roles_wanted"],
        }
        return [_propose(actor, ChangeKind.ACCOUNT, None, wanted, cleaned)], []
    # As it is stored: the form has put what was typed into its own instance.
    officer = Officer.objects.get(pk=pk)
    services.not_oneself(actor, officer)
    done = _at_once(actor, officer, cleaned)
    return _proposals(actor, Officer.objects.get(pk=pk), cleaned), done


def fault(actor: Officer, pk: int | None, cleaned: dict[str, Any]) -> str:
    """Why ``split`` would be refused, found by doing it and taking it back; empty where it is not.

    Raises PermissionDenied as the services do.
    """
    try:
        with transaction.atomic():
            split(actor, pk, cleaned)
            transaction.set_rollback(True)
    except ChangeRefused as refused:
        return str(refused)
    return ""


def _at_once(actor: Officer, officer: Officer, cleaned: dict[str, Any]) -> list[str]:
    reason, done = cleaned["reason"], []
    if cleaned["name"] != officer.name:
        services.correct_name(actor=actor, officer=officer, name=cleaned["name"], reason=reason)
        done.append("更正姓名")
    removed = officer.roles - set(cleaned["roles_wanted"])
    if removed:
        services.remove_roles(actor=actor, officer=officer, roles=removed, reason=reason)
        done.append("取消角色")
    if officer.is_active and not cleaned["is_active"]:
        services.disable(actor=actor, officer=officer, reason=reason)
        done.append("停用账号")
    return done


def _proposals(actor: Officer, officer: Officer, cleaned: dict[str, Any]) -> list[AccountChange]:
    wanted: list[tuple[ChangeKind, dict[str, Any]]] = []
    added = set(cleaned["roles_wanted"]) - officer.roles
    if added:
        wanted.append((ChangeKind.ROLES, {"roles": sorted(added)}))
    if cleaned["unit"].pk != officer.unit_id:
        wanted.append((ChangeKind.UNIT, {"unit": cleaned["unit"].code}))
    if cleaned["is_active"] and not officer.is_active:
        wanted.append((ChangeKind.ENABLE, {}))
    if cleaned["new_password"]:
        wanted.append((ChangeKind.PASSWORD, {}))
    return [_propose(actor, kind, officer, payload, cleaned) for kind, payload in wanted]


def _propose(
    actor: Officer,
    kind: ChangeKind,
    officer: Officer | None,
    payload: dict[str, Any],
    cleaned: dict[str, Any],
) -> AccountChange:
    return changes.propose(
        actor=actor, kind=kind, officer=officer, payload=payload, reason=cleaned["reason"]
    )
