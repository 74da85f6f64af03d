"""How the product logs: one JSON object a line in production, plain lines in a demonstration.

No line holds a body, a query string, a name, a password or a token. Own code logs ids and counts;
what frameworks and drivers would fill in (paths, values that a database refused) is taken out
here, since their messages quote what people typed.
"""

from __future__ import annotations

import logging
import sys
import traceback
from types import TracebackType
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

FRAMES = 12  # the innermost of each exception


def without_quotes(logger: WrappedLogger, name: str, event: EventDict) -> EventDict:
    """The words of Django, gunicorn and Celery without what they filled into them.

    Django's name the path and the host, gunicorn's the address asked for, Celery's the text of an
    exception; ordinary words of gunicorn and Celery (listening, ready, received) stay.
    """
    record: logging.LogRecord | None = event.get("_record")
    if record is None or event.get("_from_structlog"):
        return event
    loud = record.levelno >= logging.WARNING
    if record.name.startswith("django.") or (loud and record.name.startswith("gunicorn.")):
        event["event"] = str(record.msg)
        if record.name == "django.security.DisallowedHost":  # is filled in before it is logged
            event["event"] = "host name not in ALLOWED_HOSTS"
            event.pop("exc_info", None)
    elif loud and record.name == "celery.app.trace":
        data: dict[str, Any] = getattr(record, "data", {})
        event["event"] = "task failed"
        event["task"], event["task_id"] = data.get("name", ""), data.get("id", "")
    return event


def exception_without_text(logger: WrappedLogger, name: str, event: EventDict) -> EventDict:
    """An exception as its kind and where it happened; its text may quote a person's data.

    Of a database error the code of the state and the constraint are kept.
    """
    info = event.pop("exc_info", None)
    event.pop("stack_info", None)
    error = info if isinstance(info, BaseException) else None
    if isinstance(info, tuple):
        error = info[1]
    elif info is True:
        error = sys.exc_info()[1]
    if error is not None:
        event["exception"] = list(_chain(error))
    return event


def _chain(error: BaseException) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    current: BaseException | None = error
    while current is not None and len(found) < 5:
        found.append(_described(current))
        hidden = current.__suppress_context__
        current = current.__cause__ or (None if hidden else current.__context__)
    return found


def _described(error: BaseException) -> dict[str, Any]:
    kind = type(error)
    described: dict[str, Any] = {
        "type": f"{kind.__module__}.{kind.__qualname__}",
        "at": _places(error.__traceback__),
    }
    if state := getattr(error, "sqlstate", None):
        described["sqlstate"] = state
        described["constraint"] = getattr(getattr(error, "diag", None), "constraint_name", None)
    return described


def _places(trace: TracebackType | None) -> list[str]:
    frames = traceback.extract_tb(trace)[-FRAMES:]
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]


_SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    without_quotes,
]


def _plain() -> Processor:
    # Never the renderer that prints the local variables of each frame: they hold everything.
    plain = structlog.dev.plain_traceback
    return structlog.dev.ConsoleRenderer(colors=False, pad_event_to=0, exception_formatter=plain)


def logging_config(*, production: bool) -> dict[str, Any]:
    """The LOGGING of settings, for every process: web, worker, beat and commands."""
    rendering: list[Processor] = (
        [exception_without_text, structlog.processors.JSONRenderer(ensure_ascii=False)]
        if production
        else [_plain()]
    )
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": _SHARED,
        "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *rendering],
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": formatter},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": "INFO"},
        "loggers": {
            "axes": {"level": "WARNING"},
            # Its 4xx lines would repeat each path; the request's own line says the status.
            "django.request": {"level": "ERROR"},
            # Each paper would tell of its seven steps and of every font.
            "weasyprint": {"level": "ERROR"},
            "fontTools": {"level": "ERROR"},
            "gunicorn.error": {"handlers": [], "propagate": True},
        },
    }


structlog.configure(
    processors=[*_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
    logger_factory=structlog.stdlib.LoggerFactory(),
    wrapper_class=structlog.stdlib.BoundLogger,
)
