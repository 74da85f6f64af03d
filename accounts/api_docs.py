"""The schema and its page: for whoever is signed in or holds a token, whatever its scopes.

Both hold no data; they tell how the system is built, and that is nobody's business outside.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.views import redirect_to_login
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import NotAuthenticated
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request

from accounts.api_access import TokenAuthentication

EITHER = [TokenAuthentication, SessionAuthentication]


class SchemaView(SpectacularAPIView):
    """OpenAPI 3; ``?format=json`` for JSON."""

    authentication_classes = EITHER
    permission_classes = [IsAuthenticated]
    content_negotiation_class = DefaultContentNegotiation
    api_version = "v1"


class DocsView(SpectacularSwaggerSplitView):
    """Swagger UI from our own server, without inline script or style."""

    authentication_classes = EITHER
    permission_classes = [IsAuthenticated]
    content_negotiation_class = DefaultContentNegotiation
    url_name = "api:schema"
    template_name = "api/docs.html"
    title = "信用分级分类监管接口"

    def handle_exception(self, exc: Exception) -> Any:
        """A browser without a session is sent to the sign-in page, like everywhere."""
        if isinstance(exc, NotAuthenticated) and not self._has_token(self.request):
            return redirect_to_login(self.request.get_full_path())
        return super().handle_exception(exc)

    def _has_token(self, request: Request) -> bool:
        return "Authorization" in request.headers
