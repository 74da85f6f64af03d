"""What the services of this app raise; each carries what a page or an answer needs to say so."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone

if TYPE_CHECKING:
    from violations.inputs import Fault
    from violations.models import Decision


class InvalidDecision(Exception):  # noqa: N818
    """What was handed in cannot be recorded (400): ``faults`` says where, what and how to mend."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = list(faults)
        super().__init__("；".join(fault.message for fault in self.faults))


class DuplicateNumber(Exception):  # noqa: N818
    """The unit has a decision of this number already (409): ``existing``."""

    def __init__(self, existing: Decision) -> None:
        self.existing = existing
        day = timezone.localdate(existing.created_at)
        self.message = (
            f"该文号已于 {day} 由{existing.unit}录入。"
            "如为同一决定，请打开原记录；如文号有误，请更正。"
        )
        super().__init__(self.message)


class StaleVersion(Exception):  # noqa: N818
    """Somebody changed the decision since it was read (409): ``decision`` as it is now."""

    def __init__(self, decision: Decision) -> None:
        self.decision = decision
        latest = decision.history.select_related("history_user").first()
        who = latest.history_user.name if latest and latest.history_user else "其他人"
        when = f"在 {timezone.localtime(latest.history_date):%H:%M} " if latest else ""
        self.message = f"{who} {when}已修改此记录。请先查看新内容，再决定是否覆盖。"
        super().__init__(self.message)


class WrongState(Exception):  # noqa: N818
    """The decision's state does not allow this action (409): ``decision`` as it is now."""

    def __init__(self, decision: Decision, message: str) -> None:
        self.decision = decision
        self.message = message
        super().__init__(message)


class CaseRefused(Exception):  # noqa: N818
    """The case as it stands does not admit this step (409); ``message`` says what is missing."""

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)


class CaseChanged(CaseRefused):
    """Somebody moved the case on since it was read (409); ``noun`` is what officers call it."""

    def __init__(self, case: Any, noun: str) -> None:
        latest = case.history.select_related("history_user").first()
        who = latest.history_user.name if latest and latest.history_user else "其他人"
        super().__init__(f"{who} 已办理过此{noun}。请先查看新内容，再办理。")


class NotAllowed(PermissionDenied):
    """This officer may not do this (403); ``message`` says why and who may."""

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)
