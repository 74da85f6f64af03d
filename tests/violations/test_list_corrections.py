"""A correction of a published entry keeps what approval wrote down in step, and bends nothing."""

from __future__ import annotations

from datetime import date

import pytest

from tests.grading.correcting import agree, propose
from tests.violations.list_cases import LAST_OF_FIVE, on, published
from violations.correction_entries import ListEntryTarget
from violations.errors import InvalidDecision

pytestmark = pytest.mark.django_db


def test_the_end_of_the_period_follows_a_corrected_notice() -> None:
    case = published()
    assert case.entry.notice_ends_on == LAST_OF_FIVE
    with on(date(2026, 11, 20)):
        agree(propose(ListEntryTarget(case.entry), {"notified_on": "2026-09-24"}))
    assert case.read().notice_ends_on == date(2026, 10, 9)  # over two holidays


def test_a_notice_that_came_too_late_for_the_approval_is_no_correction() -> None:
    case = published()
    with on(date(2026, 11, 20)), pytest.raises(InvalidDecision, match="批准时期限未满"):
        propose(ListEntryTarget(case.entry), {"notified_on": "2026-09-29"})
