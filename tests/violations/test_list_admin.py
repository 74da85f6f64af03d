"""No path around the steps: neither the admin site nor a queryset publishes an entry."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.test import Client

from accounts.roles import Role
from core.models import BypassError, Holiday
from tests import factories
from violations.enums import ListKind, ListState
from violations.models import ListCondition, ListEntry, ListObjection

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("model", [ListCondition, ListObjection, Holiday])
def test_the_admin_site_does_not_hold_what_the_pages_keep(model: type) -> None:
    assert model not in admin.site._registry


@pytest.mark.parametrize("verb", ["change", "delete"])
def test_the_admin_site_changes_no_entry(verb: str) -> None:
    entry = factories.list_entry(list=ListKind.BLACK, state=ListState.PROPOSED)
    client = Client()
    client.force_login(factories.officer(Role.ADMINISTRATOR))
    path = f"/admin/violations/listentry/{entry.pk}/{verb}/"
    answer = client.post(path, {"state": "published", "post": "yes", "approved_by": "1"})
    assert answer.status_code in (403, 404, 405)
    entry.refresh_from_db()
    assert entry.state == ListState.PROPOSED


def test_a_queryset_publishes_nothing() -> None:
    entry = factories.list_entry(state=ListState.PROPOSED)
    with pytest.raises(BypassError):
        ListEntry.objects.filter(pk=entry.pk).update(state="published")
    with pytest.raises(BypassError):
        ListEntry.objects.filter(pk=entry.pk).delete()
    with pytest.raises(BypassError):
        entry.delete()
