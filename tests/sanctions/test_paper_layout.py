"""Papers as they come out of the printer: the pages counted in the PDF itself."""

from __future__ import annotations

import pytest
import time_machine

from core.documents import page_count
from sanctions.paper_files import verified
from sanctions.paper_models import PaperCounter
from sanctions.paper_preview import preview
from tests import factories
from tests.sanctions.paper_cases import REMINDER, office_officer, reminder

pytestmark = pytest.mark.django_db


@time_machine.travel("2026-11-23 10:00 +0800", tick=False)
def test_the_drawn_reminder_is_one_page_and_its_preview_has_no_number() -> None:
    clerk = office_officer()
    organisation = factories.subject(name="舞钢市样例金叶典当有限公司")
    paper = reminder(clerk, organisation)
    assert page_count(verified(paper)) == paper.pages == 1
    before = PaperCounter.objects.get().last
    data = preview("reminder", clerk.unit, organisation, REMINDER)
    assert page_count(data) == 1
    assert PaperCounter.objects.get().last == before
