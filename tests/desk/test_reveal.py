"""Opening one encrypted field: purpose, right, scope, and the row of the trail before the value."""

from __future__ import annotations

from typing import Any

import pytest
from django.db.models import QuerySet
from django.test import Client
from django.urls import reverse

from accounts.models import Officer
from accounts.roles import Can, Role
from core import audit
from core.models import AuditEntry
from desk.reveal.fields import Revealable
from desk.reveal.registry import REGISTRY
from subjects.models import Subject
from tests import factories

pytestmark = pytest.mark.django_db


def seen_by(officer: Officer) -> QuerySet[Subject]:
    return Subject.objects.filter(unit_in_charge=officer.unit)


# Stands in for an encrypted field: what is shown, when and to whom does not depend on the column.
ROW = Revealable(
    name="test.value",
    label="登记地址",
    field="address",
    needs=(Can.RECORD_NOTICE,),
    scope=seen_by,
    of=lambda subject: subject.name,
    back=lambda subject: reverse("desk:subject", args=[subject.pk]),
)
SECRET = "垭口街道测试路1号"


@pytest.fixture(autouse=True)
def _registered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(REGISTRY, ROW.name, ROW)


def ask(officer: Officer, subject: Subject, **data: str) -> Any:
    client = Client()
    client.force_login(officer)
    url = reverse("desk:reveal", args=[ROW.name, subject.pk])
    return client.post(url, data) if data else client.get(url)


def company(unit: Any) -> Subject:
    return factories.subject(unit_in_charge=unit, address=SECRET)


def test_the_value_comes_for_a_purpose_and_the_trail_names_it() -> None:
    officer = factories.officer(Role.RECORDER)
    subject = company(officer.unit)
    asked = ask(officer, subject)
    assert asked.status_code == 200
    assert SECRET not in asked.content.decode()
    assert not AuditEntry.objects.filter(action="field.reveal").exists()
    shown = ask(officer, subject, purpose="电话通知约谈时间")
    assert SECRET in shown.content.decode()
    assert shown["Cache-Control"] == "no-store"
    row = AuditEntry.objects.get(action="field.reveal")
    assert (row.actor, row.reason) == (officer.number, "电话通知约谈时间")
    assert row.details == {"what": "test.value"}
    assert row.target_id == str(subject.pk)


def test_without_a_purpose_nothing_is_opened() -> None:
    officer = factories.officer(Role.RECORDER)
    refused = ask(officer, company(officer.unit), purpose=" ")
    assert refused.status_code == 400
    assert SECRET not in refused.content.decode()
    assert not AuditEntry.objects.filter(action="field.reveal").exists()


def test_the_row_is_written_before_the_value_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the trail cannot be written nothing leaves."""
    officer = factories.officer(Role.RECORDER)
    subject = company(officer.unit)

    def broken(**_: Any) -> None:
        raise RuntimeError("no trail")

    monkeypatch.setattr(audit, "record", broken)
    with pytest.raises(RuntimeError):
        ask(officer, subject, purpose="电话通知约谈时间")


@pytest.mark.parametrize(
    ("role", "own", "status"),
    [(Role.RECORDER, False, 404), (Role.APPROVER, True, 403), (Role.AUDITOR, True, 403)],
)
def test_who_may_not(role: str, own: bool, status: int) -> None:
    officer = factories.officer(role)
    subject = company(officer.unit if own else factories.unit())
    for data in ({}, {"purpose": "电话通知约谈时间"}):
        answer = ask(officer, subject, **data)
        assert answer.status_code == status
        assert SECRET not in answer.content.decode()
    assert not AuditEntry.objects.filter(action="field.reveal").exists()


def test_an_unknown_field_is_404() -> None:
    officer = factories.officer(Role.OFFICE)
    client = Client()
    client.force_login(officer)
    assert client.get(reverse("desk:reveal", args=["subject.name", 1])).status_code == 404
