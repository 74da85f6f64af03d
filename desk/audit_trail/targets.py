"""What an auditor means by "X": an organisation with all that belongs to it, or one decision.

Found by the relations of the models, so that a new kind of record about an organisation is among
them from its first day.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Model, Q

from accounts.models import Officer
from desk.audit_trail.used import used_values
from subjects.models import Subject
from subjects.search import search
from violations.models import Decision
from violations.numbers import number_key

CHOICES = 20
_DEPTH = 3


@dataclass(frozen=True)
class Found:
    """What was typed led here: one object, several to choose from, or nothing."""

    condition: Q | None = None
    label: str = ""
    choices: tuple[Subject, ...] = ()
    more: bool = False


def find(text: str, officer: Officer) -> Found:
    """The object that a code, a name or a decision's number means."""
    decisions = Decision.objects.visible_to(officer).filter(number_key=number_key(text))
    found = list(decisions.select_related("unit")[:CHOICES])
    if found:
        label = "、".join(f"{one.unit.name} {one.number}" for one in found)
        return Found(_among(_below(Decision, [one.pk for one in found])), f"处理决定 {label}")
    subjects = tuple(search(text).order_by("name")[: CHOICES + 1])
    if len(subjects) == 1:
        return about(subjects[0])
    return Found(choices=subjects[:CHOICES], more=len(subjects) > CHOICES)


def about(subject: Subject) -> Found:
    """One organisation: its entry, those merged into it, and every record about them."""
    ids = subject.family_ids
    return Found(_among(_below(Subject, ids)), f"{subject.name}（{subject.credit_code}）")


def _below(root: type[Model], ids: list[int]) -> dict[str, set[int]]:
    """Ids of ``root`` and of what refers to them, by model label; only what the trail speaks of."""
    spoken_of = set(used_values("target_type"))
    found: dict[str, set[int]] = {root._meta.label_lower: set(ids)}
    level: list[tuple[type[Model], set[int]]] = [(root, set(ids))]
    for _ in range(_DEPTH):
        beneath = []
        for model, keys in level:
            for relation in model._meta.related_objects:
                inner = relation.related_model
                label = inner._meta.label_lower
                if relation.many_to_many or label not in spoken_of:
                    continue
                rows = inner._default_manager.filter(**{f"{relation.field.name}__in": keys})
                new = set(rows.order_by().values_list("pk", flat=True)) - found.get(label, set())
                if new:
                    found.setdefault(label, set()).update(new)
                    beneath.append((inner, new))
        level = beneath
    return found


def _among(found: dict[str, set[int]]) -> Q:
    condition = Q()
    for label, ids in found.items():
        condition |= Q(target_type=label, target_id__in=_texts(ids))
    return condition


def _texts(ids: Iterable[int]) -> list[str]:
    return [str(one) for one in sorted(ids)]
