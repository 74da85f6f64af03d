"""Search in the register: code, name, former names and codes, pinyin initials.

Each way of matching has its index (``subjects.pieces``; codes by their beginning). What leads to an
organisation by another entry or a former name is asked first, as ids, so that one query can unite
the indexes and still walk the register in its order where nearly everybody matches.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce

from subjects.credit_codes import LENGTH, normalise
from subjects.initials import letters
from subjects.models import Subject, SubjectCode, SubjectName, SubjectQuerySet
from subjects.particulars import clean_name
from subjects.pieces import Condition, all_of, among, holds, holds_sql

MAX_QUERY = 100
MIN_CHARACTERS = 2


@dataclass(frozen=True, slots=True)
class Query:
    """What was typed, as it is looked for.

    ``kind`` is all (nothing typed), short (one character: nothing is looked for), code, initials
    or name; ``words`` the parts that must all match, as they are compared.
    """

    kind: str
    words: tuple[str, ...] = ()


def understand(text: str) -> Query:
    """How ``text`` will be looked for."""
    typed = clean_name(text[:MAX_QUERY].replace("\0", ""))
    code = normalise(typed)
    if not typed:
        return Query("all")
    if len(code) < MIN_CHARACTERS:
        return Query("short")
    if re.fullmatch(r"[0-9A-Z]+", code) and re.search(r"[0-9]{2}", code):
        return Query("code", (code[:LENGTH],))
    if re.fullmatch(r"[A-Za-z0-9 ]+", typed):
        return Query("initials", tuple(typed.lower().split()))
    return Query("name", tuple(typed.split()))


def search(text: str) -> SubjectQuerySet:
    """The surviving organisations that ``text`` finds; all of them where nothing is typed."""
    return Subject.objects.all().surviving().filter(condition(understand(text)))


def condition(query: Query, *, row_by_row: bool = False) -> Q:
    """The condition of ``search`` on a surviving organisation; see ``pieces.holds``."""
    if query.kind == "all":
        return Q()
    if query.kind == "short":
        return Q(pk__in=[])
    return _own(query, row_by_row) | among(_led_here(query))


def _own(query: Query, row_by_row: bool) -> Q:
    """The condition on an entry itself."""
    if query.kind == "code":
        word = query.words[0]
        code = _code("credit_code", word)
        # Names hold figures as well: 99旅馆.
        if len(word) == LENGTH:
            return code
        return code | holds("name_initials", word.lower(), row_by_row=row_by_row)
    names = Q()
    for word in query.words:
        names &= holds(_column(query), word, row_by_row=row_by_row)
    return names


# Written out: to build these two queries anew takes longer than to answer them.
_LED_HERE = """
    SELECT s.merged_into_id FROM subjects_subject s
     WHERE s.merged_into_id IS NOT NULL AND ({own})
     UNION ALL
    SELECT COALESCE(s.merged_into_id, s.id)
      FROM {former} f JOIN subjects_subject s ON s.id = f.subject_id
     WHERE {formerly}
"""


def _led_here(query: Query) -> RawSQL:
    """The survivors of what was merged into them, and whoever was called or numbered so before."""
    if query.kind == "code":
        word = query.words[0]
        own, former = _code_sql("s.credit_code", word), _code_sql("f.code", word)
        if len(word) < LENGTH:
            figures = holds_sql("s", "name_initials", word.lower())
            own = (f"{own[0]} OR {figures[0]}", [*own[1], *figures[1]])
    else:
        own, former = (
            all_of(holds_sql(table, _column(query), word) for word in query.words)
            for table in ("s", "f")
        )
    table = "subjects_subjectcode" if query.kind == "code" else "subjects_subjectname"
    sql = _LED_HERE.format(own=own[0], former=table, formerly=former[0])
    return RawSQL(sql, [*own[1], *former[1]])


def former_matches(subject_ids: Collection[int], query: Query) -> dict[int, str]:
    """For organisations that were found by what is no longer theirs: that name or code.

    Looks at former names and codes, and at what was merged into them; two queries.
    """
    if not subject_ids or query.kind not in ("code", "initials", "name"):
        return {}
    own = Coalesce("subject__merged_into_id", "subject_id")
    of_these = Q(subject_id__in=subject_ids) | Q(subject__merged_into_id__in=subject_ids)
    merged = Subject.objects.filter(merged_into_id__in=subject_ids)
    if query.kind == "code":
        codes = SubjectCode.objects.filter(of_these).values_list(own, "code")
        found = [*merged.values_list("merged_into_id", "credit_code"), *codes]
        return {owner: code for owner, code in found if code.startswith(query.words[0])}
    names = SubjectName.objects.filter(of_these).values_list(own, "name")
    found = [*merged.values_list("merged_into_id", "name"), *names]
    return {owner: name for owner, name in found if any(hit for _, hit in marked(name, query))}


def marked(name: str, query: Query) -> list[tuple[str, bool]]:
    """``name`` in pieces with whether the search found them: [("舞钢市", False), ("样例", True)].

    Initials are shown in the characters that they stand for.
    """
    hits = [False] * len(name)
    if query.kind in ("initials", "code"):
        _mark_initials(name, tuple(word.lower() for word in query.words), hits)
    if query.kind != "all":
        for word in query.words:
            for found in re.finditer(re.escape(word), name, re.IGNORECASE):
                hits[found.start() : found.end()] = [True] * len(word)
    pieces: list[tuple[str, bool]] = []
    for character, hit in zip(name, hits, strict=True):
        if pieces and pieces[-1][1] == hit:
            pieces[-1] = (pieces[-1][0] + character, hit)
        else:
            pieces.append((character, hit))
    return pieces


def _mark_initials(name: str, words: tuple[str, ...], hits: list[bool]) -> None:
    places = [(place, letter) for place, letter in enumerate(letters(name)) if letter]
    text = "".join(letter for _, letter in places)
    for word in words:
        for found in re.finditer(re.escape(word), text):
            for place, _ in places[found.start() : found.end()]:
                hits[place] = True


def _code(column: str, word: str) -> Q:
    return Q(**{column if len(word) == LENGTH else f"{column}__startswith": word})


def _code_sql(column: str, word: str) -> Condition:
    """As ``_code``; a code holds no character that means something in a pattern."""
    return (
        (f"{column} = %s", [word]) if len(word) == LENGTH else (f"{column} LIKE %s", [f"{word}%"])
    )


def _column(query: Query) -> str:
    return "name_initials" if query.kind == "initials" else "name"
