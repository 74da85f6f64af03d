"""Fixtures of this app's tests."""

from __future__ import annotations

import pytest


@pytest.fixture
def blank_pdf(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rendering takes a quarter of a second: where the paper itself is not looked at, none is."""
    monkeypatch.setattr("sanctions.papers.render_pdf", lambda template, context: b"%PDF-blank")
    monkeypatch.setattr("sanctions.papers.page_count", lambda data: 1)
