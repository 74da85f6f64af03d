"""Who calls the API: tokens, what they open, and how often each may call.

Named by REST_FRAMEWORK in the settings, and so read while rest_framework.views is: nothing here
may import that.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.cache import cache
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from accounts.models import ApiToken
from accounts.tokens import note_use, token_of

if TYPE_CHECKING:
    from rest_framework.views import APIView


class TokenAuthentication(BaseAuthentication):
    """``Authorization: Token wg_...``; whatever is wrong with it gets one answer, 401."""

    keyword = b"token"

    def authenticate(self, request: Request) -> tuple[Any, ApiToken] | None:
        keyword, _, text = get_authorization_header(request).partition(b" ")
        if keyword.lower() != self.keyword:
            return None
        token = token_of(text.strip().decode("ascii", "replace"))
        if token is None:
            raise AuthenticationFailed
        note_use(token)
        return token.holder, token

    def authenticate_header(self, request: Request) -> str:
        return "Token"


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the schema describes it."""

    target_class = "accounts.api_access.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "Token 加一个空格和令牌",
        }


class HasToken(BasePermission):
    """Some valid token is there."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return isinstance(request.auth, ApiToken)


class TokenThrottle(BaseThrottle):
    """So many calls a minute for each token; counted in each web process by itself.

    The count is kept in the process and not in Redis: a broker that is down must stop no call.
    """

    seconds_left = 0.0

    def allow_request(self, request: Request, view: APIView) -> bool:
        if not isinstance(request.auth, ApiToken):
            return True  # refused already
        outside = request.auth.client_id is not None
        limit = settings.API_CALLS_A_MINUTE_CLIENT if outside else settings.API_CALLS_A_MINUTE
        minute, second = divmod(time.time(), 60)
        self.seconds_left = 60 - second
        key = f"api-calls-{request.auth.pk}-{int(minute)}"
        if cache.add(key, 1, timeout=120):
            return True
        return bool(cache.incr(key) <= limit)

    def wait(self) -> float:
        return self.seconds_left
