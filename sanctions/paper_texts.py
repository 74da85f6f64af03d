"""The texts of a paper on a day: the office's version in force, else the program's own words."""

from __future__ import annotations

import re
from datetime import date

from sanctions.paper_kinds import Block, PaperKind
from sanctions.paper_text_models import PaperText, TextState

PLACE = re.compile(r"\{([^{}\n]{1,20})\}")


def in_force(kind: str, day: date) -> dict[str, PaperText]:
    """By block: the published version with the latest first day that is not after ``day``."""
    rows = PaperText.objects.filter(
        kind=kind, state=TextState.PUBLISHED, valid_from__lte=day
    ).order_by("valid_from", "version")
    return {row.block: row for row in rows}


def texts_for(
    kind: PaperKind, words: dict[str, str], day: date
) -> tuple[dict[str, list[str]], dict[str, int]]:
    """The paragraphs of each block with its words filled in, and which version each is."""
    standing = in_force(kind.code, day)
    texts = {block.code: filled(_text(block, standing), words) for block in kind.blocks}
    versions = {
        block.code: row.version for block in kind.blocks if (row := standing.get(block.code))
    }
    return texts, versions


def _text(block: Block, standing: dict[str, PaperText]) -> str:
    row = standing.get(block.code)
    return block.default if row is None else row.text


def filled(text: str, words: dict[str, str]) -> list[str]:
    """Its lines, each a paragraph; a name that nobody knows stays as it is written."""
    whole = PLACE.sub(lambda found: words.get(found[1], found[0]), text)
    return [line.strip() for line in whole.splitlines() if line.strip()]
