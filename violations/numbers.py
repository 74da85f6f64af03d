"""Document numbers: written one way for storing, compared regardless of how they were typed.

舞公(治)行罚决字[2026]0101号 and 舞公（治）行罚决字〔2026〕0101 号 are one number.
"""

from __future__ import annotations

import re
import unicodedata

_OPENING = "([{〔【〖「『〈《"
_CLOSING = ")]}〕】〗」』〉》"
_ONE_BRACKET = str.maketrans(_OPENING + _CLOSING, "(" * len(_OPENING) + ")" * len(_CLOSING))
_YEAR = re.compile(r"\((\d{4})\)")
_WIDE = str.maketrans("()", "（）")


def without_blanks(text: str) -> str:
    """``text`` in normal form (NFKC) without any blank, control or invisible character."""
    normal = unicodedata.normalize("NFKC", text)
    return "".join(
        char for char in normal if not char.isspace() and unicodedata.category(char)[0] != "C"
    )


def number_key(number: str) -> str:
    """What two spellings of one number have in common: brackets, width, blanks, case unified."""
    return without_blanks(number).translate(_ONE_BRACKET).upper()


def clean_number(number: str) -> str:
    """The number as the papers write it: 〔〕 around the year, （） elsewhere, no blanks."""
    text = without_blanks(number).translate(_ONE_BRACKET)
    return _YEAR.sub(r"〔\1〕", text).translate(_WIDE)
