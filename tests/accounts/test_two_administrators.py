"""More power takes two administrators: nothing holds before, nobody acts for themself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import changes, services
from accounts.change_effects import ChangeRefused
from accounts.change_models import AccountChange, ChangeKind, ChangeState
from accounts.models import ApiToken, Officer
from accounts.roles import Role
from core.models import AuditEntry
from tests import factories
from tests.accounts.pairs import PAYLOADS, REASON, new_account, proposed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    with time_machine.travel("2026-11-20 10:00 +0800", tick=False):
        yield


def state(officer: Officer) -> tuple[Any, ...]:
    fresh = Officer.objects.get(pk=officer.pk)
    tokens = ApiToken.objects.filter(officer=officer).count()
    return fresh.roles, fresh.unit.code, fresh.is_active, fresh.password, tokens


# --- nothing holds before -----------------------------------------------------------------------


@pytest.mark.parametrize("kind", PAYLOADS)
@pytest.mark.parametrize("how", ["open", "refused", "withdrawn"])
def test_nothing_takes_effect_without_the_second(
    first: Officer, second: Officer, officer: Officer, kind: str, how: str
) -> None:
    before = state(officer)
    change = proposed(first, officer, kind)
    if how == "refused":
        changes.refuse(actor=second, change=change, remark="没有通知原件。")
    if how == "withdrawn":
        changes.withdraw(actor=first, change=change)
    assert state(officer) == before
    with pytest.raises(ChangeRefused):
        changes.take_secret(actor=first, change=change)
    assert state(officer) == before


def test_a_new_account_is_not_there_before(first: Officer, second: Officer) -> None:
    change = new_account(first)
    assert not Officer.objects.filter(number="489031").exists()
    changes.agree(actor=second, change=change)
    made = Officer.objects.get(number="489031")
    assert (made.name, made.unit.code, set(made.roles)) == ("王五", "WG-ZA", {"recorder"})
    assert made.history.get().history_change_reason == REASON
    assert not made.has_usable_password()


def test_roles_are_added_to_what_there_is(
    first: Officer, second: Officer, officer: Officer
) -> None:
    changes.agree(actor=second, change=proposed(first, officer, roles=["office", "recorder"]))
    assert Officer.objects.get(pk=officer.pk).roles == {"recorder", "office"}
    row = AuditEntry.objects.get(action="account.roles_changed")
    assert (row.actor, row.details) == (second.number, {"added": ["office"], "removed": []})


def test_a_unit_changes_and_an_account_comes_back(
    first: Officer, second: Officer, officer: Officer
) -> None:
    changes.agree(actor=second, change=proposed(first, officer, ChangeKind.UNIT))
    services.disable(actor=first, officer=officer, reason=REASON)
    disabled = Officer.objects.get(pk=officer.pk)
    assert (disabled.unit.code, disabled.is_active) == ("WG-YH", False)
    changes.agree(actor=second, change=proposed(first, disabled, ChangeKind.ENABLE))
    assert Officer.objects.get(pk=officer.pk).is_active


def test_who_proposed_and_who_agreed_stand_in_the_trail(
    first: Officer, second: Officer, officer: Officer
) -> None:
    changes.agree(actor=second, change=proposed(first, officer))
    rows = AuditEntry.objects.filter(action__startswith="account_change.").order_by("pk")
    assert [(row.action, row.actor, row.reason) for row in rows] == [
        ("account_change.propose", first.number, REASON),
        ("account_change.agree", second.number, REASON),
    ]
    assert rows[0].details == {"kind": "roles", "wanted": {"roles": ["office"]}}


# --- who may not --------------------------------------------------------------------------------

Act = Callable[[Officer, AccountChange], object]
DECIDE: dict[str, Act] = {
    "agree": lambda actor, change: changes.agree(actor=actor, change=change),
    "refuse": lambda actor, change: changes.refuse(actor=actor, change=change, remark="不行。"),
}


@pytest.mark.parametrize("act", DECIDE)
def test_the_proposer_does_not_decide(first: Officer, officer: Officer, act: str) -> None:
    change = proposed(first, officer)
    with pytest.raises(PermissionDenied, match="提出人不能同意"):
        DECIDE[act](first, change)
    assert AccountChange.objects.get().is_open


@pytest.mark.parametrize("act", DECIDE)
def test_whom_it_is_about_does_not_decide(first: Officer, second: Officer, act: str) -> None:
    change = proposed(first, second, roles=["auditor"])
    with pytest.raises(PermissionDenied, match="自己的账号"):
        DECIDE[act](second, change)
    assert AccountChange.objects.get().is_open


@pytest.mark.parametrize("kind", [*PAYLOADS, ChangeKind.ENABLE])
def test_nobody_proposes_for_themself(first: Officer, kind: str) -> None:
    with pytest.raises(PermissionDenied, match="自己的账号"):
        proposed(first, first, kind)


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_no_other_role_proposes_or_decides(
    first: Officer, second: Officer, officer: Officer, role: Role
) -> None:
    other = factories.officer(role)
    with pytest.raises(PermissionDenied):
        proposed(other, officer)
    change = proposed(first, officer)
    for act in DECIDE.values():
        with pytest.raises(PermissionDenied):
            act(other, change)
    with pytest.raises(PermissionDenied):
        changes.withdraw(actor=other, change=change)


def test_a_disabled_administrator_decides_nothing(first: Officer, officer: Officer) -> None:
    gone = factories.officer(Role.ADMINISTRATOR, is_active=False)
    change = proposed(first, officer)
    with pytest.raises(PermissionDenied):
        changes.agree(actor=gone, change=change)


def test_only_the_proposer_withdraws(first: Officer, second: Officer, officer: Officer) -> None:
    change = proposed(first, officer)
    with pytest.raises(PermissionDenied, match="只有提出人"):
        changes.withdraw(actor=second, change=change)


@pytest.mark.parametrize("who", ["proposed_by", "officer"])
def test_the_database_refuses_it_as_well(
    first: Officer, second: Officer, officer: Officer, who: str
) -> None:
    change = proposed(first, second, roles=["auditor"])
    with pytest.raises(IntegrityError), transaction.atomic():
        AccountChange.objects.filter(pk=change.pk).update(
            state=ChangeState.AGREED, decided_by=getattr(change, who), decided_at=timezone.now()
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        AccountChange.objects.filter(pk=change.pk).update(state=ChangeState.AGREED)
    with pytest.raises(IntegrityError), transaction.atomic():
        AccountChange.objects.filter(pk=change.pk).update(officer=first)


# --- stale --------------------------------------------------------------------------------------


def test_a_proposer_who_is_gone_gives_nothing(
    first: Officer, second: Officer, officer: Officer
) -> None:
    change = proposed(first, officer)
    services.disable(actor=second, officer=first, reason=REASON)
    with pytest.raises(ChangeRefused, match="提出人已不是系统管理员"):
        changes.agree(actor=second, change=change)
    changes.refuse(actor=second, change=change, remark="提出人已离任。")
    assert Officer.objects.get(pk=officer.pk).roles == {"recorder"}


@pytest.mark.parametrize("what", ["roles", "disabled", "unit"])
def test_an_account_that_changed_meanwhile_is_not_what_was_agreed_to(
    first: Officer, second: Officer, officer: Officer, what: str
) -> None:
    change = proposed(first, officer)
    if what == "roles":
        services.remove_roles(actor=second, officer=officer, roles=["recorder"], reason=REASON)
    if what == "disabled":
        services.disable(actor=second, officer=officer, reason=REASON)
    if what == "unit":
        changes.agree(actor=second, change=proposed(first, officer, ChangeKind.UNIT))
    before = state(officer)
    with pytest.raises(ChangeRefused, match="提出之后"):
        changes.agree(actor=second, change=change)
    assert state(officer) == before


def test_an_old_proposal_lapses(first: Officer, second: Officer, officer: Officer) -> None:
    change = proposed(first, officer)
    with (
        time_machine.travel(timezone.now() + timedelta(days=14, seconds=1), tick=False),
        pytest.raises(ChangeRefused, match="超过 14 天"),
    ):
        changes.agree(actor=second, change=change)


@pytest.mark.parametrize("act", DECIDE)
def test_what_is_decided_is_not_decided_again(
    first: Officer, second: Officer, officer: Officer, act: str
) -> None:
    change = proposed(first, officer)
    changes.refuse(actor=second, change=change, remark="没有通知原件。")
    with pytest.raises(ChangeRefused, match="不再办理"):
        DECIDE[act](second, change)


def test_a_number_that_was_given_meanwhile(first: Officer, second: Officer) -> None:
    change = new_account(first)
    factories.officer(number="489031")
    with pytest.raises(ChangeRefused, match="已有账号"):
        changes.agree(actor=second, change=change)


def test_two_open_proposals_of_a_kind_are_one_too_many(
    first: Officer, second: Officer, officer: Officer
) -> None:
    proposed(first, officer)
    with pytest.raises(ChangeRefused, match="已有一项同类变更"):
        proposed(second, officer)
    new_account(first)
    with pytest.raises(ChangeRefused, match="已有一项同类变更"):
        new_account(second)
    proposed(first, officer, ChangeKind.TOKEN)
    proposed(first, officer, ChangeKind.TOKEN)


@pytest.mark.parametrize(
    ("kind", "payload", "says"),
    [
        (ChangeKind.ROLES, {"roles": ["recorder"]}, "没有要增加的角色"),
        (ChangeKind.UNIT, {"unit": "WG-NONE"}, "没有代码为"),
        (ChangeKind.ENABLE, {}, "本来就在用"),
    ],
)
def test_what_cannot_be_proposed(
    first: Officer, officer: Officer, kind: str, payload: dict[str, Any], says: str
) -> None:
    with pytest.raises(ChangeRefused, match=says):
        changes.propose(actor=first, kind=kind, officer=officer, payload=payload, reason=REASON)
    with pytest.raises(ChangeRefused, match="理由太短"):
        changes.propose(actor=first, kind=kind, officer=officer, payload=payload, reason="忙")
    with pytest.raises(ChangeRefused, match="没有写明是谁"):
        changes.propose(actor=first, kind=kind, payload=payload, reason=REASON)


@pytest.mark.parametrize("changed", [{"number": "4"}, {"name": ""}, {"name": "王" * 65}])
def test_an_account_that_cannot_be(first: Officer, changed: dict[str, Any]) -> None:
    with pytest.raises(ChangeRefused, match="警号由"):
        new_account(first, **changed)
