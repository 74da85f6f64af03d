"""Reminders and interviews to begin with: an organisation, its record, and what a form says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import time_machine

from accounts.models import Officer, Unit
from accounts.roles import Role
from sanctions.notice_input import NoticeInput
from sanctions.notice_models import Notice
from sanctions.notice_office import keep_notice
from sanctions.notice_register import open_notice, report_notice
from subjects.models import Subject
from tests import factories
from violations.enums import ListKind
from violations.models import Decision, ListEntry

SERVED = date(2026, 11, 2)  # a Monday; no holiday follows
DAY = date(2026, 11, 4)


def on(day: date) -> Any:
    """The clock at noon of ``day``."""
    return time_machine.travel(f"{day} 12:00+08:00", tick=False)


class Case:
    """A company with one fine that was served (B), and with an entry of the black list (C)."""

    def __init__(self, *, black: bool = False, served_on: date | None = SERVED, **fields: Any):
        with on(SERVED):
            self.unit: Unit = factories.unit("WG-ZA", "治安管理大队")
            self.recorder: Officer = factories.officer(Role.RECORDER, unit=self.unit)
            self.subject: Subject = factories.subject()
            decision = {"decided_on": SERVED - timedelta(days=3), "served_on": served_on}
            self.decision: Decision = factories.decision(
                self.subject, self.unit, recorded_by=self.recorder, **{**decision, **fields}
            )
            self.office: Officer = factories.officer(
                Role.OFFICE, unit=factories.unit("WG-OFFICE", "局办公室", is_office=True)
            )
            self.entry: ListEntry | None = None
            if black:
                self.entry = factories.list_entry(self.subject, ListKind.BLACK, listed_on=SERVED)
                if served_on is not None:
                    factories.served_list_decision(self.entry, served_on)

    def oral(self, **changes: Any) -> NoticeInput:
        plain = NoticeInput(
            way="oral",
            decision_ids=frozenset({self.decision.pk}),
            person_name="吴十",
            person_role="principal",
            phone="13800001234",
            held_on=DAY,
            channel="face",
            by_whom="李四",
            acts_words="2026-10-30 违规提供服务，罚款 20000 元。",
        )
        return replace(plain, **changes)

    def interview(self, **changes: Any) -> NoticeInput:
        said = {
            "way": "interview",
            "channel": "",
            "entry_ids": frozenset({self.entry.pk} if self.entry else ()),
            "held_at": time(9, 30),
            "place": "局办公室 201 约谈室",
            "by_whom": "李四、周九",
            "laws_words": "保安服务管理条例。",
            "urged_words": "严格自律，按期整改。",
            "statement": "无异议。",
            "pointed_out": True,
            "explained": True,
            "urged": True,
        }
        return self.oral(**{**said, **changes})

    def open(self, data: NoticeInput, *, day: date = DAY, officer: Officer | None = None) -> Notice:
        with on(day):
            return open_notice(
                officer=officer or self.recorder, subject_id=self.subject.pk, data=data
            )

    def report(
        self, data: NoticeInput, *, day: date = DAY, officer: Officer | None = None
    ) -> Notice:
        draft = self.open(data, day=day, officer=officer)
        with on(day):
            return report_notice(
                officer=officer or self.recorder, notice_id=draft.pk, version=draft.version
            )

    def kept(self, data: NoticeInput | None = None) -> Notice:
        notice = self.report(data or self.oral())
        with on(DAY):
            return keep_notice(officer=self.office, notice_id=notice.pk, version=notice.version)
