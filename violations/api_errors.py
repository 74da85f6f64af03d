"""What the services of this app raise, in the one form of the API."""

from __future__ import annotations

from typing import Any

from rest_framework.views import APIView

from core.api.errors import ApiError, ErrorItem, refusal
from subjects.services import DuplicateSubject
from violations.api_bodies import in_words_of_body
from violations.errors import (
    DuplicateNumber,
    InvalidDecision,
    NotAllowed,
    StaleVersion,
    WrongState,
)


class ViolationErrors(APIView):
    """Mixed into the calls that use these services; ``flat_body`` as in ``in_words_of_body``."""

    flat_body = False

    def handle_exception(self, exc: Exception) -> Any:
        return super().handle_exception(self._translated(exc) or exc)

    def _translated(self, error: Exception) -> ApiError | None:
        if isinstance(error, InvalidDecision):
            return ApiError(400, *self._items(error))
        if isinstance(error, DuplicateNumber):
            return refusal(409, "other_content", error.message, field="number")
        if isinstance(error, WrongState):
            return refusal(409, "wrong_state", error.message)
        if isinstance(error, StaleVersion):
            return refusal(409, "stale", error.message)
        if isinstance(error, DuplicateSubject):  # registered by somebody at this very moment
            return refusal(409, "registered_meanwhile", f"{error}请重新提交一次。")
        if isinstance(error, NotAllowed):
            return refusal(403, "not_allowed", error.message)
        return None

    def _items(self, error: InvalidDecision) -> list[ErrorItem]:
        faults = (in_words_of_body(fault, flat=self.flat_body) for fault in error.faults)
        return [ErrorItem(fault.path, fault.code, fault.message) for fault in faults]
