"""Every dotted verb that the code writes into the trail, read from its source."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGES = ("accounts", "core", "desk", "grading", "sanctions", "subjects", "violations")


def actions_in_the_code() -> set[str]:
    """Texts given as ``action``, as ``audit_action``, or to a module's own ``_record``."""
    found: set[str] = set()
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            if "migrations" not in path.parts:
                found |= set(_in(ast.parse(path.read_text())))
    return found


def _in(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", "") or getattr(node.func, "id", "")
            if name in ("record", "_record"):
                given = [*node.args, *(k.value for k in node.keywords if k.arg == "action")]
                yield from _texts(given)
        if isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(getattr(target, "id", "") == "audit_action" for target in targets):
                yield from _texts([node.value] if node.value else [])


def _texts(nodes: list[ast.expr]) -> Iterator[str]:
    for node in nodes:
        parts = [node.body, node.orelse] if isinstance(node, ast.IfExp) else [node]
        for part in parts:
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                word = part.value
                if "." in word and word.isascii() and word.replace(".", "_").isidentifier():
                    yield word
