"""Finding an entry of the law catalogue by what is typed: words, initials, or an article."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from subjects.initials import initials
from violations.law_articles import article_numbers
from violations.law_models import LawArticle

MAX_QUERY = 100
# Of the pairs of neighbouring characters typed, the share that must stand in an entry where the
# words as such stand in none.
_ALIKE = 0.5


def search(query: str, entries: Iterable[LawArticle]) -> list[LawArticle]:
    """The entries that hold every word of ``query``, else those most alike, the closest first.

    A word in Latin letters stands for pinyin initials (bawg: 保安违规), 43 or 第四十三条 for an
    article; all others are looked for in law, article and type. Nothing asked: all entries.
    """
    words = unicodedata.normalize("NFKC", query[:MAX_QUERY]).lower().split()
    entries = list(entries)
    exact = [entry for entry in entries if all(_holds(entry, word) for word in words)]
    if exact or not words:
        return exact
    typed = "".join(words)
    scored = [(_likeness(typed, entry), entry) for entry in entries]
    close = sorted((pair for pair in scored if pair[0] >= _ALIKE), key=lambda pair: -pair[0])
    return [entry for _, entry in close]


def _holds(entry: LawArticle, word: str) -> bool:
    text = f"{entry.law}{entry.article}{entry.violation_type}".lower()
    if word in text:
        return True
    number = article_numbers(word) or ((word.removesuffix("条"),) if word[0].isdecimal() else ())
    if number:
        return entry.number in number
    return word.isascii() and any(
        word in initials(part) for part in (entry.violation_type, entry.law)
    )


def _likeness(typed: str, entry: LawArticle) -> float:
    pairs = {typed[at : at + 2] for at in range(len(typed) - 1)}
    text = f"{entry.law}{entry.article}{entry.violation_type}"
    return sum(pair in text for pair in pairs) / len(pairs) if pairs else 0.0
