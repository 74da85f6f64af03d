"""What whoever runs the machine may do alone: the first two administrators, and a token."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from accounts.models import ApiToken, Officer
from accounts.roles import Role
from core.models import AuditEntry
from tests import factories

pytestmark = pytest.mark.django_db


def made(*people: str) -> list[str]:
    out = StringIO()
    unit = factories.unit("WG-OFFICE", is_office=True).code
    call_command("first_administrators", "--unit", unit, *people, stdout=out, stderr=StringIO())
    return out.getvalue().split()


def test_the_first_two_are_made_at_once_with_passwords_of_their_own() -> None:
    words = made("489007", "郑一", "489010", "陈二")
    passwords = words[2::3]
    assert len(set(passwords)) == 2
    for number, password in zip(words[::3], passwords, strict=True):
        one = Officer.objects.get(number=number)
        assert one.check_password(password)
        assert one.must_change_password
        assert one.roles == {"administrator"}
    rows = AuditEntry.objects.filter(action="account.first")
    assert rows.count() == 2
    assert not any(password in str(list(rows.values())) for password in passwords)


def test_a_second_one_where_one_is_left_and_never_a_third(first: Officer) -> None:
    with pytest.raises(CommandError, match="现有 1 位"):
        made("489011", "甲", "489012", "乙")
    made("489011", "甲")
    with pytest.raises(CommandError, match="现有 2 位"):
        made("489012", "乙")
    assert not Officer.objects.filter(number="489012").exists()


@pytest.mark.parametrize("people", [["489007"], ["489007", "郑一", "489010"]])
def test_numbers_and_names_come_in_pairs(people: list[str]) -> None:
    with pytest.raises(CommandError, match="成对写"):
        made(*people)


def test_in_production_the_command_names_who_agreed(
    first: Officer, officer: Officer, settings: Settings
) -> None:
    def run(*arguments: str) -> None:
        call_command("api_token", officer.number, *arguments, stdout=StringIO(), stderr=StringIO())

    run()
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="--agreed-by"):
        run()
    with pytest.raises(CommandError, match="由系统管理员签发"):
        run("--agreed-by", factories.officer(Role.OFFICE).number)
    run("--agreed-by", first.number)
    assert ApiToken.objects.count() == 2
    assert AuditEntry.objects.filter(action="token.issue").latest("pk").details["agreed_by"] == (
        first.number
    )
