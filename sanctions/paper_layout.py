"""From a paper to what its template gets; the same for the paper and for its preview."""

from __future__ import annotations

from typing import Any

from sanctions.paper_content import chinese_day
from sanctions.paper_kinds import PaperKind
from sanctions.paper_models import Paper
from sanctions.paper_numbers import BUREAU, signed_by


def context_of(kind: PaperKind, paper: Paper, *, draft: bool = False) -> dict[str, Any]:
    """All that ``templates/documents`` may name: nothing is read from the database there."""
    return {
        "head": BUREAU,
        "number": paper.number,
        "title": kind.label,
        "addressee": paper.subject.name,
        "code": paper.subject.credit_code,
        "signed_by": signed_by(paper.unit),
        "day": chinese_day(paper.issued_on),
        "content": paper.content,
        "texts": paper.texts,
        "draft": draft,
    }


def words_of(kind: PaperKind, paper: Paper) -> dict[str, str]:
    """What stands for ``{...}`` in the texts of this paper."""
    words = {
        "监管对象": paper.subject.name,
        "统一社会信用代码": paper.subject.credit_code,
        "出具单位": signed_by(paper.unit),
        "文书日期": chinese_day(paper.issued_on),
    }
    for name, key in kind.fields.items():
        words[name] = str(paper.content.get(key, ""))
    return words


def known_words(kind: PaperKind) -> list[str]:
    """The names that a text of this kind may hold in ``{...}``."""
    return ["监管对象", "统一社会信用代码", "出具单位", "文书日期", *kind.fields]
