"""Tables to which rows are only ever added, held by triggers: the database itself refuses the rest.

On PostgreSQL each UPDATE, DELETE and TRUNCATE is refused, whoever sends it and whatever
``session_replication_role`` says; on SQLite also an ``INSERT OR REPLACE``, which would take a row's
place without a DELETE. An INSERT pays nothing for it on PostgreSQL and one look at the primary key
on SQLite. Who owns the table may take the trigger away: that is what the chain is for
(``core.audit_chain``).
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db.backends.base.base import BaseDatabaseWrapper

_FUNCTION = """
CREATE OR REPLACE FUNCTION core_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


def protect(connection: BaseDatabaseWrapper, *tables: str) -> None:
    """Put the triggers on ``tables``; they must not stand already."""
    with connection.cursor() as cursor:
        if _is_postgresql(connection):
            cursor.execute(_FUNCTION)
        make = _on_postgresql if _is_postgresql(connection) else _on_sqlite
        for statement in (one for table in tables for one in make(table)):
            cursor.execute(statement)


def freeze(connection: BaseDatabaseWrapper, table: str, columns: Sequence[str]) -> None:
    """As ``protect``, but only ``columns`` are held: the others of a row may be written later."""
    update_of = "BEFORE UPDATE OF " + ", ".join(f'"{column}"' for column in columns)
    make = _on_postgresql if _is_postgresql(connection) else _on_sqlite
    with connection.cursor() as cursor:
        if _is_postgresql(connection):
            cursor.execute(_FUNCTION)
        for statement in make(table):
            cursor.execute(statement.replace("BEFORE UPDATE", update_of))


def unprotect(connection: BaseDatabaseWrapper, *tables: str) -> None:
    """Take the triggers off ``tables``: for a migration that is taken back."""
    with connection.cursor() as cursor:
        for table in tables:
            if _is_postgresql(connection):
                cursor.execute(f'DROP TRIGGER IF EXISTS "{table}_append_only" ON "{table}"')
                continue
            for verb in ("update", "delete", "replace"):
                cursor.execute(f'DROP TRIGGER IF EXISTS "{table}_append_only_{verb}"')


def _is_postgresql(connection: BaseDatabaseWrapper) -> bool:
    return connection.vendor == "postgresql"


def _on_postgresql(table: str) -> list[str]:
    return [
        f'CREATE TRIGGER "{table}_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "{table}"'
        " FOR EACH STATEMENT EXECUTE FUNCTION core_append_only()",
        f'ALTER TABLE "{table}" ENABLE ALWAYS TRIGGER "{table}_append_only"',
    ]


def _on_sqlite(table: str) -> list[str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    taken = f'WHEN EXISTS (SELECT 1 FROM "{table}" WHERE id = NEW.id)'
    return [
        f'CREATE TRIGGER "{table}_append_only_update" BEFORE UPDATE ON "{table}" {refuse}',
        f'CREATE TRIGGER "{table}_append_only_delete" BEFORE DELETE ON "{table}" {refuse}',
        f'CREATE TRIGGER "{table}_append_only_replace" BEFORE INSERT ON "{table}" {taken} {refuse}',
    ]
