"""Whose decisions an officer sees: where every list, page, export and search begins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from accounts.models import Officer
from accounts.roles import Can
from core.models import FactQuerySet

if TYPE_CHECKING:
    from violations.models import Decision  # noqa: F401


class DecisionQuerySet(FactQuerySet["Decision"]):
    def visible_to(self, officer: Officer) -> DecisionQuerySet:
        """Those this officer reads in full; others do not exist for them (404).

        Recorders and reviewers read their own unit's; whoever may see all reads what left drafts,
        and the drafts of their own unit.
        """
        if officer.may(Can.SEE_ALL_DECISIONS):
            return self.filter(~Q(state="draft") | Q(unit=officer.unit_id))
        if officer.may(Can.RECORD_DECISION) or officer.may(Can.CONFIRM_DECISION):
            return self.filter(unit=officer.unit_id)
        return self.none()

    def correctable_by(self, officer: Officer) -> DecisionQuerySet:
        """Those that left their unit's hands, for who proposes or agrees to their correction.

        Whoever mends a record reads it in full, on the pages of corrections alone.
        """
        if officer.may(Can.PROPOSE_CORRECTION) or officer.may(Can.AGREE_TO_CORRECTION):
            return self.filter(state__in=("in_force", "withdrawn"))
        return self.none()

    def in_force(self) -> DecisionQuerySet:
        return self.filter(state="in_force")
