"""What rested on a service that was recorded wrong: measures wait again, reports hold it."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine

from grading.services import regrade
from sanctions.measure_enums import BURDENS, MeasureState
from sanctions.measure_models import SubjectMeasure
from sanctions.notice_office import return_notice
from sanctions.notice_papers import REMINDER, issue_paper
from sanctions.notice_register import report_notice
from sanctions.paper_service import record_service, take_back_service
from sanctions.paper_service_models import Result, ServiceAttempt, Way
from tests import factories
from tests.sanctions.notice_cases import DAY, Case, on
from tests.sanctions.paper_cases import office_officer
from violations.enums import ListKind
from violations.errors import InvalidDecision

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("blank_pdf")]
REASON = "送达回证上的日期是另一份文书的"


def test_measures_of_a_black_list_entry_wait_again() -> None:
    with time_machine.travel("2026-11-10 10:00 +0800", tick=False):
        subject = factories.subject()
        entry = factories.list_entry(subject, ListKind.BLACK, listed_on=date(2026, 11, 2))
        paper = factories.served_list_decision(entry, date(2026, 11, 3))
        ServiceAttempt.objects.create(
            paper=paper,
            ordinal=1,
            on=date(2026, 11, 3),
            way=Way.MAIL,
            result=Result.SERVED,
            document="EMS 1",
            recorded_by=paper.issued_by,
        )
        regrade([subject.pk])
        open_ones = SubjectMeasure.objects.filter(
            subject=subject, ended_on=None, measure__kind__in=BURDENS
        )
        in_force = open_ones.filter(state=MeasureState.IN_FORCE)
        assert in_force.count() == open_ones.count() > 0
        take_back_service(officer=office_officer(), paper_id=paper.pk, reason=REASON)
        assert not in_force.exists()
        known = {"way": Way.MAIL, "document": "EMS 2"}
        record_service(officer=office_officer(), paper_id=paper.pk, on=date(2026, 11, 9), **known)
        assert in_force.count() == open_ones.count() > 0


def test_a_reminder_that_was_reported_on_its_ground_goes_back_first() -> None:
    case = Case()
    draft = case.open(case.oral(way="written", held_on=None, channel=""))
    clerk = case.recorder
    with on(DAY):
        paper = issue_paper(officer=clerk, notice_id=draft.pk, version=draft.version, kind=REMINDER)
        record_service(officer=clerk, paper_id=paper.pk, on=DAY, way=Way.MAIL, document="EMS 1")
        draft.refresh_from_db()
        told = report_notice(officer=clerk, notice_id=draft.pk, version=draft.version)
        with pytest.raises(InvalidDecision, match="请先由局办公室退回"):
            take_back_service(officer=case.office, paper_id=paper.pk, reason=REASON)
        return_notice(
            officer=case.office, notice_id=told.pk, version=told.version, remark="送达日期有误"
        )
        take_back_service(officer=case.office, paper_id=paper.pk, reason=REASON)
    paper.refresh_from_db()
    assert paper.served_on is None
