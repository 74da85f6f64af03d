"""Issuing a paper anew: what it says is taken from the record again where a record stands behind.

A topic whose papers come from records of its own adds a function to ``SOURCES``; the content of
others is that of the paper, with the texts in force now.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from accounts.models import Officer
from sanctions import credit_file, paper_of_decisions, paper_of_lists
from sanctions.paper_models import Paper
from sanctions.paper_preview import preview
from sanctions.papers import issue

Source = Callable[[Paper], dict[str, Any]]


def _of_entry(paper: Paper) -> dict[str, Any]:
    assert paper.list_entry is not None
    return paper_of_lists.content_for(paper.list_entry, paper.kind)


def _of_decision(paper: Paper) -> dict[str, Any]:
    assert paper.decision is not None
    return paper_of_decisions.content_for(paper.decision)


def _of_file(paper: Paper) -> dict[str, Any]:
    """The same turn of the year: a paper issued anew is not counted twice."""
    again = credit_file.credit_file(paper.subject, paper.content["purpose"], 1)
    return again | {"turn": paper.content["turn"]}


def _of_certificate(paper: Paper) -> dict[str, Any]:
    return credit_file.certificate(paper.subject, paper.content["purpose"])


SOURCES: dict[str, Source] = {
    paper_of_lists.NOTICE: _of_entry,
    paper_of_lists.DECISION: _of_entry,
    paper_of_decisions.REPAIR_NOTICE: _of_decision,
    credit_file.FILE: _of_file,
    credit_file.CERTIFICATE: _of_certificate,
}


def fresh_content(paper: Paper) -> dict[str, Any]:
    """What the paper would say if it were issued today."""
    source = SOURCES.get(paper.kind)
    return dict(paper.content) if source is None else source(paper)


def preview_again(paper: Paper) -> bytes:
    """The PDF of it, without number."""
    return preview(paper.kind, paper.unit, paper.subject, fresh_content(paper))


def reissue(*, officer: Officer, paper: Paper, reason: str) -> Paper:
    """A new paper with a number of its own, which takes the place of ``paper``.

    Raises NotAllowed, InvalidDecision.
    """
    return issue(
        kind=paper.kind,
        unit=paper.unit,
        subject=paper.subject,
        content=fresh_content(paper),
        officer=officer,
        decision=paper.decision,
        list_entry=paper.list_entry,
        supersedes=paper,
        reason=reason,
    )
