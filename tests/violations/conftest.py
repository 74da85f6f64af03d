"""What tests of this app share: the day, and who was told about changed facts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine

from violations.signals import facts_written


@pytest.fixture
def frozen() -> Iterator[None]:
    """2026-11-20, nine in the morning in Asia/Shanghai."""
    with time_machine.travel("2026-11-20 09:00+08:00", tick=False):
        yield


@pytest.fixture
def told() -> Iterator[list[tuple[str, list[int]]]]:
    """(cause, subject ids) of each ``facts_written``, in order."""
    heard: list[tuple[str, list[int]]] = []

    def hear(sender: Any, *, subject_ids: list[int], cause: str, **kwargs: Any) -> None:
        heard.append((cause, list(subject_ids)))

    facts_written.connect(hear, weak=False)
    yield heard
    facts_written.disconnect(hear)
