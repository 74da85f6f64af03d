"""Many row numbers in few words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

SHOWN = 200


def ranges(numbers: Sequence[int]) -> Iterator[str]:
    """Ascending numbers with neighbours joined: 2, 3, 4, 7 as "2-4", "7"."""
    for _, run in groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0]):
        found = [number for _, number in run]
        yield f"{found[0]}-{found[-1]}" if len(found) > 1 else str(found[0])


def in_words(numbers: Iterable[int]) -> str:
    """The ranges joined by “、”, no more than a page can show."""
    found = list(ranges(list(numbers)))
    more = "…" if len(found) > SHOWN else ""
    return "、".join(found[:SHOWN]) + more
