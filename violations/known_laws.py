"""Which laws are mapped: the rule set says so, and it lives above this app.

Grading names its list here when the application starts. Where nobody did, no law is known: its
records stay sealed (law.md, "sealed records").
"""

from __future__ import annotations

from collections.abc import Callable

Source = Callable[[], frozenset[str]]


def _none() -> frozenset[str]:
    return frozenset()


_source: Source = _none


def ask(source: Source) -> None:
    """Let ``source`` answer ``known_laws`` from now on."""
    global _source
    _source = source


def known_laws() -> frozenset[str]:
    """The normalised names of the laws of which today's rule set says whether they are sealed."""
    return _source()


def are_known(law_key: str, known: frozenset[str]) -> bool:
    """Whether each law of ``law_key`` is known; the others stay sealed until they are mapped."""
    return known.issuperset(law_key.split("|"))
