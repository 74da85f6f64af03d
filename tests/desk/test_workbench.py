"""The workbench shows each role what waits for it, and nobody what is not theirs."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Officer
from accounts.roles import Role
from grading.models import Cause
from grading.services import regrade
from tests import factories
from violations.enums import DecisionState, ListKind, ListState
from violations.models import Decision, DecisionEditor, EntryDraft
from violations.reviewers import confirmable_by

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def page_for(client: Client, officer: Officer) -> str:
    client.force_login(officer)
    answer = client.get(reverse("desk:workbench"))
    assert answer.status_code == 200
    return answer.content.decode()


def submitted(by: Officer, **fields: object) -> Decision:
    return factories.decision(
        unit=by.unit,
        recorded_by=by,
        state=DecisionState.SUBMITTED,
        submitted_at=NOW,
        **fields,  # type: ignore[arg-type]
    )


def test_a_reviewer_confirms_what_the_own_unit_submitted(client: Client) -> None:
    recorder, reviewer = factories.officer(Role.RECORDER), factories.officer(Role.UNIT_REVIEWER)
    mine = submitted(recorder)
    foreign = submitted(factories.officer(Role.RECORDER, unit=factories.unit()))
    page = page_for(client, reviewer)
    assert mine.number in page
    assert reverse("desk:decision-confirm", args=[mine.pk]) in page
    assert foreign.number not in page


def test_nobody_is_offered_what_they_recorded_or_edited_themselves() -> None:
    both = factories.officer(Role.RECORDER, Role.UNIT_REVIEWER)
    own = submitted(both)
    edited = submitted(factories.officer(Role.RECORDER))
    DecisionEditor.objects.create(decision=edited, officer=both)
    other = submitted(factories.officer(Role.RECORDER))
    assert list(confirmable_by(both)) == [other]
    assert own not in confirmable_by(both)


def test_drafts_and_decisions_in_force_wait_for_nobody() -> None:
    reviewer = factories.officer(Role.UNIT_REVIEWER)
    factories.decision(state=DecisionState.DRAFT)
    factories.decision(state=DecisionState.IN_FORCE)
    assert not confirmable_by(reviewer).exists()


def test_the_office_confirms_only_where_a_unit_has_no_free_reviewer() -> None:
    office = factories.officer(Role.OFFICE, unit=factories.unit(is_office=True))
    with_reviewer, without = factories.unit(), factories.unit()
    reviewer = factories.officer(Role.UNIT_REVIEWER, unit=with_reviewer)
    waits_there = submitted(factories.officer(Role.RECORDER, unit=with_reviewer))
    waits_here = submitted(factories.officer(Role.RECORDER, unit=without))
    assert list(confirmable_by(office)) == [waits_here]

    DecisionEditor.objects.create(decision=waits_there, officer=reviewer)
    assert set(confirmable_by(office)) == {waits_here, waits_there}


def test_a_disabled_reviewer_is_no_free_reviewer() -> None:
    office = factories.officer(Role.OFFICE, unit=factories.unit(is_office=True))
    home = factories.unit()
    factories.officer(Role.UNIT_REVIEWER, unit=home, is_active=False)
    waits = submitted(factories.officer(Role.RECORDER, unit=home))
    assert list(confirmable_by(office)) == [waits]


def test_a_recorder_sees_what_came_back_and_the_own_drafts(client: Client) -> None:
    recorder, colleague = factories.officer(Role.RECORDER), factories.officer(Role.RECORDER)
    factories.decision(
        state=DecisionState.DRAFT, recorded_by=recorder, returned_remark="金额与决定书不符"
    )
    factories.decision(state=DecisionState.DRAFT, recorded_by=colleague, returned_remark="文号有误")
    EntryDraft.objects.create(officer=recorder, kind="penalty", label="我的草稿")
    EntryDraft.objects.create(officer=colleague, kind="penalty", label="别人的草稿")
    page = page_for(client, recorder)
    assert "金额与决定书不符" in page
    assert "我的草稿" in page
    assert "文号有误" not in page
    assert "别人的草稿" not in page


@time_machine.travel(NOW, tick=False)
def test_grades_that_changed_this_week_are_shown_with_old_new_and_cause(client: Client) -> None:
    changed = factories.subject(name="舞钢市样例远帆物流有限公司")
    factories.decision(changed, decided_on=date(2026, 11, 19), kind="order")
    regrade([changed.pk], cause=Cause.DECISION)
    page = page_for(client, factories.officer(Role.RECORDER))
    assert "远帆物流" in page
    assert "处理决定；依据 三（二）B 级 条件 1" in page
    assert "变为" in page


def test_changes_of_eight_days_ago_are_not_news(client: Client) -> None:
    changed = factories.subject(name="舞钢市样例远帆物流有限公司")
    with time_machine.travel(datetime(2026, 11, 10, tzinfo=UTC), tick=False):
        factories.decision(changed)
        regrade([changed.pk])
    with time_machine.travel(NOW, tick=False):
        page = page_for(client, factories.officer(Role.RECORDER, unit=factories.unit()))
    assert "远帆物流" not in page
    assert "近 7 天没有等级变动。" in page


@time_machine.travel(NOW, tick=False)
def test_the_distribution_counts_surviving_organisations_once(client: Client) -> None:
    graded = factories.subject()
    factories.decision(graded)
    regrade([graded.pk])
    factories.subject()
    factories.subject(merged_into=graded)
    page = page_for(client, factories.officer(Role.RECORDER))
    assert "A 信用优良 0 个，B 一般失信 1 个，C 严重失信 0 个，未定级 1 个" in page


@time_machine.travel(NOW, tick=False)
def test_open_reviews_wait_for_the_office_alone(client: Client) -> None:
    crossed = factories.subject(name="舞钢市样例乐游网吧")
    for month in (3, 4, 5):
        factories.decision(crossed, decided_on=date(2026, month, 1), kind="order")
    regrade([crossed.pk])
    office = factories.officer(Role.OFFICE, unit=factories.unit(is_office=True))
    assert "等级复核" in page_for(client, office)
    recorder = factories.officer(Role.RECORDER)
    assert "等级复核" not in page_for(client, recorder)


@time_machine.travel(NOW, tick=False)
def test_who_may_not_see_the_register_sees_no_organisation(client: Client) -> None:
    seen = factories.subject(name="舞钢市样例远帆物流有限公司")
    factories.decision(seen)
    regrade([seen.pk])
    page = page_for(client, factories.officer(Role.TIP_HANDLER))
    assert "远帆物流" not in page
    assert "等级分布" not in page
    assert "没有待办" in page
    assert reverse("desk:subjects") not in page


@time_machine.travel(NOW, tick=False)
def test_the_number_of_queries_does_not_grow_with_the_rows(client: Client) -> None:
    office_unit = factories.unit(is_office=True)
    office = factories.officer(Role.OFFICE, Role.RECORDER, Role.UNIT_REVIEWER, unit=office_unit)
    client.force_login(office)
    counts = []
    for rows in (2, 8):  # each source asks as often for eight as for two
        for _ in range(rows):
            subject = factories.subject()
            factories.list_entry(subject, ListKind.RED, date(2026, 11, 1))
            factories.decision(subject, decided_on=date(2026, 11, 20))
            regrade([subject.pk])
            submitted(factories.officer(Role.RECORDER, unit=factories.unit()))
            EntryDraft.objects.create(officer=office, kind="penalty")
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("desk:workbench"))
        counts.append(len(asked))
    assert counts[0] >= counts[1]


def test_the_frame_shows_only_where_the_officer_may_go(client: Client) -> None:
    recorder = page_for(client, factories.officer(Role.RECORDER))
    assert reverse("desk:entry") in recorder
    assert reverse("admin:index") not in recorder
    auditor = page_for(client, factories.officer(Role.AUDITOR))
    assert reverse("desk:entry") not in auditor
    assert reverse("desk:decisions") in auditor
    assert reverse("admin:index") in page_for(client, factories.officer(Role.ADMINISTRATOR))


@time_machine.travel(NOW, tick=False)
def test_a_recorder_sees_what_was_never_handed_in_and_what_waits_for_others(
    client: Client,
) -> None:
    recorder = factories.officer(Role.RECORDER)
    unsent = factories.decision(state=DecisionState.DRAFT, recorded_by=recorder)
    waiting = submitted(recorder)
    foreign = submitted(factories.officer(Role.RECORDER))
    page = page_for(client, recorder)
    assert reverse("desk:entry-check", args=[unsent.pk]) in page
    assert "待提交" in page
    assert waiting.number in page
    assert "2026-11-25" in page  # handed in on a Monday, two working days
    assert "剩 2 天" in page
    assert foreign.number not in page


@time_machine.travel(NOW, tick=False)
def test_what_is_overdue_says_so(client: Client) -> None:
    late = submitted(factories.officer(Role.RECORDER))
    late.submitted_at = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)
    late.save()
    page = page_for(client, factories.officer(Role.UNIT_REVIEWER))
    assert "2026-11-18" in page
    assert "逾期 3 天" in page


@time_machine.travel(NOW, tick=False)
def test_an_approver_sees_what_others_proposed_and_open_reviews(client: Client) -> None:
    approver = factories.officer(Role.APPROVER, Role.OFFICE)
    theirs = factories.list_entry(
        state=ListState.PROPOSED, document="舞公信列〔2026〕77号", notified_on=date(2026, 11, 2)
    )
    factories.list_entry(state=ListState.PROPOSED, notified_on=date(2026, 11, 20))  # too early
    factories.list_entry(
        state=ListState.PROPOSED, proposed_by=approver, document="舞公信列〔2026〕78号"
    )
    factories.list_entry(document="舞公信列〔2026〕79号")
    page = page_for(client, approver)
    assert theirs.document in page
    assert "舞公信列〔2026〕78号" not in page
    assert "舞公信列〔2026〕79号" not in page
    assert "名单待审批" not in page_for(client, factories.officer(Role.RECORDER))
