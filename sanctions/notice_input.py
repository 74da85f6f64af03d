"""A reminder or interview as the form hands it in: plain values, nothing checked yet."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date, time

from violations.cleaning import one_line

_LINES = ("person_name", "phone", "place", "by_whom", "recorder")
_TEXTS = ("acts_words", "laws_words", "urged_words", "statement", "commitment")


@dataclass(frozen=True, slots=True)
class NoticeInput:
    """``decision_ids`` and ``entry_ids`` are the records that the party is told of.

    ``phone`` is None where it stays as it is: pages show it masked and never hand it back.
    """

    way: str
    decision_ids: frozenset[int] = frozenset()
    entry_ids: frozenset[int] = frozenset()
    person_name: str = ""
    person_role: str = ""
    phone: str | None = None
    held_on: date | None = None
    held_at: time | None = None
    held_until: time | None = None
    place: str = ""
    channel: str = ""
    by_whom: str = ""
    recorder: str = ""
    acts_words: str = ""
    laws_words: str = ""
    urged_words: str = ""
    pointed_out: bool = False
    explained: bool = False
    urged: bool = False
    statement: str = ""
    commitment: str = ""
    follow_up_on: date | None = None

    def cleaned(self) -> NoticeInput:
        """With every text in its one spelling."""
        lines = {name: one_line(getattr(self, name) or "") for name in _LINES}
        if self.phone is None:
            del lines["phone"]
        texts = {name: getattr(self, name).replace("\r\n", "\n").strip() for name in _TEXTS}
        return replace(self, **lines, **texts)  # type: ignore[arg-type]  # texts all of them


# What is written on the notice as it was typed; records and phone go ways of their own.
COLUMNS = tuple(
    field.name
    for field in fields(NoticeInput)
    if field.name not in ("decision_ids", "entry_ids", "phone")
)
