"""Dumping and loading a whole database, and counting its rows: PostgreSQL and SQLite.

Passwords reach the PostgreSQL tools through their environment, never through an argument that
every user of the machine can read.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
from django.db import connection, transaction
from psycopg import sql

POSTGRESQL, SQLITE = "postgresql", "sqlite"
DUMP_NAMES = {POSTGRESQL: "database.dump", SQLITE: "database.sqlite3"}
TABLES = (
    "SELECT table_name FROM information_schema.tables"
    " WHERE table_schema = 'public' AND table_type = 'BASE TABLE' ORDER BY table_name"
)
SQLITE_TABLES = (
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
)


class DumpError(Exception):
    """Why a dump was not written or loaded, in Chinese, with how to mend it."""


def dump(target: Path) -> dict[str, int]:
    """Write the live database to ``target``; the answer is the rows of each table in the dump.

    Dump and counts are of one moment, also while others write. Raises DumpError.
    """
    return _dump_postgres(target) if connection.vendor == POSTGRESQL else _dump_sqlite(target)


def _dump_sqlite(target: Path) -> dict[str, int]:
    connection.ensure_connection()
    with closing(sqlite3.connect(target)) as copy:
        connection.connection.backup(copy)
        if copy.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            raise DumpError("SQLite 数据库文件已损坏（integrity_check 未通过），备份没有完成。")
    return sqlite_rows(target)


def _dump_postgres(target: Path) -> dict[str, int]:
    if connection.in_atomic_block:
        raise DumpError("备份须在事务之外进行。")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        # It idles while pg_dump works, for as long as that takes.
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        run_tool(
            "pg_dump",
            *("--format=custom", "--no-owner", "--no-privileges"),
            *(f"--snapshot={snapshot}", f"--file={target}"),
            database=connection.settings_dict,
        )
        cursor.execute(TABLES)
        tables = [row[0] for row in cursor.fetchall()]
        rows = {}
        for table in tables:
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")
            rows[table] = int(cursor.fetchone()[0])
    return rows


def run_tool(name: str, *arguments: str, database: Mapping[str, Any]) -> None:
    """Run a PostgreSQL client tool on ``database`` (a Django database dict).

    Raises DumpError where it is not installed or fails.
    """
    if shutil.which(name) is None:
        raise DumpError(
            f"没有找到 {name}。请安装 PostgreSQL 客户端（Debian 软件包 postgresql-client），"
            "版本与数据库服务器一致。"
        )
    parts = {"HOST": "PGHOST", "PORT": "PGPORT", "USER": "PGUSER", "PASSWORD": "PGPASSWORD"}
    given = {env: str(database[key]) for key, env in parts.items() if database.get(key)}
    command = [name, "--no-password", *arguments, f"--dbname={database['NAME']}"]
    done = subprocess.run(
        command, env={**os.environ, **given}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise DumpError(f"{name} 没有成功：{done.stderr.strip()[-2000:]}")


def load_postgres(source: Path, database: Mapping[str, Any]) -> dict[str, int]:
    """Load a dump into an empty database; the answer is the rows of each table afterwards.

    Raises DumpError where the database has tables already, cannot be reached, or is the live one.
    """
    _refuse_live(database)
    if postgres_rows(database):
        raise DumpError(
            "恢复目标数据库不是空的。请用 createdb 新建一个空数据库，再用 --into 指明。"
        )
    run_tool(
        "pg_restore",
        *("--no-owner", "--no-privileges", "--exit-on-error"),
        str(source),
        database=database,
    )
    return postgres_rows(database)


def _refuse_live(database: Mapping[str, Any]) -> None:
    live = connection.settings_dict
    same = all(str(live.get(k) or "") == str(database.get(k) or "") for k in ("HOST", "PORT"))
    if connection.vendor == POSTGRESQL and same and live["NAME"] == database["NAME"]:
        raise DumpError("恢复目标就是正在使用的数据库。请另建一个空数据库，再用 --into 指明。")


def postgres_rows(database: Mapping[str, Any]) -> dict[str, int]:
    """The rows of each table; empty for a database without tables. Raises DumpError."""
    try:
        with psycopg.connect(
            dbname=database["NAME"],
            host=database.get("HOST") or None,
            port=database.get("PORT") or None,
            user=database.get("USER") or None,
            password=database.get("PASSWORD") or None,
            connect_timeout=5,
        ) as link:
            tables = [row[0] for row in link.execute(TABLES).fetchall()]
            count = sql.SQL("SELECT count(*) FROM {}")
            return {name: _one(link, count.format(sql.Identifier(name))) for name in tables}
    except psycopg.OperationalError as error:
        raise DumpError(f"无法连接恢复目标数据库：{error}") from None


def _one(link: psycopg.Connection[Any], query: sql.Composed) -> int:
    row = link.execute(query).fetchone()
    return 0 if row is None else int(row[0])


def sqlite_rows(path: Path) -> dict[str, int]:
    """The rows of each table of a SQLite file."""
    with closing(sqlite3.connect(path)) as link:
        tables = [row[0] for row in link.execute(SQLITE_TABLES)]
        return {
            name: int(link.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0])
            for name in tables
        }
