"""What the page of a notice says next: the steps of an interview, and what fell since."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from sanctions.notice_office import decide_push
from sanctions.notice_papers import INVITATION, MINUTES, issue_paper
from sanctions.notice_register import edit_notice
from sanctions.paper_service import record_service
from tests.desk.test_notice_pages import new, signed_in
from tests.sanctions.notice_cases import DAY, Case, on
from tests.sanctions.test_notice_fallen import annul

pytestmark = pytest.mark.django_db


def test_the_page_says_that_what_was_told_fell_and_asks_for_no_visit() -> None:
    case = Case()
    day = DAY + timedelta(days=9)
    kept = case.kept(case.oral(commitment="按期整改", follow_up_on=day))
    url = reverse("desk:notice", args=[kept.pk])
    with on(DAY):
        decide_push(
            officer=case.office, notice_id=kept.pk, version=kept.version, push="yes", reason="应推"
        )
        assert "回访" in next_step(signed_in(case.recorder).get(url))
    annul(case)
    with on(day):
        answer = signed_in(case.recorder).get(url)
        listed = signed_in(case.recorder).get(reverse("desk:notices")).content.decode()
    page = answer.content.decode()
    plain = page.replace('<span class="num">', "").replace("</span>", "")
    assert f"所告知的记录 {case.decision.number} 已于 2026-11-05 撤销（撤〔2026〕1号）" in plain
    assert "本次提醒不再要求当事人整改" in page
    assert "告知对方撤回" in page
    assert next_step(answer) == ""
    assert f"于 {day} 回访" not in listed


def test_of_what_fell_and_was_not_pushed_no_decision_is_asked_for() -> None:
    case = Case()
    kept = case.kept()
    annul(case)
    with on(DAY):
        client = signed_in(case.office)
        answer = client.get(reverse("desk:notice", args=[kept.pk]))
        waiting = client.get(reverse("desk:notices") + "?state=push").content.decode()
    assert next_step(answer) == ""
    assert 'name="push"' not in answer.content.decode()
    assert "不再决定是否推送" in answer.content.decode()
    assert case.subject.name not in waiting


def next_step(answer: Any) -> str:
    return str(answer.context["next"])


def test_the_steps_of_an_interview_are_invitation_interview_minutes_and_report() -> None:
    case = Case(black=True)
    empty = {"acts_words": "", "laws_words": "", "urged_words": ""}
    ticks = {"pointed_out": False, "explained": False, "urged": False}
    draft = case.open(case.interview(**empty, **ticks))
    url = reverse("desk:notice", args=[draft.pk])
    client = signed_in(case.recorder)

    def shown() -> tuple[str, dict[str, str]]:
        answer = client.get(url)
        return next_step(answer), {label: look for label, _, look in answer.context["steps"]}

    with on(DAY):
        said, looks = shown()
        assert list(looks) == [
            "登记",
            "约谈通知书",
            "约谈",
            "笔录",
            "报局办公室",
            "留存",
            "推送与否",
        ]
        assert (looks["约谈通知书"], looks["约谈"], looks["笔录"]) == ("now", "", "")
        assert said.endswith("出具约谈通知书")
        page = client.get(url).content.decode()
        assert "没有出具约谈通知书" in page  # held, and nobody was invited on paper
        paper = issue_paper(
            officer=case.recorder, notice_id=draft.pk, version=draft.version, kind=INVITATION
        )
        said, looks = shown()
        assert (said.endswith("送达约谈通知书并登记"), looks["约谈通知书"]) == (True, "now")
        assert f"约谈通知书 {paper.number} 没有登记送达" in client.get(url).content.decode()
        record_service(
            officer=case.recorder,
            paper_id=paper.pk,
            on=DAY,
            way="direct",
            document="送达回证",
            recipient="吴十，经理",
            servers="李四、周九",
        )
        said, looks = shown()
        assert (looks["约谈通知书"], looks["约谈"]) == ("done", "now")
        assert said.endswith("补记约谈内容")
        assert "没有登记送达" not in client.get(url).content.decode()
        draft.refresh_from_db()
        filled = edit_notice(
            officer=case.recorder, notice_id=draft.pk, version=draft.version, data=case.interview()
        )
        said, looks = shown()
        assert (said.endswith("出具约谈笔录"), looks["约谈"], looks["笔录"]) == (
            True,
            "done",
            "now",
        )
        issue_paper(officer=case.recorder, notice_id=draft.pk, version=filled.version, kind=MINUTES)
        said, looks = shown()
        assert (said.endswith("报局办公室"), looks["报局办公室"]) == (True, "now")


def test_an_interview_reported_without_its_papers_waits_for_the_office_and_says_so() -> None:
    case = Case(black=True)
    notice = case.report(case.interview())
    with on(DAY):
        answer = signed_in(case.office).get(reverse("desk:notice", args=[notice.pk]))
    looks = {label: look for label, _, look in answer.context["steps"]}
    assert (looks["约谈通知书"], looks["约谈"], looks["留存"]) == ("", "done", "now")
    assert next_step(answer) == "局办公室核对留存"
    assert "没有出具约谈通知书" in answer.content.decode()


def test_the_form_says_where_the_signed_minutes_go() -> None:
    page = new(Case(black=True)).content.decode()
    assert "在登记页面的“附件”中上传" in page
    assert "处理决定的附件" not in page
