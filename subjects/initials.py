"""The pinyin initials of an organisation's name: what officers type to find it.

``letters`` keeps one entry a character, so that a match in the initials can be shown in the name;
``initials`` is what is stored and searched.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import cast

from pypinyin import Style, lazy_pinyin

# Read with another first letter in some words (银行, 重庆, 长江); only names with one of these are
# worth the phrase dictionary, which takes ten times as long.
_READ_BY_PHRASE = frozenset("行重长乐会厦朝曾单查解盛调传藏弹提降系种省宿折便泊贾区")
# What has no pinyin comes back one entry a character; the stubs know texts alone, not lists.
_ONE_EACH = cast(Callable[[str], str], list)


def initials(name: str) -> str:
    """``name`` as lower-case initials: 舞钢市样例ABC宾馆 -> wgsylabcbg; punctuation left out."""
    return "".join(letters(name))


@lru_cache(maxsize=20_000)
def letters(name: str) -> tuple[str, ...]:
    """One initial, letter, digit or "" for each character of ``name``."""
    if _READ_BY_PHRASE.isdisjoint(name):
        return tuple(_letter(character) for character in name)
    read = lazy_pinyin(name, style=Style.FIRST_LETTER, errors=_ONE_EACH)
    return tuple(_kept(letter) for letter in read)


@lru_cache(maxsize=30_000)
def _letter(character: str) -> str:
    return _kept(lazy_pinyin(character, style=Style.FIRST_LETTER, errors=_ONE_EACH)[0])


def _kept(letter: str) -> str:
    return letter[:1].lower() if letter.isascii() and letter.isalnum() else ""
