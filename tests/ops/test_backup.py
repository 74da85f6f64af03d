"""A backup is whole, is known to be whole, and comes back with every row and right grades."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django import Settings

from core import backup, dumps, restoring
from core.models import AuditEntry
from grading.models import Cause, RegradeRequest
from grading.services import regrade
from subjects.models import Subject
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def register(tmp_path: Path, settings: Settings) -> Subject:
    """A graded organisation with a decision and a request that is still open, and one file."""
    settings.VAR_DIR = tmp_path / "var"
    (settings.VAR_DIR / "files" / "2026").mkdir(parents=True)
    (settings.VAR_DIR / "files" / "2026" / "a.pdf").write_bytes(b"%PDF-1.7 one")
    subject = factories.subject()
    factories.decision(subject)
    regrade([subject.pk])
    RegradeRequest.objects.create(subject=subject, cause=Cause.COMMAND)
    return subject


@pytest.fixture
def into() -> Iterator[str]:
    """The address of an empty database where the tests run on PostgreSQL; else empty."""
    if connection.vendor != "postgresql":
        yield ""
        return
    live = connection.settings_dict
    name = f"drill_{uuid.uuid4().hex[:12]}"
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"')
    password = f":{live['PASSWORD']}" if live["PASSWORD"] else ""
    yield f"postgres://{live['USER']}{password}@{live['HOST']}:{live['PORT'] or 5432}/{name}"
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _made(tmp_path: Path) -> Path:
    call_command("backup", "--to", str(tmp_path / "backups"))
    (made,) = (tmp_path / "backups").iterdir()
    return made


needs_tool = pytest.mark.skipif(shutil.which("pg_dump") is None, reason="pg_dump is not installed")


@needs_tool
def test_a_backup_comes_back_with_every_row_and_right_grades(
    register: Subject, tmp_path: Path, into: str, capsys: pytest.CaptureFixture[str]
) -> None:
    made = _made(tmp_path)
    call_command("restore_drill", str(made), "--into", into)

    said = capsys.readouterr().out
    assert "每张表的行数与备份清单一致" in said
    assert "已恢复 1 个文件" in said
    assert "verify_audit：全部一致" in said
    assert "verify_standings：全部一致" in said
    assert "恢复演练通过" in said
    actions = AuditEntry.objects.values_list("action", flat=True)
    assert {"backup.make", "backup.drill"} <= set(actions)


@needs_tool
def test_the_manifest_counts_every_table_and_the_directory_is_the_owner_s(
    register: Subject, tmp_path: Path
) -> None:
    made = _made(tmp_path)

    manifest = backup.read(made)
    assert manifest.rows["subjects_subject"] == Subject.objects.count()
    assert manifest.rows["grading_regraderequest"] == RegradeRequest.objects.count()
    assert set(manifest.rows) == set(connection.introspection.table_names())
    assert any(name.startswith("grading.0001") for name in manifest.migrations)
    assert made.stat().st_mode & 0o077 == 0


@needs_tool
def test_requests_that_were_open_stay_open_and_nothing_is_sent(
    register: Subject, tmp_path: Path, into: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    environments: list[dict[str, str]] = []
    real = restoring._manage

    def noted(environment: dict[str, str], *arguments: str) -> str:
        environments.append(dict(environment))
        said = real(environment, *arguments)
        queue = Path(environment["VAR_DIR"]) / "broker" / "queue"
        assert [path.name for path in queue.iterdir()] == []
        return said

    monkeypatch.setattr(restoring, "_manage", noted)
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    made = _made(tmp_path)
    before = RegradeRequest.objects.filter(done_at__isnull=True).count()

    restoring.drill(made, into=into, tell=lambda line: None)

    assert len(environments) == 3
    assert all("REDIS_URL" not in one for one in environments)
    if into:
        query = "SELECT count(*) FROM grading_regraderequest WHERE done_at IS NULL"
        done = subprocess.run(
            ["psql", into, "-At", "-c", query], capture_output=True, text=True, check=True
        )
        assert int(done.stdout) == before == 1


@needs_tool
def test_a_wrong_grade_in_the_backup_fails_the_drill(
    register: Subject, tmp_path: Path, into: str
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE grading_regraderequest SET done_at = requested_at")
        cursor.execute("UPDATE grading_standing SET grade = 'C'")
    made = _made(tmp_path)

    with pytest.raises(CommandError, match="verify_standings 没有通过"):
        call_command("restore_drill", str(made), "--into", into)


@needs_tool
def test_lost_rows_are_named(register: Subject, tmp_path: Path, into: str) -> None:
    made = _made(tmp_path)
    path = made / backup.MANIFEST
    manifest = json.loads(path.read_text())
    manifest["rows"]["subjects_subject"] += 1
    path.write_text(json.dumps(manifest))

    with pytest.raises(CommandError, match="subjects_subject：备份 2 行，恢复 1 行"):
        call_command("restore_drill", str(made), "--into", into)


@needs_tool
@pytest.mark.parametrize("damage", ["cut", "changed", "missing"])
def test_a_damaged_dump_is_refused_before_anything_is_restored(
    register: Subject, tmp_path: Path, damage: str
) -> None:
    made = _made(tmp_path)
    dump = next(path for path in made.iterdir() if path.name.startswith("database."))
    content = dump.read_bytes()
    dump.unlink()
    if damage != "missing":
        dump.write_bytes(content[:-1] if damage == "cut" else content[:-1] + b"\xff")

    with pytest.raises(CommandError, match="与备份清单不符"):
        call_command("restore_drill", str(made))


def test_what_is_no_backup_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="不是一份完整的备份"):
        call_command("restore_drill", str(tmp_path))


@needs_tool
def test_a_backup_that_breaks_off_is_not_taken_for_one(
    register: Subject, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path) -> dict[str, object]:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backup, "describe", full)
    with pytest.raises(OSError, match="No space"):
        backup.make(tmp_path / "backups")

    assert [path.suffix for path in (tmp_path / "backups").iterdir()] == [".partial"]


def test_a_place_that_cannot_be_written_is_said_plainly(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(CommandError, match="请另选一个目录"):
        call_command("backup", "--to", str(tmp_path / "file"))


@pytest.mark.postgres
def test_without_pg_dump_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.dumps.shutil.which", lambda name: None)

    with pytest.raises(CommandError, match="postgresql-client"):
        call_command("backup", "--to", str(tmp_path / "backups"))


@pytest.mark.postgres
@needs_tool
def test_the_live_database_and_a_full_one_are_never_restored_into(
    register: Subject, tmp_path: Path, into: str
) -> None:
    made = _made(tmp_path)
    live = into.rpartition("/")[0] + "/" + connection.settings_dict["NAME"]

    with pytest.raises(CommandError, match="正在使用的数据库"):
        call_command("restore_drill", str(made), "--into", live)
    call_command("restore_drill", str(made), "--into", into)
    with pytest.raises(CommandError, match="不是空的"):
        call_command("restore_drill", str(made), "--into", into)
    with pytest.raises(CommandError, match="--into"):
        call_command("restore_drill", str(made))


@pytest.mark.postgres
@needs_tool
def test_rows_written_while_the_dump_runs_are_in_neither_dump_nor_counts(
    register: Subject, tmp_path: Path, into: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = dumps.run_tool

    def slow(name: str, *arguments: str, database: dict[str, str]) -> None:
        if name == "pg_dump":
            other = {**os.environ, "PGPASSWORD": str(database.get("PASSWORD") or "")}
            place = [f"-h{database['HOST']}", f"-p{database['PORT'] or 5432}", "-U"]
            write = "INSERT INTO accounts_unit (code, name, is_office, is_active)"
            write += " VALUES ('LATE', '后来的单位', false, true)"
            target = [*place, str(database["USER"]), str(database["NAME"]), "-c", write]
            subprocess.run(["psql", "-q", *target], env=other, check=True)
        real(name, *arguments, database=database)

    monkeypatch.setattr(dumps, "run_tool", slow)
    made = _made(tmp_path)

    restoring.drill(made, into=into, tell=lambda line: None)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM accounts_unit")
        assert cursor.fetchone()[0] == backup.read(made).rows["accounts_unit"] + 1


def test_a_file_of_sqlite_is_counted(tmp_path: Path) -> None:
    path = tmp_path / "x.sqlite3"
    link = sqlite3.connect(path)
    link.executescript("CREATE TABLE a (x); INSERT INTO a VALUES (1), (2); CREATE TABLE b (x);")
    link.close()

    assert dumps.sqlite_rows(path) == {"a": 2, "b": 0}
