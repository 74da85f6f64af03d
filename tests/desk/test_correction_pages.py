"""Corrections on screen: the form with its preview, the list, the second person, the history."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import Officer
from accounts.roles import Role
from core.models import AuditEntry
from grading.selectors import view
from subjects.models import Subject
from tests import factories
from tests.grading.correcting import PAPER, REASON, agree, fined, propose, target
from tests.grading.test_merging import merge
from violations.correction_models import Correction
from violations.correction_subjects import SubjectTarget
from violations.models import Decision

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine("2026-11-20 09:00+08:00")]
Enter = Callable[..., Officer]


@pytest.fixture
def enter(client: Client) -> Enter:
    def signed_in(*roles: str) -> Officer:
        officer = factories.officer(*roles, unit=factories.unit("WG-OFFICE", "局办公室"))
        client.force_login(officer)
        return officer

    return signed_in


@pytest.fixture
def decision() -> Decision:
    return factories.decision(decided_on=date(2026, 3, 1), acts=[[("fine", 600_000)]])


def flat(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def url(name: str, pk: int) -> str:
    return reverse(f"desk:{name}", args=[pk])


def hidden(answer: Any, name: str) -> str:
    found = re.search(rf'name="{name}" value="(\w*)"', answer.content.decode())
    assert found, name
    return found[1]


def boxes(client: Client, page: str, **changes: str) -> dict[str, str]:
    """What a browser posts from the form at ``page`` with some boxes changed."""
    answer = client.get(page)
    sheet = answer.context["sheet"]
    if hasattr(sheet, "raw"):
        typed = sheet.raw.flat()
    else:
        form = sheet.form
        typed = {form.add_prefix(name): form[name].value() for name in form.fields}
    typed = {name: str(value) for name, value in typed.items() if value not in (None, False)}
    return typed | {"base": hidden(answer, "base"), "reason": REASON, "document": PAPER} | changes


def test_a_decision_is_corrected_from_form_to_agreement(
    client: Client, enter: Enter, decision: Decision
) -> None:
    proposer = enter(Role.OFFICE)
    page = url("correct-decision", decision.pk)
    typed = boxes(client, page, **{"v-0-d-0-amount": "60,000"})
    looked = client.post(page, typed | {"do": "preview"})
    assert looked.status_code == 200
    assert "罚款 600,000 元 罚款 60,000 元" in flat(looked)
    assert "罚没款（元） 600,000 → 60,000" in flat(looked)
    assert not Correction.objects.exists()
    answer = client.post(page, typed | {"do": "propose"})
    correction = Correction.objects.get()
    assert answer["Location"] == url("correction", correction.pk)
    assert view(decision.subject_id).now.counts.amount_fen == 60_000_000
    enter(Role.APPROVER)
    shown = client.get(url("correction", correction.pk))
    assert "同意更正" in flat(shown)
    seen = hidden(shown, "seen")
    assert client.post(url("correction-agree", correction.pk), {"seen": seen}).status_code == 302
    assert view(decision.subject_id).now.counts.amount_fen == 6_000_000
    done = flat(client.get(url("correction", correction.pk)))
    assert "办结时对等级的影响" in done
    assert proposer.name in done


def test_buttons_add_and_take_away_a_disposition_without_script(
    client: Client, enter: Enter, decision: Decision
) -> None:
    enter(Role.OFFICE)
    page = url("correct-decision", decision.pk)
    answer = client.post(page, boxes(client, page) | {"do": "add-disposition-0"})
    assert answer.status_code == 200
    assert 'name="v-0-d-1-kind"' in answer.content.decode()
    typed = boxes(client, page, **{"v-0-d-1-kind": "warning"})
    assert client.post(page, typed | {"do": "propose"}).status_code == 302
    (change,) = Correction.objects.get().changes
    assert change["to_words"] == "罚款 600,000 元、警告"


def test_an_error_keeps_what_was_typed_and_says_where(
    client: Client, enter: Enter, decision: Decision
) -> None:
    enter(Role.OFFICE)
    page = url("correct-decision", decision.pk)
    for changes, said in (
        ({"decided_on": "2026-13-40"}, "不是有效日期"),
        ({"decided_on": "2026-11-21"}, "决定日期不能晚于今天"),
        ({"v-0-d-0-amount": "700000", "document": ""}, "须以决定书原件为依据"),
        ({"v-0-d-0-amount": "500000", "reason": "写错了"}, "理由至少 10 字"),
        ({}, "没有任何一项改动"),
    ):
        typed = boxes(client, page, **changes) | {"do": "propose"}
        answer = client.post(page, typed)
        assert answer.status_code == 400, changes
        assert said in flat(answer)
        assert all(value in answer.content.decode() for value in changes.values())
    assert not Correction.objects.exists()


def test_what_changed_while_it_was_typed_is_a_conflict_and_can_be_gone_on_with(
    client: Client, enter: Enter, decision: Decision
) -> None:
    enter(Role.OFFICE)
    page = url("correct-decision", decision.pk)
    typed = boxes(client, page, handler="王五")
    agree(propose(target(decision), fined("60000.00")))
    answer = client.post(page, typed | {"do": "propose"})
    assert answer.status_code == 409
    assert "在您填写期间" in flat(answer)
    assert "罚款 60,000 元 罚款 600,000 元" in flat(answer)  # their value, and what was typed
    assert not Correction.objects.waiting().exists()
    again = typed | {"base": hidden(answer, "base"), "v-0-d-0-amount": "60000", "do": "propose"}
    assert client.post(page, again).status_code == 302


def test_a_proposer_sees_no_button_and_is_refused(
    client: Client, enter: Enter, decision: Decision
) -> None:
    both = enter(Role.OFFICE, Role.APPROVER)
    correction = propose(target(decision), fined("1.00"), by=both)
    shown = client.get(url("correction", correction.pk))
    assert "提出更正的人不能决定" in flat(shown)
    assert "correction-agree" not in shown.content.decode()
    for name in ("correction-agree", "correction-refuse"):
        assert client.post(url(name, correction.pk), {"remark": "不同意。不"}).status_code == 403
    refused = AuditEntry.objects.filter(action="access.refused", actor=both.number)
    assert refused.count() == 2
    correction.refresh_from_db()
    assert correction.is_waiting


def test_another_effect_than_was_seen_is_a_conflict(
    client: Client, enter: Enter, decision: Decision
) -> None:
    correction = propose(target(decision), fined("1.00"))
    enter(Role.APPROVER)
    seen = hidden(client.get(url("correction", correction.pk)), "seen")
    factories.decision(decision.subject, decided_on=date(2026, 5, 1), acts=[["warning"]])
    answer = client.post(url("correction-agree", correction.pk), {"seen": seen})
    assert answer.status_code == 409
    assert "与您看到的不同" in flat(answer)
    assert client.post(url("correction-agree", correction.pk), {}).status_code == 409
    correction.refresh_from_db()
    assert correction.is_waiting


def test_a_stale_proposal_shows_what_stands_now(
    client: Client, enter: Enter, decision: Decision
) -> None:
    correction = propose(target(decision), fined("1.00"))
    factories.contest(decision, date(2026, 10, 1))
    enter(Role.APPROVER)
    shown = client.get(url("correction", correction.pk))
    assert "这件更正不能办理" in flat(shown)
    assert "correction-agree" not in shown.content.decode()
    assert client.post(url("correction-agree", correction.pk), {"seen": "x"}).status_code == 409


def test_it_is_refused_with_a_reason_or_withdrawn(
    client: Client, enter: Enter, decision: Decision
) -> None:
    first = propose(target(decision), fined("1.00"))
    enter(Role.APPROVER)
    short = client.post(url("correction-refuse", first.pk), {"remark": "不"})
    assert short.status_code == 400
    assert "至少 5 字" in flat(short)
    client.post(url("correction-refuse", first.pk), {"remark": "与决定书原件不符。"})
    assert "与决定书原件不符。" in flat(client.get(url("correction", first.pk)))
    second = propose(target(decision), fined("1.00"), by=enter(Role.OFFICE))
    client.post(url("correction-withdraw", second.pk))
    second.refresh_from_db()
    assert second.state == "withdrawn"
    late = client.post(url("correction-withdraw", second.pk), follow=True)
    assert "不能再办理" in flat(late)


def test_it_is_undone_by_two_persons(client: Client, enter: Enter, decision: Decision) -> None:
    done = agree(propose(target(decision), fined("60000.00")))
    enter(Role.OFFICE)
    missing = client.post(url("correction-undo", done.pk), {"reason": REASON, "document": ""})
    assert missing.status_code == 400
    assert "须以决定书原件为依据" in flat(missing)
    client.post(url("correction-undo", done.pk), {"reason": REASON, "document": PAPER})
    back = Correction.objects.get(undoes=done)
    enter(Role.ADMINISTRATOR)
    seen = hidden(client.get(url("correction", back.pk)), "seen")
    client.post(url("correction-agree", back.pk), {"seen": seen})
    assert view(decision.subject_id).now.counts.amount_fen == 60_000_000
    assert "后已还原" in flat(client.get(url("correction", done.pk)))


def test_the_list_begins_with_what_waits_for_me(
    client: Client, enter: Enter, decision: Decision
) -> None:
    me = enter(Role.OFFICE, Role.APPROVER)
    own = propose(target(decision), fined("1.00"), by=me)
    subject = factories.subject()
    about = SubjectTarget(subject)
    theirs = propose(about, {"principal": "李四"})
    held = factories.decision(recorded_by=me)
    mine = propose(target(held), {"handler": "王五"})
    listed = client.get(reverse("desk:corrections")).content.decode()
    assert url("correction", theirs.pk) in listed
    assert url("correction", own.pk) not in listed
    assert url("correction", mine.pk) not in listed
    everyone = client.get(reverse("desk:corrections"), {"show": "waiting"}).content.decode()
    assert all(url("correction", one.pk) in everyone for one in (own, theirs, mine))
    assert "更正待同意" in flat(client.get("/"))


def test_the_list_takes_few_queries_and_goes_on_from_a_key(
    client: Client, enter: Enter, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    enter(Role.APPROVER)
    for _ in range(27):
        propose(SubjectTarget(factories.subject()), {"principal": "李四"})
    with django_assert_max_num_queries(16):
        first = client.get(reverse("desk:corrections"))
    older = re.search(r"before=(\d+)", first.content.decode())
    assert older
    rest = client.get(reverse("desk:corrections"), {"show": "mine", "before": older[1]})
    assert rest.content.decode().count("第 <span") == 2
    assert client.get(reverse("desk:corrections"), {"before": "x"}).status_code == 200


@pytest.mark.parametrize(("name", "code"), [("correct-subject", 200), ("merge", 200)])
def test_administrators_reach_the_forms(
    name: str, code: int, client: Client, enter: Enter, decision: Decision
) -> None:
    enter(Role.ADMINISTRATOR)
    assert client.get(url(name, decision.subject_id)).status_code == code
    page = client.get(url("correct-decision", decision.pk))
    assert url("correction-record", decision.pk) in page.content.decode()
    assert decision.number in flat(client.get(url("correction-record", decision.pk)))
    draft = factories.decision(state="draft")
    assert client.get(url("correct-decision", draft.pk)).status_code == 404


def test_a_code_that_is_somebodys_leads_to_a_merger(client: Client, enter: Enter) -> None:
    enter(Role.OFFICE)
    subject, other = factories.subject(), factories.subject()
    page = url("correct-subject", subject.pk)
    answer = client.post(
        page, boxes(client, page, **{"r-credit_code": other.credit_code}) | {"do": "preview"}
    )
    assert answer.status_code == 400
    assert "请办理并档" in flat(answer)
    assert f"{url('merge', subject.pk)}?code={other.credit_code}" in answer.content.decode()


def test_two_entries_are_merged_and_taken_apart_on_screen(client: Client, enter: Enter) -> None:
    enter(Role.OFFICE)
    one, two = factories.decision(acts=[["warning"]]).subject, factories.decision().subject
    page = url("merge", one.pk)
    assert "没有找到代码" in flat(client.post(page, {"code": "XYZ", "do": "find"}))
    looked = flat(client.post(page, {"code": two.credit_code, "do": "find"}))
    assert "内部等级" in looked
    typed = {"code": two.credit_code, "do": "propose", "reason": REASON}
    assert "没有填写证明材料" in flat(client.post(page, typed))
    client.post(page, typed | {"document": "市监登记〔2026〕1号"})
    agree(Correction.objects.get())
    assert Subject.objects.get(pk=one.pk).merged_into == two
    assert "解除并档" in flat(client.get(url("subject", two.pk)))
    client.post(url("unmerge", one.pk), typed | {"document": "市监登记〔2026〕2号"})
    agree(Correction.objects.waiting().get())
    assert Subject.objects.get(pk=one.pk).merged_into is None


def test_the_history_says_what_from_what_to_what_by_whom_and_why(
    client: Client, enter: Enter, decision: Decision
) -> None:
    done = agree(propose(target(decision), fined("60000.00")))
    enter(Role.OFFICE)
    shown = flat(client.get(url("subject-history", decision.subject_id), {"only": "record"}))
    assert "违法行为 1 · 处理： 罚款 600,000 元 → 罚款 60,000 元" in shown
    for said in (REASON, PAPER, done.proposed_by.name, done.decided_by.name):  # type: ignore[union-attr]
        assert said in shown


def test_another_units_recorder_learns_what_was_corrected_and_not_how(client: Client) -> None:
    decision = factories.decision(unit=factories.unit("WG-YH"))
    agree(propose(target(decision), {"violations[0].facts": "另查明的事实。"}))
    client.force_login(factories.officer(Role.RECORDER))
    shown = flat(client.get(url("subject-history", decision.subject_id)))
    assert "违法事实" in shown
    assert "另查明的事实。" not in shown
    assert REASON not in shown


def test_the_history_of_a_survivor_tells_both_entries(client: Client, enter: Enter) -> None:
    one, two = factories.decision().subject, factories.decision().subject
    merge(one, two)
    enter(Role.OFFICE)
    shown = flat(client.get(url("subject-history", two.pk)))
    assert f"并档：{one} 并入 {two}" in shown
    assert f"并入的 {one.credit_code}" in shown
