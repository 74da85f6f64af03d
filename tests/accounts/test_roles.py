"""The table of roles (domain.md §5), and which decisions each role sees."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.test import Client

from accounts import services
from accounts.access import roles_that_may
from accounts.models import Officer, RoleGrant
from accounts.roles import Can, Role
from core.models import AuditEntry
from tests import factories
from violations.enums import DecisionState
from violations.models import Decision

pytestmark = pytest.mark.django_db

MAY: dict[Role, set[str]] = {
    Role.RECORDER: {
        "see_register",
        "export_register",
        "record_decision",
        "edit_subject",
        "record_factor",
        "see_data_quality",
        "ask_desk",
        "record_notice",
        "issue_paper",
        "record_inspection",
        "record_handling",
    },
    Role.UNIT_REVIEWER: {
        "see_register",
        "export_register",
        "confirm_decision",
        "see_data_quality",
        "ask_desk",
        "record_notice",
        "issue_paper",
        "record_inspection",
        "record_handling",
        "state_for_unit",
    },
    Role.OFFICE: {
        "see_register",
        "export_register",
        "edit_subject",
        "confirm_for_any_unit",
        "see_all_decisions",
        "propose_list_entry",
        "record_outcome",
        "record_factor",
        "keep_catalogues",
        "propose_correction",
        "agree_to_correction",
        "see_data_quality",
        "ask_desk",
        "record_notice",
        "issue_paper",
        "record_inspection",
        "record_handling",
        "keep_measures",
        "keep_notices",
        "keep_texts",
        "plan_inspection",
        "propose_review",
        "handle_appeal",
        "decide_appeal",
    },
    Role.APPROVER: {
        "see_register",
        "export_register",
        "see_all_decisions",
        "approve_list_entry",
        "ask_desk",
        "decide_review",
        "decide_appeal",
        "agree_to_correction",
        "see_data_quality",
    },
    Role.TIP_HANDLER: set(),
    Role.AUDITOR: {"see_register", "see_all_decisions", "see_data_quality", "read_audit"},
    Role.ADMINISTRATOR: {
        "see_register",
        "administer",
        "propose_correction",
        "agree_to_correction",
    },
    Role.WINDOW: {"ask_desk"},
}


@pytest.mark.parametrize("role", list(Role))
def test_each_role_may_what_the_table_says_and_nothing_else(role: Role) -> None:
    officer = factories.officer(role)
    assert {what.value for what in Can if officer.may(what)} == MAY[role]
    assert officer.is_staff == (role == Role.ADMINISTRATOR)
    assert not officer.is_superuser


def test_several_roles_add_up_and_none_gives_nothing() -> None:
    both = factories.officer(Role.RECORDER, Role.AUDITOR)
    assert both.may(Can.RECORD_DECISION)
    assert both.may(Can.READ_AUDIT)
    assert not any(factories.officer().may(what) for what in Can)


def test_a_disabled_officer_may_nothing() -> None:
    assert not factories.officer(*Role, is_active=False).permissions


def test_the_same_role_is_granted_once() -> None:
    officer = factories.officer(Role.RECORDER)
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleGrant.objects.create(officer=officer, role=Role.RECORDER)


def test_nobody_proposes_and_approves_by_one_role() -> None:
    for a, b in (
        (Can.PROPOSE_LIST_ENTRY, Can.APPROVE_LIST_ENTRY),
        (Can.RECORD_DECISION, Can.CONFIRM_DECISION),
        (Can.ADMINISTER, Can.READ_AUDIT),
        (Can.PROPOSE_REVIEW, Can.DECIDE_REVIEW),
    ):
        assert not set(roles_that_may(a)) & set(roles_that_may(b))


def seen_by(*roles: str, unit: str) -> list[str]:
    officer = factories.officer(*roles, unit=factories.unit(unit))
    rows = Decision.objects.visible_to(officer).order_by("unit__code", "id")
    return [f"{row.unit.code} {row.state}" for row in rows.select_related("unit")]


@pytest.fixture
def decisions() -> None:
    company = factories.subject()
    for code in ("WG-A", "WG-B"):
        unit = factories.unit(code)
        for state in (DecisionState.DRAFT, DecisionState.SUBMITTED, DecisionState.IN_FORCE):
            factories.decision(company, unit, state=state)


OWN = ["WG-A draft", "WG-A submitted", "WG-A in_force"]
LEFT = ["WG-B submitted", "WG-B in_force"]


@pytest.mark.parametrize(
    ("roles", "expected"),
    [
        ([Role.RECORDER], OWN),
        ([Role.UNIT_REVIEWER], OWN),
        ([Role.OFFICE], OWN + LEFT),
        ([Role.APPROVER], OWN + LEFT),
        ([Role.AUDITOR], OWN + LEFT),
        ([Role.RECORDER, Role.OFFICE], OWN + LEFT),
        ([Role.TIP_HANDLER], []),
        ([Role.ADMINISTRATOR], []),
        ([], []),
    ],
)
@pytest.mark.usefixtures("decisions")
def test_which_decisions_are_seen_in_full(roles: list[str], expected: list[str]) -> None:
    assert seen_by(*roles, unit="WG-A") == expected


@pytest.mark.usefixtures("decisions")
def test_a_disabled_officer_sees_none() -> None:
    officer = factories.officer(Role.OFFICE, unit=factories.unit("WG-A"), is_active=False)
    assert not Decision.objects.visible_to(officer).exists()


def test_a_refused_attempt_says_who_may_and_stands_in_the_trail(client: Client) -> None:
    client.force_login(factories.officer(Role.AUDITOR, number="420009"))
    page = client.get("/admin/accounts/officer/")
    assert page.status_code == 403
    assert "这一页由系统管理员使用，您现在的角色是审计员。" in page.content.decode()
    row = AuditEntry.objects.get(action="access.refused")
    assert row.actor == "420009"
    assert row.details == {
        "path": "/admin/accounts/officer/",
        "method": "GET",
        "needs": ["administer"],
    }


def test_a_role_goes_at_once_with_history_and_trail() -> None:
    admin = factories.officer(Role.ADMINISTRATOR)
    officer = factories.officer(Role.RECORDER, Role.AUDITOR)
    services.remove_roles(
        actor=admin, officer=officer, roles=[Role.RECORDER], reason="调任审计岗位，局党委会决定。"
    )
    assert officer.roles == {"auditor"}
    row = AuditEntry.objects.get(action="account.roles_changed")
    assert row.details == {"added": [], "removed": ["recorder"]}
    gone = RoleGrant.history.filter(history_type="-").get()
    assert gone.history_change_reason == "调任审计岗位，局党委会决定。"


def test_what_changes_nothing_leaves_no_row() -> None:
    admin = factories.officer(Role.ADMINISTRATOR)
    officer = factories.officer(Role.RECORDER, is_active=False)
    services.remove_roles(actor=admin, officer=officer, roles=[Role.OFFICE], reason="没有变化。")
    services.disable(actor=admin, officer=officer, reason="没有变化。")
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize("who", ["oneself", "another"])
def test_nobody_changes_their_own_roles_and_only_administrators_change_any(who: str) -> None:
    from django.core.exceptions import PermissionDenied

    admin, office = factories.officer(Role.ADMINISTRATOR), factories.officer(Role.OFFICE)
    actor, officer = (admin, admin) if who == "oneself" else (office, admin)
    why: dict[str, Any] = {"actor": actor, "officer": officer, "reason": "不应当成功。"}
    with pytest.raises(PermissionDenied):
        services.remove_roles(**why, roles=["administrator"])
    with pytest.raises(PermissionDenied):
        services.disable(**why)
    with pytest.raises(PermissionDenied):
        services.correct_name(**why, name="某人")
    with pytest.raises(PermissionDenied):
        services.set_first_password(**why, password="lin-shi-mi-ma-7")
    after = Officer.objects.get(pk=officer.pk)
    assert after.roles == {"administrator"}
    assert (after.is_active, after.name) == (True, officer.name)


def test_a_reset_password_ends_the_lock(client: Client) -> None:
    admin = factories.officer(Role.ADMINISTRATOR)
    officer = factories.officer(Role.RECORDER, number="420001", password="shan-hu-yan-9")

    def attempt(password: str) -> int:
        data = {"number": "420001", "password": password}
        return client.post("/accounts/sign-in/", data).status_code

    assert [attempt("wrong") for _ in range(5)][-1] == 429
    services.set_first_password(
        actor=admin, officer=officer, password="lin-shi-mi-ma-7", reason="本人忘记密码，当面核实。"
    )
    assert attempt("lin-shi-mi-ma-7") == 302
    assert client.get("/")["Location"] == "/accounts/password/"


def test_requires_admits_who_may_and_nobody_else() -> None:
    from django.core.exceptions import PermissionDenied
    from django.http import HttpResponse

    from accounts.access import RequiresMixin, requires

    @requires(Can.READ_AUDIT, Can.ADMINISTER)
    def page(request: HttpRequest) -> HttpResponse:
        return HttpResponse("in")

    class Page(RequiresMixin):
        needs = (Can.READ_AUDIT,)

        def get(self, request: HttpRequest) -> HttpResponse:
            return HttpResponse("in")

    request = HttpRequest()
    request.method = "GET"
    request.user = factories.officer(Role.AUDITOR)
    assert page(request).status_code == Page.as_view()(request).status_code == 200
    request.user = factories.officer(Role.RECORDER)
    for view in (page, Page.as_view()):
        with pytest.raises(PermissionDenied, match="审计员"):
            view(request)
