"""What a paper is made of: plain strings and lists, frozen, without persons' numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from violations.checks_of_texts import names_a_person_by_number
from violations.errors import InvalidDecision
from violations.inputs import Fault

LONGEST = 4000
MOST = 500
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def checked(content: dict[str, Any]) -> dict[str, Any]:
    """A copy that nobody else holds. Raises InvalidDecision (a text), TypeError (another shape)."""
    faults: list[Fault] = []
    frozen = {key: _frozen(key, value) for key, value in content.items()}
    for key, text in _strings(frozen):
        if names_a_person_by_number(text):
            message = "内容含有身份证号码。文书和系统不保存自然人的证件号码，请删去号码。"
            faults.append(Fault(key, "person", message))
        if len(text) > LONGEST:
            message = f"内容过长，一段最多 {LONGEST} 字，现为 {len(text)} 字。请精简。"
            faults.append(Fault(key, "too_long", message))
        if _CONTROL.search(text):
            message = "内容含有无法保存的控制字符。请删去后重新输入。"
            faults.append(Fault(key, "control", message))
    if faults:
        raise InvalidDecision(faults)
    return frozen


def _frozen(key: str, value: Any) -> Any:
    if isinstance(value, str):
        return value
    if isinstance(value, list | tuple) and len(value) <= MOST:
        return [_frozen(key, one) for one in value]
    raise TypeError(f"content[{key!r}]: strings and lists of strings only, not {type(value)}")


def _strings(frozen: dict[str, Any]) -> Iterator[tuple[str, str]]:
    waiting = list(frozen.items())
    while waiting:
        key, value = waiting.pop()
        if isinstance(value, str):
            yield key, value
        else:
            waiting += [(key, one) for one in value]


def chinese_day(day: date) -> str:
    """2026年11月23日, as papers write it."""
    return f"{day.year}年{day.month}月{day.day}日"
