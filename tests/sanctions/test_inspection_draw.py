"""The draw itself: repeated from its seed it is the same, whatever the order of the pool."""

from __future__ import annotations

import hashlib
import random
from collections import Counter
from dataclasses import replace

import pytest

from sanctions.inspection_draw import Pool, chosen, digest, draw, how_many, seed_of

PERCENTS = {"a": 0, "n": 5, "b": 20, "c": 100, "key": 100, "key_a": 100}


def pool(**sizes: int) -> Pool:
    members = {
        f"91410481{group.upper():_<5}{number:05d}": group
        for group, size in sizes.items()
        for number in range(size)
    }
    return Pool(members, PERCENTS, frozenset(f"4200{one:02d}" for one in range(7)))


SOME = pool(a=40, n=41, b=21, c=3, key=7, key_a=2)
SEED = seed_of("s" * 64, "0371", SOME.sha256())


def test_it_is_the_same_when_it_is_repeated_and_another_with_another_word() -> None:
    assert draw(SOME, SEED) == draw(SOME, SEED)
    other = seed_of("s" * 64, "0372", SOME.sha256())
    assert {one.code for one in draw(SOME, SEED)} != {one.code for one in draw(SOME, other)}


def test_the_order_of_the_pool_leaves_no_trace() -> None:
    rows = list(SOME.members.items())
    random.Random(1).shuffle(rows)
    shuffled = replace(SOME, members=dict(rows))
    assert shuffled.sha256() == SOME.sha256()
    assert draw(shuffled, SEED) == draw(SOME, SEED)


def test_anybody_repeats_it_with_nothing_but_sha256() -> None:
    """The words of the module, followed apart from its code."""
    b = sorted(code for code, group in SOME.members.items() if group == "b")
    places = sorted((hashlib.sha256(f"{SEED}:{code}".encode()).hexdigest(), code) for code in b)
    by_hand = {code for _, code in places[:5]}  # 20 % of 21 is 4.2, rounded up
    assert {code for code in chosen(SOME, SEED) if SOME.members[code] == "b"} == by_hand


@pytest.mark.parametrize(
    ("members", "percent", "right"),
    [(0, 5, 0), (1, 5, 1), (20, 5, 1), (21, 5, 2), (41, 5, 3), (100, 20, 20), (7, 100, 7)],
)
def test_ratios_are_rounded_up(members: int, percent: int, right: int) -> None:
    assert how_many(members, percent) == right


def test_grade_a_is_never_drawn_and_key_industries_and_c_always() -> None:
    taken = Counter(SOME.members[code] for code in chosen(SOME, SEED))
    assert taken == {"n": 3, "b": 5, "c": 3, "key": 7, "key_a": 2}


def test_a_member_changed_or_a_ratio_changes_the_seed() -> None:
    code = next(iter(SOME.members))
    for changed in (
        replace(SOME, members={**SOME.members, code: "c"}),
        replace(SOME, percents={**PERCENTS, "n": 6}),
        replace(SOME, inspectors=SOME.inspectors | {"429999"}),
        replace(SOME, conflicts=frozenset({(code, "420001")})),
    ):
        assert seed_of("s" * 64, "0371", changed.sha256()) != SEED


def test_two_inspectors_each_evenly_and_never_of_a_conflict() -> None:
    barred = frozenset((code, "420003") for code in SOME.members)
    found = draw(replace(SOME, conflicts=barred), SEED)
    load = Counter(number for one in found for number in one.inspectors)
    assert "420003" not in load
    assert max(load.values()) - min(load.values()) <= 1
    assert all(len(set(one.inspectors)) == 2 for one in found)


def test_where_conflicts_leave_one_the_other_place_stays_free() -> None:
    few = replace(SOME, inspectors=frozenset({"420001", "420002"}))
    code = next(one for one, group in few.members.items() if group == "c")
    found = draw(replace(few, conflicts=frozenset({(code, "420002")})), SEED)
    assert next(one for one in found if one.code == code).inspectors == ("420001",)


def test_each_has_the_same_chance() -> None:
    """Over 400 seeds nobody of 20 in a group of 20 % stands out: 80 each, give or take."""
    twenty = pool(b=20)
    taken = Counter(code for word in range(400) for code in chosen(twenty, digest(str(word))))
    assert sum(taken.values()) == 1600
    assert len(taken) == 20
    assert all(45 < count < 120 for count in taken.values())
