"""Boxes for days and money: they read what people really type and say what they cannot read."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms

_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{4})(\d{2})(\d{2})")
_BLANKS = re.compile(r"\s+")


def parse_day(text: str) -> date | None:
    """A day typed as 2026-11-20, 2026/11/20, 20261120 or 2026年11月20日; None where left empty.

    Raises ValueError with a Chinese message for anything else.
    """
    plain = _BLANKS.sub("", unicodedata.normalize("NFKC", text))
    if not plain:
        return None
    match = _DAY.fullmatch(plain)
    try:
        if match is None:
            raise ValueError
        year, month, day = (int(part) for part in match.groups() if part is not None)
        return date(year, month, day)
    except ValueError:
        shown = text.strip()[:20]
        raise ValueError(f"“{shown}”不是有效日期，请写成 2026-11-20 这样的形式。") from None


def parse_yuan(text: str) -> Decimal | None:
    """An amount in yuan, exactly: "20,000", "２００００", "20000.5元"; None where left empty.

    Raises ValueError with a Chinese message for anything else, amounts in 万元 included.
    """
    plain = _BLANKS.sub("", unicodedata.normalize("NFKC", text)).removesuffix("元")
    plain = plain.removeprefix("¥")
    if not plain:
        return None
    shown = text.strip()[:20]
    if plain.endswith("万"):
        raise ValueError(f"“{shown}”是万元数，请换算成元填写，例如 20,000。")
    if not re.fullmatch(r"-?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?", plain, re.ASCII):
        raise ValueError(f"“{shown}”不是金额，请只写数字，例如 20,000 或 20000.50。")
    try:
        amount = Decimal(plain.replace(",", ""))
        cents = amount.quantize(Decimal("0.01"))
    except InvalidOperation:
        raise ValueError(f"“{shown}”数字过大，请核对金额，单位为元。") from None
    if cents != amount:
        raise ValueError(f"“{shown}”多于两位小数，金额写到分为止。")
    if cents >= Decimal("1e12"):
        raise ValueError(f"“{shown}”数字过大，请核对金额，单位为元。")
    return cents


class DayField(forms.CharField):
    """A text box for a day; cleans to ``date`` or None and shows again what was typed."""

    def to_python(self, value: Any) -> Any:
        try:
            return parse_day(str(value or ""))
        except ValueError as fault:
            raise forms.ValidationError(str(fault), code="unreadable") from fault

    def run_validators(self, value: Any) -> None:
        """Nothing more to say about a day that could be read."""


class YuanField(forms.CharField):
    """A text box for money in yuan; cleans to ``Decimal`` or None, shows again what was typed."""

    def to_python(self, value: Any) -> Any:
        try:
            return parse_yuan(str(value or ""))
        except ValueError as fault:
            raise forms.ValidationError(str(fault), code="unreadable") from fault

    def run_validators(self, value: Any) -> None:
        """Whether an amount is right is for ``violations.checks`` to say."""
