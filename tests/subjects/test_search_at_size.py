"""Search at size: on PostgreSQL by an index over pieces, with the results of a plain search."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.bulk import create_facts
from subjects.initials import initials
from subjects.models import Subject, SubjectName
from subjects.search import search
from tests import factories

pytestmark = pytest.mark.django_db
postgres = pytest.mark.postgres

CHARACTERS = "舞钢市样例云栖宾馆有限公司%_\\'\"（）Aa9龘𠮷𠀀"


def make(names: list[str]) -> list[Subject]:
    made = [
        Subject(
            credit_code=factories.credit_code(n),
            name=name,
            name_initials=initials(name),
            kind="company",
        )
        for n, name in enumerate(names)
    ]
    create_facts(made)
    return made


def random_names(count: int, seed: int) -> list[str]:
    chance = Random(seed)
    return ["".join(chance.choices(CHARACTERS, k=chance.randint(1, 9))) for _ in range(count)]


def same(text: str) -> str:
    """A-Z as a-z, nothing else."""
    return "".join(c.lower() if c.isascii() else c for c in text)


@pytest.mark.parametrize("length", [2, 3, 4])
def test_what_is_found_is_what_holds_the_text(length: int) -> None:
    subjects = make(random_names(600, seed=length))
    chance = Random(10 + length)
    for _ in range(60):
        # No digits or letters alone: those are looked for in codes and initials.
        text = "云" + "".join(chance.choices(CHARACTERS, k=length - 1))
        expected = {s.pk for s in subjects if same(text) in same(s.name)}
        if len(text.split()) == 1:
            assert {s.pk for s in search(text)} == expected, text


@pytest.mark.parametrize("text", ["%%", "__", "\\\\", "%_", "''", "龘𠮷", "𠀀𠮷", "云%", "_栖"])
def test_what_means_something_elsewhere_means_itself_here(text: str) -> None:
    hit, *_ = make([f"前{text}后", "云x栖", "前后", "云栖"])

    assert list(search(text)) == [hit]


def test_letters_are_found_in_either_case() -> None:
    hit, _ = make(["舞钢市Ktv娱乐", "舞钢市娱乐"])

    for text in ("KTV娱乐", "ktv娱", "Ktv", "tv", "TV", "k"):
        assert list(search(text)) == ([hit] if len(text) > 1 else [])


def test_initials_are_found_anywhere() -> None:
    hit, _ = make(["舞钢市云栖宾馆", "舞钢市宾馆"])

    for text in ("yq", "yqb", "wgsyqbg", "syqb", "wg yqb"):
        assert list(search(text)) == [hit], text


@postgres
@pytest.mark.parametrize(
    ("text", "indexes"),
    [
        ("云栖", ["subject_name_pieces", "subject_former_pieces"]),
        ("云栖宾馆", ["subject_name_pieces", "subject_former_pieces"]),
        ("yqbg", ["subject_initials_pieces", "subject_former_initials"]),
        ("91410481YL", ["subjects_subject_credit_code", "subject_code_prefix"]),
        (factories.credit_code(7), ["subjects_subject_credit_code"]),
    ],
)
def test_every_way_has_its_index(text: str, indexes: list[str]) -> None:
    subjects = make([*random_names(2000, seed=1), "舞钢市云栖宾馆"])
    rows = [
        SubjectName(subject=subjects[n], name=f"旧名{n}", name_initials="jm") for n in range(50)
    ]
    create_facts(rows)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE subjects_subject, subjects_subjectname")
        cursor.execute("SET LOCAL enable_seqscan = off")
    plan = search(text).order_by().explain()

    assert "Seq Scan" not in plan
    for index in indexes:
        assert index in plan


def test_an_exact_code_is_one_query() -> None:
    hit, _ = make(["甲", "乙"])

    with CaptureQueriesContext(connection) as captured:
        assert list(search(hit.credit_code)) == [hit]
    assert len(captured) == 1


@postgres
def test_the_pieces_of_a_name() -> None:
    def pieces(value: Any, longest: int) -> Any:
        with connection.cursor() as cursor:
            cursor.execute("SELECT text_pieces(%s, %s)", [value, longest])
            return cursor.fetchone()[0]

    assert pieces("云栖Kt", 2) == ["云栖", "栖k", "kt"]
    assert sorted(pieces("abcd", 3)) == ["ab", "abc", "bc", "bcd", "cd"]
    assert pieces("𠀀𠮷", 2) == ["𠀀𠮷"]
    assert pieces("云", 2) == pieces("", 3) == []
    assert pieces(None, 2) is None
