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
from sanctions.paper_service import record_service, take_back_service, why_not_served
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


def test_an_announcement_serves_when_its_period_has_run(clerk: Officer, paper: Paper) -> None:
    public = {"way": Way.PUBLIC, "document": "市公安局网站 2026-11-25 公告", "servers": ""}
    told: dict[str, Any] = DIRECT | public | {"remark": "直接、邮寄均无法送达，公告送达。"}
    with pytest.raises(InvalidDecision, match="请先登记未送达的情况"):
        record_service(officer=clerk, paper_id=paper.pk, **told)
    failed = {"result": Result.NOT_FOUND, "remark": "登记住所已无此单位", "recipient": ""}
    record_service(officer=clerk, paper_id=paper.pk, **(DIRECT | failed))
    with pytest.raises(InvalidDecision, match="最早为 2026-12-25"):
        record_service(officer=clerk, paper_id=paper.pk, **(told | {"on": date(2026, 11, 27)}))
    with time_machine.travel("2026-12-25 10:00 +0800", tick=False):
        told["on"] = date(2026, 12, 25)
        with pytest.raises(InvalidDecision, match="情况说明"):
            record_service(officer=clerk, paper_id=paper.pk, **(told | {"remark": ""}))
        record_service(officer=clerk, paper_id=paper.pk, **told)
    paper.refresh_from_db()
    assert paper.served_on == date(2026, 12, 25)


def test_a_service_recorded_wrong_is_taken_back_by_another_and_recorded_anew(
    clerk: Officer, paper: Paper
) -> None:
    other = office_officer()
    with pytest.raises(InvalidDecision, match="无须更正"):
        take_back_service(officer=other, paper_id=paper.pk, reason="送达回证日期看错")
    record_service(officer=clerk, paper_id=paper.pk, **DIRECT)
    with pytest.raises(NotAllowed, match="不能更正自己的登记"):
        take_back_service(officer=clerk, paper_id=paper.pk, reason="送达回证日期看错")
    with pytest.raises(InvalidDecision, match="至少 5 字"):
        take_back_service(officer=other, paper_id=paper.pk, reason="错")
    stranger = factories.officer(Role.UNIT_REVIEWER, unit=factories.unit())
    with pytest.raises(NotAllowed):
        take_back_service(officer=stranger, paper_id=paper.pk, reason="送达回证日期看错")
    take_back_service(officer=other, paper_id=paper.pk, reason="送达回证日期看错")
    paper.refresh_from_db()
    assert paper.served_on is None
    record_service(officer=clerk, paper_id=paper.pk, **(DIRECT | {"on": ISSUED}))
    paper.refresh_from_db()
    assert paper.served_on == ISSUED
    rows = ServiceAttempt.objects.order_by("ordinal").values_list("ordinal", "round", "result")
    assert list(rows) == [(1, 1, "served"), (2, 1, "taken_back"), (3, 2, "served")]
    with pytest.raises(IntegrityError), transaction.atomic():
        ServiceAttempt.objects.create(
            paper=paper,
            ordinal=4,
            round=2,
            on=LATER,
            way=Way.MAIL,
            result=Result.SERVED,
            document="EMS 1",
            recorded_by=clerk,
        )


def test_the_queue_says_of_a_paper_only_what_came_of_it(clerk: Officer, paper: Paper) -> None:
    (task,) = papers_to_serve(clerk, LATER)
    assert task.late_because == ""
    failed = {"result": Result.ABSENT, "remark": "店内无人", "recipient": ""}
    record_service(officer=clerk, paper_id=paper.pk, **(DIRECT | failed))
    (task,) = papers_to_serve(clerk, LATER)
    assert task.late_because == "第1次送达：无人在场，未送达"
