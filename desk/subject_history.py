"""What was entered and changed about one organisation, in the order in which it was entered.

From the grade changes and from the history tables, which nobody can skip or edit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import chain
from typing import Any

from accounts.models import Officer
from desk.factors.history import factor_rows
from desk.history_corrections import corrections
from desk.history_records import records
from desk.history_row import Row, reason, who
from desk.notices.subject_card import notice_rows
from desk.subject_file import family
from desk.templatetags.words import cause_words, clause_words
from grading.explanations import grade_words, money
from grading.models import GradeChange
from subjects.models import Subject
from violations.enums import LISTED_STATES, ListState
from violations.models import ListEntry

SHOWN = 200  # rows of a page; what is older is counted
# Columns of the register that people know by another word than the history does.
_PLAIN = ("name", "credit_code", "address", "principal", "code_exception")
_CHOSEN = ("registry_status", "industry", "kind")


def rows_of(subject: Subject, officer: Officer, *, only: str = "") -> tuple[list[Row], int]:
    """The latest rows first, and how many older ones are not shown.

    ``only`` is a key of GROUPS; anything else means all.
    """
    # Cause before consequence: where two have the same moment, the grade is the later one.
    sources: dict[str, Iterable[Row]] = {
        "subject": chain(_of_all(subject, _particulars), corrections(subject, officer, "subject")),
        "record": chain(records(subject, officer), corrections(subject, officer, "record")),
        "list": chain(_lists(subject), corrections(subject, officer, "list")),
        "factor": chain(factor_rows(subject), corrections(subject, officer, "factor")),
        "notice": notice_rows(subject),
        "grade": _of_all(subject, _grades),
    }
    chosen = [sources[only]] if only in sources else list(sources.values())
    rows = [row for source in chosen for row in source]
    rows.sort(key=lambda row: row.at)
    rows.reverse()
    return rows[:SHOWN], max(len(rows) - SHOWN, 0)


def _of_all(subject: Subject, source: Callable[[Subject], Iterator[Row]]) -> Iterator[Row]:
    """Of the organisation, and of each entry that was merged into it, which is named."""
    yield from source(subject)
    for merged in subject.merged_from.order_by("pk"):
        for row in source(merged):
            yield replace(row, words=f"并入的 {merged.credit_code} · {row.words}")


def _grades(subject: Subject) -> Iterator[Row]:
    before: GradeChange | None = None
    for change in GradeChange.objects.filter(subject=subject).order_by("id"):
        same = change.old_grade == change.grade
        yield Row(
            at=change.at,
            event_on=change.effective_on,
            who="系统",
            group="grade",
            words=f"重新评定，仍为 {grade_words(change.grade)}" if same else "",
            before="" if same else grade_words(change.old_grade),
            after="" if same else grade_words(change.grade),
            reason=_why(before, change),
        )
        before = change


def _why(before: GradeChange | None, change: GradeChange) -> str:
    """Cause, clauses, and the counts that moved."""
    parts = [cause_words(change.causes)]
    for words, name, unit in (
        ("处罚", "penalties", "件"),
        ("警告、责令改正", "warnings", "次"),
        ("违反许可承诺", "breaches", "次"),
    ):
        old, new = getattr(before, name) if before else 0, getattr(change, name)
        if old != new:
            parts.append(f"{words} {old} → {new} {unit}")
    old_fen = before.amount_fen if before else 0
    if old_fen != change.amount_fen:
        parts.append(f"罚没款 {money(old_fen)} → {money(change.amount_fen)} 元")
    if change.clauses:
        parts.append(f"依据 {clause_words(change.clauses)}")
    return "；".join(parts)


def _lists(subject: Subject) -> Iterator[Row]:
    ids = ListEntry.objects.filter(family(subject), state__in=LISTED_STATES)
    versions = ListEntry.history.filter(id__in=ids.values("pk")).order_by("id", "history_id")
    seen: dict[int, tuple[str, date | None]] = {}
    for version in versions.select_related("history_user__unit"):
        state, removed = seen.get(version.id, ("", None))
        seen[version.id] = (version.state, version.removed_on)
        name = version.get_list_display()
        said: tuple[str, date] | None = None
        if version.state == ListState.PUBLISHED and state != ListState.PUBLISHED:
            said = (f"列入{name}", version.listed_on)
        elif version.state == ListState.REVOKED and state != ListState.REVOKED:
            said = (f"撤销{name}条目", version.listed_on)
        elif version.removed_on and version.removed_on != removed:
            said = (f"移出{name}", version.removed_on)
        if said:
            yield Row(
                at=version.history_date,
                event_on=said[1],
                who=who(version),
                group="list",
                words=f"{said[0]}，{_paper(version)}，有效期至 {version.expires_on}",
                reason=reason(version, version.closing_reason or version.legal_basis),
            )


def _paper(version: Any) -> str:
    return str(version.published_document or version.document)


def _particulars(subject: Subject) -> Iterator[Row]:
    versions: Iterable[Any] = (
        Subject.history.filter(id=subject.pk)
        .order_by("history_id")
        .select_related("history_user__unit", "unit_in_charge")
    )
    before: Any = None
    for version in versions:
        if before is None:
            yield _particular(version, "登记监管对象", "", "")
        else:
            for label, old, new in _differences(before, version):
                yield _particular(version, f"{label}：", old, new)
        before = version


def _differences(before: Any, after: Any) -> Sequence[tuple[str, str, str]]:
    found = []
    for name in (*_PLAIN, *_CHOSEN, "unit_in_charge"):
        if name in _CHOSEN:
            old, new = (getattr(one, f"get_{name}_display")() for one in (before, after))
        else:
            old, new = getattr(before, name), getattr(after, name)
        if old != new:
            label = str(Subject._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
            found.append((label, str(old or "空"), str(new or "空")))
    return found


def _particular(version: Any, words: str, old: str, new: str) -> Row:
    return Row(
        at=version.history_date,
        event_on=None,
        who=who(version),
        group="subject",
        words=words,
        before=old,
        after=new,
        reason=reason(version, ""),
    )
