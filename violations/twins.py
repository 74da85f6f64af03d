"""One act, one fine (行政处罚法, art. 29): records that may punish the same act twice.

Two decisions about one organisation, for acts of the same day against the same article, be they of
two units or twice of one. It is a warning: only officers can tell one act from two of the same day.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import Officer, Unit
from subjects.models import Subject
from violations.enums import DecisionState
from violations.inputs import DecisionInput
from violations.law_articles import article_numbers
from violations.laws import law_key
from violations.models import Decision, Violation
from violations.numbers import number_key, without_blanks

MAX_SHOWN = 10
# One act as far as a record tells: its day, one law it broke, one article of it.
Mark = tuple[date, str, str]


def marks(committed_on: date | None, key: str, article: str) -> set[Mark]:
    """Every mark of an act; two acts may be one if they share a mark.

    第四十二条第一款 and 第42条 are one article. Nothing where day or article is not known, as with
    records that were taken over.
    """
    if committed_on is None:
        return set()
    named = article_numbers(article) or tuple(filter(None, [without_blanks(article)]))
    return {(committed_on, law, number) for law in key.split("|") if law for number in named}


@dataclass(frozen=True, slots=True)
class Twin:
    """Another decision for what may be the same act; ``may_open`` for who may read it in full.

    Others see unit, number, day, bucket and money of it, and nothing more (domain.md §5).
    """

    violation: Violation
    may_open: bool

    @property
    def decision(self) -> Decision:
        return self.violation.decision


def twins_of(decision: Decision, officer: Officer) -> list[Twin]:
    """Other acts on record that may be one with an act of ``decision``, as ``officer`` sees them.

    What is revoked or withdrawn is no second fine.
    """
    own = [_marks(act) for act in decision.violations.all() if act.revoked_on is None]
    return _find(decision.subject_id, set().union(*own), officer, itself=decision)


def twins_of_input(data: DecisionInput, subject: Subject | None, officer: Officer) -> list[Twin]:
    """The same for a decision of the officer's unit that is being entered."""
    if subject is None:
        return []
    own = [marks(act.committed_on, law_key(act.law), act.article) for act in data.violations]
    found = _find(subject.pk, set().union(*own), officer)
    key = number_key(data.number)  # itself, where what is stored already is being changed
    return [
        twin
        for twin in found
        if (twin.decision.unit_id, twin.decision.number_key) != (officer.unit_id, key)
    ]


def _find(
    subject_id: int, own: set[Mark], officer: Officer, *, itself: Decision | None = None
) -> list[Twin]:
    if not own:
        return []
    others = _standing().filter(
        decision__subject=subject_id, committed_on__in={day for day, _, _ in own}
    )
    if itself is not None and itself.pk:
        others = others.exclude(decision=itself.pk)
    found = [row for row in others.select_related("decision__unit") if _marks(row) & own]
    shown = list({row.decision_id: row for row in found}.values())[:MAX_SHOWN]
    if not shown:
        return []
    may_open = set(
        Decision.objects.visible_to(officer)
        .filter(pk__in=[row.decision_id for row in shown])
        .values_list("pk", flat=True)
    )
    return [Twin(row, row.decision_id in may_open) for row in shown]


def _standing() -> QuerySet[Violation]:
    """Acts that may be fined: not revoked, of decisions that were handed in at least."""
    rows: QuerySet[Violation] = Violation.objects.filter(
        revoked_on__isnull=True,
        decision__state__in=[DecisionState.SUBMITTED, DecisionState.IN_FORCE],
    )
    return rows


def _marks(row: Violation) -> set[Mark]:
    return marks(row.committed_on, row.law_key, row.article)


def groups_since(moment: datetime) -> list[list[Violation]]:
    """Groups of acts that may be one, with one among them that was entered since ``moment``.

    The latest entered comes first; at most ``MAX_SHOWN``.
    """
    same = _standing().filter(
        decision__subject=OuterRef("decision__subject"),
        committed_on=OuterRef("committed_on"),
        law_key=OuterRef("law_key"),
    )
    recent = (
        _standing()
        .filter(decision__created_at__gte=moment, committed_on__isnull=False)
        .filter(Exists(same.exclude(decision=OuterRef("decision"))))
        .order_by("-decision__created_at", "-pk")
        .values_list("decision__subject", "committed_on", "law_key")
    )
    found = ((one, day, law) for one, day, law in recent[: MAX_SHOWN * 2] if day is not None)
    keys = list(dict.fromkeys(found))
    return [group for group in _groups(keys) if len(group) > 1][:MAX_SHOWN]


def _groups(keys: list[tuple[int, date, str]]) -> list[list[Violation]]:
    """One group for each key and article, in the order of ``keys``; one act a decision."""
    if not keys:
        return []
    rows = _standing().filter(
        decision__subject__in={key[0] for key in keys}, committed_on__in={key[1] for key in keys}
    )
    groups: dict[tuple[int, Mark], dict[int, Violation]] = defaultdict(dict)
    for row in rows.select_related("decision__unit", "decision__subject").order_by("pk"):
        for mark in _marks(row):
            groups[row.decision.subject_id, mark].setdefault(row.decision_id, row)
    place = {(subject, day): at for at, (subject, day, _) in enumerate(reversed(keys))}
    wanted = {key: group for key, group in groups.items() if (key[0], key[1][0]) in place}
    ordered = sorted(wanted, key=lambda key: -place[key[0], key[1][0]])
    distinct = {tuple(sorted(wanted[key])): list(wanted[key].values()) for key in ordered}
    return list(distinct.values())


def number_elsewhere(unit: Unit, number: str) -> Decision | None:
    """A decision of another unit with this number; withdrawn ones and drafts do not count."""
    key = number_key(number)
    if not key:
        return None
    return (
        Decision.objects.filter(number_key=key)
        .exclude(unit=unit)
        .filter(state__in=[DecisionState.SUBMITTED, DecisionState.IN_FORCE])
        .select_related("unit")
        .order_by("pk")
        .first()
    )
