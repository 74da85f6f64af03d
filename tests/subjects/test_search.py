"""Search: by code, name, former names and codes, initials; merged entries lead to the survivor."""

import pytest

from subjects.initials import initials
from subjects.models import Subject, SubjectCode, SubjectName
from subjects.search import former_matches, marked, search, understand
from tests import factories

pytestmark = pytest.mark.django_db


def named(name: str, **fields: object) -> Subject:
    return factories.subject(name=name, name_initials=initials(name), **fields)


@pytest.fixture
def hotel() -> Subject:
    return named("舞钢市样例云栖宾馆有限公司", credit_code="91410481YL0000012N")


@pytest.fixture(autouse=True)
def pawnshop(hotel: Subject) -> Subject:
    subject = named("舞钢市金叶典当有限公司", credit_code="91410481JY0000100K")
    SubjectName.objects.create(
        subject=subject, name="舞钢市旧名当铺", name_initials=initials("舞钢市旧名当铺")
    )
    SubjectCode.objects.create(subject=subject, code="91410481JM00000012")
    return subject


@pytest.mark.parametrize(
    "text",
    ["91410481YL0000012N", " 91410481yl00000 12n", "91410481YL", "yl", "YL", "ylyq", "云栖", "样例",
     "舞钢 宾馆", "样例云栖宾馆有限公司"],
)  # fmt: skip
def test_an_organisation_is_found_by(text: str, hotel: Subject) -> None:
    assert list(search(text)) == [hotel]


@pytest.mark.parametrize("text", ["旧名", "当铺", "wgsjmdp", "91410481JM00000012", "91410481JM"])
def test_former_names_and_codes_find_it_too(text: str, pawnshop: Subject) -> None:
    assert list(search(text)) == [pawnshop]


@pytest.mark.parametrize(
    "text", ["云", "y", "没有这个名称", "tpmgs", "91410481YL00000121", "%", "__", "' OR 1=1 --"]
)
def test_nothing_is_found_by(text: str) -> None:
    assert not search(text)


@pytest.mark.parametrize("text", ["", "　 ", "\0\0"])
def test_nothing_typed_finds_all(text: str) -> None:
    assert search(text).count() == 2


def test_what_was_merged_leads_to_the_survivor(hotel: Subject) -> None:
    away = named("舞钢市并入有限公司", merged_into=hotel)
    SubjectName.objects.create(subject=away, name="更早的名称", name_initials="gzdmc")

    for text in ("并入", "更早", "gzd", away.credit_code):
        assert list(search(text)) == [hotel]
    assert away not in search("")


def test_one_query_is_enough(django_assert_num_queries: object, hotel: Subject) -> None:
    for text in ("", "云栖", "yl", "91410481", "91410481YL0000012N"):
        with django_assert_num_queries(1):  # type: ignore[operator]
            assert hotel in search(text)


def test_a_name_with_latin_letters_is_found_in_any_case() -> None:
    latin = named("舞钢市KTV娱乐会所")

    assert list(search("ktv")) == list(search("KTV娱乐")) == [latin]


def test_figures_in_a_name_are_found() -> None:
    inn = named("舞钢市99旅馆")

    assert list(search("99")) == [inn]
    assert marked(inn.name, understand("99")) == [("舞钢市", False), ("99", True), ("旅馆", False)]


def test_what_was_found_by_a_former_name_says_so(hotel: Subject, pawnshop: Subject) -> None:
    named("舞钢市并入有限公司", merged_into=hotel)
    ids = [hotel.pk, pawnshop.pk]

    assert former_matches(ids, understand("旧名")) == {pawnshop.pk: "舞钢市旧名当铺"}
    assert former_matches(ids, understand("jmdp")) == {pawnshop.pk: "舞钢市旧名当铺"}
    assert former_matches(ids, understand("91410481JM")) == {pawnshop.pk: "91410481JM00000012"}
    assert former_matches(ids, understand("并入")) == {hotel.pk: "舞钢市并入有限公司"}
    assert former_matches(ids, understand("")) == {}


def test_matches_are_marked_in_the_name() -> None:
    name = "舞钢市样例（云）KTV"

    assert marked(name, understand("样例")) == [
        ("舞钢市", False),
        ("样例", True),
        ("（云）KTV", False),
    ]
    assert marked(name, understand("lyk")) == [
        ("舞钢市样", False),
        ("例", True),
        ("（", False),
        ("云", True),
        ("）", False),
        ("K", True),
        ("TV", False),
    ]
    assert marked(name, understand("91410481")) == [(name, False)]
