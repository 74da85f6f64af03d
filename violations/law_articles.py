"""The numbers of articles in a text such as 第四十二条第一款、第43条之一, whichever way written."""

from __future__ import annotations

import re
from functools import lru_cache

from violations.numbers import without_blanks

_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_SCALES = {"十": 10, "百": 100, "千": 1000}
_NUMERAL = r"[0-9〇零一二三四五六七八九十百千两]+"
_ARTICLE = re.compile(rf"第({_NUMERAL})[条條](?:之({_NUMERAL}))?")


@lru_cache(maxsize=4096)  # a sheet names few articles in many rows
def article_numbers(text: str) -> tuple[str, ...]:
    """Each article that ``text`` names, in its order: "第四十二条、第43条之一" -> ("42", "43-1").

    Paragraphs and items are left out: fines and kinds are laid down article by article here.
    """
    found = (
        "-".join(str(_value(part)) for part in parts if part)
        for parts in _ARTICLE.findall(without_blanks(text))
    )
    return tuple(dict.fromkeys(found))


def _value(numeral: str) -> int:
    """A numeral in digits or in Chinese: "43", "四十三", "一百零二", "四三"."""
    if numeral.isdecimal():
        return int(numeral)
    if not _SCALES.keys() & set(numeral):  # read digit by digit
        return int("".join(str(_DIGITS.get(char, char)) for char in numeral))
    total, digit = 0, 0
    for char in numeral:
        if char in _SCALES:
            total += (digit or 1) * _SCALES[char]
            digit = 0
        else:
            digit = _DIGITS[char] if char in _DIGITS else int(char)
    return total + digit
