"""What every text that is kept must be: there, not too long, and free of persons' numbers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import partial

from subjects.credit_codes import holds_identity_number, is_resident_identity_number
from violations.inputs import Fault

# Control characters but newline and tab, and half surrogates: no database or page can hold them.
_UNREADABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
# An identity number written in groups: 410481 19900101 0018.
_IN_GROUPS = re.compile(r"(?<!\d)(\d{6})[\s-]?(\d{8})[\s-]?(\d{3}[\dXxＸｘ])(?![\dA-Za-z])")
_IN_ONE_PIECE = re.compile(r"(?<![\dA-Za-z])(?:\d{17}[\dXx]|\d{15})(?![\dA-Za-z])")
_LONG_NUMBER = re.compile(r"\d(?:[\s-]?[\dXx]){14,}")
_MANY_DIGITS = re.compile(r"(?:\d[\s-]?){14}")


def text(
    path: str,
    value: str,
    label: str,
    longest: int,
    *,
    required: bool = True,
    shortest: int = 0,
    mend: str = "请写明原因。",
    fill_in: str = "请填写。",
) -> Iterator[Fault]:
    """Faults of one text; ``label`` is its name on screen, lengths are counted in characters.

    ``mend`` says what a text that is too short should say, ``fill_in`` what to do where there is
    none. Where it is not ``required`` and yet has a ``shortest`` length, an empty text is called
    too short and not missing.
    """
    if not value and required:
        yield Fault(path, "missing", f"没有填写{label}。{fill_in}")
        return
    if len(value) < shortest:
        message = f"{label}至少 {shortest} 字，现为 {len(value)} 字。{mend}"
        yield Fault(path, "too_short", message)
    if len(value) > longest:
        message = f"{label}过长，最多 {longest} 字，现为 {len(value)} 字。请精简。"
        yield Fault(path, "too_long", message)
    if _UNREADABLE.search(value):
        message = f"{label}含有无法保存的控制字符。请删去后重新输入。"
        yield Fault(path, "control", message)
    if names_a_person_by_number(value):
        message = f"{label}含有身份证号码。本系统不保存自然人的证件号码，请删去号码。"
        yield Fault(path, "person", message)


# What stands on a paper can be looked up there.
text_of_paper = partial(text, fill_in="请对照文书填写。")


def names_a_person_by_number(value: str) -> bool:
    """Whether a resident identity number stands in ``value``, in one piece or in groups."""
    if not _MANY_DIGITS.search(value):
        return False
    return holds_identity_number(value) or any(
        is_resident_identity_number("".join(groups)) for groups in _IN_GROUPS.findall(value)
    )


NOT_KEPT = "〔身份证号码未保存〕"


def without_persons_numbers(value: str) -> str:
    """``value`` with ``NOT_KEPT`` in place of each identity number, and otherwise as it is."""
    if is_resident_identity_number(value):
        return NOT_KEPT
    if not names_a_person_by_number(value):
        return value
    for numbers in (_IN_ONE_PIECE, _IN_GROUPS):
        spans = [m.span() for m in numbers.finditer(_half_width(value)) if _is_a_persons(m[0])]
        for start, end in reversed(spans):
            value = value[:start] + NOT_KEPT + value[end:]
    # Written in a way that the patterns do not find: rather every long number than this one.
    return _LONG_NUMBER.sub(NOT_KEPT, value) if names_a_person_by_number(value) else value


def _is_a_persons(number: str) -> bool:
    return is_resident_identity_number(number.replace("-", ""))


def _half_width(value: str) -> str:
    """Character by character, so that places in it are places in ``value``."""
    folded = (unicodedata.normalize("NFKC", character) for character in value)
    return "".join(new if len(new) == 1 else old for new, old in zip(folded, value, strict=True))
