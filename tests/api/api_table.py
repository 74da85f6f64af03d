"""Who may call what: one row for each address of the API; ``test_api_permissions.py`` tries all.

A row names the scopes any one of which opens each method, the rights of which the officer needs
one, and whether a client outside gets in. ``body`` is what a POST carries, ``foreign`` fills the
address with another unit's object.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from accounts.roles import Can
from tests.api.calls import decision_body
from tests.api.test_list_entries_api import ENTRY
from tests.api.test_outcomes_api import OUTCOME
from tests.permission_table import World

Kwargs = Callable[[World], dict[str, Any]]


def nothing(world: World) -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class Call:
    """One method of one address."""

    scopes: tuple[str, ...]
    rights: tuple[Can, ...]
    kwargs: Kwargs = nothing
    body: Any = None
    outside: bool = False
    foreign: Kwargs | None = None


READS = (Can.RECORD_DECISION, Can.CONFIRM_DECISION, Can.SEE_ALL_DECISIONS)
OUTCOMES = (Can.RECORD_OUTCOME,)


def code(world: World) -> dict[str, Any]:
    return {"credit_code": world.subject.credit_code}


def act(world: World) -> dict[str, Any]:
    return {"pk": world.decision.violations.get().pk}


PREVIEW = {key: value for key, value in decision_body().items() if key != "subject"}
TODAY = {**OUTCOME, "on": "2026-11-20"}

TABLE: dict[str, dict[str, Call]] = {
    "api:decisions": {
        "GET": Call(("decisions:read",), READS),
        "POST": Call(("decisions:write",), (Can.RECORD_DECISION,), body=decision_body()),
    },
    "api:decision": {
        "GET": Call(
            ("decisions:read",),
            READS,
            kwargs=lambda world: {"pk": world.decision.pk},
            foreign=lambda world: {"pk": world.foreign.pk},
        )
    },
    "api:contest": {
        "POST": Call(
            ("outcomes",),
            OUTCOMES,
            kwargs=lambda world: {"pk": world.decision.pk},
            body={"from": "2026-11-20", "document": "复〔2026〕1号"},
        )
    },
    "api:revoke": {"POST": Call(("outcomes",), OUTCOMES, kwargs=act, body=TODAY)},
    "api:repair": {"POST": Call(("outcomes",), OUTCOMES, kwargs=act, body=TODAY)},
    "api:list-entries": {
        "POST": Call(("lists:propose",), (Can.PROPOSE_LIST_ENTRY,), body=ENTRY),
    },
    "api:subject": {
        "GET": Call(
            ("grades:read", "grades:internal"), (Can.SEE_REGISTER,), kwargs=code, outside=True
        )
    },
    "api:grade": {
        "GET": Call(
            ("grades:read", "grades:internal"), (Can.SEE_REGISTER,), kwargs=code, outside=True
        )
    },
    "api:preview": {"POST": Call(("preview",), (Can.SEE_REGISTER,), kwargs=code, body=PREVIEW)},
    "api:desk": {
        "POST": Call(
            ("grades:read", "grades:internal"),
            (Can.SEE_REGISTER,),
            body={"credit_codes": ["91410481MA4YL0001X"]},
            outside=True,
        )
    },
    "api:grade-changes": {
        "GET": Call(("grades:read", "grades:internal"), (Can.SEE_REGISTER,), outside=True)
    },
}

# Schema and page: whoever is signed in or has any token. Everything else below api/ is none: 404.
ELSEWHERE = {"api:schema", "api:docs", "api:no-such-call"}
