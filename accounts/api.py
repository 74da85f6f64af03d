"""The base of the calls: which scopes a call needs, and whose token it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from rest_framework.request import Request

from accounts.models import ApiToken, Officer
from accounts.scopes import NEEDS, Scope
from core.api.errors import refusal
from core.api.views import AuditedView


class ScopedView(AuditedView):
    """A call that needs one of the scopes named for its method, and the right that goes with it."""

    scopes: ClassVar[Mapping[str, tuple[Scope, ...]]] = {}

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        wanted = self.scopes.get("GET" if request.method == "HEAD" else request.method or "")
        if wanted is not None:
            self.require(*wanted)

    def require(self, *any_of: Scope) -> None:
        """403 where neither token nor officer can be used for at least one of ``any_of``."""
        if not any(self.holds(scope) for scope in any_of):
            names = " 或 ".join(scope.value for scope in any_of)
            message = f"需要范围 {names}，以及相应的角色。请联系系统管理员。"
            raise refusal(403, "scope", message)

    @property
    def token(self) -> ApiToken:
        assert isinstance(self.request.auth, ApiToken)  # HasToken
        return self.request.auth

    @property
    def officer(self) -> Officer:
        """The officer of the token; 403 for a client outside the bureau."""
        if self.token.officer is None:
            raise refusal(403, "scope", "此接口只供局内使用。")
        return self.token.officer

    def holds(self, scope: Scope) -> bool:
        """Whether the token has the scope and its officer, where there is one, the right."""
        officer = self.token.officer
        return self.token.allows(scope) and (
            officer is None or any(officer.may(can) for can in NEEDS[scope])
        )
