"""What the services of reviews raise, beside InvalidDecision and NotAllowed."""

from __future__ import annotations

from grading.review_models import Review


class ReviewRefused(Exception):  # noqa: N818
    """The review as it stands does not admit this step (409); ``message`` says why."""

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)


class ReviewChanged(ReviewRefused):
    """Somebody moved the review on since it was read (409)."""

    def __init__(self, review: Review) -> None:
        latest = Review.history.filter(id=review.pk).select_related("history_user").first()
        who = latest.history_user.name if latest and latest.history_user else "系统"
        super().__init__(f"{who}已改动此复核。请先查看新内容，再办理。")
