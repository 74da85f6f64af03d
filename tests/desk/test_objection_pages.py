"""Objections on screen, from the desk to the letter, and the ways that are refused."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Officer
from accounts.roles import Role
from appeals.case_marks import owed_by_others
from appeals.objection_answers import issue_receipt
from appeals.objection_filing import ask_for_second_stage
from appeals.objection_models import Objection
from appeals.objection_tasks import open_objections
from core.models import AuditEntry
from grading.requests import request_regrade
from grading.services import regrade
from tests import factories
from tests.appeals.objection_cases import FOUND, WORDS, Case
from violations.errors import CaseRefused

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine("2026-11-20 09:00+08:00")]
TODAY = date(2026, 11, 20)
AGAIN = "收到过户材料的原件并核对无误。"


@pytest.fixture
def case() -> Case:
    return Case()


def flat(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def as_(client: Client, officer: Officer) -> Client:
    client.force_login(officer)
    return client


def test_from_the_desk_to_the_answer(client: Client, case: Case) -> None:
    office, act = as_(client, case.office), case.act
    new = f"{reverse('desk:objection-new')}?subject={case.decision.subject_id}"
    shown = office.get(f"{new}&decision={case.decision.pk}")
    assert f'name="v{act.pk}" checked' in shown.content.decode()
    filed = {
        "origin": "desk",
        "received_on": "2026-11-20",
        f"v{act.pk}": "on",
        f"w_v{act.pk}": WORDS,
        "contact_name": "冯甲",
        "contact_role": "委托代理人",
    }
    wrong = office.post(new, filed)
    assert wrong.status_code == 400
    assert "没有填写联系电话" in flat(wrong)
    assert WORDS in flat(wrong)
    assert office.post(new, filed | {"contact_phone": "13800000000"}).status_code == 302
    row = Objection.objects.get()
    page = reverse("desk:objection", args=[row.pk])
    text = flat(office.get(page))
    assert "冯某" in text
    assert "冯甲" not in text
    assert "138****0000" in text
    subject = flat(office.get(reverse("desk:subject", args=[row.subject_id])))
    assert "异议处理中" in subject
    assert "各项主张成立后的等级" in subject
    assert "异议处理中" in flat(office.get(reverse("desk:decision", args=[case.decision.pk])))

    step = reverse("desk:objection-act", args=[row.pk, "accept"])
    assert office.post(step, {"version": "1"}).status_code == 302
    claim = row.claims.get()
    typed = {
        f"c{claim.pk}-verdict": "upheld",
        f"c{claim.pk}-ground": "wrong_party",
        f"c{claim.pk}-finding": FOUND,
        f"c{claim.pk}-document": "舞公（治）撤决字〔2026〕0004号",
        "version": "2",
    }
    propose = reverse("desk:objection-propose", args=[row.pk])
    preview = flat(office.post(propose, typed | {"do": "preview"}))
    assert "行政处罚（件） 1 → 0" in preview
    refused = office.post(propose, typed | {f"c{claim.pk}-ground": "proven"})
    assert (refused.status_code, "理由与结论不符" in flat(refused)) == (400, True)
    assert office.post(propose, typed | {"do": "propose"}).status_code == 302
    decide = reverse("desk:objection-decide", args=[row.pk])
    assert office.get(decide).status_code == 403

    decider = as_(client, case.decider)
    html = decider.get(decide).content.decode()
    seen = re.search(r'name="seen" value="(\w+)"', html)
    assert seen
    assert decider.post(decide, {"version": "3", "seen": "x"}).status_code == 409
    assert decider.post(decide, {"version": "3", "seen": seen[1]}).status_code == 302
    act.refresh_from_db()
    assert act.revoked_document == "舞公（治）撤决字〔2026〕0004号"

    office = as_(client, case.office)
    owed = flat(office.get(page))
    assert "办结后的事项" in owed
    assert "通知共享单位删除" in owed
    issue = reverse("desk:objection-issue", args=[row.pk, "answer"])
    done = office.post(issue, {"version": "4"})
    row.refresh_from_db()
    assert row.state == "answered", flat(office.get(page))
    assert row.answer is not None
    assert row.answer.number == "舞公异答〔2026〕1号"
    assert done["Location"] == reverse("desk:paper", args=[row.answer_id])
    said = str(row.answer.content)
    assert "由B（一般失信）变更为未定级" in said
    assert "13800000000" not in said


def test_who_had_a_hand_in_it_is_refused_and_stands_in_the_trail(
    client: Client, case: Case
) -> None:
    proposed = case.proposed()
    held = factories.officer(Role.APPROVER, unit=case.decision.unit)
    url = reverse("desk:objection-decide", args=[proposed.pk])
    for answer in (as_(client, held).get(url), client.post(url)):
        assert answer.status_code == 403
    assert AuditEntry.objects.filter(action="access.refused", actor=held.number).count() == 2


def test_the_unit_answers_and_sees_nothing_else(client: Client, case: Case) -> None:
    asked, other = case.with_unit(), Case().filed()
    reviewer = as_(client, case.reviewer())
    assert reviewer.get(reverse("desk:objection", args=[other.pk])).status_code == 404
    page = flat(reviewer.get(reverse("desk:objection", args=[asked.pk])))
    assert "回复核实情况" in page
    assert "查看电话" not in page
    url = reverse("desk:objection-state", args=[asked.pk])
    said = {"advice": "revoke", "words": FOUND, "version": str(asked.version)}
    assert reviewer.post(url, said | {"words": "短"}).status_code == 400
    assert reviewer.post(url, said).status_code == 302
    assert Objection.objects.get(pk=asked.pk).state == "accepted"


def test_who_handled_the_first_cannot_handle_the_second_look(client: Client, case: Case) -> None:
    again = second_look(case)
    page = reverse("desk:objection", args=[again.pk])
    shown = flat(as_(client, case.office).get(page))
    assert "您办理或认定过原异议，不能办理本件" in shown
    assert "受理此异议" not in shown
    assert "登记当事人撤回" not in shown
    assert shown.count(AGAIN) == 1
    version = {"version": str(again.version)}
    for step in ("accept", "reject"):
        url = reverse("desk:objection-act", args=[again.pk, step])
        refused = client.post(url, version | {"reason": FOUND})
        assert (refused.status_code, "不能办理本件" in flat(refused)) == (403, True)
    other = as_(client, factories.officer(Role.OFFICE, unit=case.office.unit))
    shown = flat(other.get(page))
    assert "您办理或认定过原异议" not in shown
    assert "受理此异议" in shown
    # Nor by being handed the case: not offered, refused if sent all the same.
    transfer = reverse("desk:objection-act", args=[again.pk, "transfer"])
    assert case.office.number not in other.get(page).content.decode()
    sent = version | {"to": case.office.number, "reason": "休假"}
    refused = other.post(transfer, sent)
    assert (refused.status_code, "办理或认定过原异议" in flat(refused)) == (400, True)
    # Nor where the case came to them with all the cases of a leaver.
    assert other.post(reverse("desk:objection-act", args=[again.pk, "accept"]), version)
    again.refresh_from_db()
    again.handler = case.office
    again.save()
    shown = flat(as_(client, case.office).get(page))
    assert "提交复核人认定" not in shown
    propose = client.post(
        reverse("desk:objection-propose", args=[again.pk]), {"version": str(again.version)}
    )
    assert (propose.status_code, "不能办理本件" in flat(propose)) == (403, True)


def test_nothing_is_said_of_measures_before_the_grade_is_known(client: Client, case: Case) -> None:
    proposed = case.proposed()
    regrade([proposed.subject_id])
    decided = case.decide(proposed)
    page, office = reverse("desk:objection", args=[decided.pk]), as_(client, case.office)
    shown = flat(office.get(page))
    assert re.search("等级重新评定 未办", shown)
    assert re.search("监管措施调整 未办", shown)
    assert "没有须解除的措施" not in shown
    regrade([decided.subject_id])
    shown = flat(office.get(page))
    assert re.search(r"监管措施调整 解除 \d+ 项 2026-11-20", shown)
    factories.decision(decided.subject, decided_on=TODAY)
    request_regrade([decided.subject_id], cause="other")  # of a later change, which is its own
    assert "监管措施调整 未办" not in flat(office.get(page))


def test_the_head_shows_the_grade_and_the_course_names_the_proposal(
    client: Client, case: Case
) -> None:
    proposed = case.proposed()
    regrade([proposed.subject_id])
    page, office = reverse("desk:objection", args=[proposed.pk]), as_(client, case.office)
    html = office.get(page).content.decode()
    head = html.partition("<h1>")[2].partition('<p class="sub">')[0]
    assert "一般失信" in head
    assert proposed.get_state_display() in head
    assert "异议：提出认定意见" in html
    assert "异议：提出<" not in html


def test_a_receipt_is_not_offered_once_the_case_is_decided(client: Client, case: Case) -> None:
    proposed = case.proposed()
    page, office = reverse("desk:objection", args=[proposed.pk]), as_(client, case.office)
    assert "出具受理通知书" in flat(office.get(page))
    decided = case.decide(proposed)
    assert "出具受理通知书" not in flat(office.get(page))
    with pytest.raises(CaseRefused, match="已经认定或者结束"):
        issue_receipt(officer=case.office, objection_id=decided.pk, version=decided.version)


def second_look(case: Case) -> Objection:
    """Asked for after a dismissal, of which no paper is kept here."""
    first = case.decide(case.proposed("dismissed", "no_evidence"))
    row = Objection.objects.get(pk=first.pk)
    row.origin, row.state, row.answered_on = "office", "answered", TODAY
    row.save()
    return ask_for_second_stage(
        officer=case.office, objection_id=row.pk, received_on=TODAY, words=AGAIN
    )


def test_the_list_puts_better_grades_first_in_a_fixed_number_of_queries(
    client: Client, case: Case, django_assert_max_num_queries: Any
) -> None:
    subject = factories.decision(decided_on=date(2026, 9, 1)).subject
    factories.decision(subject, decided_on=date(2026, 9, 1))
    same = Case(decision=subject.decisions.order_by("pk")[0])
    first = same.filed(on=date(2026, 11, 2))  # older, but its grade would stay
    second = case.filed()
    office = as_(client, case.office)
    with django_assert_max_num_queries(30):
        html = office.get(reverse("desk:objections")).content.decode()
    assert html.index(second.number) < html.index(first.number)
    for _ in range(3):
        Case().filed()
    with django_assert_max_num_queries(30):
        office.get(reverse("desk:objections"))


def test_the_queue_says_whose_turn_it_is(case: Case) -> None:
    asked = case.with_unit()
    (task,) = open_objections(case.office, TODAY)
    assert (task.kind, task.unit_id) == ("objection.state", case.decision.unit_id)
    decided = Case()
    decided.decide(decided.proposed())
    assert {task.kind for task in owed_by_others(case.office, TODAY)} == {
        "objection.shared",
        "objection.published",
    }
    handler = Officer.objects.get(pk=decided.office.pk)
    handler.is_active = False
    handler.save()
    answers = [one for one in open_objections(case.office, TODAY) if one.kind == "objection.answer"]
    assert [one.officer_id for one in answers] == [None]  # the office's, not nobody's
    assert asked.handler == case.office
