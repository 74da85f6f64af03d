"""The pages of reviews: from flag to decision, the unit's word, and who sees what."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pypdfium2  # type: ignore[import-untyped]
import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Officer
from accounts.roles import Role
from core.models import AuditEntry
from desk.queue.choice import ALL, Choice, choose
from desk.queue.gathering import Line, gather
from desk.queue.handover import hand_over
from grading.models import Review, ReviewRequest, ReviewState
from grading.review_tasks import count_for
from grading.services import regrade
from sanctions.models import Paper
from sanctions.paper_preview import preview
from sanctions.review_letter import content_of
from tests import factories
from tests.grading.reviewing import (
    DAY,
    Desk,
    kept,
    red_listed_with_a_penalty,
    three_warnings,
)
from tests.violations.list_cases import condition
from violations.models import Factor, ListEntry

pytestmark = pytest.mark.django_db
REASON = "三次均已按期整改，维持等级并增加检查频次。"


@pytest.fixture(autouse=True)
def _friday() -> Iterator[None]:
    with time_machine.travel(f"{DAY}T02:00:00+00:00", tick=False):
        yield


def client_of(officer: Officer) -> Client:
    client = Client()
    client.force_login(officer)
    return client


def lines(officer: Officer) -> list[Line]:
    """What the queue says of reviews and of work to hand over."""
    shown = choose(gather(officer, DAY).lines, Choice(whose=ALL), officer, DAY)
    return [
        line
        for line in shown.to_do + shown.on_hold
        if line.task.kind.startswith(("review.", "queue."))
    ]


def test_from_the_flag_to_the_decision_in_the_browser() -> None:
    review = three_warnings()
    unit = factories.unit(name="垭口派出所")
    desk = Desk(review)
    office, approver = client_of(desk.office), client_of(desk.approver)
    speaker = factories.officer(Role.UNIT_REVIEWER, unit=unit)
    url = f"/reviews/{review.pk}/"
    page = office.get(url).content.decode()
    assert review.number in page
    assert "达到上限" in page
    assert "经办人不能担任复核人" in page
    assert "2026-12-04" in page
    assert count_for(desk.office) == 1

    asked = {
        "version": 1,
        "kind": "statement",
        "unit_id": unit.pk,
        "question": "请说明整改情况如何。",
    }
    assert office.post(f"{url}act/ask/", asked).status_code == 302
    assert "期限暂停" in office.get(url).content.decode()
    assert [line.task.waits_for for line in lines(desk.office)] == ["垭口派出所单位说明"]
    assert count_for(desk.office) == 0
    (task,) = lines(speaker)
    own = client_of(speaker)
    assert "请说明整改情况如何。" in own.get(task.task.url).content.decode()
    assert own.post(task.task.url, {"answer": "短"}).status_code == 400
    assert own.post(task.task.url, {"answer": "三次均已整改完毕并复查合格。"}).status_code == 302
    assert own.post(task.task.url, {"answer": "三次均已整改完毕并复查合格。"}).status_code == 409
    assert "三次均已整改完毕" in office.get(url).content.decode()

    version = Review.objects.get().version
    answer = office.post(
        f"{url}act/propose/", {"version": version, "outcome": "keep", "reason": ""}
    )
    assert answer.status_code == 400
    assert "没有填写理由" in answer.content.decode()
    data = {"version": version, "outcome": "keep", "reason": REASON}
    assert office.post(f"{url}act/propose/", data).status_code == 302
    assert [line.task.waits_for for line in lines(desk.office)] == ["复核人审批"]
    assert [line.task.kind for line in lines(desk.approver)] == ["review.decide"]
    assert count_for(desk.approver) == 1
    seen = {"version": Review.objects.get().version}
    assert approver.post(f"{url}verdict/decide/", {"version": 1}).status_code == 409
    assert office.post(f"{url}verdict/decide/", seen).status_code == 403
    assert approver.post(f"{url}verdict/decide/", seen, follow=True).status_code == 200
    assert Review.objects.get().state == ReviewState.DECIDED
    assert lines(desk.approver) == []
    assert "维持现等级" in office.get(url).content.decode()
    assert "维持现等级" in office.get("/reviews/?state=decided").content.decode()


def test_the_own_proposal_is_refused_on_the_page_and_noted() -> None:
    both = factories.officer(Role.OFFICE, Role.APPROVER)
    desk = Desk(three_warnings(), office=both)
    review = desk.propose()
    answer = client_of(both).post(
        f"/reviews/{review.pk}/verdict/decide/", {"version": review.version}
    )
    assert answer.status_code == 403
    assert "经办人不能担任复核人" in answer.content.decode()
    assert AuditEntry.objects.filter(action="review.refused").exists()


def test_a_black_list_proposal_typed_in_the_page_opens_the_procedure() -> None:
    desk = Desk(three_warnings())
    url = f"/reviews/{desk.review.pk}/"
    data = {
        "version": 1,
        "outcome": "black_list",
        "reason": "第三次责令改正后拒不整改，建议提请列入。",
        "condition": condition().pk,
        "term_months": "12",
        "paper": "舞公信提〔2026〕8号",
    }
    assert client_of(desk.office).post(f"{url}act/propose/", data).status_code == 302
    version = Review.objects.get().version
    approver = client_of(desk.approver)
    assert "告知当事人、听取陈述申辩" in approver.get(url).content.decode()
    approver.post(f"{url}verdict/decide/", {"version": version})
    entry = ListEntry.objects.get()
    assert f"/lists/{entry.pk}/" in approver.get(url).content.decode()


def test_all_that_a_list_proposal_lacks_is_said_at_once_and_stands_open() -> None:
    desk = Desk(three_warnings())
    office, url = client_of(desk.office), f"/reviews/{desk.review.pk}/"
    assert list_details(office.get(url)) == ""
    page = office.get(url).content.decode()
    assert page.count('data-opens="id_propose_listing"') == 1  # opened by choosing, in app.js
    data = {"version": 1, "outcome": "black_list", "reason": "第三次责令改正后拒不整改。"}
    answer = office.post(f"{url}act/propose/", data)
    assert answer.status_code == 400
    assert list_details(answer) == " open"
    summary = answer.content.decode().partition("errsum")[2].partition("</div>")[0]
    for said in ("没有选择列入条件", "没有选择列入期限", "提请文书："):
        assert said in summary
    assert "法律依据：" not in summary  # comes with the condition
    kept_ = office.post(f"{url}act/propose/", {"version": 1, "outcome": "keep", "reason": ""})
    assert (kept_.status_code, list_details(kept_)) == (400, "")


def list_details(answer: Any) -> str:
    found = re.search(
        r'<details class="mb-2" id="id_propose_listing"( open)?>', answer.content.decode()
    )
    assert found
    return found[1] or ""


def test_a_list_conflict_and_an_outside_signal_have_pages_of_their_own() -> None:
    office = client_of(factories.officer(Role.OFFICE))
    conflict = red_listed_with_a_penalty()
    page = office.get(f"/reviews/{conflict.pk}/").content.decode()
    assert "名单与记录不一致" in page
    assert "提请移出红名单" in page
    subject = factories.subject()
    recorder = factories.officer(Role.RECORDER)
    Factor.objects.create(
        subject=subject,
        kind="discipline_list",
        scheme="失信惩戒名单",
        value="在列",
        source="省信用平台",
        in_force_from=date(2026, 6, 1),
        recorded_by=recorder,
        unit=recorder.unit,
    )
    regrade([subject.pk])
    signal = Review.objects.get(flag="outside_signal")
    page = office.get(f"/reviews/{signal.pk}/").content.decode()
    assert "触发原因：外部信号" in page
    assert "省信用平台" in page
    assert "提请移出红名单" not in page


def test_the_party_is_told_on_paper_and_once() -> None:
    factories.unit(is_office=True)
    review = three_warnings()
    desk = Desk(review)
    office = client_of(desk.office)
    url = f"/reviews/{review.pk}/letter/"
    office.post(url)
    assert not Paper.objects.exists()  # nothing to tell yet
    desk.propose()
    desk.decide()
    answer = office.post(url)
    paper = Paper.objects.get()
    assert answer["Location"] == f"/papers/{paper.pk}/"
    assert paper.content["review"] == review.number
    assert "维持现有信用等级" in paper.content["result"]
    office.post(url)
    assert Paper.objects.count() == 1
    assert paper.number in office.get(f"/reviews/{review.pk}/").content.decode()


def test_the_letter_is_one_page_and_its_slip_never_stands_alone() -> None:
    office = factories.unit(is_office=True)
    desk = Desk(three_warnings(factories.subject(name="舞钢市样例恒驰汽车租赁有限公司")))
    desk.propose()
    desk.decide()
    content = content_of(Review.objects.get())
    pages = words_by_page(preview("review_outcome", office, desk.review.subject, content))
    assert len(pages) == 1
    content["reason"] = "三次责令改正的事项均已整改到位，从业人员培训记录完整。" * 7
    pages = words_by_page(preview("review_outcome", office, desk.review.subject, content))
    assert len(pages) == 2
    assert "可以向舞钢市公安局办公室提出异议" in pages[1]
    assert "送达方式" in pages[1]


def words_by_page(data: bytes) -> list[str]:
    pages = pypdfium2.PdfDocument(data)
    return [re.sub(r"\s", "", page.get_textpage().get_text_range()) for page in pages]


def test_another_unit_s_question_does_not_exist() -> None:
    review = three_warnings()
    asked = ReviewRequest.objects.create(
        review=review,
        kind="statement",
        unit=factories.unit(),
        question="请说明整改情况。",
        asked_by=factories.officer(Role.OFFICE),
    )
    client = client_of(factories.officer(Role.UNIT_REVIEWER))
    assert client.get(f"/reviews/statements/{asked.pk}/").status_code == 404
    assert client.post(f"/reviews/statements/{asked.pk}/", {"answer": REASON}).status_code == 404
    assert client.get(f"/reviews/{review.pk}/").status_code == 403


def test_what_a_disabled_officer_had_in_hand_is_the_office_s_and_goes_to_a_colleague() -> None:
    review = three_warnings()
    office = factories.unit(is_office=True)
    gone = factories.officer(Role.OFFICE, unit=office, name="李四", is_active=False)
    review.handler = gone
    review.save()
    colleague = factories.officer(Role.OFFICE, unit=office)
    notes = {line.task.kind: line.note for line in lines(colleague)}
    assert notes["review.over_limit"].startswith("原经办人李四已停用")
    assert "queue.orphan" in notes
    hand_over(officer=colleague, leaver_id=gone.pk, to_id=colleague.pk, reason="李四已调离")
    assert Review.objects.get().handler == colleague
    assert {line.note for line in lines(colleague)} == {""}


def test_a_number_finds_its_review_and_precedents_are_shown() -> None:
    first = kept(three_warnings())
    second = three_warnings()
    office = client_of(factories.officer(Role.OFFICE))
    page = office.get(f"/reviews/?q={first.number}").content.decode()
    assert first.number in page
    assert second.number not in page
    assert "多为“维持现等级，加强监管”" in office.get(f"/reviews/{second.pk}/").content.decode()


def test_the_number_of_queries_does_not_grow() -> None:
    client = client_of(factories.officer(Role.OFFICE))
    counts = []
    for rows in (1, 4):
        for _ in range(rows):
            last = three_warnings()
        with CaptureQueriesContext(connection) as asked:
            client.get("/reviews/")
        with CaptureQueriesContext(connection) as one:
            client.get(f"/reviews/{last.pk}/")
        counts.append((len(asked), len(one)))
    assert counts[0][0] >= counts[1][0]
    assert counts[0][1] >= counts[1][1]
