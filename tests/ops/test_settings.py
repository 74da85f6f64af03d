"""The production profile: refuses what belongs to a demonstration, and is clean when deployed."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from pathlib import Path

import pytest

from tests.ops.environment import ROOT, SETTINGS, variables_read

pytestmark = pytest.mark.once


def _production(var_dir: Path, **changes: str | None) -> dict[str, str]:
    """An environment for the production profile; a change to None leaves the variable out."""
    values: dict[str, str | None] = {
        "WUGANG_PROFILE": "production",
        "VAR_DIR": str(var_dir),
        "SECRET_KEY": secrets.token_urlsafe(60),
        "DATABASE_URL": "postgres://wugang@127.0.0.1:1/wugang",
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "ALLOWED_HOSTS": "credit.example",
        "FIELD_KEYS": f"k1={secrets.token_urlsafe(40)}",
        **changes,
    }
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return kept | {name: value for name, value in values.items() if value is not None}


def _check(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "INFO"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_production_profile_passes_the_deployment_check(tmp_path: Path) -> None:
    result = _check(_production(tmp_path))

    assert result.returncode == 0, result.stderr
    assert "no issues (0 silenced)" in result.stdout


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"SECRET_KEY": None}, "SECRET_KEY"),
        ({"SECRET_KEY": "sample-secret-for-demonstration-only-never-in-production"}, "SECRET_KEY"),
        ({"SECRET_KEY": "django-insecure-" + "k3v9x7q2" * 8}, "SECRET_KEY"),
        ({"SECRET_KEY": "x7q2k3v9zm"}, "SECRET_KEY"),
        ({"SECRET_KEY": "a" * 64}, "SECRET_KEY"),
        ({"DATABASE_URL": None}, "DATABASE_URL"),
        ({"DATABASE_URL": "sqlite:////tmp/db.sqlite3"}, "DATABASE_URL"),
        ({"REDIS_URL": None}, "REDIS_URL"),
        ({"ALLOWED_HOSTS": None}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS"),
        ({"FIELD_KEYS": None}, "FIELD_KEYS"),
        ({"FIELD_KEYS": "k1=short"}, "FIELD_KEYS"),
        ({"WUGANG_PROFILE": "prod"}, "WUGANG_PROFILE"),
    ],
)
def test_the_production_profile_refuses_to_start_without_its_own(
    tmp_path: Path, changes: dict[str, str | None], named: str
) -> None:
    result = _check(_production(tmp_path, **changes))

    assert result.returncode != 0
    assert f"ImproperlyConfigured: {named}" in result.stderr


@pytest.mark.parametrize("name", sorted(variables_read()))
def test_every_variable_that_settings_read_is_documented(name: str) -> None:
    assert f"| `{name}` |" in (ROOT / "README.md").read_text()


def test_settings_read_the_environment_in_no_other_way() -> None:
    text = SETTINGS.read_text()

    assert "os.environ" not in text
    assert "env.ENVIRON" not in text
