"""What a notice pointed out and what fell since: annulled decisions, revoked acts and entries.

The notice itself took place and stays on record; but of what fell nobody owes anything any more,
and the city platform is to be told of it no longer. What was recorded anew in the place of a
decision stands for it, as it does for what is due (sanctions.notice_due).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q
from django.utils import timezone

from sanctions.notice_models import Notice, NoticeCause, NoticeQuerySet
from violations.enums import DecisionState, ListState
from violations.models import Decision, ListEntry, Violation

if TYPE_CHECKING:
    from sanctions.notice_register import Chosen


@dataclass(frozen=True, slots=True)
class Fallen:
    """One record, or one act of it, with the day and the paper that set it aside."""

    words: str
    on: date | None
    document: str
    instead: str = ""


def all_fell() -> Q:
    """Of notices: that nothing which they point out stands any more."""
    standing = Violation.objects.filter(
        revoked_on__isnull=True, decision__state=DecisionState.IN_FORCE
    )
    causes = NoticeCause.objects.filter(notice=OuterRef("pk"))
    holds = (
        Exists(standing.filter(decision=OuterRef("decision")))
        | Exists(standing.filter(decision__replaces=OuterRef("decision")))
        | Q(list_entry__isnull=False) & ~Q(list_entry__state=ListState.REVOKED)
    )
    return Q(Exists(causes)) & ~Q(Exists(causes.filter(holds)))


def with_fallen(rows: NoticeQuerySet) -> NoticeQuerySet:
    """With ``has_fallen``: whether nothing that it points out stands any more."""
    return rows.annotate(has_fallen=ExpressionWrapper(all_fell(), output_field=BooleanField()))


def standing(rows: NoticeQuerySet) -> NoticeQuerySet:
    """Those of which at least one record stands."""
    return rows.filter(~all_fell())


def has_fallen(notice: Notice) -> bool:
    """Of one notice; read once where a list brought it along."""
    known = getattr(notice, "has_fallen", None)
    if known is not None:
        return bool(known)
    return Notice.objects.filter(all_fell(), pk=notice.pk).exists()


def fallen_of(chosen: Chosen) -> list[Fallen]:
    """What of it fell, to be said on its page."""
    found = [one for decision in chosen.decisions for one in _of_decision(decision)]
    return found + [_of_entry(one) for one in chosen.entries if one.state == ListState.REVOKED]


def _of_decision(decision: Decision) -> list[Fallen]:
    acts = list(decision.violations.all())
    revoked = [act for act in acts if act.revoked_on is not None]
    if len(revoked) < len(acts) and decision.state == DecisionState.IN_FORCE:
        return [
            Fallen(f"{decision.number} 的“{act.type}”", act.revoked_on, act.revoked_document)
            for act in revoked
        ]
    if not revoked and decision.state == DecisionState.IN_FORCE:
        return []
    last = max(revoked, key=lambda act: str(act.revoked_on), default=None)
    anew = decision.replaced_by.filter(state=DecisionState.IN_FORCE).order_by("pk").first()
    return [
        Fallen(
            decision.number,
            last.revoked_on if last else None,
            last.revoked_document if last else "",
            anew.number if anew else "",
        )
    ]


def _of_entry(entry: ListEntry) -> Fallen:
    rows = entry.history.filter(state=ListState.REVOKED).order_by("history_date")
    first = rows.values_list("history_date", flat=True).first()
    on = timezone.localdate(first) if first else None
    return Fallen(f"列入黑名单（{entry.paper}）", on, entry.closing_document)
