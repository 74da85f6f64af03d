"""Administrators see what grading gave up on, and try it again; the trail knows who did."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from core.models import AuditEntry
from grading.left_over import ATTEMPTS
from grading.models import Cause, RegradeRequest, Standing
from subjects.models import Subject
from tests import factories

pytestmark = pytest.mark.django_db
PAGE = "desk:set-aside"


@pytest.fixture
def administrator(client: Client) -> Client:
    client.force_login(factories.officer(Role.ADMINISTRATOR))
    return client


def given_up(name: str = "舞钢市样例有限公司", hours: int = 3) -> Subject:
    subject = factories.subject(name=name)
    factories.decision(subject)
    RegradeRequest.objects.filter(subject=subject).update(
        attempts=ATTEMPTS, requested_at=timezone.now() - timedelta(hours=hours)
    )
    return subject


def test_the_longest_waiting_comes_first_and_who_only_waits_is_not_listed(
    administrator: Client,
) -> None:
    given_up("甲公司", hours=1)
    given_up("乙公司", hours=9)
    waiting = factories.subject(name="丙公司")
    RegradeRequest.objects.create(subject=waiting, cause=Cause.DECISION, attempts=ATTEMPTS - 1)
    page = administrator.get(reverse(PAGE)).content.decode()
    assert page.index("乙公司") < page.index("甲公司")
    assert "丙公司" not in page


def test_the_navigation_says_how_many_there_are(administrator: Client) -> None:
    given_up("甲公司")
    given_up("乙公司")
    shell = administrator.get(reverse("desk:workbench")).context["shell"]
    counts = {item.label: item.count for group in shell.groups for item in group.items}
    assert counts["评定故障"] == 2


def test_nothing_given_up_is_said(administrator: Client) -> None:
    assert "没有评定故障" in administrator.get(reverse(PAGE)).content.decode()


def test_trying_again_grades_and_is_told(
    administrator: Client, eager_tasks: None, django_capture_on_commit_callbacks: Any
) -> None:
    subject = given_up()
    again = reverse("desk:set-aside-again", args=[subject.pk])
    with django_capture_on_commit_callbacks(execute=True):
        answer = administrator.post(again, follow=True)
    assert "已重新提交评定" in answer.content.decode()
    assert Standing.objects.get(pk=subject.pk).grade == "B"
    assert AuditEntry.objects.filter(action="grading.try_again").count() == 1


def test_trying_again_what_is_done_changes_nothing(administrator: Client) -> None:
    subject = factories.subject()
    answer = administrator.post(reverse("desk:set-aside-again", args=[subject.pk]), follow=True)
    assert "无需再试" in answer.content.decode()
    assert not AuditEntry.objects.filter(action="grading.try_again").exists()


def test_an_organisation_that_does_not_exist_is_not_found(administrator: Client) -> None:
    assert administrator.post(reverse("desk:set-aside-again", args=[0])).status_code == 404


def test_many_rows_take_as_many_queries_as_few(
    administrator: Client, django_assert_max_num_queries: Any
) -> None:
    for n in range(12):
        given_up(f"第{n}公司")
    with django_assert_max_num_queries(12):  # two are the numbers beside the navigation
        administrator.get(reverse(PAGE))
