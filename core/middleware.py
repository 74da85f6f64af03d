"""What every request carries, and a page in Chinese where Django answers with an empty one."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

from core import audit, error_pages, workdays


class OriginMiddleware:
    """Rows of the audit trail written during a request name its address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with audit.origin(f"web {request.META.get('REMOTE_ADDR', '')}"):
            return self.get_response(request)


class WorkdaysMiddleware:
    """A request reads the notices of working days once, however many deadlines it shows."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with workdays.one_calendar():
            return self.get_response(request)


class EmptyAnswerMiddleware:
    """A form's address typed into the browser gets a page that says so, not a blank one (405)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not isinstance(response, HttpResponseNotAllowed) or response.content:
            return response
        page = error_pages.wrong_method(request)
        page["Allow"] = response["Allow"]
        return page
