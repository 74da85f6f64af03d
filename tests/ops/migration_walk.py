"""Walks the migrations of a filled database back and forth; prints what it found as JSON.

Run as a process of its own (``python -m tests.ops.migration_walk``) on the database that
``DATABASE_URL`` names, which must be migrated and empty.
"""

from __future__ import annotations

import gc
import json
from typing import Any

import django

gc.disable()  # collecting would take a fifth of the time
django.setup()

from django.apps import apps  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.db.migrations.executor import MigrationExecutor  # noqa: E402

from grading.models import RuleSet  # noqa: E402
from grading.verification import verify  # noqa: E402

OWN = [config.label for config in apps.get_app_configs() if "site-packages" not in config.path]
Table = list[dict[str, Any]]


def to(targets: list[tuple[str, str | None]]) -> None:
    executor = MigrationExecutor(connection)
    executor.migrate(targets)


def firsts() -> list[tuple[str, str | None]]:
    """The first migration of each own app: tables are there, later steps are not.

    Apps that began upon later steps of those below them go first, and wholly.
    """
    nodes = MigrationExecutor(connection).loader.graph.nodes
    below = [label for label in OWN if (label, "0001_initial") in nodes]
    above = {label for label, _ in nodes if label in OWN} - set(below)
    return [
        *((label, None) for label in sorted(above)),
        *((label, "0001_initial") for label in below),
    ]


def last() -> None:
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


def snapshot() -> dict[str, Table]:
    """Every row of every table of an own app."""
    found = {}
    with connection.cursor() as cursor:
        for name in sorted(connection.introspection.table_names(cursor)):
            if name.split("_")[0] in OWN:
                cursor.execute(f"SELECT * FROM {connection.ops.quote_name(name)}")
                columns = [column[0] for column in cursor.description]
                found[name] = [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
    return found


def changed(before: dict[str, Table], after: dict[str, Table], old: dict[str, Table]) -> list[str]:
    """Tables whose rows differ in what the ``old`` state could hold."""
    different = []
    for name in old.keys() & before.keys() & after.keys():
        columns = set.intersection(
            *({c for row in s[name][:1] for c in row} for s in (before, old))
        )
        told = [
            sorted(repr([str(row[c]) for c in sorted(columns)]) for row in state[name])
            for state in (before, after)
        ]
        if told[0] != told[1]:
            different.append(name)
    return sorted(different)


def main() -> None:
    call_command("migrate", verbosity=0, interactive=False)
    call_command("demo", subjects=40, verbosity=0)
    found: dict[str, Any] = {"clean_before": len(verify(repair=False))}
    before = snapshot()
    found["rows"] = sum(len(rows) for rows in before.values())

    to(firsts())
    old = snapshot()
    found["changed_by_going_back"] = changed(before, old, old)
    last()
    found["rule_sets_again"] = RuleSet.objects.count()
    found["changed_by_coming_again"] = changed(before, snapshot(), old)
    found["mended"] = sorted({difference.column for difference in verify(repair=True).standings})
    found["clean_after"] = len(verify(repair=False))

    to(
        [
            (label, None)
            for label in OWN
            if label in MigrationExecutor(connection).loader.migrated_apps
        ]
    )
    found["tables_at_zero"] = sorted(snapshot())
    print(json.dumps(found))


if __name__ == "__main__":
    main()
