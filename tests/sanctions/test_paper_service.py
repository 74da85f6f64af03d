"""Serving a paper: attempts are rows; deadlines run from the first that succeeds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction

from accounts.models import Officer
from accounts.roles import Role
from core.workdays import deadline_after
from sanctions.paper_models import Paper
from sanctions.paper_service import record_service, why_not_served
from sanctions.paper_service_models import Result, ServiceAttempt, Way
from sanctions.paper_tasks import papers_to_serve
from sanctions.signals import paper_served
from tests import factories
from tests.sanctions.paper_cases import office_officer, reminder
from violations.errors import InvalidDecision, NotAllowed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("blank_pdf")]
ISSUED, LATER = date(2026, 11, 23), date(2026, 11, 25)
DIRECT: dict[str, Any] = {
    "on": LATER,
    "way": Way.DIRECT,
    "document": "送达回证 2026-31",
    "recipient": "张三（主要负责人）",
    "servers": "李四、王五",
}


@pytest.fixture
def clerk() -> Officer:
    return office_officer()


@pytest.fixture
def paper(clerk: Officer) -> Iterator[Paper]:
    with time_machine.travel("2026-11-23 10:00 +0800", tick=False):
        made = reminder(clerk)
    with time_machine.travel("2026-11-27 10:00 +0800", tick=False):
        yield made


@pytest.fixture
def heard() -> Iterator[list[int]]:
    ids: list[int] = []

    def listen(sender: object, paper_id: int, **more: object) -> None:
        ids.append(paper_id)

    paper_served.connect(listen)
    yield ids
    paper_served.disconnect(listen)


def test_direct_service_sets_the_day_and_tells(
    clerk: Officer, paper: Paper, heard: list[int]
) -> None:
    record_service(officer=clerk, paper_id=paper.pk, **DIRECT)
    paper.refresh_from_db()
    assert paper.served_on == LATER
    assert heard == [paper.pk]
    with pytest.raises(InvalidDecision, match="已于 2026-11-25 送达"):
        record_service(officer=clerk, paper_id=paper.pk, **DIRECT)


@pytest.mark.parametrize("missing", ["document", "recipient", "servers"])
def test_direct_service_needs_its_delivery_note(
    clerk: Officer, paper: Paper, missing: str, heard: list[int]
) -> None:
    with pytest.raises(InvalidDecision):
        record_service(officer=clerk, paper_id=paper.pk, **{**DIRECT, missing: ""})
    assert heard == []


def test_a_refused_paper_is_served_where_it_was_left_before_a_witness(
    clerk: Officer, paper: Paper
) -> None:
    left: dict[str, Any] = {
        "on": LATER,
        "way": Way.LEFT,
        "document": "送达回证",
        "servers": "李四、王五",
    }
    with pytest.raises(InvalidDecision):
        record_service(officer=clerk, paper_id=paper.pk, **left, remark="拒绝签收")
    with pytest.raises(InvalidDecision):
        record_service(officer=clerk, paper_id=paper.pk, **left, witness="社区工作人员赵六")
    record_service(
        officer=clerk, paper_id=paper.pk, **left, witness="社区工作人员赵六", remark="拒绝签收"
    )
    paper.refresh_from_db()
    assert paper.served_on == LATER


def test_a_second_attempt_follows_one_that_failed(
    clerk: Officer, paper: Paper, heard: list[int]
) -> None:
    record_service(
        officer=clerk,
        paper_id=paper.pk,
        on=date(2026, 11, 24),
        way=Way.MAIL,
        result=Result.RETURNED,
        document="EMS 1234567",
        remark="退回，原址查无此单位",
    )
    paper.refresh_from_db()
    assert paper.served_on is None
    assert heard == []
    assert why_not_served([paper.pk]) == {paper.pk: "第1次送达：邮件退回"}
    (task,) = papers_to_serve(clerk, date(2026, 11, 27))
    assert task.late_because == "第1次送达：邮件退回"
    assert task.deadline == deadline_after(ISSUED, 7)
    with pytest.raises(InvalidDecision, match="上一次"):
        record_service(officer=clerk, paper_id=paper.pk, **{**DIRECT, "on": ISSUED})
    record_service(officer=clerk, paper_id=paper.pk, **DIRECT)
    assert [one.ordinal for one in paper.attempts.all()] == [1, 2]
    assert list(papers_to_serve(clerk, date(2026, 11, 27))) == []
    assert why_not_served([paper.pk]) == {}


@pytest.mark.parametrize(
    ("on", "words"),
    [
        (None, "没有填写日期"),
        (date(2026, 11, 28), "晚于今天"),
        (date(2026, 11, 22), "早于文书日期"),
    ],
)
def test_days_that_cannot_be(clerk: Officer, paper: Paper, on: date | None, words: str) -> None:
    with pytest.raises(InvalidDecision, match=words):
        record_service(officer=clerk, paper_id=paper.pk, **{**DIRECT, "on": on})


def test_results_that_do_not_fit_the_way(clerk: Officer, paper: Paper) -> None:
    for way, result in ((Way.DIRECT, Result.RETURNED), (Way.LEFT, Result.ABSENT), ("", "served")):
        with pytest.raises(InvalidDecision):
            record_service(
                officer=clerk, paper_id=paper.pk, **{**DIRECT, "way": way, "result": result}
            )


def test_a_replaced_paper_is_not_served(clerk: Officer, paper: Paper) -> None:
    reminder(clerk, paper.subject, supersedes=paper, reason="决定书文号写错")
    with pytest.raises(InvalidDecision, match="重新出具"):
        record_service(officer=clerk, paper_id=paper.pk, **DIRECT)


def test_who_may_not_record_service(paper: Paper) -> None:
    for who in (factories.officer(Role.RECORDER), factories.officer(Role.APPROVER)):
        with pytest.raises(NotAllowed):
            record_service(officer=who, paper_id=paper.pk, **DIRECT)


def test_attempts_stay_as_they_were_written(clerk: Officer, paper: Paper) -> None:
    attempt = record_service(officer=clerk, paper_id=paper.pk, **DIRECT)
    attempt.remark = "改了"
    with pytest.raises(IntegrityError), transaction.atomic():
        attempt.save()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM sanctions_serviceattempt")


@pytest.mark.parametrize(
    "wrong",
    [
        {"way": "direct", "result": "served", "document": "", "recipient": "张三"},
        {"way": "direct", "result": "served", "document": "回证", "recipient": ""},
        {"way": "left", "result": "served", "document": "回证", "remark": "拒收"},
        {"way": "direct", "result": "absent"},
        {"way": "left", "result": "absent", "witness": "赵六", "remark": "拒收"},
        {"way": "direct", "result": "returned", "remark": "退回"},
    ],
)
def test_the_table_itself_refuses(clerk: Officer, paper: Paper, wrong: dict[str, str]) -> None:
    row = ServiceAttempt(paper=paper, ordinal=1, on=LATER, recorded_by=clerk, **wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()
