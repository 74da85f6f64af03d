"""One form for everything that is refused: ``{"errors": [{"field", "code", "message"}]}``.

``field`` is the path in the body ("violations[0].dispositions[1].amount") or the name of a
parameter, empty where the call as a whole is meant; ``message`` is Chinese and says how to mend it.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.signals import got_request_exception
from django.db import OperationalError
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response

logger = logging.getLogger(__name__)

NOT_FOUND = "没有找到。请核对地址、编号或代码；您无权查看的，也这样回答。"
BUSY = "系统正忙，这次没有办成，什么也没有写入。请稍候重试。"
WORDS: dict[type[exceptions.APIException], tuple[str, str]] = {
    exceptions.NotAuthenticated: (
        "not_authenticated",
        "没有令牌。请在请求头写 Authorization: Token 加一个空格和令牌。",
    ),
    exceptions.AuthenticationFailed: (
        "invalid_token",
        "令牌无效、已到期或已撤销。请向系统管理员申领新令牌。",
    ),
    exceptions.MethodNotAllowed: (
        "method_not_allowed",
        "这个地址不支持该方法。请查阅接口说明。",
    ),
    exceptions.UnsupportedMediaType: (
        "unsupported_media_type",
        "请求体须为 JSON。请写 Content-Type: application/json。",
    ),
    exceptions.NotFound: ("not_found", NOT_FOUND),
}


@dataclass(frozen=True, slots=True)
class ErrorItem:
    """One thing to mend."""

    field: str
    code: str
    message: str


class ApiError(Exception):
    """A refusal with its status and what is to be mended."""

    def __init__(self, status: int, *items: ErrorItem, headers: Mapping[str, str] | None = None):
        self.status = status
        self.items = items
        self.headers = dict(headers or {})
        super().__init__("；".join(item.message for item in items))


def refusal(status: int, code: str, message: str, field: str = "") -> ApiError:
    """An ApiError with one item."""
    return ApiError(status, ErrorItem(field, code, message))


def exception_handler(error: Exception, context: dict[str, Any]) -> Response:
    """The answer to whatever a call raised; REST_FRAMEWORK's EXCEPTION_HANDLER."""
    known = as_api_error(error)
    if known is None:
        known = _unexpected(error, context)
    body = {
        "errors": [
            {"field": item.field, "code": item.code, "message": item.message}
            for item in known.items
        ]
    }
    return Response(body, status=known.status, headers=known.headers)


def as_api_error(error: Exception) -> ApiError | None:
    """What the framework or a service raised, in the one form; None for what nobody expected."""
    if isinstance(error, ApiError):
        return error
    if isinstance(error, exceptions.ValidationError):
        return ApiError(400, *flattened(error.detail))
    if isinstance(error, exceptions.Throttled):
        wait = max(1, int(getattr(error, "wait", None) or 1))
        item = ErrorItem("", "throttled", f"请求过于频繁。请在 {wait} 秒后重试。")
        return ApiError(429, item, headers={"Retry-After": str(wait)})
    if isinstance(error, Http404):
        return refusal(404, "not_found", NOT_FOUND)
    if isinstance(error, PermissionDenied):
        return refusal(403, "not_allowed", str(error) or "您无权进行此操作。")
    if isinstance(error, OperationalError):  # a lock that was waited for too long, a restart
        logger.warning("api: the database was busy: %s", error)
        return ApiError(503, ErrorItem("", "busy", BUSY), headers={"Retry-After": "1"})
    if isinstance(error, exceptions.APIException):
        return _of_framework(error)
    return None


def _of_framework(error: exceptions.APIException) -> ApiError:
    code, message = WORDS.get(type(error), (str(error.default_code), str(error.detail)))
    header = getattr(error, "auth_header", None)
    headers = {"WWW-Authenticate": header} if header else {}
    return ApiError(error.status_code, ErrorItem("", code, message), headers=headers)


def _unexpected(error: Exception, context: dict[str, Any]) -> ApiError:
    """A fault of ours: logged with its number, told to whoever listens, answered without detail."""
    reference = f"E-{secrets.token_hex(3).upper()}"
    logger.error("api error %s", reference, exc_info=error)
    got_request_exception.send(sender=None, request=context.get("request"))
    message = f"系统内部错误，什么也没有写入。请把编号 {reference} 告诉系统管理员。"
    return refusal(500, "server_error", message)


def flattened(detail: Any, path: str = "") -> Iterator[ErrorItem]:
    """The nested errors of a serializer, one by one, each with its path."""
    if isinstance(detail, Mapping):
        for key, inner in detail.items():
            yield from flattened(inner, _joined(path, key))
    elif isinstance(detail, Sequence) and not isinstance(detail, str):
        for index, inner in enumerate(detail):
            nested = isinstance(inner, Mapping | list | tuple)
            yield from flattened(inner, f"{path}[{index}]" if nested else path)
    else:
        code = getattr(detail, "code", None) or "invalid"
        yield ErrorItem(path, code, str(detail))


def _joined(path: str, key: Any) -> str:
    if key == "non_field_errors":
        return path
    if isinstance(key, int):
        return f"{path}[{key}]"
    return f"{path}.{key}" if path else str(key)
