"""Document numbers: written one way for storing, compared regardless of how they were typed.

舞公(治)行罚决字[2026]0101号 and 舞公（治）行罚决字〔2026〕0101 号 are one number.
"""

from __future__ import annotations

import re
import unicodedata

_OPENING = "([{〔【〖「『〈《"
_CLOSING = ")]}〕】〗」』〉》"
_ONE_BRACKET = str.maketrans(_OPENING + _CLOSING, "(" * len(_OPENING) + ")" * len(_CLOSING))
# Blanks, control characters, half surrogates, and what is drawn with no width.
_BLANK = re.compile(
    r"[\s\x00-\x1f\x7f-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ud800-\udfff]+"
)
_YEAR = re.compile(r"\((\d{4})\)")
_WIDE = str.maketrans("()", "（）")


def without_blanks(text: str) -> str:
    """``text`` in normal form (NFKC) without any blank, control or invisible character."""
    return _BLANK.sub("", unicodedata.normalize("NFKC", text))


def number_key(number: str) -> str:
    """What two spellings of one number have in common: brackets, width, blanks, case unified."""
    return without_blanks(number).translate(_ONE_BRACKET).upper()


def clean_number(number: str) -> str:
    """The number as the papers write it: 〔〕 around the year, （） elsewhere, no blanks."""
    text = without_blanks(number).translate(_ONE_BRACKET)
    return _YEAR.sub(r"〔\1〕", text).translate(_WIDE)
