"""What the services of inspections raise, beside InvalidDecision and NotAllowed."""

from __future__ import annotations


class InspectionRefused(Exception):  # noqa: N818
    """The plan or inspection as it stands does not admit this (409); ``message`` says why."""

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)


class InspectionChanged(InspectionRefused):
    """Somebody changed it since it was read (409)."""

    def __init__(self) -> None:
        super().__init__("已有他人办理此事项，您的操作没有保存。请查看现在的内容，再办理。")
