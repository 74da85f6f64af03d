"""Search in the register: code, name, former names and codes, pinyin initials.

Every way of matching is a query of its own over one table and column, so that each can have its own
index; the results are joined by the id of the surviving organisation.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from subjects.credit_codes import LENGTH, normalise
from subjects.initials import letters
from subjects.models import Subject, SubjectCode, SubjectName, SubjectQuerySet
from subjects.particulars import clean_name

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
    query = understand(text)
    surviving = Subject.objects.all().surviving()
    if query.kind == "all":
        return surviving
    if query.kind == "short":
        return surviving.none()
    return surviving.filter(pk__in=found_ids(query))


def found_ids(query: Query) -> QuerySet[Any, Any]:
    """The ids of the surviving organisations found, as one subquery (ids may come twice)."""
    parts = [
        _survivors(Subject, _conditions(query, "credit_code"), "merged_into_id", "id"),
        _survivors(
            SubjectName if query.kind != "code" else SubjectCode,
            _conditions(query, "code"),
            "subject__merged_into_id",
            "subject_id",
        ),
    ]
    return parts[0].union(*parts[1:], all=True)


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


def _conditions(query: Query, code_field: str) -> Q:
    if query.kind == "code":
        word = query.words[0]
        if len(word) == LENGTH:
            return Q(**{code_field: word})
        condition = Q(**{f"{code_field}__startswith": word})
        # Names hold figures as well: 99旅馆.
        in_name = Q(name_initials__contains=word.lower())
        return condition | in_name if code_field == "credit_code" else condition
    condition = Q()
    for word in query.words:
        if query.kind == "initials":
            condition &= Q(name_initials__contains=word) | Q(name__icontains=word)
        else:
            condition &= Q(name__contains=word)
    return condition


def _survivors(model: Any, condition: Q, merged: str, own: str) -> QuerySet[Any, Any]:
    found: QuerySet[Any, Any] = (
        model.objects.filter(condition)
        .order_by()
        .annotate(found=Coalesce(merged, own))
        .values("found")
    )
    return found
