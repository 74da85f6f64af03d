"""Lines of worker and beat: in the product's form, and each line of a task with its id and name."""

from __future__ import annotations

import logging.config
from typing import Any

import structlog
from celery import signals
from django.conf import settings


def log_like_the_web(**kwargs: Any) -> None:
    """Instead of Celery's own set-up, which would give its lines another form."""
    logging.config.dictConfig(settings.LOGGING)


def name_task(task_id: str, task: Any, **kwargs: Any) -> None:
    """Every line that a task logs carries its id and name; its arguments are never logged."""
    structlog.contextvars.bind_contextvars(task_id=task_id, task=task.name)


def forget_task(**kwargs: Any) -> None:
    structlog.contextvars.unbind_contextvars("task_id", "task")


def connect() -> None:
    """Listen to Celery; called once beside the application."""
    signals.setup_logging.connect(log_like_the_web, dispatch_uid="wugang_credit.logging")
    signals.task_prerun.connect(name_task, dispatch_uid="wugang_credit.name_task")
    signals.task_postrun.connect(forget_task, dispatch_uid="wugang_credit.forget_task")
