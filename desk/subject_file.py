"""Gathers the credit file of one organisation for its page: reads only, writes nothing.

Of another unit's records a recorder or reviewer sees unit, number, day, bucket, money and what
counts, never facts in words (domain.md §5): ``Record.in_full`` says which.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet

from accounts.models import Officer
from desk.charts import Chart, Event, Step, span
from desk.clock_words import NOT_SHOWN, ClockWords, clock_words
from desk.factors.states import state_of
from desk.outcomes.words import why_set_aside
from grading import explanations, selectors
from grading.clocks import Clocks
from grading.explanations import ClauseLine, RecordLine, Upcoming
from grading.models import GradeChange
from grading.record_clocks import clocks
from subjects.models import Subject
from violations.enums import LISTED_STATES, DecisionKind, DecisionState, DispositionKind, ListState
from violations.models import Decision, Factor, ListEntry, Violation

RECORDS_A_PAGE = 50
NUMBERS_SHOWN = 4  # counted records named in a row of the clauses table
PAST_EVENTS, COMING_EVENTS = 6, 4
KIND_WORDS = {
    DecisionKind.PENALTY: "处罚",
    DecisionKind.ORDER: "责令改正",
    DecisionKind.BREACH: "违反承诺",
}
# In force once, and set aside with its acts: a batch that was withdrawn as a whole never was.
_ANNULLED = Q(
    decision__state=DecisionState.WITHDRAWN,
    decision__confirmed_by__isnull=False,
    revoked_on__isnull=False,
)
_HEAVIEST_FIRST = list(reversed(DispositionKind.values))


@dataclass(frozen=True, slots=True)
class Record:
    """One act as listed: ``treatment`` is empty where the officer does not read it in full."""

    line: RecordLine
    in_full: bool
    is_one_of_many: bool
    treatment: tuple[str, ...]
    clocks: ClockWords | None = None

    @property
    def violation(self) -> Violation:
        return self.line.violation

    @property
    def decision(self) -> Decision:
        return self.line.violation.decision


@dataclass(frozen=True, slots=True)
class Named:
    """A counted record in the clauses table: its short number and its counted money."""

    violation_id: int
    number: str
    amount_fen: int


@dataclass(frozen=True, slots=True)
class ClauseRow:
    """A row of the clauses table with what counts for it; ``more`` are not named."""

    line: ClauseLine
    named: Sequence[Named]
    entries: Sequence[ListEntry]
    more: int


@dataclass(frozen=True, slots=True)
class Explained:
    """The evaluation of today and everything said about it."""

    view: selectors.View
    conclusion: str
    window: tuple[date, date]
    rows: Sequence[ClauseRow]
    upcoming: Sequence[Upcoming]


def family(subject: Subject) -> Q:
    """The condition on records: those of the organisation and of the entries merged into it."""
    return Q(subject__in=subject.family_ids)


def _of_family(subject: Subject) -> Q:
    return Q(decision__subject__in=subject.family_ids)


def short_number(number: str) -> str:
    """「舞公（治）行罚决字〔2026〕0203号」 -> 「0203号」."""
    return number.rpartition("〕")[2].strip() or number


def list_entries(subject: Subject) -> list[ListEntry]:
    """Published and revoked entries, the latest first; proposals are no facts yet."""
    rows: QuerySet[ListEntry] = ListEntry.objects.filter(family(subject))
    return list(rows.filter(state__in=LISTED_STATES))


def factors(subject: Subject, day: date) -> tuple[list[Factor], list[tuple[Factor, str]]]:
    """The other inputs of 1-3: those in force on ``day``, and all others with how they stand."""
    rows = Factor.objects.filter(family(subject)).select_related("unit")
    standing = [(row, state_of(row, day)) for row in rows]
    now = [row for row, state in standing if state.in_force]
    return now, [(row, state.word) for row, state in standing if not state.in_force]


def explain(subject: Subject, entries: Iterable[ListEntry]) -> Explained:
    """Today's evaluation with its clauses, its counted records and what comes next."""
    view = selectors.view(subject.pk)
    lines = explanations.clause_lines(view)
    wanted = {one for line in lines for one in line.violation_ids[:NUMBERS_SHOWN]}
    named = _named(wanted)
    by_id = {entry.pk: entry for entry in entries}
    rows = [
        ClauseRow(
            line,
            [named[one] for one in line.violation_ids[:NUMBERS_SHOWN] if one in named],
            [by_id[one] for one in line.entry_ids if one in by_id],
            max(len(line.violation_ids) - NUMBERS_SHOWN, 0),
        )
        for line in lines
    ]
    return Explained(
        view,
        explanations.conclusion(view.now),
        explanations.window(view),
        rows,
        explanations.upcoming(view),
    )


def _named(violation_ids: set[int]) -> dict[int, Named]:
    rows = Violation.objects.filter(pk__in=violation_ids).values_list(
        "pk", "decision__number", "amount_fen"
    )
    return {pk: Named(pk, short_number(number), fen) for pk, number, fen in rows}


def records(
    subject: Subject, officer: Officer, view: selectors.View, page: str | None
) -> tuple[list[Record], Page[Violation]]:
    """One page of what is on record, the latest decision first, counted or not.

    What was in force and was set aside since stays listed, as single acts that fell do; what is not
    in force yet only for officers who read it in full.
    """
    readable = Decision.objects.visible_to(officer).filter(family(subject))
    rows = (
        Violation.objects.filter(_of_family(subject))
        .filter(
            Q(decision__state=DecisionState.IN_FORCE)
            | _ANNULLED
            | Q(decision__state=DecisionState.SUBMITTED, decision__in=readable)
        )
        .select_related("decision__unit")
        .prefetch_related("dispositions", "decision__contests")
        .order_by("-decision__decided_on", "-decision_id", "ordinal")
    )
    shown = Paginator(rows, RECORDS_A_PAGE).get_page(page)
    violations = list(shown.object_list)
    full_ids = set(
        readable.filter(pk__in={one.decision_id for one in violations}).values_list("pk", flat=True)
    )
    acts = Counter(one.decision_id for one in violations)
    known = clocks(violations, view.day)
    listed = [
        _record(line, line.violation.decision_id in full_ids, acts, known.get(line.violation.pk))
        for line in explanations.record_lines(view, violations)
    ]
    return listed, shown


def _record(line: RecordLine, in_full: bool, acts: Counter[int], found: Clocks | None) -> Record:
    decision_id = line.violation.decision_id
    many = acts[decision_id] > 1 or line.violation.ordinal > 1
    words = clock_words(found, line.violation) if found else None
    if line.violation.is_revoked:
        words = _fallen(words, line.violation, in_full)
    return Record(line, in_full, many, _treatment(line.violation) if in_full else (), words)


def _fallen(words: ClockWords | None, violation: Violation, in_full: bool) -> ClockWords:
    """The clocks of an act that was set aside, and for its readers by whom and why."""
    words = words or ClockWords("", "不计入", NOT_SHOWN["revoked"], "无需修复", is_shown=False)
    why = why_set_aside(violation) if in_full else ""
    return replace(words, repair=f"{words.repair}。撤销依据：{why}") if why else words


def _treatment(violation: Violation) -> tuple[str, ...]:
    """What was imposed, the heaviest first (3-H)."""
    rows = sorted(violation.dispositions.all(), key=lambda row: _HEAVIEST_FIRST.index(row.kind))
    said = []
    for row in rows:
        words = row.get_kind_display()
        if row.amount is not None:
            words += f" {explanations.money(int(row.amount * 100))} 元"
        said.append(f"{words}（{row.licence}）" if row.licence else words)
    return tuple(said)


def chart(
    subject: Subject,
    explained: Explained,
    listed: Sequence[Record],
    entries: Sequence[ListEntry],
) -> Chart:
    """The grade over time: what was evaluated, what the records give before and after that."""
    view = explained.view
    events = _events(explained, listed, entries)
    first, last = span([event.day for event in events], view.day)
    events = [event for event in events if first <= event.day <= last]
    return Chart(first, last, view.day, explained.window, _steps(subject, explained, first), events)


def _steps(subject: Subject, explained: Explained, first: date) -> list[Step]:
    view = explained.view
    changes = list(
        GradeChange.objects.filter(subject=subject)
        .order_by("id")
        .values_list("effective_on", "grade")
    )
    known_from = min(max(changes[0][0], first), view.day) if changes else view.day
    steps = []
    if known_from > first:
        worked_out = selectors.timeline(subject.pk, first, known_from)
        steps = [Step(day, grade, False) for day, grade in worked_out if day < known_from]
    for day, grade in changes:
        step = Step(max(day, first), grade, True)
        if steps and steps[-1].certain and step.day <= steps[-1].day:
            steps.pop()
        if not (steps and steps[-1].certain and steps[-1].grade == grade):
            steps.append(step)
    steps.append(Step(view.day, view.now.decided.grade, False))
    for one in explained.upcoming:
        if one.grade != steps[-1].grade:
            steps.append(Step(one.day, one.grade, False))
    return steps


def _events(
    explained: Explained, listed: Sequence[Record], entries: Sequence[ListEntry]
) -> list[Event]:
    today = explained.view.day
    past: dict[int, Event] = {}
    for record in listed:
        if record.line.why_not not in ("revoked", "not_in_force"):
            decision = record.decision
            kind = KIND_WORDS[DecisionKind(decision.kind)]
            words = f"{kind} {short_number(decision.number)}"
            past[decision.pk] = Event(decision.decided_on, words, False)
    events = list(past.values())
    for entry in entries:
        if entry.state == ListState.PUBLISHED:
            name = entry.get_list_display()
            ends = entry.removed_on or entry.expires_on
            events += [
                Event(day, words, False)
                for day, words in ((entry.listed_on, f"列入{name}"), (ends, f"移出{name}"))
                if day <= today
            ]
    events = sorted(event for event in events if event.day <= today)[-PAST_EVENTS:]
    coming = [
        Event(one.day, one.happenings[0] if one.happenings else one.result, True)
        for one in explained.upcoming[:COMING_EVENTS]
    ]
    return events + coming
