"""Registering reminders and interviews: drafts, reporting to the office, giving a draft up (5-5).

The party is told once of the acts of one decision; nothing before the decision was served.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from accounts.models import Officer
from accounts.roles import Can
from core import audit
from core.clock import today
from grading import selectors
from sanctions.notice_checks import (
    cause_faults,
    draft_faults,
    report_faults,
    way_faults,
)
from sanctions.notice_due import begins, counting, counting_entries, told_by_others
from sanctions.notice_enums import HELD, Way
from sanctions.notice_input import COLUMNS, NoticeInput
from sanctions.notice_models import Notice, NoticeCause
from sanctions.notice_workflow import Step, apply, locked
from sanctions.paper_models import Paper
from subjects.models import Subject
from violations.checks_of_texts import text
from violations.errors import InvalidDecision, NotAllowed
from violations.inputs import Fault
from violations.models import Decision, ListEntry
from violations.writing import save_as


@dataclass(frozen=True, slots=True)
class Chosen:
    """The records that a notice points out."""

    decisions: Sequence[Decision]
    entries: Sequence[ListEntry]

    @property
    def records(self) -> list[Decision | ListEntry]:
        """Decisions first."""
        return [*self.decisions, *self.entries]

    def last_begun(self, day: date) -> date | None:
        """The last day on which one of them was served (or listed): nobody is told before."""
        return max((begins(one, day) for one in self.records), default=None)


@transaction.atomic
def open_notice(*, officer: Officer, subject_id: int, data: NoticeInput) -> Notice:
    """Begin a draft of the officer's unit about one organisation.

    Raises Subject.DoesNotExist, NotAllowed, InvalidDecision.
    """
    if not officer.may(Can.RECORD_NOTICE):
        raise NotAllowed("您的角色不能登记提醒与约谈。需要登记的，请联系本单位民警或局办公室。")
    subject = Subject.objects.select_for_update().get(pk=subject_id)
    if subject.merged_into_id:
        subject = Subject.objects.select_for_update().get(pk=subject.survivor_id)
    notice = Notice(subject=subject, unit=officer.unit, recorded_by=officer)
    chosen = _fill(officer, notice, data.cleaned())
    save_as(officer, notice, reason="登记提醒与约谈（草稿）")
    _keep_causes(notice, chosen)
    _record(officer, "notice.create", notice, chosen)
    return notice


@transaction.atomic
def edit_notice(*, officer: Officer, notice_id: int, version: int, data: NoticeInput) -> Notice:
    """Change what is a draft or was returned.

    Raises Notice.DoesNotExist, NotAllowed, CaseChanged, CaseRefused, InvalidDecision.
    """
    notice = locked(notice_id)
    apply(notice, Step.EDIT, officer=officer, version=version)
    chosen = _fill(officer, notice, data.cleaned())
    save_as(officer, notice, reason="修改登记")
    _keep_causes(notice, chosen)
    _record(officer, "notice.edit", notice, chosen)
    return notice


@transaction.atomic
def report_notice(*, officer: Officer, notice_id: int, version: int) -> Notice:
    """Report what took place to the office, which keeps it (5-5); once returned, again.

    Raises Notice.DoesNotExist, NotAllowed, CaseChanged, CaseRefused, InvalidDecision.
    """
    notice = locked(notice_id)
    Subject.objects.select_for_update().get(pk=notice.subject_id)  # two officers, one reminder
    again = notice.state in HELD
    apply(notice, Step.REPORT, officer=officer, version=version)
    chosen = chosen_of(notice)
    if notice.is_written and notice.paper is not None:
        notice.paper = standing_paper(notice.paper)
        notice.held_on = notice.paper.served_on
    day = _day_of(notice, notice.held_on)
    faults = [
        *cause_faults(chosen.decisions, chosen.entries),
        *report_faults(notice, chosen.last_begun(day)),
    ]
    if not again:
        faults += _told_already(notice)
        notice.grade = grade_on(notice.subject, day)
        faults += way_faults(notice.way, notice.grade)
    if faults:
        raise InvalidDecision(faults)
    notice.reported_at = timezone.now()
    save_as(officer, notice, reason="再次报送局办公室" if again else "报送局办公室")
    _record(officer, "notice.report", notice, chosen)
    return notice


@transaction.atomic
def cancel_notice(*, officer: Officer, notice_id: int, version: int, reason: str) -> Notice:
    """Give up what is in the unit's hands; its records are due again.

    Raises Notice.DoesNotExist, NotAllowed, CaseChanged, CaseRefused, InvalidDecision.
    """
    notice = locked(notice_id)
    apply(notice, Step.CANCEL, officer=officer, version=version)
    reason = reason.strip()
    if faults := list(text("reason", reason, "作废理由", 500)):
        raise InvalidDecision(faults)
    notice.cancelled_reason = reason
    save_as(officer, notice, reason="作废登记")
    audit.record(actor=officer, action="notice.void", target=notice, reason=reason)
    return notice


def grade_on(subject: Subject, day: date) -> str:
    """The internal grade of that day: "" where nothing counts."""
    return selectors.view(subject.pk, day).now.decided.grade


def _day_of(notice: Notice, held_on: date | None) -> date:
    """The day whose grade says which ways are open: of what is past, the day it took place."""
    if notice.way == Way.WRITTEN and notice.paper is not None:
        return notice.paper.issued_on
    return min(held_on or today(), today())


def standing_paper(paper: Paper) -> Paper:
    """The paper, or the one that was issued in its place."""
    while paper.superseded_by is not None:
        paper = paper.superseded_by
    return paper


def chosen_of(notice: Notice) -> Chosen:
    """The records that stand on it, as they are now."""
    causes = notice.causes.all()
    decisions = Decision.objects.filter(notice_causes__in=causes).select_related("unit")
    entries = ListEntry.objects.filter(notice_causes__in=causes)
    return Chosen(
        list(decisions.prefetch_related("contests", "violations__dispositions").order_by("pk")),
        list(entries.order_by("pk")),
    )


def selectable(
    officer: Officer, subject: Subject, day: date
) -> tuple[list[Decision], list[ListEntry]]:
    """What the officer may point out to an organisation: counts, was served, is read in full."""
    ids = [subject.pk, *subject.merged_from.values_list("pk", flat=True)]
    decisions = (
        counting(day)
        .filter(
            pk__in=Decision.objects.visible_to(officer).values("pk"),
            subject__in=ids,
            served_on__isnull=False,
        )
        .select_related("unit")
        .prefetch_related("contests", "violations__dispositions")
        .order_by("decided_on", "pk")
    )
    entries = counting_entries(day).filter(subject__in=ids).order_by("listed_on", "pk")
    return list(decisions), list(entries)


def _fill(officer: Officer, notice: Notice, data: NoticeInput) -> Chosen:
    """Put what was typed on the notice. Raises InvalidDecision."""
    chosen, strangers = _chosen(officer, notice, data)
    faults = [*draft_faults(data), *strangers, *cause_faults(chosen.decisions, chosen.entries)]
    if notice.state not in HELD:
        notice.grade = grade_on(notice.subject, _day_of(notice, data.held_on))
        faults += way_faults(data.way, notice.grade)
    elif data.way != notice.way:
        faults.append(Fault("way", "fixed", "已报送的登记不能改变告知方式。请作废后另行登记。"))
    if notice.paper_id and (data.way != notice.way or _changes_causes(notice, chosen)):
        message = f"已出具 {notice.paper}，不能再改变告知方式和所告知的记录。请作废后另行登记。"
        faults.append(Fault("causes", "issued", message))
    if faults:
        raise InvalidDecision(faults)
    for name in COLUMNS:
        setattr(notice, name, getattr(data, name))
    if data.phone is not None:
        notice.phone = data.phone
    return chosen


def _chosen(officer: Officer, notice: Notice, data: NoticeInput) -> tuple[Chosen, list[Fault]]:
    decisions, entries = selectable(officer, notice.subject, today())
    standing = chosen_of(notice) if notice.pk else Chosen((), ())
    # What was chosen when it counted stays choosable: it may have lapsed since the party was told.
    by_decision = {one.pk: one for one in (*standing.decisions, *decisions)}
    by_entry = {one.pk: one for one in (*standing.entries, *entries)}
    chosen = Chosen(
        [one for pk, one in by_decision.items() if pk in data.decision_ids],
        [one for pk, one in by_entry.items() if pk in data.entry_ids],
    )
    unknown = (data.decision_ids - by_decision.keys()) or (data.entry_ids - by_entry.keys())
    message = "所选记录不能告知：未送达、不再计入，或者不是本单位的记录。请重新选择。"
    return chosen, [Fault("causes", "unknown", message)] if unknown else []


def _changes_causes(notice: Notice, chosen: Chosen) -> bool:
    causes = list(notice.causes.all())
    decisions = {one.decision_id for one in causes} - {None}
    entries = {one.list_entry_id for one in causes} - {None}
    return decisions != {one.pk for one in chosen.decisions} or entries != {
        one.pk for one in chosen.entries
    }


def _keep_causes(notice: Notice, chosen: Chosen) -> None:
    """The records of a draft are those of its form."""
    if not _changes_causes(notice, chosen):
        return
    notice.causes.all().delete()
    for decision in chosen.decisions:
        NoticeCause.objects.create(notice=notice, decision=decision)
    for entry in chosen.entries:
        NoticeCause.objects.create(notice=notice, list_entry=entry)


def _told_already(notice: Notice) -> list[Fault]:
    """The acts of one decision, one reminder: at least one record is new to the party."""
    causes = notice.causes.all()
    if not causes or told_by_others(causes).count() < len(causes):
        return []
    message = "所选记录均已提醒或约谈过，不重复进行。请打开该对象的历次提醒与约谈核对。"
    return [Fault("causes", "told", message)]


def _record(officer: Officer, action: str, notice: Notice, chosen: Chosen) -> None:
    audit.record(
        actor=officer,
        action=action,
        target=notice,
        details={
            "subject": notice.subject_id,
            "way": notice.way,
            "decisions": [one.pk for one in chosen.decisions],
            "list_entries": [one.pk for one in chosen.entries],
        },
    )
