"""The pages of reminders and interviews: the form of each way, steps, scope, what stays hidden."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Officer
from accounts.roles import Role
from core.models import AuditEntry
from sanctions.notice_enums import NoticeState
from sanctions.notice_models import Notice, NoticeAttempt
from sanctions.notice_register import open_notice
from tests import factories
from tests.sanctions.notice_cases import DAY, SERVED, Case, on

pytestmark = pytest.mark.django_db
PHONE = "13800001234"


def signed_in(officer: Officer) -> Client:
    client = Client()
    client.force_login(officer)
    return client


def typed(case: Case, way: str = "oral", **changes: Any) -> dict[str, Any]:
    """What the form of that way carries."""
    said: dict[str, Any] = {
        "way": way,
        "causes": [f"d{case.decision.pk}"],
        "person_name": "吴十",
        "person_role": "principal",
        "phone": PHONE,
        "held_on": str(DAY),
        "channel": "face",
        "by_whom": "李四、周九",
        "acts_words": "违规提供服务，罚款 20000 元。",
        "do": "report",
    }
    if way == "interview":
        said |= {"held_at": "09:30", "place": "201 室", "laws_words": "条例。", "statement": "无"}
        said |= {"urged_words": "自律。", "pointed_out": "on", "explained": "on", "urged": "on"}
    return {**said, **changes}


def new(case: Case, officer: Officer | None = None, **data: Any) -> Any:
    url = f"{reverse('desk:notice-new')}?decision={case.decision.pk}"
    client = signed_in(officer or case.recorder)
    with on(DAY):
        return client.post(url, data) if data else client.get(url)


def test_from_the_task_to_the_office_and_the_push() -> None:
    case = Case()
    with on(DAY):
        due = signed_in(case.recorder).get(reverse("desk:notices-due")).content.decode()
    assert f"?decision={case.decision.pk}" in due
    form = new(case).content.decode()
    assert case.decision.number in form
    assert "仅限严重失信" in form  # an interview is not offered for B
    assert new(case, **typed(case)).status_code == 302
    notice = Notice.objects.get()
    url = reverse("desk:notice", args=[notice.pk])
    with on(DAY):
        page = signed_in(case.office).get(url).content.decode()
        assert "checked" not in page  # nothing about the push is ticked beforehand
        for step, data in (("keep", {}), ("push", {"push": "no", "reason": "情节较轻"})):
            done = signed_in(case.office).post(
                reverse("desk:notice-verdict", args=[notice.pk, step]),
                {"version": str(Notice.objects.get().version), **data},
            )
            assert done.status_code == 302
    notice.refresh_from_db()
    assert (notice.state, notice.push) == (NoticeState.KEPT, "no")


def test_nothing_is_ticked_in_the_form_of_the_push() -> None:
    case = Case()
    kept = case.kept()
    with on(DAY):
        page = signed_in(case.office).get(reverse("desk:notice", args=[kept.pk])).content.decode()
    assert 'name="push"' in page
    assert "checked" not in page


def test_another_way_keeps_what_was_typed() -> None:
    case = Case(black=True)
    said = typed(case, "interview", do="as-written", person_name="郑十一")
    page = new(case, **said).content.decode()
    assert "登记书面信用提醒" in page
    assert "郑十一" in page
    assert not Notice.objects.exists()


def test_oral_is_refused_for_c_and_an_incomplete_interview_too() -> None:
    case = Case(black=True)
    oral = new(case, **typed(case, "oral"))
    assert oral.status_code == 400
    assert "不能采取口头信用提醒" in oral.content.decode()
    said = typed(case, "interview")
    del said["urged"]
    incomplete = new(case, **said)
    assert incomplete.status_code == 400
    assert "没有勾选“督促严格自律、诚信守法”" in incomplete.content.decode()
    assert not Notice.objects.exists()
    assert new(case, **typed(case, "interview")).status_code == 302


def test_before_service_there_is_nothing_to_register() -> None:
    case = Case(served_on=None)
    assert "现在没有可以告知的记录" in new(case).content.decode()
    with on(DAY):
        due = signed_in(case.recorder).get(reverse("desk:notices-due")).content.decode()
    assert "送达前不得提醒或约谈" in due
    assert f"?decision={case.decision.pk}" not in due


def test_another_unit_sees_neither_notice_nor_form() -> None:
    case = Case()
    notice = case.report(case.oral())
    stranger = signed_in(factories.officer(Role.RECORDER, unit=factories.unit()))
    with on(DAY):
        for url in (
            reverse("desk:notice", args=[notice.pk]),
            reverse("desk:notice-edit", args=[notice.pk]),
            reverse("desk:reveal", args=["interview.phone", notice.pk]),
            f"{reverse('desk:notice-new')}?decision={case.decision.pk}",
            f"{reverse('desk:notice-attempt')}?decision={case.decision.pk}",
        ):
            assert stranger.get(url).status_code == 404, url
        listed = stranger.get(reverse("desk:notices")).content.decode()
    assert case.subject.name not in listed


def test_the_phone_is_masked_and_opened_for_a_purpose_alone() -> None:
    case = Case()
    notice = case.report(case.oral())
    client = signed_in(case.recorder)
    with on(DAY):
        draft = open_notice(officer=case.recorder, subject_id=case.subject.pk, data=case.oral())
        for url in (
            reverse("desk:notice", args=[notice.pk]),
            reverse("desk:notice-edit", args=[draft.pk]),
            reverse("desk:notices"),
            reverse("desk:subject", args=[case.subject.pk]),
            reverse("desk:subject-history", args=[case.subject.pk]),
        ):
            page = client.get(url)
            assert page.status_code == 200, url
            assert PHONE not in page.content.decode(), url
        assert (
            "138****1234" in client.get(reverse("desk:notice", args=[notice.pk])).content.decode()
        )
        opened = client.post(
            reverse("desk:reveal", args=["interview.phone", notice.pk]), {"purpose": "通知回访"}
        )
    assert PHONE in opened.content.decode()
    row = AuditEntry.objects.get(action="field.reveal")
    assert (row.reason, row.details) == ("通知回访", {"what": "interview.phone"})
    assert not any(PHONE in str(one.__dict__) for one in AuditEntry.objects.all())


def test_the_phone_stays_when_its_box_is_left_empty() -> None:
    case = Case()
    draft = case.open(case.oral())
    with on(DAY):
        url = reverse("desk:notice-edit", args=[draft.pk])
        said = typed(case, phone="", do="draft", version=str(draft.version), person_name="郑十一")
        assert signed_in(case.recorder).post(url, said).status_code == 302
    draft.refresh_from_db()
    assert (draft.person_name, draft.phone) == ("郑十一", PHONE)


def test_the_office_returns_and_the_unit_reports_again() -> None:
    case = Case()
    notice = case.report(case.oral())
    with on(DAY):
        back = signed_in(case.office).post(
            reverse("desk:notice-verdict", args=[notice.pk, "return"]),
            {"version": str(notice.version), "remark": "请写明职务"},
        )
        assert back.status_code == 302
        client = signed_in(case.recorder)
        page = client.get(reverse("desk:notice", args=[notice.pk])).content.decode()
        assert "请写明职务" in page
        version = str(Notice.objects.get().version)
        said = typed(case, version=version)
        again = client.post(reverse("desk:notice-edit", args=[notice.pk]), said)
    assert again.status_code == 302
    assert Notice.objects.get().state == NoticeState.REPORTED


def test_a_stale_page_is_a_conflict_and_leaves_a_row() -> None:
    case = Case()
    notice = case.report(case.oral())
    with on(DAY):
        late = signed_in(case.office).post(
            reverse("desk:notice-verdict", args=[notice.pk, "keep"]), {"version": "1"}
        )
    assert late.status_code == 409
    assert AuditEntry.objects.filter(action="notice.refused").exists()


def test_why_nobody_could_be_told_stands_beside_the_task() -> None:
    case = Case()
    url = f"{reverse('desk:notice-attempt')}?decision={case.decision.pk}"
    client = signed_in(case.recorder)
    said = {"on": str(DAY), "hindrance": "absent", "remark": "电话无人接听"}
    with on(DAY):
        assert client.post(url, {**said, "remark": ""}).status_code == 400
        assert client.post(url, said).status_code == 302
    with on(SERVED + timedelta(days=10)):
        due = signed_in(case.office).get(reverse("desk:notices-due") + "?only=late")
    assert NoticeAttempt.objects.get().hindrance == "absent"
    assert "无法联系（2026-11-04）" in due.content.decode()


def test_what_was_taken_over_stands_on_the_office_s_list_alone() -> None:
    case = Case(taken_over=True)
    with on(DAY):
        listed = signed_in(case.office).get(reverse("desk:notices-taken-over")).content.decode()
        due = signed_in(case.recorder).get(reverse("desk:notices-due")).content.decode()
    assert case.decision.number in listed
    assert case.decision.number not in due


def test_the_file_tells_of_earlier_ones_and_links_only_for_who_may_open_them() -> None:
    case = Case()
    notice = case.report(case.oral())
    url, link = reverse("desk:subject", args=[case.subject.pk]), f"/notices/{notice.pk}/"
    stranger = factories.officer(Role.RECORDER, unit=factories.unit())
    with on(DAY):
        own = signed_in(case.recorder).get(url).content.decode()
        other = signed_in(stranger).get(url).content.decode()
        history = signed_in(stranger).get(
            reverse("desk:subject-history", args=[case.subject.pk]) + "?only=notice"
        )
    assert link in own
    assert "口头信用提醒" in other
    assert link not in other
    assert "口头信用提醒：已报局办公室" in history.content.decode()
    assert "吴十" not in history.content.decode()


def test_filters_stand_in_the_address() -> None:
    case = Case()
    case.report(case.oral())
    client = signed_in(case.recorder)
    with on(DAY):
        for query, found in (
            ("way=oral", True),
            ("way=written", False),
            ("state=reported", True),
            ("state=kept", False),
            (f"q={case.subject.credit_code}", True),
            ("from=2026-11-05", False),
            ("to=2026-11-05", True),
            ("from=nonsense", True),
        ):
            page = client.get(f"{reverse('desk:notices')}?{query}").content.decode()
            assert (case.subject.name in page) is found, query


@pytest.mark.parametrize("name", ["desk:notices", "desk:notices-due", "desk:notices-taken-over"])
def test_lists_ask_as_much_for_many_as_for_one(name: str) -> None:
    case = Case(taken_over=name.endswith("over"))
    client = signed_in(case.office)
    asked = []
    for more in (0, 6):
        with on(DAY):
            for _ in range(more):
                subject = factories.subject()
                factories.decision(
                    subject,
                    factories.unit(),
                    SERVED,
                    served_on=SERVED,
                    taken_over=name.endswith("over"),
                )
                if name == "desk:notices":
                    other = Case()
                    other.report(other.oral())
            client.get(reverse(name))
            with CaptureQueriesContext(
                connection,
            ) as queries:
                assert client.get(reverse(name)).status_code == 200
        asked.append(len(queries))
    assert asked[0] == asked[1]
    assert asked[0] < 25
