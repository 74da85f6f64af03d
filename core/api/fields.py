"""Fields of bodies and parameters: strict about types, with Chinese words about how to mend it.

They look at form alone; what a value means is checked by the services, for every way in alike.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.api.parsing import UNREADABLE

REQUIRED = "没有填写。请填写该项。"
NULL = "不能为 null。请填写该项，或者不写它。"
FIRST_YEAR, LAST_YEAR = 1949, 2199
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?"
    r"(Z|[+-][0-9]{2}:[0-9]{2})?"
)
_AMOUNT = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,6})?")
_ALWAYS = {"required": REQUIRED, "null": NULL}


class Body(serializers.Serializer[Any]):
    """A JSON object. Names that it does not know are passed over."""

    default_error_messages = {
        **_ALWAYS,
        "invalid": "须为 JSON 对象。请按接口说明的结构提交。",
    }


class Text(serializers.CharField):
    """A text and nothing that merely looks like one; it may be empty, the services say when not."""

    default_error_messages = {
        **_ALWAYS,
        "invalid": "须为文字。请用引号写成 JSON 字符串。",
        "control": "含有无法保存的字符。请删去后重新提交。",
        "max_length": "过长，最多 {max_length} 字。请精简。",
        "blank": REQUIRED,
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("allow_blank", True)
        kwargs.setdefault("trim_whitespace", False)
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        if UNREADABLE.search(data):
            self.fail("control")
        return super().to_internal_value(data)


class Flag(serializers.BooleanField):
    """true or false, and no word for them."""

    default_error_messages = {**_ALWAYS, "invalid": "须为 true 或 false。"}

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class Day(serializers.DateField):
    """A day as 2026-11-20."""

    default_error_messages = {
        **_ALWAYS,
        "invalid": "不是正确的日期。请写成 2026-11-20 这样的形式。",
        "out_of_range": f"年份须在 {FIRST_YEAR} 到 {LAST_YEAR} 之间。请核对年份。",
    }

    def to_internal_value(self, data: Any) -> date:
        if not isinstance(data, str) or not _DAY.fullmatch(data):
            self.fail("invalid")
        try:
            day = date.fromisoformat(data)
        except ValueError:
            self.fail("invalid")
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            self.fail("out_of_range")
        return day


@extend_schema_field(OpenApiTypes.STR)
class Moment(serializers.DateTimeField):
    """A moment as 2026-11-20T09:30 (Asia/Shanghai), or with an offset."""

    default_error_messages = {
        **_ALWAYS,
        "invalid": "不是正确的时刻。请写成 2026-11-20T09:30 这样的形式。",
    }

    def to_internal_value(self, value: Any) -> datetime:
        # A plus sign in a query string arrives as a blank.
        text = value.replace(" ", "+") if isinstance(value, str) else ""
        try:
            moment = parse_datetime(text) if _MOMENT.fullmatch(text) else None
        except ValueError:
            moment = None
        if moment is None or not FIRST_YEAR < moment.year < LAST_YEAR:
            self.fail("invalid")
        return timezone.make_aware(moment) if timezone.is_naive(moment) else moment


@extend_schema_field({"type": "string", "format": "decimal", "example": "20000.00"})
class Amount(serializers.DecimalField):
    """Yuan as "20000.00" or as a JSON number; exact, and never a power of ten in disguise."""

    default_error_messages = {
        **_ALWAYS,
        "invalid": '不是正确的金额。请以元为单位，写成 "20000.00" 这样的形式。',
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=None, decimal_places=2, **kwargs)

    def to_internal_value(self, data: Any) -> Decimal:
        if isinstance(data, bool) or not isinstance(data, str | int | Decimal):
            self.fail("invalid")
        text = str(data) if not isinstance(data, Decimal) else _plain(data)
        if not _AMOUNT.fullmatch(text):
            self.fail("invalid")
        return Decimal(text)


def _plain(number: Decimal) -> str:
    """The number without an exponent, or something that is no amount where that gets too long."""
    exponent = number.as_tuple().exponent
    fits = isinstance(exponent, int) and -6 <= exponent <= 15
    return f"{number:f}" if fits else ""


class Choice(serializers.ChoiceField):
    """One of a few words."""

    default_error_messages = {
        **_ALWAYS,
        "invalid_choice": "“{input}”不在可选范围内。请查阅接口说明。",
    }

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            self.fail("invalid_choice", input="…")
        if data not in self.choices:
            self.fail("invalid_choice", input=data[:20])
        return data


class Whole(serializers.IntegerField):
    """A whole number as a parameter."""

    default_error_messages = {
        **_ALWAYS,
        "invalid": "须为整数。请核对。",
        "max_value": "不能大于 {max_value}。请改小。",
        "min_value": "不能小于 {min_value}。请改大。",
        "max_string_length": "数字过长。请核对。",
    }


class Many(serializers.ListField):
    """A JSON array; one that is too long is refused before its items are looked at."""

    default_error_messages = {
        **_ALWAYS,
        "not_a_list": "须为 JSON 数组。请按接口说明的结构提交。",
        "max_length": "最多 {max_length} 项。请核对。",
    }

    def to_internal_value(self, data: Any) -> list[Any]:
        longest = self.max_length
        if longest is not None and isinstance(data, list) and len(data) > longest:
            self.fail("max_length", max_length=longest)
        return super().to_internal_value(data)
