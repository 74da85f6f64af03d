"""Pages by key: every row once, forwards and backwards, while rows change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random

import pytest
from django.db import connection
from django.db.models import F, Q
from django.test.utils import CaptureQueriesContext

from core.bulk import create_facts
from desk import register_pages
from desk.register_conditions import Asked
from desk.register_pages import Key, KeyPage, Listing
from grading.models import Standing
from subjects.models import Subject
from tests import factories

pytestmark = pytest.mark.django_db
DAY = datetime(2026, 11, 20, 1, 2, 3, 456789, tzinfo=UTC)


@pytest.fixture
def subjects() -> list[Subject]:
    """57 organisations: 30 changed at few moments, 9 have a blank standing, the rest none."""
    made = [
        Subject(credit_code=factories.credit_code(n), name=f"样例{n}", kind="company")
        for n in range(57)
    ]
    create_facts(made)
    chance = Random(4)
    Standing.objects.bulk_create(
        Standing(
            subject=subject,
            grade="B" if at < 30 else "",
            changed_at=DAY + timedelta(microseconds=chance.randrange(3)) if at < 30 else None,
        )
        for at, subject in enumerate(made[:39])
    )
    return made


def listing(per: int = 10, *, asked: Q | None = None) -> Listing:
    asked = asked or Q()
    return Listing(Asked(asked, asked), per)


ALL = Q(kind="company")


@pytest.fixture(params=["everybody", "few", "many"])
def narrowed(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Q:
    """All of them in each of the three ways that a page is read."""
    if request.param == "many":
        monkeypatch.setattr(register_pages, "FEW", 3)
    return Q() if request.param == "everybody" else ALL


def in_order() -> list[int]:
    rows = Subject.objects.order_by(F("standing__changed_at").desc(nulls_last=True), "-pk")
    return list(rows.values_list("pk", flat=True))


def ids(page: KeyPage) -> list[int]:
    return [subject.pk for subject in page.subjects]


def forwards(of: Listing) -> list[KeyPage]:
    pages = [of.page({})]
    while pages[-1].after:
        pages.append(of.page({"after": pages[-1].after, "page": str(pages[-1].number + 1)}))
    return pages


@pytest.mark.parametrize("per", [1, 7, 10, 30, 57, 100])
def test_every_row_comes_once_in_order(subjects: list[Subject], per: int, narrowed: Q) -> None:
    pages = forwards(listing(per, asked=narrowed))

    assert [pk for page in pages for pk in ids(page)] == in_order()
    assert [page.number for page in pages] == list(range(1, len(pages) + 1))
    if register_pages.FEW > 57:
        assert {page.pages for page in pages} == {len(pages)}
        assert {page.total for page in pages} == {57}
    assert pages[0].before == ""


@pytest.mark.parametrize("per", [1, 7, 10])
def test_the_way_back_shows_the_same_pages(subjects: list[Subject], per: int, narrowed: Q) -> None:
    of = listing(per, asked=narrowed)
    for before, page in pairwise(forwards(of)):
        back = of.page({"before": page.before, "page": str(before.number)})
        assert (ids(back), back.number) == (ids(before), before.number)


def test_rows_that_change_are_not_shown_twice_and_push_nobody_out(
    subjects: list[Subject], narrowed: Q
) -> None:
    chance = Random(9)
    of = listing(5, asked=narrowed)
    moved: set[int] = set()
    seen: list[int] = []
    page = of.page({})
    while True:
        seen += ids(page)
        for subject in chance.sample(subjects, 3):
            moment = DAY + timedelta(hours=1, seconds=len(moved))
            Standing.objects.update_or_create(
                subject=subject, defaults={"grade": "C", "changed_at": moment}
            )
            moved.add(subject.pk)
        if not page.after:
            break
        page = of.page({"after": page.after, "page": str(page.number + 1)})

    assert len(seen) == len(set(seen))
    assert set(seen) | moved == {subject.pk for subject in subjects}
    # Who changed stands at the top again.
    assert set(ids(listing(len(moved)).page({}))) == moved


def test_a_page_whose_rows_have_all_moved_up_is_the_one_before(subjects: list[Subject]) -> None:
    pages = forwards(listing())
    Standing.objects.filter(changed_at__isnull=True).delete()
    Standing.objects.bulk_create(
        Standing(subject_id=pk, changed_at=DAY + timedelta(days=1)) for pk in ids(pages[-1])
    )

    page = listing().page({"after": pages[-2].after, "page": str(pages[-1].number)})

    assert ids(page) == in_order()[-11:-1]


@pytest.mark.parametrize(
    "asked",
    [
        {"after": "abc"},
        {"after": "-5"},
        {"before": "9" * 40 + "-1"},
        {"after": "", "before": ""},
        {"page": "0"},
        {"page": "x" * 400},
        {"before": "99999999999999999-999999999999999999"},
    ],
)
def test_what_is_no_page_is_the_first(
    subjects: list[Subject], asked: dict[str, str], narrowed: Q
) -> None:
    assert ids(listing(asked=narrowed).page(asked)) == in_order()[:10]


def test_a_number_alone_is_followed_and_the_last_page_is_the_nearest(
    subjects: list[Subject], narrowed: Q
) -> None:
    assert ids(listing(asked=narrowed).page({"page": "3"})) == in_order()[20:30]
    last = listing(asked=narrowed).page({"page": "999"})
    assert (ids(last), last.number) == (in_order()[50:], 6)


def test_a_key_says_what_was_said_in_it() -> None:
    for key in (Key(DAY, 12), Key(None, 3)):
        assert Key.parse(str(key)) == key


def test_a_page_is_three_queries_at_most(subjects: list[Subject], narrowed: Q) -> None:
    of = listing(asked=narrowed)
    for page in forwards(of):
        with CaptureQueriesContext(connection) as captured:
            read = of.page({"after": page.before, "page": "2"} if page.before else {})
            assert [s.unit_in_charge for s in read.subjects] == [None] * len(read.subjects)
        assert len(captured) <= 3


@pytest.mark.postgres
def test_the_order_and_the_key_follow_the_index(subjects: list[Subject]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
    with CaptureQueriesContext(connection) as captured:
        listing().rows_after(Key(DAY, 5), 5)
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + captured[0]["sql"])
        plan = "\n".join(row[0] for row in cursor.fetchall())

    assert "standing_in_order" in plan
    assert "Index Cond: ((changed_at IS NOT NULL) AND (ROW(changed_at, subject_id) < " in plan
