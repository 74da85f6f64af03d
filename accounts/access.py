"""How a view asks who may: a decorator and a mixin over ``Officer.may``, and one way to refuse.

What a view may show at all is decided here (403); which rows is the querysets' matter (404).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ClassVar, Concatenate, NoReturn, ParamSpec

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.views import View

from accounts.models import Officer
from accounts.roles import ROLE_TABLE, Can, Role

P = ParamSpec("P")
ViewFunction = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def current_officer(request: HttpRequest) -> Officer:
    """The officer who is signed in; PermissionDenied where nobody is."""
    if isinstance(request.user, Officer):
        return request.user
    raise PermissionDenied("请先登录。")


def roles_that_may(*any_of: Can) -> list[str]:
    """The Chinese names of the roles that may do at least one of ``any_of``."""
    return [role.label for role in Role if ROLE_TABLE[role].intersection(any_of)]


class Refused(PermissionDenied):
    """403 for want of a right; ``needs`` are those of which one would do."""

    def __init__(self, message: str, needs: list[str]) -> None:
        self.needs = needs
        super().__init__(message)


def refuse(request: HttpRequest, *any_of: Can) -> NoReturn:
    """Answer 403 with the roles that may; ``core.error_pages`` writes the row of the attempt."""
    officer = current_officer(request)
    own = "、".join(officer.role_names)
    raise Refused(
        f"这一页由{'、'.join(roles_that_may(*any_of))}使用，"
        + (f"您现在的角色是{own}。" if own else "您现在没有任何角色。")
        + "确需使用的，请联系系统管理员。",
        sorted(what.value for what in any_of),
    )


def check(request: HttpRequest, *any_of: Can) -> Officer:
    """The officer signed in, if they may do at least one of ``any_of``; else 403."""
    officer = current_officer(request)
    if not any(officer.may(what) for what in any_of):
        refuse(request, *any_of)
    return officer


def requires(*any_of: Can) -> Callable[[ViewFunction[P]], ViewFunction[P]]:
    """A view function for officers who may do at least one of ``any_of``."""

    def decorate(view: ViewFunction[P]) -> ViewFunction[P]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            check(request, *any_of)
            return view(request, *args, **kwargs)

        return guarded  # type: ignore[return-value]  # mypy names the request in wraps

    return decorate


class RequiresMixin(View):
    """A class-based view for officers who may do at least one of ``needs``."""

    needs: ClassVar[tuple[Can, ...]] = ()

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        check(request, *self.needs)
        return super().dispatch(request, *args, **kwargs)
