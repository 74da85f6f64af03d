"""Outside, the time of an answer tells nothing of sealed records either."""

from __future__ import annotations

import statistics
import time
from datetime import date

import pytest

from tests import factories
from tests.api.calls import outsider

pytestmark = pytest.mark.django_db
ROUNDS = 60


def test_sealed_and_unknown_take_the_same_time_within_noise() -> None:
    """Medians of interleaved calls differ by less than the calls of one kind among themselves."""
    subject = factories.subject()
    for n in range(1, 4):
        factories.decision(subject, decided_on=date(2026, n, 1), law="治安管理处罚法")
    codes = [subject.credit_code, factories.credit_code(777)]
    who = outsider()
    took: list[list[float]] = [[], []]
    for n in range(2 * ROUNDS + 10):
        kind = n % 2
        begun = time.perf_counter()
        assert who.get(f"subjects/{codes[kind]}/grade/").status_code == 404
        if n >= 10:  # the first ones fill caches
            took[kind].append(time.perf_counter() - begun)

    medians = [statistics.median(one) for one in took]
    quartiles = [statistics.quantiles(one, n=4) for one in took]
    spread = max(one[2] - one[0] for one in quartiles)
    difference = abs(medians[0] - medians[1])
    assert difference < max(spread, 0.1 * min(medians)), (medians, spread)
