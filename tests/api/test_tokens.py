"""Tokens: shown once, kept as a digest, scoped, ending, revocable, never widening a role."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client as HttpClient

from accounts.models import ApiToken, Client, Officer
from accounts.roles import Role
from accounts.tokens import InvalidToken, issue_token, revoke_token
from core.models import AuditEntry
from tests import factories
from tests.api.calls import Caller, caller, errors

pytestmark = pytest.mark.django_db


def status(secret: str) -> int:
    return int(Caller(secret).get("decisions/").status_code)


def test_only_the_digest_is_kept(recorder: Officer) -> None:
    token, secret = issue_token(actor=None, officer=recorder, scopes=["decisions:read"])

    row = ApiToken.objects.values().get()
    own = secret.rpartition(f"{token.prefix}_")[2]
    assert own not in str(row)
    assert row["digest"] == hashlib.sha256(own.encode()).hexdigest()
    assert len(own) == 43
    assert own not in str(list(AuditEntry.objects.values()))


def test_who_has_no_valid_token_gets_one_answer(recorder: Officer) -> None:
    token, secret = issue_token(actor=None, officer=recorder, scopes=["decisions:read"])
    assert status(secret) == 200
    wrong = [
        "",
        "x",
        "令牌",
        secret[:-1] + ("A" if secret[-1] != "A" else "B"),
        secret.replace(token.prefix, "0" * 12),
        secret + "A",
    ]
    answers = [
        HttpClient().get(
            "/api/v1/decisions/",
            headers={"Authorization": f"Token {one}".encode().decode("latin1")},
        )
        for one in wrong
    ]
    assert {one.status_code for one in answers} == {401}
    assert len({one.content for one in answers}) == 1
    assert errors(answers[0]) == [("", "invalid_token")]
    assert answers[0]["WWW-Authenticate"] == "Token"
    none = HttpClient().get("/api/v1/decisions/")
    assert (none.status_code, errors(none)) == (401, [("", "not_authenticated")])
    session = HttpClient()
    session.force_login(recorder)
    assert session.get("/api/v1/decisions/").status_code == 401, "a session opens no call"


def test_it_ends(recorder: Officer) -> None:
    until = date(2026, 11, 25)
    _, secret = issue_token(
        actor=None, officer=recorder, scopes=["decisions:read"], valid_until=until
    )
    with time_machine.travel("2026-11-25T23:59:00+08:00"):
        assert status(secret) == 200
    with time_machine.travel("2026-11-26T00:01:00+08:00"):
        assert status(secret) == 401


def test_it_is_revoked_and_its_officer_disabled(recorder: Officer) -> None:
    token, secret = issue_token(actor=None, officer=recorder, scopes=["decisions:read"])
    _, other = issue_token(actor=None, officer=recorder, scopes=["decisions:read"])
    revoke_token(actor=None, token=token)
    revoke_token(actor=None, token=token)
    assert (status(secret), status(other)) == (401, 200)
    assert AuditEntry.objects.filter(action="token.revoke").count() == 1

    recorder.is_active = False
    recorder.save()
    assert status(other) == 401


def test_a_scope_never_widens_a_role(recorder: Officer) -> None:
    me = caller(recorder)
    assert me.get("decisions/").status_code == 200
    recorder.role_grants.all().delete()
    answer = me.get("decisions/")
    assert (answer.status_code, errors(answer)) == (403, [("", "scope")])


def test_the_day_of_the_last_use_is_kept(recorder: Officer) -> None:
    token, secret = issue_token(actor=None, officer=recorder, scopes=["decisions:read"])
    status(secret)
    token.refresh_from_db()
    assert token.last_used_on == date(2026, 11, 20)


def test_a_client_outside_can_only_hold_disclosable_scopes(recorder: Officer) -> None:
    client = Client.objects.create(name="市公共信用信息平台")
    for scopes in (["grades:internal"], ["grades:read", "decisions:read"], ["preview"]):
        with pytest.raises(InvalidToken):
            issue_token(actor=None, client=client, scopes=scopes)
        with pytest.raises(IntegrityError), transaction.atomic():
            ApiToken.objects.create(
                prefix="0" * 12,
                digest="0" * 64,
                client=client,
                scopes=" ".join(scopes),
                valid_until=date(2027, 1, 1),
            )
    for holders in ({}, {"client": client, "officer": recorder}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ApiToken.objects.create(
                prefix="0" * 12,
                digest="0" * 64,
                scopes="grades:read",
                valid_until=date(2027, 1, 1),
                **holders,
            )


def test_who_issues(recorder: Officer) -> None:
    """Two administrators together, neither for themself; the operator's command asks for none."""
    one, two = (factories.officer(Role.ADMINISTRATOR) for _ in range(2))
    issue_token(actor=one, agreed_by=two, officer=recorder, scopes=["decisions:read"])
    for actor, agreed_by, officer in (
        (one, None, recorder),
        (one, one, recorder),
        (one, recorder, recorder),
        (recorder, two, recorder),
        (one, two, one),
        (one, two, two),
        (None, two, two),
    ):
        with pytest.raises(PermissionDenied):
            issue_token(actor=actor, agreed_by=agreed_by, officer=officer, scopes=["grades:read"])


@pytest.mark.parametrize(
    "wrong",
    [
        {"scopes": ["everything"]},
        {"scopes": []},
        {"scopes": ["preview"], "valid_until": date(2026, 11, 19)},
        {"scopes": ["preview"], "valid_until": date(2026, 11, 20) + timedelta(days=731)},
    ],
)
def test_what_may_not_be_issued(recorder: Officer, wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidToken):
        issue_token(actor=None, officer=recorder, **wrong)


def test_calls_are_throttled_by_token(recorder: Officer, settings: Any) -> None:
    settings.API_CALLS_A_MINUTE = 3
    settings.API_CALLS_A_MINUTE_CLIENT = 1
    me, other = caller(recorder), caller(recorder)
    assert [me.get("decisions/").status_code for _ in range(4)] == [200, 200, 200, 429]
    answer = me.get("decisions/")
    assert errors(answer) == [("", "throttled")]
    assert 1 <= int(answer["Retry-After"]) <= 60
    assert other.get("decisions/").status_code == 200
    outside = caller(Client.objects.create(name="外部系统"))
    assert [outside.get("grade-changes/").status_code for _ in range(2)] == [200, 429]


def run(*arguments: str) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("api_token", *arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_the_command_prints_a_token_once(recorder: Officer) -> None:
    out, _ = run(recorder.number)
    assert status(out.strip()) == 200
    assert ApiToken.objects.get().scope_set == {
        "decisions:write",
        "decisions:read",
        "grades:read",
        "grades:internal",
        "preview",
    }
    out, err = run(recorder.number, "--scopes", "decisions:read", "outcomes")
    assert ApiToken.objects.order_by("-pk")[0].scopes == "decisions:read outcomes"
    assert "outcomes" in err, "the role of a recorder is no use for it"
    assert AuditEntry.objects.filter(action="token.issue", origin="command api_token").count() == 2


def test_the_command_issues_for_clients_outside_and_revokes() -> None:
    out, _ = run("--client", "市公共信用信息平台", "--contact", "信用科")
    assert Caller(out.strip()).get("grade-changes/").status_code == 200
    run("--revoke", ApiToken.objects.get().prefix)
    assert Caller(out.strip()).get("grade-changes/").status_code == 401


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("999999",),
        ("--client", "甲", "--scopes", "decisions:read"),
        ("--revoke", "nothing"),
        ("--client", "甲", "--until", "tomorrow"),
    ],
)
def test_the_command_says_what_is_wrong(arguments: tuple[str, ...]) -> None:
    with pytest.raises(CommandError, match="。"):
        run(*arguments)
    assert not ApiToken.objects.exists()


def test_a_role_without_any_use_gets_none_by_default() -> None:
    with pytest.raises(CommandError):
        run(factories.officer(Role.TIP_HANDLER).number)
