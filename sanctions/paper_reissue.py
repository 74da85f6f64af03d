"""Issuing a paper anew: what it says is taken from the record again where a record stands behind.

A topic whose papers come from records of its own adds a function to ``SOURCES``; the content of
others is that of the paper, with the texts in force now.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Q

from accounts.models import Officer
from sanctions import credit_file, notice_papers, paper_of_decisions, paper_of_lists
from sanctions.notice_models import Notice
from sanctions.notice_register import chosen_of
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


def _of_notice(paper: Paper) -> dict[str, Any]:
    """Of the notice for which it, or a paper that it replaced, was issued; else as it was."""
    ids = [paper.pk]
    while (before := Paper.objects.filter(superseded_by=ids[-1]).first()) is not None:
        ids.append(before.pk)
    notice = Notice.objects.filter(Q(paper__in=ids) | Q(record_paper__in=ids)).first()
    if notice is None:
        return dict(paper.content)
    return notice_papers.content_of(notice, paper.kind, chosen_of(notice))


SOURCES: dict[str, Source] = {
    paper_of_lists.NOTICE: _of_entry,
    paper_of_lists.DECISION: _of_entry,
    paper_of_decisions.REPAIR_NOTICE: _of_decision,
    notice_papers.REMINDER: _of_notice,
    notice_papers.INVITATION: _of_notice,
    notice_papers.MINUTES: _of_notice,
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
