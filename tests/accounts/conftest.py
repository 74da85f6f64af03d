"""Who takes part where it takes two administrators."""

from __future__ import annotations

import pytest

from accounts.models import Officer
from accounts.roles import Role
from tests import factories


@pytest.fixture
def first() -> Officer:
    return factories.officer(Role.ADMINISTRATOR, number="489007")


@pytest.fixture
def second() -> Officer:
    return factories.officer(Role.ADMINISTRATOR, number="489010")


@pytest.fixture
def officer() -> Officer:
    return factories.officer(Role.RECORDER, number="489001", unit=factories.unit("WG-ZA"))
