"""P7, P8: pages of the register from a key on, its total, and search by two characters.

Page 10,000 (or the last but one of a smaller register) stands beside page 1, a list with its total
beside one without, and search by pieces beside LIKE, which is what a plain design does. Rows come
with their standings; what a template makes of them is the same for every page and left out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

from django.db.models import Q

from accounts.models import Officer
from benchmarks.timing import Side, compare
from desk.register_conditions import Asked
from desk.register_filters import parse
from desk.register_pages import Key, Listing
from subjects.models import Subject
from subjects.search import search

PAGE, PER = 10_000, 20
REPEATS = 20


def run(rounds: int) -> dict[str, float]:
    """The ratios of P7 and of its total, and how many times faster P8 is than LIKE."""
    officer = Officer.objects.order_by("pk")[:1].get()
    listing = parse({"per": str(PER)}).listing(officer)
    found = _pages(listing, rounds)
    found["P8"] = _search(rounds)
    return found


def _pages(listing: Listing, rounds: int) -> dict[str, float]:
    number = min(PAGE, Subject.objects.count() // PER - 1)
    key = str(_key_before(listing, number))
    print(f"goal P7: page {number:,} at most 1.3 x page 1; with total at most 2 x without")
    deep = {"after": key, "page": str(number)}
    assert listing.page(deep).number == number
    return {
        "P7": compare(
            "P7",
            Side(f"page {number:,}, {REPEATS} times"),
            Side("page 1"),
            lambda: _repeat(lambda: listing.page(deep)),
            lambda: _repeat(lambda: listing.page({})),
            rounds,
        ),
        "P7 total": compare(
            "P7 total",
            Side(f"page 1 with total, {REPEATS} times"),
            Side("page 1 without"),
            lambda: _repeat(lambda: listing.page({})),
            lambda: _repeat(lambda: listing.rows_after(None, PER + 1)),
            rounds,
        ),
    }


def _key_before(listing: Listing, number: int) -> Key | None:
    """The key of the last row before that page, reached from key to key."""
    key: Key | None = None
    left = (number - 1) * PER
    while left:
        rows = listing.rows_after(key, min(left, 20_000))
        key = Key.of(rows[-1])
        left -= len(rows)
    return key


def _search(rounds: int) -> float:
    texts = _texts(5)
    print(f"goal P8: at least 30 x faster than LIKE; looking for {'、'.join(texts)}")

    def by_pieces() -> None:
        for text in texts:
            assert list(search(text))

    def by_like() -> None:
        for text in texts:
            assert list(Subject.objects.filter(name__contains=text, merged_into__isnull=True))

    ratio = compare("P8", Side("search"), Side("LIKE"), by_pieces, by_like, rounds)
    print(f"P8: {1 / ratio:.0f} x faster than LIKE\n")
    frequent = "有限"
    compare(
        "P8, first page for a text that nearly every name holds",
        Side("search, 21 rows in the order of the list"),
        Side("LIKE, the same"),
        lambda: parse({"q": frequent}).listing(Officer()).rows_after(None, PER + 1),
        lambda: Listing(Asked(Q(), Q(name__contains=frequent)), PER).rows_after(None, PER + 1),
        rounds,
    )
    return 1 / ratio


def _texts(count: int) -> Sequence[str]:
    """Two characters each out of the middle of names that are there."""
    chance = Random(1)
    last = Subject.objects.order_by("-pk").values_list("pk", flat=True)[0]
    texts = []
    for _ in range(count):
        at = chance.randrange(last // 2, last)
        name = Subject.objects.filter(pk__gte=at).order_by("pk").values_list("name", flat=True)[0]
        texts.append(name[5:7])
    return texts


def _repeat(run_it: Callable[[], object]) -> None:
    for _ in range(REPEATS):
        run_it()
