"""What the services of credit repair raise, beside InvalidDecision and NotAllowed."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from appeals.repair_models import Repair


class RepairRefused(Exception):  # noqa: N818
    """The case as it stands does not admit this step (409); ``message`` says what is missing."""

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)


class RepairChanged(RepairRefused):
    """Somebody changed the case since it was read (409)."""

    def __init__(self, repair: Repair) -> None:
        latest = repair.history.select_related("history_user").first()
        who = latest.history_user.name if latest and latest.history_user else "其他人"
        super().__init__(f"{who} 已办理过此案。请先查看新内容，再办理。")
