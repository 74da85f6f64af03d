"""What every request carries: where it comes from, for the audit trail."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from core import audit


class OriginMiddleware:
    """Rows of the audit trail written during a request name its address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with audit.origin(f"web {request.META.get('REMOTE_ADDR', '')}"):
            return self.get_response(request)
