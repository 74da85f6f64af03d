"""docker-compose.yml and settings.py speak of the same variables, and no secret stands in it."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from tests.ops.environment import ROOT, variables_read

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
APP = ["web", "worker", "beat"]


@pytest.mark.parametrize("name", [*APP, "migrate"])
def test_it_gives_exactly_the_variables_that_settings_read(name: str) -> None:
    assert set(SERVICES[name]["environment"]) == variables_read()


@pytest.mark.parametrize("name", APP)
def test_it_runs_the_production_profile(name: str) -> None:
    assert SERVICES[name]["environment"]["WUGANG_PROFILE"] == "production"


@pytest.mark.parametrize("name", [*APP, "postgres", "redis"])
def test_every_lasting_service_has_a_health_check(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"]


@pytest.mark.parametrize("name", APP)
def test_everything_waits_for_the_migrations(name: str) -> None:
    waits = SERVICES[name]["depends_on"]
    assert waits["migrate"]["condition"] == "service_completed_successfully"


def test_every_secret_must_be_given_from_outside() -> None:
    secrets = {
        (name, key): value
        for name, service in SERVICES.items()
        for key, value in service.get("environment", {}).items()
        if re.search("SECRET|PASSWORD|_URL", key)
    }

    assert len(secrets) == 3 * 4 + 2
    for where, value in secrets.items():
        assert re.search(r"\$\{[A-Z_]+:\?[^}]+\}", value), where


def test_redis_keeps_its_queue_and_asks_for_a_password() -> None:
    command = " ".join(SERVICES["redis"]["command"])

    assert "--appendonly yes" in command
    assert "--maxmemory-policy noeviction" in command
    assert "--requirepass" in command
    assert "ports" not in SERVICES["redis"]
    assert "ports" not in SERVICES["postgres"]


def test_web_is_reached_through_the_proxy_of_its_own_host_alone() -> None:
    assert all(port.startswith("127.0.0.1:") for port in SERVICES["web"]["ports"])


def test_the_image_installs_by_hash_and_runs_as_nobody_special() -> None:
    lines = (ROOT / "Dockerfile").read_text().splitlines()

    assert any("--require-hashes" in line for line in lines)
    assert lines[-1] == "USER wugang"
