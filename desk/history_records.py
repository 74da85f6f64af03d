"""The history of an organisation's records: decisions, their acts, and reviews or suits about them.

Of another unit's records only what everybody may see is told (domain.md §5).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from accounts.models import Officer
from desk.history_row import Row, reason, who
from desk.outcomes.words import Annulment, annulments, why_set_aside
from desk.subject_file import family
from subjects.models import Subject
from violations.enums import DecisionState
from violations.models import Contest, Decision, Violation

EDITED = "修改"  # what violations.recording writes into the history
# Of a paper: shown before and after where an edit changed them.
_HEAD = ("number", "decided_on", "served_on", "procedure", "handler")


def records(subject: Subject, officer: Officer) -> Iterator[Row]:
    """Everything about the records, source by source in the order of entry."""
    decisions = {row.pk: row for row in Decision.objects.filter(family(subject))}
    readable = set(
        Decision.objects.visible_to(officer).filter(family(subject)).values_list("pk", flat=True)
    )
    versions = Decision.history.filter(id__in=decisions).order_by("id", "history_id")
    fell = _annulled(decisions)
    seen: dict[int, Any] = {}
    for version in versions.select_related("history_user__unit"):
        before = seen.get(version.id)
        seen[version.id] = version
        in_full = version.id in readable
        if before is not None and _is_edit(before, version):
            if in_full:
                yield from _edit_rows(before, version)
        elif (before is None or before.state != version.state) and (
            in_full or version.state == DecisionState.IN_FORCE
        ):
            row = _decision_row(version, before, in_full=in_full)
            whole = fell.get(version.id) if version.state == DecisionState.WITHDRAWN else None
            yield _set_aside(row, version, whole) if whole else row
    yield from _acts(decisions, readable)
    yield from _contests(decisions, readable)


def _annulled(decisions: dict[int, Decision]) -> dict[int, Annulment]:
    """What set whole decisions aside after they were in force, by the id of the decision."""
    gone = [
        row.pk
        for row in decisions.values()
        if row.state == DecisionState.WITHDRAWN and row.confirmed_by_id
    ]
    acts: dict[int, list[Violation]] = {one: [] for one in gone}
    for act in Violation.objects.filter(decision_id__in=gone):
        acts[act.decision_id].append(act)
    found = (
        (pk, one) for pk in gone for one in annulments(decisions[pk], acts[pk]) if one.is_whole
    )
    return dict(found)


def _set_aside(row: Row, version: Any, whole: Annulment) -> Row:
    """For its readers alone: others are told of the acts."""
    return replace(
        row,
        event_on=whole.on,
        words=f"撤销 {version.number}",
        reason="；".join(part for part in (whole.source, whole.reason) if part),
    )


def _is_edit(before: Any, version: Any) -> bool:
    """An edit leads to a draft; so does a return, which says so by its reason."""
    return bool(version.state == DecisionState.DRAFT and version.history_change_reason == EDITED)


def _edit_rows(before: Any, version: Any) -> Iterator[Row]:
    changed = [name for name in _HEAD if getattr(before, name) != getattr(version, name)]
    for name in changed or [""]:
        label = str(Decision._meta.get_field(name).verbose_name) if name else ""  # type: ignore[union-attr]
        yield Row(
            at=version.history_date,
            event_on=version.decided_on,
            who=who(version),
            group="record",
            words=f"修改 {version.number}" + (f"，{label}：" if name else ""),
            before=_value(before, name),
            after=_value(version, name),
        )


def _value(version: Any, name: str) -> str:
    if not name:
        return ""
    shown = getattr(version, f"get_{name}_display", None)
    return str((shown() if shown else getattr(version, name)) or "空")


def _decision_row(version: Any, before: Any, *, in_full: bool) -> Row:
    again = before is not None and version.state == DecisionState.DRAFT
    returned = again and bool(version.returned_remark)  # else an edit of the unit's own
    words = {
        DecisionState.DRAFT: "退回更正" if returned else "修改，回到草稿" if again else "录入",
        DecisionState.SUBMITTED: "提交审核",
        DecisionState.IN_FORCE: "历史接收，生效" if version.taken_over else "审核同意，生效",
        DecisionState.WITHDRAWN: "作废",
    }[DecisionState(version.state)]
    return Row(
        at=version.history_date,
        event_on=version.decided_on,
        who=who(version),
        group="record",
        words=f"{words} {version.number}",
        reason=reason(version, version.returned_remark if returned else "") if in_full else "",
    )


def _acts(decisions: dict[int, Decision], readable: set[int]) -> Iterator[Row]:
    versions = Violation.history.filter(decision_id__in=decisions).order_by("id", "history_id")
    seen: dict[int, tuple[Any, Any]] = {}
    for version in versions.select_related("history_user__unit"):
        old = seen.get(version.id, (None, None))
        seen[version.id] = (version.revoked_on, version.repaired_on)
        number = decisions[version.decision_id].number
        in_full = version.decision_id in readable
        for words, was, day, why in (
            ("已撤销", old[0], version.revoked_on, why_set_aside(version)),
            ("已修复", old[1], version.repaired_on, version.repaired_reason),
        ):
            if day and day != was:
                yield Row(
                    at=version.history_date,
                    event_on=day,
                    who=who(version),
                    group="record",
                    words=f"{number} 其 {version.ordinal}：",
                    before="计入" if was is None else f"{was}",
                    after=words,
                    reason=reason(version, why) if in_full else "",
                )


def _contests(decisions: dict[int, Decision], readable: set[int]) -> Iterator[Row]:
    versions = Contest.history.filter(decision_id__in=decisions).order_by("id", "history_id")
    seen: dict[int, tuple[date, date | None]] = {}
    for version in versions.select_related("history_user__unit"):
        period = (version.contested_from, version.contested_until)
        old = seen.get(version.id)
        seen[version.id] = period
        if old == period:
            continue
        in_full = version.decision_id in readable
        number = decisions[version.decision_id].number
        yield Row(
            at=version.history_date,
            event_on=version.contested_until or version.contested_from,
            who=who(version),
            group="record",
            words=f"{number} 复议诉讼" + (f" {version.document}" if in_full else "") + "：",
            before=_period(*old) if old else "计入",
            after=f"{_period(*period)} 不计入",
            reason=reason(version, version.outcome) if in_full else "",
        )


def _period(start: date, end: date | None) -> str:
    return f"{start} 起" + (f"，至 {end}（不含）" if end else "")
