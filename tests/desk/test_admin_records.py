"""Administrators read the records in the admin site; two persons correct them."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.test import Client

from accounts.models import Officer
from accounts.roles import Role
from core.admin_base import ReasonedAdmin
from core.models import AuditEntry
from desk.admin import ReadOnlyAdmin
from tests import factories
from tests.grading.correcting import everything
from violations.models import Factor

pytestmark = pytest.mark.django_db
RECORDS = ("violations.Decision", "violations.ListEntry", "violations.Factor", "subjects.Subject")


@pytest.fixture
def administrator(client: Client) -> Officer:
    officer = factories.officer(Role.ADMINISTRATOR)
    client.force_login(officer)
    return officer


@pytest.fixture
def records() -> dict[str, Any]:
    subject = factories.subject()
    factor = Factor.objects.create(
        subject=subject,
        kind="quantified",
        scheme="量化分级",
        value="A",
        source="卫健委",
        in_force_from="2026-01-01",
        recorded_by=factories.officer(Role.OFFICE),
    )
    return {
        "violations/decision": factories.decision(subject),
        "violations/listentry": factories.list_entry(subject),
        "violations/factor": factor,
        "subjects/subject": subject,
    }


def test_every_model_there_asks_for_a_reason_or_is_read_only() -> None:
    for model, site in admin.site._registry.items():
        assert isinstance(site, ReasonedAdmin | ReadOnlyAdmin), model


@pytest.mark.usefixtures("administrator")
def test_a_record_is_shown_and_leads_to_its_correction(
    client: Client, records: dict[str, Any]
) -> None:
    for place, row in records.items():
        answer = client.get(f"/admin/{place}/{row.pk}/change/")
        html = answer.content.decode()
        assert answer.status_code == 200, place
        assert "提出更正" in html
        assert 'name="_save"' not in html
        assert client.get(f"/admin/{place}/").status_code == 200
        assert AuditEntry.objects.filter(action__endswith=".view", target_id=str(row.pk)).exists()


@pytest.mark.usefixtures("administrator")
def test_no_request_there_writes_anything(client: Client, records: dict[str, Any]) -> None:
    before = {name: rows for name, rows in everything().items() if not name.startswith("core.")}
    for place, row in records.items():
        for path in (f"{row.pk}/change/", f"{row.pk}/delete/", "add/"):
            answer = client.post(
                f"/admin/{place}/{path}",
                {
                    "name": "甲",
                    "state": "withdrawn",
                    "number": "1",
                    "post": "yes",
                    "reason": "x" * 12,
                },
            )
            assert answer.status_code == 403, (place, path)
        client.post(f"/admin/{place}/", {"action": "delete_selected", "_selected_action": row.pk})
        client.post(f"/admin/{place}/{row.pk}/history/", {"name": "甲"})
    after = {name: rows for name, rows in everything().items() if not name.startswith("core.")}
    assert after == before


@pytest.mark.usefixtures("administrator")
def test_drafts_and_proposals_are_not_there(client: Client) -> None:
    draft, proposed = factories.decision(state="draft"), factories.list_entry(state="proposed")
    for path in (
        f"/admin/violations/decision/{draft.pk}/change/",
        f"/admin/violations/listentry/{proposed.pk}/change/",
    ):
        assert client.get(path).status_code == 302  # to the list, with a word that it is not there


def test_the_history_of_a_record_is_read_only(
    client: Client, administrator: Officer, records: dict[str, Any]
) -> None:
    decision = records["violations/decision"]
    answer = client.get(f"/admin/violations/decision/{decision.pk}/history/")
    assert answer.status_code == 200
    assert decision.history.count() == 1


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_nobody_else_reads_records_there(
    role: str, client: Client, records: dict[str, Any]
) -> None:
    client.force_login(factories.officer(role))
    for place, row in records.items():
        assert client.get(f"/admin/{place}/{row.pk}/change/").status_code == 403
