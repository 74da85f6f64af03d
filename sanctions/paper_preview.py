"""A paper as it would be, without number, seal or trace in the register."""

from __future__ import annotations

from typing import Any

from accounts.models import Unit
from core.clock import today
from core.documents import render_pdf
from sanctions.paper_content import checked
from sanctions.paper_kinds import paper_kind
from sanctions.paper_layout import context_of, words_of
from sanctions.paper_models import Paper
from sanctions.paper_numbers import blank_number
from sanctions.paper_texts import filled, texts_for
from subjects.models import Subject


def preview(
    kind: str,
    unit: Unit,
    subject: Subject,
    content: dict[str, Any],
    *,
    texts: dict[str, str] | None = None,
) -> bytes:
    """The PDF, marked as a draft; ``texts`` takes the place of blocks that are being drafted.

    Raises InvalidDecision.
    """
    found = paper_kind(kind)
    day = today()
    paper = Paper(
        kind=kind,
        label=found.label,
        number=blank_number(found, unit, day.year),
        unit=unit,
        subject=subject,
        content=checked(content),
        issued_on=day,
    )
    words = words_of(found, paper)
    paper.texts, _ = texts_for(found, words, day)
    for block, text in (texts or {}).items():
        paper.texts[block] = filled(text, words)
    return render_pdf(found.template, context_of(found, paper, draft=True))
