"""What a review is looked at with: clauses, decisions with their papers, entries, factors."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from accounts.models import Officer
from desk import subject_file
from desk.deadlines import Due, due
from grading import selectors
from grading.explanations import ClauseLine, clause_lines, conclusion
from grading.models import Flag, Review, ReviewRequest, ReviewState, Standing
from grading.review_clock import answer_by
from grading.review_precedents import Precedents, precedents_for
from grading.reviews import FIGURES, exceeds
from violations.models import Attachment, Decision, Factor, ListEntry, Violation

FLAG_WORDS = {
    Flag.OVER_LIMIT: "制度没有规定“超过 B 级上限、又未列入黑名单”时定为何级，因此由人复核，"
    "系统不自动定级；C 级只来自公安局发布的黑名单（制度三（三））。",
    Flag.LIST_CONFLICT: "红名单有效期内又有计入的失信记录或黑名单。核对结论作出前按较差的等级评定；"
    "红名单条目仍然有效，是否移出由人决定。",
    Flag.OUTSIDE_SIGNAL: "外部信号本身不改变等级（制度一（三）要求综合评定，由人研判）。",
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """One decision that counts: its acts, what they cost, and its papers."""

    decision: Decision
    acts: Sequence[Violation]
    amount_fen: int
    files: Sequence[Attachment]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a unit was asked, and by when it is to answer while it has not."""

    request: ReviewRequest
    due: Due | None


@dataclass(frozen=True, slots=True)
class Material:
    """Everything on the page beside the steps."""

    grade: str
    rule_set: str
    sentence: str
    words: str
    clauses: Sequence[ClauseLine]
    evidence: Sequence[Evidence]
    total_fen: int
    files: int
    entries: Sequence[ListEntry]
    factors: Sequence[Factor]
    asked: Sequence[Asked]
    precedents: Precedents
    figures: tuple[int, ...]
    outgrown: bool


def material_of(review: Review, officer: Officer) -> Material:
    """As of today, from the evaluation that gives the grade; a dozen queries for any case."""
    view = selectors.view(review.subject_id)
    now = view.now
    entries = {entry.pk: entry for entry in subject_file.list_entries(review.subject)}
    factors, _ = subject_file.factors(review.subject, view.day)
    standing = Standing.objects.filter(pk=review.subject_id).first()
    found = _evidence(now.counted, officer)
    figures = tuple(getattr(standing, name) if standing else 0 for name in FIGURES)
    exceeded = review.seen_exceeded or (standing.exceeded if standing else "")
    return Material(
        grade=now.decided.grade,
        rule_set=now.rules.name if now.rules else "",
        sentence=conclusion(now),
        words=FLAG_WORDS[Flag(review.flag)],
        clauses=clause_lines(view),
        evidence=found,
        total_fen=sum(one.amount_fen for one in found),
        files=sum(len(one.files) for one in found),
        entries=[entries[one] for one in now.entries if one in entries],
        factors=factors,
        asked=[
            Asked(one, due(answer_by(one)) if one.is_waiting else None)
            for one in review.requests.all()
        ],
        precedents=precedents_for(review, exceeded),
        figures=figures,
        outgrown=review.state == ReviewState.PROPOSED and exceeds(figures, review.seen),
    )


def _evidence(counted: Sequence[int], officer: Officer) -> list[Evidence]:
    """The counted acts by decision, the latest first, with the papers this officer may open."""
    acts = Violation.objects.filter(pk__in=counted).select_related("decision__unit")
    by_decision: dict[int, list[Violation]] = defaultdict(list)
    for act in acts.order_by("-decision__decided_on", "decision_id", "ordinal"):
        by_decision[act.decision_id].append(act)
    files: dict[int, list[Attachment]] = defaultdict(list)
    rows = Attachment.objects.visible_to(officer).filter(decision__in=by_decision)
    for row in rows.order_by("id"):
        if row.decision_id is not None and not row.is_withdrawn:
            files[row.decision_id].append(row)
    return [
        Evidence(own[0].decision, own, sum(one.amount_fen for one in own), files[pk])
        for pk, own in by_decision.items()
    ]
