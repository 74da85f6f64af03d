"""What happens when a second administrator has agreed. Called by ``accounts.changes`` alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.db import IntegrityError, transaction

from accounts.change_models import AccountChange, ChangeKind
from accounts.models import Client, Officer, RoleGrant, Unit
from accounts.services import set_first_password
from accounts.tokens import issue_token
from core.audit import record


class ChangeRefused(Exception):  # noqa: N818 - named for what it is
    """It cannot be proposed or done as things are (409); ``str()`` says why and what to do."""


def apply(change: AccountChange, actor: Officer) -> None:
    """Make it so, within the caller's transaction; a secret comes later (``secret_of``)."""
    effect = _EFFECTS.get(ChangeKind(change.kind))
    if effect is not None:
        effect(change, actor)


def secret_of(change: AccountChange, actor: Officer, *, password: str) -> str:
    """Set ``password`` or issue the token; the answer is what is shown once."""
    value = change.payload
    if change.kind != ChangeKind.TOKEN:
        assert change.officer is not None  # of an agreed account or a reset
        set_first_password(
            actor=actor, officer=change.officer, password=password, reason=change.reason
        )
        return password
    _, secret = issue_token(
        actor=actor,
        agreed_by=change.decided_by,
        officer=change.officer,
        client=Client.objects.get(name=value["client"]) if "client" in value else None,
        scopes=value["scopes"],
        valid_until=date.fromisoformat(value["until"]),
    )
    return secret


def _account(change: AccountChange, actor: Officer) -> None:
    value = change.payload
    officer = Officer(
        number=value["number"],
        name=value["name"],
        unit=Unit.objects.get(code=value["unit"]),
        must_change_password=True,
    )
    officer.set_unusable_password()
    officer._change_reason = change.reason  # type: ignore[attr-defined]
    try:
        with transaction.atomic():
            officer.save()
    except IntegrityError as error:
        raise ChangeRefused(f"警号 {officer.number} 已有账号。请写明意见退回。") from error
    change.officer = officer
    _grant(officer, value["roles"], change.reason)
    record(
        actor=actor,
        action="account.create",
        target=officer,
        reason=change.reason,
        details={"roles": value["roles"], "unit": value["unit"]},
    )


def _roles(change: AccountChange, actor: Officer) -> None:
    officer, added = _officer(change), change.payload["roles"]
    _grant(officer, added, change.reason)
    record(
        actor=actor,
        action="account.roles_changed",
        target=officer,
        reason=change.reason,
        details={"added": added, "removed": []},
    )


def _grant(officer: Officer, roles: list[str], reason: str) -> None:
    for role in roles:
        grant = RoleGrant(officer=officer, role=role)
        grant._change_reason = reason  # type: ignore[attr-defined]
        grant.save()


def _unit(change: AccountChange, actor: Officer) -> None:
    officer, before = _officer(change), _officer(change).unit
    officer.unit = Unit.objects.get(code=change.payload["unit"])
    _save(officer, change.reason)
    record(
        actor=actor,
        action="account.unit_changed",
        target=officer,
        reason=change.reason,
        details={"unit": [before.code, officer.unit.code]},
    )


def _enable(change: AccountChange, actor: Officer) -> None:
    officer = _officer(change)
    officer.is_active = True
    _save(officer, change.reason)
    record(actor=actor, action="account.enable", target=officer, reason=change.reason)


def _token(change: AccountChange, actor: Officer) -> None:
    """The token itself comes with its secret; a new client is registered now."""
    name = change.payload.get("client")
    if name and not Client.objects.filter(name=name).exists():
        client = Client.objects.create(name=name, contact=change.payload["contact"])
        record(actor=actor, action="client.register", target=client, reason=change.reason)


def _officer(change: AccountChange) -> Officer:
    assert change.officer_id is not None  # of every kind that is about somebody
    return Officer.objects.get(pk=change.officer_id)


def _save(officer: Officer, reason: str) -> None:
    officer._change_reason = reason  # type: ignore[attr-defined]
    officer.save()


_EFFECTS: dict[ChangeKind, Callable[[AccountChange, Officer], None]] = {
    ChangeKind.ACCOUNT: _account,
    ChangeKind.ROLES: _roles,
    ChangeKind.UNIT: _unit,
    ChangeKind.ENABLE: _enable,
    ChangeKind.TOKEN: _token,
}
