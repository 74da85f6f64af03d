"""What many decisions at once would do to grades: the rules over the facts and the new acts.

A handful of queries for a whole sheet, written nowhere. The result afterwards is identical, because
the same evaluation weighs the same acts (goals.md 1).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date

from core.clock import today
from grading.counting import Act, Evaluation, Facts, Rules, evaluate
from grading.facts import load, rule_versions, scope_of
from grading.preview import acts_of
from subjects.credit_codes import normalise
from subjects.lookup import subjects_by_code
from violations.import_effects import Effect
from violations.inputs import DecisionInput

SUBJECTS_AT_ONCE = 5000


def effects_of(decisions: Sequence[DecisionInput], *, day: date | None = None) -> Iterator[Effect]:
    """Each organisation whose grade or flags would differ if all ``decisions`` came into force.

    Organisations that are not registered yet have their code and the name that the first decision
    gives them. Raises ValueError where dispositions cannot be weighed.
    """
    on, versions = day or today(), rule_versions()
    by_code: dict[str, list[DecisionInput]] = defaultdict(list)
    for data in decisions:
        by_code[normalise(data.credit_code)].append(data)
    codes = list(by_code)
    for start in range(0, len(codes), SUBJECTS_AT_ONCE):
        part = codes[start : start + SUBJECTS_AT_ONCE]
        known = subjects_by_code(part)
        facts = load(scope_of({one.pk for one in known.values()}), on, versions)
        # Several codes, present and former, may name one organisation.
        added: dict[int | str, list[DecisionInput]] = defaultdict(list)
        for code in part:
            added[known[code].pk if code in known else code] += by_code[code]
        subjects = {one.pk: one for one in known.values()}
        for whom, new in added.items():
            subject = subjects[whom] if isinstance(whom, int) else None
            before = facts.get(subject.pk, Facts()) if subject else Facts()
            name, code = (
                (subject.name, subject.credit_code)
                if subject
                else (new[0].subject_name, normalise(new[0].credit_code))
            )
            effect = _effect(subject.pk if subject else None, code, name, before, new, on, versions)
            if effect is not None:
                yield effect


def with_acts(facts: Facts, decisions: Sequence[DecisionInput]) -> Facts:
    """The facts and the acts of ``decisions``, each decision and act with an id of its own."""
    acts: list[Act] = []
    for at, data in enumerate(decisions, start=1):
        acts += [
            act._replace(decision_id=-at, violation_id=-len(acts) - place)
            for place, act in enumerate(acts_of(data), start=1)
        ]
    return Facts([*facts.acts, *acts], facts.entries, facts.signals)


def _effect(
    subject_id: int | None,
    code: str,
    name: str,
    facts: Facts,
    new: Sequence[DecisionInput],
    day: date,
    versions: Sequence[Rules],
) -> Effect | None:
    before = evaluate(facts, day, versions)
    after = evaluate(with_acts(facts, new), day, versions)
    if _said(before) == _said(after):
        return None
    return Effect(
        subject_id,
        code,
        name,
        before.decided.grade,
        after.decided.grade,
        " ".join(before.decided.flags),
        " ".join(after.decided.flags),
        " ".join(after.decided.clauses),
        len(new),
    )


def _said(evaluation: Evaluation) -> tuple[object, ...]:
    return (evaluation.decided.grade, evaluation.decided.flags)
