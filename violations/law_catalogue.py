"""The law catalogue in memory: which of its entries an act falls under, without a query an act."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from violations.inputs import ViolationInput
from violations.law_articles import article_numbers
from violations.laws import law_key
from violations.models import LawArticle


@dataclass(frozen=True)
class Catalogue:
    """All versions of all entries by law and (number, "") or, without a number, ("", type)."""

    by_place: dict[tuple[str, str, str], list[LawArticle]]

    @classmethod
    def of(cls, entries: Iterable[LawArticle]) -> Catalogue:
        found: dict[tuple[str, str, str], list[LawArticle]] = defaultdict(list)
        for entry in entries:
            named = "" if entry.number else entry.violation_type
            found[entry.law_key, entry.number, named].append(entry)
        return cls(dict(found))

    def entries_for(self, act: ViolationInput, day: date | None) -> list[LawArticle]:
        """The entries that allowed what was imposed for ``act``, as they stood on ``day``.

        Empty where the catalogue does not know every law and article that the act names: then
        nothing can be said about it. Of several types under one article the act's own counts,
        where the catalogue has it.
        """
        if day is None:
            return []
        numbers = article_numbers(act.article)
        places = [("", act.type), *((number, "") for number in numbers)]
        by_law = [
            [
                entry
                for place in places
                for entry in self.by_place.get((law, *place), ())
                if entry.is_in_force(day)
            ]
            for law in law_key(act.law).split("|")
        ]
        found = [entry for entries in by_law for entry in entries]
        own = [entry for entry in found if entry.violation_type == act.type]
        known = {entry.number for entry in found}
        if not all(by_law) or not ("" in known or known.issuperset(numbers)):
            return []
        return own if own and len(by_law) == 1 and len(numbers) <= 1 else found


def catalogue() -> Catalogue:
    """The catalogue as it is now, with its former versions: one query."""
    return Catalogue.of(LawArticle.objects.all())
