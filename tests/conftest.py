"""Fixtures and hooks that every test gets: no broker, fast passwords, plain static files.

The database is the one that ``DATABASE_URL`` names (a test database beside it), else SQLite in
memory. Tests marked ``postgres``, ``redis`` or ``browser`` are skipped, with the reason printed,
where the machine has no such thing.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test import override_settings

from grading.requests import broker_rest
from tests import flush, migrated
from wugang_credit.celery import app as celery_app

PLAIN_STATIC = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}


def chromium_path() -> str | None:
    """Where Debian's Chromium (or a Chrome) lies; None where there is none."""
    return shutil.which("chromium") or shutil.which("google-chrome")


def _missing() -> dict[str, str]:
    """For each marker that this machine cannot serve, the reason to print."""
    missing: dict[str, str] = {}
    if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
        missing["postgres"] = "DATABASE_URL names no PostgreSQL database"
    if not os.environ.get("REDIS_URL"):
        missing["redis"] = "REDIS_URL is not set"
    if os.environ.get("ONCE") == "elsewhere":
        missing["once"] = "ONCE=elsewhere: another run of the same CI has it"
    if chromium_path() is None:
        missing["browser"] = "no Chromium on this machine (Debian: package chromium)"
    return missing


# Long ones that start processes of their own: begun first, or one process of the run would wait for
# the other's last test. Those with a database stay in the order that pytest-django gave them.
LONG = ("test_migrations.py", "test_serve.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.path.name not in LONG or _uses_database(item))
    missing = _missing()
    for item in items:
        for marker, reason in missing.items():
            if item.get_closest_marker(marker):
                item.add_marker(pytest.mark.skip(reason=reason))
        _keep_migrated_rows(item)


def _uses_database(item: pytest.Item) -> bool:
    return item.get_closest_marker("django_db") is not None


def _keep_migrated_rows(item: pytest.Item) -> None:
    """Give a transactional test the rows that migrations load (the rule set).

    Such a test empties the tables at its end; without this the next would begin without them.
    """
    marker = item.get_closest_marker("django_db")
    if marker and marker.kwargs.get("transaction"):
        kwargs = {**marker.kwargs, "serialized_rollback": True}
        item.add_marker(pytest.mark.django_db(*marker.args, **kwargs), append=False)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None,
    django_db_keepdb: bool,
    django_db_createdb: bool,
) -> Iterator[None]:
    """The test database begins as a copy of one that is migrated already."""
    with pytest.MonkeyPatch.context() as patch:
        if django_db_keepdb and not django_db_createdb:
            pass  # that of the run before is there
        elif connection.vendor == "postgresql":
            name = migrated.postgres_database(os.environ["DATABASE_URL"])
            patch.setitem(connection.settings_dict["TEST"], "TEMPLATE", name)
        else:
            creation: Any = connection.creation
            create = creation._create_test_db

            def filled(*args: Any, **kwargs: Any) -> str:
                made: str = create(*args, **kwargs)
                connection.settings_dict["NAME"] = made
                connection.ensure_connection()
                migrated.copy_into(connection.connection)
                return made

            patch.setattr(creation, "_create_test_db", filled)
        yield


@pytest.fixture(scope="session", autouse=True)
def _test_profile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Settings that differ from the product's: what would only slow tests down or need files."""
    storages: dict[str, Any] = {**django_settings.STORAGES, "staticfiles": PLAIN_STATIC}
    place = {"location": tmp_path_factory.mktemp("files")}
    storages["default"] = {**storages["default"], "OPTIONS": place}
    with override_settings(
        STORAGES=storages,
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    ):
        yield


@pytest.fixture(scope="session", autouse=True)
def _broker_in_memory() -> None:
    """Messages go to a queue within the process that nobody reads: no broker is ever asked."""
    celery_app.conf.update(broker_url="memory://", broker_transport_options={})


@pytest.fixture(scope="session", autouse=True)
def _quick_flush() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        flush.make_quick(patch)
        yield


@pytest.fixture(autouse=True)
def _migrated_rows_come_back(django_db_serialized_rollback: None) -> None:
    """The same as ``_keep_migrated_rows`` for tests that ask by fixture (``live_server``)."""


@pytest.fixture(autouse=True)
def _broker_not_resting() -> None:
    """A test that lets the broker fail leaves no mark on the next."""
    broker_rest.until = 0.0


@pytest.fixture
def eager_tasks() -> Iterator[None]:
    """Tasks run within the call that sends them, and what they raise is raised there."""
    before: dict[str, Any] = {
        name: celery_app.conf[name] for name in ("task_always_eager", "task_eager_propagates")
    }
    celery_app.conf.update(task_always_eager=True, task_eager_propagates=True)
    yield
    celery_app.conf.update(before)
