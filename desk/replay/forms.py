"""Which day is looked back at, as known when, and with which other day it is compared."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils import timezone

from core.clock import today
from violations.form_fields import DayField, parse_day

FIRST_DAY = date(2000, 1, 1)
_MOMENT = re.compile(r"(\S+?)(?:[ T](\d{1,2})[:：](\d{2}))?")
_NO_MOMENT = "“{shown}”不是有效时间，请写成 2026-11-20 或 2026-11-20 09:30 这样的形式。"


def end_of(day: date) -> datetime:
    """The last moment of a day here."""
    return timezone.make_aware(datetime.combine(day, time.max))


class MomentField(forms.CharField):
    """A text box for a moment; a day alone means its end."""

    def to_python(self, value: Any) -> Any:
        text = unicodedata.normalize("NFKC", str(value or "")).strip()
        if not text:
            return None
        match = _MOMENT.fullmatch(text)
        try:
            day = parse_day(match.group(1)) if match else None
            if match is None or day is None:
                raise ValueError
            if match.group(2) is None:
                return end_of(day)
            at = time(int(match.group(2)), int(match.group(3)))
            return timezone.make_aware(datetime.combine(day, at))
        except (ValueError, OverflowError):
            message = _NO_MOMENT.format(shown=text[:20])
            raise forms.ValidationError(message, code="unreadable") from None

    def run_validators(self, value: Any) -> None:
        """Nothing more to say about a moment that could be read."""


class ReplayForm(forms.Form):
    """Read from the address; whatever is left empty has its own meaning."""

    use_required_attribute = False

    day = DayField(label="回看哪一天", required=False, help_text="写成 2026-03-06；留空为今天")
    known = MomentField(
        label="按何时所知", required=False, help_text="可带时刻；留空为那一天结束时"
    )
    to = DayField(label="与哪一天比较", required=False, help_text="按现在所知；留空为今天")

    def clean_day(self) -> date:
        return self._past(self.cleaned_data["day"])

    def clean_to(self) -> date:
        return self._past(self.cleaned_data["to"])

    def _past(self, given: date | None) -> date:
        if given is None:
            return today()
        if given > today():
            message = f"{given} 还没有到，只能回看到今天。以后的变化见信用档案“接下来会发生什么”。"
            raise forms.ValidationError(message, code="future")
        if given < FIRST_DAY:
            message = f"{given} 太早，请写 {FIRST_DAY} 以后的日期。"
            raise forms.ValidationError(message, code="too_early")
        return given

    def clean_known(self) -> datetime | None:
        known: datetime | None = self.cleaned_data["known"]
        if known is not None and known > end_of(today()):
            message = f"{timezone.localtime(known):%Y-%m-%d %H:%M} 还没有到，无法知道那时的记录。"
            raise forms.ValidationError(message + "请写现在以前的时间。", code="future")
        return known
