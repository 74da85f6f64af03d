"""The base of every call: it writes its row into the trail, whatever the answer was."""

from __future__ import annotations

from typing import Any, cast

from django.db import models
from django.http import HttpRequest, HttpResponseBase
from rest_framework.exceptions import NotFound
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core import audit


class AuditedView(APIView):
    """A call. ``audit_action`` names it in the trail, ``audit_target`` is what it was about.

    The row holds method, route, numbers in the address and the status: never a body, and never a
    text from the address, which might be a person's number.
    """

    http_method_names = ["get", "head", "post"]
    audit_action = "api.call"
    audit_target: models.Model | None = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with audit.origin(f"api {request.META.get('REMOTE_ADDR', '')}"):
            return super().dispatch(request, *args, **kwargs)

    def finalize_response(
        self, request: Request, response: Any, *args: Any, **kwargs: Any
    ) -> Response:
        if isinstance(response, Response):
            self._record(request, response)
        return super().finalize_response(request, response, *args, **kwargs)

    def audit_details(self) -> dict[str, Any]:
        """What else the row says; must hold nothing about a person."""
        return {}

    def _record(self, request: Request, response: Response) -> None:
        match = request.resolver_match
        token = getattr(request, "auth", None)
        numbers = {key: value for key, value in self.kwargs.items() if isinstance(value, int)}
        refused = response.status_code in (401, 403)
        audit.record(
            actor=cast(audit.Actor, request.user) if token is not None else None,
            action="api.refused" if refused else self.audit_action,
            target=self.audit_target,
            details={
                "method": (request.method or "")[:10],
                "route": match.route if match else "",
                "status": response.status_code,
                "token": token.prefix if token is not None else "",
                **{key: str(value) for key, value in numbers.items()},
                **self.audit_details(),
            },
        )


class NoSuchCall(APIView):
    """Every address below the API that is none: 404 in the one form, for everybody alike."""

    permission_classes = [AllowAny]
    authentication_classes = []
    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        raise NotFound
