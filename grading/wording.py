"""The words in which grades were explained, by version: what stood on the page still stands.

A replay evaluates the facts of then and says the result in the words of then. Whoever changes a
sentence that pages show of a past day keeps the old function here under its number, adds the new
one, and a migration that writes down when the installation began to use it (``WordsVersion``): no
row of any grade has to carry it. ``tests/grading/test_wording.py`` holds each version to its words.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from grading import explanations
from grading.counting import Evaluation
from grading.wording_models import WordsVersion

FIRST = 1


class Wording(NamedTuple):
    """One version: how the conclusion of an evaluation is said."""

    number: int
    conclusion: Callable[[Evaluation], str]


VERSIONS: dict[int, Wording] = {1: Wording(1, explanations.conclusion)}


def current() -> Wording:
    """The words of today."""
    return VERSIONS[max(VERSIONS)]


def at(moment: datetime) -> Wording:
    """The words that pages used at a moment."""
    used = WordsVersion.objects.filter(since__lte=moment).order_by("-number")
    return VERSIONS[used.values_list("number", flat=True).first() or FIRST]
