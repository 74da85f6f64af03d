from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from django.core.cache import cache

from accounts.models import Officer, Unit
from accounts.roles import Role
from core.models import OfficeSetting
from tests import factories


@pytest.fixture(autouse=True)
def _frozen() -> Iterator[None]:
    with time_machine.travel("2026-11-20T10:00:00+08:00", tick=True):
        yield


@pytest.fixture(autouse=True)
def _no_calls_counted() -> None:
    cache.clear()


@pytest.fixture
def home() -> Unit:
    return factories.unit("WG-ZA", "治安管理大队")


@pytest.fixture
def recorder(home: Unit) -> Officer:
    return factories.officer(Role.RECORDER, unit=home)


@pytest.fixture
def reviewer(home: Unit) -> Officer:
    return factories.officer(Role.UNIT_REVIEWER, unit=home)


@pytest.fixture
def office() -> Officer:
    unit = factories.unit("WG-OFFICE", "局办公室", is_office=True)
    return factories.officer(Role.OFFICE, unit=unit)


@pytest.fixture
def takeover_open() -> None:
    OfficeSetting.objects.create(
        key="takeover_until", value="2026-12-31", effective_from="2026-01-01"
    )
