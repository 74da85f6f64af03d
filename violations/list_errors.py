"""What the services of list entries raise, beside InvalidDecision and NotAllowed."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from violations.models import ListEntry


class EntryRefused(Exception):  # noqa: N818
    """The entry as it stands does not admit this step (409); ``message`` says what is missing."""

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)


class EntryChanged(EntryRefused):
    """Somebody changed the entry since it was read (409): ``entry`` as it is now."""

    def __init__(self, entry: ListEntry) -> None:
        self.entry = entry
        latest = entry.history.select_related("history_user").first()
        who = latest.history_user.name if latest and latest.history_user else "其他人"
        super().__init__(f"{who} 已修改此条目。请先查看新内容，再办理。")
