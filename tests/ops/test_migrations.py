"""Migrations run back and forth on a filled database and lose nothing that both states can hold."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests import migrated
from tests.ops.environment import ROOT
from tests.ops.processes import PATIENCE, environment


@pytest.fixture
def address() -> Iterator[str]:
    """A migrated database, made past the tests' own."""
    server = os.environ["DATABASE_URL"]
    name, template = f"walk_{uuid.uuid4().hex[:12]}", migrated.postgres_database(server)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        yield server.rpartition("/")[0] + f"/{name}"
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _walk(var_dir: Path, address: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.ops.migration_walk"],
        cwd=ROOT,
        env=environment(
            var_dir, DATABASE_URL=address, DJANGO_SETTINGS_MODULE="wugang_credit.settings"
        ),
        capture_output=True,
        text=True,
        timeout=5 * PATIENCE,  # every step of every app is taken back and done again
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.mark.postgres
def test_a_filled_register_survives_back_and_forth(tmp_path: Path, address: str) -> None:
    found = _walk(tmp_path / "var", address)

    assert found["rows"] > 300
    assert found["clean_before"] == 0
    assert found["changed_by_going_back"] == []
    assert found["changed_by_coming_again"] == []
    # A column that a step back dropped comes back empty; the nightly check fills it again.
    assert found["clean_after"] == 0
    assert found["tables_at_zero"] == []
    assert found["rule_sets_again"] == 1


def test_every_step_that_moves_data_can_be_taken_back() -> None:
    one_way = []
    for path in sorted(ROOT.glob("*/migrations/0*.py")):
        for call in ast.walk(ast.parse(path.read_text())):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
                backwards = {k.arg for k in call.keywords} & {"reverse_code", "reverse_sql"}
                moves = call.func.attr in ("RunPython", "RunSQL")
                if moves and len(call.args) < 2 and not backwards:
                    one_way.append(f"{path.relative_to(ROOT)}:{call.lineno}")

    assert one_way == []
