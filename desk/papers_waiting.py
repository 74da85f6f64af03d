"""The workbench's card about acts that may be one; papers to come stand in the queue."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from accounts.models import Officer
from accounts.roles import Can
from violations.papers_due import may_be_reminded
from violations.twins import groups_since

TWIN_DAYS = 30


def twins_waiting(officer: Officer) -> dict[str, object]:
    """For ``desk/_twins_waiting.html``; empty for who does not read the records of all units."""
    if not (may_be_reminded(officer) and officer.may(Can.SEE_ALL_DECISIONS)):
        return {}
    since = timezone.now() - timedelta(days=TWIN_DAYS)
    return {"twin_groups": groups_since(since), "twin_days": TWIN_DAYS}
