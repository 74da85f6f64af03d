"""The database itself lets nobody change, delete or replace a row of the trail or of its chain."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from core.audit import record
from core.audit_chain import seal
from core.models import AuditEntry, AuditSeal, BypassError

pytestmark = pytest.mark.django_db
ON_POSTGRESQL = ("TRUNCATE core_auditentry", "TRUNCATE core_auditseal")
BEND = (
    "UPDATE core_auditentry SET actor = '410009'",
    "DELETE FROM core_auditentry",
    "UPDATE core_auditseal SET count = 0",
    "DELETE FROM core_auditseal",
)
REPLACE = "INSERT OR REPLACE INTO core_auditseal SELECT * FROM core_auditseal"


@pytest.fixture(autouse=True)
def _sealed_row() -> None:
    record(actor=None, action="test.made")
    seal()


def refused(statement: str) -> None:
    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


@pytest.mark.parametrize("statement", BEND)
def test_no_statement_bends_it(statement: str) -> None:
    refused(statement)
    assert AuditEntry.objects.get().actor == ""
    assert AuditSeal.objects.get().count == 1


@pytest.mark.postgres
@pytest.mark.parametrize("statement", ON_POSTGRESQL)
def test_it_is_not_emptied(statement: str) -> None:
    refused(statement)


@pytest.mark.postgres
@pytest.mark.parametrize("statement", BEND)
def test_a_session_that_switches_triggers_off_is_refused_too(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
    refused(statement)


def test_a_row_is_not_put_in_the_place_of_another() -> None:
    if connection.vendor == "sqlite":
        refused(REPLACE)
    else:
        row = "INSERT INTO core_auditentry SELECT * FROM core_auditentry ON CONFLICT (id)"
        refused(f"{row} DO UPDATE SET actor = '410009'")


def test_the_models_say_so_before_the_database_does() -> None:
    row, link = AuditEntry.objects.get(), AuditSeal.objects.get()
    for write in (row.save, row.delete):
        with pytest.raises(BypassError):
            write()
    for write in (link.save, link.delete):
        with pytest.raises(RuntimeError, match="only ever added to"):
            write()


@pytest.mark.django_db(transaction=True)
def test_after_a_flush_they_stand_again() -> None:
    """The test before this one in its file ended with a flush, or this one's own end does."""
    from django.core.management import call_command

    call_command("flush", interactive=False, verbosity=0)
    assert not AuditEntry.objects.exists()
    record(actor=None, action="test.made")
    seal()
    for statement in BEND:
        refused(statement)
