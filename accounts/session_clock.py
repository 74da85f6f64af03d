"""When a session began and when it was last used, kept in the session itself."""

from __future__ import annotations

import time

from django.conf import settings
from django.http import HttpRequest

_BEGAN = "began_at"
_USED = "used_at"
# Writing the session on every request would be a database write a request; an idle limit that
# comes at most this many seconds early harms nobody.
_GRAIN = 20


def start(request: HttpRequest) -> None:
    """The session begins now."""
    request.session[_BEGAN] = request.session[_USED] = int(time.time())


def limit_reached(request: HttpRequest) -> str:
    """``absolute``, ``idle``, or empty while the session may go on."""
    now = int(time.time())
    if _BEGAN not in request.session:
        start(request)
    if now - request.session[_BEGAN] >= settings.SESSION_ABSOLUTE_SECONDS:
        return "absolute"
    if now - request.session[_USED] >= settings.SESSION_IDLE_SECONDS:
        return "idle"
    return ""


def touch(request: HttpRequest) -> None:
    """The session is in use now."""
    now = int(time.time())
    if now - request.session.get(_USED, 0) >= _GRAIN:
        request.session[_USED] = now
