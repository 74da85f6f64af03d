"""The floors of the house where import-linter cannot see: relations and models named by a string.

``make check`` runs the layers contract itself; here are its two blind spots, and what no file of
the repository may hold.
"""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
LAYERS: list[str] = next(c["layers"] for c in CONTRACTS["contracts"] if c["type"] == "layers")
FLOOR = {name: len(LAYERS) - index for index, name in enumerate(LAYERS)}
RELATIONS = {"ForeignKey", "OneToOneField", "ManyToManyField", "GenericRelation"}
MAX_LINES = 400
OUTSIDE = [
    ("pypi", "org"),
    ("pythonhosted", "org"),
    ("npmjs", "(?:org|com)"),
    ("jsdelivr", "net"),
    ("unpkg", "com"),
    ("cdnjs", "cloudflare"),
    ("googleapis", "com"),
    ("debian", "org"),
]


def _tracked(*patterns: str) -> list[Path]:
    """Files of the repository, those not yet added included, those ignored left out."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *patterns]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return sorted({ROOT / name for name in names.splitlines() if (ROOT / name).is_file()})


def _named_app(call: ast.Call) -> str | None:
    """The app that a relation or ``get_model`` call names by a string, if it does."""
    function = call.func
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    if name not in RELATIONS | {"get_model"}:
        return None
    candidates = [*call.args[:1], *(k.value for k in call.keywords if k.arg in ("to", "app_label"))]
    for node in candidates:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            return node.value.split(".")[0]
    return None


def upward_names(source: str, package: str) -> Iterator[tuple[int, str]]:
    """Lines of ``source`` that name an app above ``package`` by a string, each with that app."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            app = _named_app(node)
            if app is not None and FLOOR.get(app, 0) > FLOOR[package]:
                yield node.lineno, app


def _sources() -> list[Path]:
    files = _tracked("*.py")
    return [path for path in files if path.relative_to(ROOT).parts[0] in FLOOR]


@pytest.mark.parametrize("package", LAYERS)
def test_every_floor_is_a_package_that_import_linter_reads(package: str) -> None:
    assert (ROOT / package / "__init__.py").is_file()
    assert package in CONTRACTS["root_packages"]


def test_every_app_of_the_project_stands_on_a_floor() -> None:
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "benchmarks"}

    assert packages == set(FLOOR)


def test_no_relation_and_no_get_model_names_an_app_above() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line} names {app}"
        for path in _sources()
        for line, app in upward_names(path.read_text(), path.relative_to(ROOT).parts[0])
    ]

    assert found == []


@pytest.mark.parametrize(
    "line",
    [
        'models.ForeignKey("grading.Standing", on_delete=models.CASCADE)',
        'OneToOneField(to="grading.Standing", on_delete=models.CASCADE)',
        'apps.get_model("grading.Standing")',
        'apps.get_model("grading", "Standing")',
        'apps.get_model(app_label="grading", model_name="Standing")',
    ],
)
def test_the_scan_sees_each_way_of_naming_a_model(line: str) -> None:
    assert [app for _, app in upward_names(line, "subjects")] == ["grading"]
    assert list(upward_names(line, "desk")) == []


def test_no_file_is_longer_than_a_reader_can_take_in() -> None:
    files = [*_tracked("*.py", "*.html", "*.js"), ROOT / "Makefile"]
    lengths = {path.relative_to(ROOT): len(path.read_text().splitlines()) for path in files}
    long = {
        str(path): lines
        for path, lines in lengths.items()
        if lines > MAX_LINES and "migrations" not in path.parts
    }

    assert long == {}


def test_templates_hold_no_inline_style_and_no_inline_script() -> None:
    inline = re.compile(r"\sstyle=|<style\b|<script(?![^>]*\bsrc=)|\son[a-z]+=\"|javascript:", re.I)
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in _tracked("*.html")
        for match in inline.finditer(path.read_text())
    ]

    assert found == []


def test_no_file_names_a_package_index_or_an_outside_script() -> None:
    hosts = re.compile("|".join(f"{name}[.]{end}" for name, end in OUTSIDE))
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in _tracked(".")
        if path.suffix not in {".png", ".xlsx", ".ico", ".woff2"}
        for match in hosts.finditer(path.read_text(errors="replace"))
    ]

    assert found == []
