"""What a desk is told of organisations: the grade that it may see, what to do, until when.

Inside the bureau everything; outside, and at the windows, nothing but the disclosable evaluation
exists, and an organisation about which that says nothing is answered like one that nobody knows.
Every grade is evaluated on the spot, for one code or five hundred in the same few queries.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from core.clock import today
from grading.counting import (
    ONE_DAY,
    Evaluation,
    Facts,
    Rules,
    evaluate,
    last_counted_day,
    rules_on,
)
from grading.facts import load, rule_versions, scope_of
from grading.models import Grade, RegradeRequest
from sanctions.measure_enums import MeasureState
from sanctions.measure_models import Measure, SubjectMeasure
from sanctions.measure_selectors import of_subjects
from subjects import credit_codes
from subjects.credit_codes import CodeFault
from subjects.lookup import subjects_by_code
from subjects.models import Subject

MOST = 1000  # codes of one question


@dataclass(frozen=True, slots=True)
class Held:
    """One measure of an answer; what is pending or suspended is told inside the bureau alone."""

    measure: Measure
    state: str
    since: date

    @property
    def is_in_force(self) -> bool:
        return self.state == MeasureState.IN_FORCE

    @property
    def state_words(self) -> str:
        return str(MeasureState(self.state).label)


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said of one code. ``subject`` is None where nobody has it, or nothing may be said;
    ``fault`` where it is no code. ``until`` is the last day of the grade if no new fact comes in.
    """

    asked: str
    subject: Subject | None = None
    grade: str = ""
    until: date | None = None
    measures: Sequence[Held] = ()
    flags: Sequence[str] = ()
    regrading: bool = False
    fault: CodeFault | None = None

    @property
    def restricts(self) -> bool:
        return any(one.measure.is_restriction and one.is_in_force for one in self.measures)


def answers_for(codes: Iterable[str], *, internal: bool) -> list[Answer]:
    """An answer for each code in the order asked, a code that comes twice once."""
    asked = list(dict.fromkeys(credit_codes.normalise(code) for code in codes))
    faults = {code: credit_codes.check(code) for code in asked}
    # A code of the register may have a wrong check character, by an exception that is on file.
    right = [code for code in asked if (fault := faults[code]) is None or _may_stand(fault)]
    known = subjects_by_code(right)
    said = _said_of({subject.pk: subject for subject in known.values()}, internal=internal)
    found = []
    for code in asked:
        subject = known.get(code)
        answer = said.get(subject.pk) if subject else None
        if answer is None:
            found.append(Answer(code, fault=faults[code]))
        else:
            found.append(Answer(code, *answer))
    return found


def _may_stand(fault: CodeFault) -> bool:
    return fault.code == "check_character"


_Said = tuple[Subject, str, date | None, Sequence[Held], Sequence[str], bool]


def _said_of(subjects: dict[int, Subject], *, internal: bool) -> dict[int, _Said]:
    day, versions = today(), rule_versions()
    rules = rules_on(day, versions)
    on_record = load(scope_of(subjects.keys()), day, versions)
    open_rows = _open_rows(subjects.keys(), internal=internal)
    waiting = _being_regraded(subjects.keys()) if internal else set()
    said: dict[int, _Said] = {}
    for pk, subject in subjects.items():
        facts = on_record.get(pk, Facts())
        if not internal:
            facts = _disclosable(facts, rules)
        now = evaluate(facts, day, versions, disclosable=not internal)
        if not internal and not (now.counted or now.entries):
            continue
        grade = now.decided.grade
        held = [
            Held(row.measure, row.state, row.begins_on)
            for row in open_rows[pk]
            if row.measure.holds_on(day)
            and (
                row.measure.grade == grade
                if row.state != MeasureState.SUSPENDED
                else row.measure.grade != grade
            )
        ]
        flags = now.decided.flags if internal else ()
        said[pk] = (subject, grade, last_day(facts, now), held, flags, pk in waiting)
    return said


def _disclosable(facts: Facts, rules: Rules | None) -> Facts:
    """Sealed acts are dropped before anything is worked out, so that they cost no time either."""
    acts = [act for act in facts.acts if rules is not None and rules.discloses(act.law_key)]
    return Facts(acts, facts.entries)


def last_day(facts: Facts, now: Evaluation) -> date | None:
    """The last day of the grade as things are on record: the latest counted decision's for B, the
    list entry's for A and C. Every restriction ends with it.
    """
    if now.decided.grade == Grade.B and now.rules is not None:
        counted, months = set(now.counted), now.rules.window_months
        return max(
            last_counted_day(act.decided_on, months)
            for act in facts.acts
            if act.violation_id in counted
        )
    kind = {"A": "red", "C": "black"}.get(now.decided.grade)
    ends = [
        entry.expires_on if entry.removed_on is None else entry.removed_on - ONE_DAY
        for entry in facts.entries
        if entry.entry_id in now.entries and entry.kind == kind
    ]
    return max(ends, default=None)


def _open_rows(
    subject_ids: Collection[int], *, internal: bool
) -> defaultdict[int, list[SubjectMeasure]]:
    rows = of_subjects(subject_ids, disclosable=not internal).filter(ended_on__isnull=True)
    if not internal:
        rows = rows.filter(state=MeasureState.IN_FORCE)
    found: defaultdict[int, list[SubjectMeasure]] = defaultdict(list)
    for row in rows:
        found[row.subject_id].append(row)
    return found


def _being_regraded(subject_ids: Collection[int]) -> set[int]:
    rows = RegradeRequest.objects.filter(subject_id__in=subject_ids, done_at__isnull=True)
    return set(rows.values_list("subject_id", flat=True))
