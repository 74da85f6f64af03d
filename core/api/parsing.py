"""Reading bodies: JSON and nothing else, not too long or deep, numbers exact, texts storable."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import IO, Any, NoReturn

from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from core.api.errors import ApiError, ErrorItem, refusal

MAX_BODY = 1024 * 1024
# What neither a database nor an answer can hold, as JSON writes it.
_SUSPECT = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")
UNREADABLE = re.compile(r"[\x00\ud800-\udfff]")


class StrictJSONParser(BaseParser):
    """JSON in UTF-8 of at most MAX_BODY bytes; numbers with a point become Decimal."""

    media_type = "application/json"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Any = None
    ) -> Any:
        raw = stream.read(MAX_BODY + 1)
        if len(raw) > MAX_BODY:
            message = f"请求体超过 {MAX_BODY // 1024} KB。请分几次提交。"
            raise refusal(413, "too_large", message)
        data = _loaded(raw)
        if _SUSPECT.search(raw):
            items = [
                ErrorItem(path, "control", "含有无法保存的字符。请删去后重新提交。")
                for path in _unreadable(data, "")
            ]
            if items:
                raise ApiError(400, *items)
        return data


def _loaded(raw: bytes) -> Any:
    try:
        return json.loads(raw.decode("utf-8"), parse_float=Decimal, parse_constant=_no_number)
    except RecursionError:
        raise refusal(400, "too_deep", "JSON 嵌套过深。请按接口说明的结构提交。") from None
    except (ValueError, InvalidOperation):
        message = "请求体不是正确的 JSON（UTF-8）。请核对括号、引号和编码。"
        raise refusal(400, "invalid_json", message) from None


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no JSON")


def _unreadable(value: Any, path: str) -> Iterator[str]:
    """The paths of all texts, names included, that nothing can store."""
    if isinstance(value, str):
        if UNREADABLE.search(value):
            yield path
    elif isinstance(value, dict):
        for key, inner in value.items():
            if UNREADABLE.search(key):
                yield path
            else:
                yield from _unreadable(inner, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _unreadable(inner, f"{path}[{index}]")


class OnlyJSON(BaseContentNegotiation):
    """Answers are JSON whatever the caller says to accept: there is nothing to negotiate."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        """The parser for this content type; None (415) for any other."""
        media_type = (request.content_type or "").partition(";")[0].strip().lower()
        return next((parser for parser in parsers if parser.media_type == media_type), None)

    def select_renderer(
        self, request: Request, renderers: Any, format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        return renderers[0], renderers[0].media_type
