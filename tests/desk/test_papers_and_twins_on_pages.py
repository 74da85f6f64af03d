"""What is missing or doubled is said where an officer looks: form, pages, workbench."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts.models import Officer
from accounts.roles import Role
from tests import factories
from tests.desk.entry_posts import penalty
from violations.enums import DecisionState
from violations.models import Decision
from violations.numbers import number_key

pytestmark = pytest.mark.django_db
NUMBER = "舞公（垭）行罚决字〔2026〕0007号"
TWICE = "可能是同一个违法行为"


@pytest.fixture(autouse=True)
def _day() -> Any:
    with time_machine.travel("2026-11-23 10:00+08:00", tick=False):
        yield


@pytest.fixture
def recorder() -> Officer:
    return factories.officer(Role.RECORDER)


@pytest.fixture
def elsewhere() -> Decision:
    """Another unit's decision for the first act of ``entry_posts``, in force."""
    unit = factories.unit("WG-YH", "垭口派出所")
    made = factories.decision(
        factories.subject(credit_code=factories.credit_code(7)),
        recorded_by=factories.officer(Role.RECORDER, unit=unit),
        decided_on=date(2026, 11, 18),
        acts=[],
        number=NUMBER,
        number_key=number_key(NUMBER),
    )
    factories.act(
        made,
        [("fine", 500)],
        law="治安管理处罚法",
        article="第五十六条第一款",
        committed_on=date(2026, 11, 1),
        facts="只给本单位看的事实",
    )
    return made


def _entered(client: Client, recorder: Officer) -> Decision:
    client.force_login(recorder)
    client.post("/violations/penalties/new/", penalty())
    return Decision.objects.get(unit=recorder.unit)


def test_form_and_check_page_warn_and_show_no_more_than_one_may_see(
    client: Client, recorder: Officer, elsewhere: Decision
) -> None:
    client.force_login(recorder)
    preview = client.post("/violations/penalties/preview/", penalty()).content.decode()
    made = _entered(client, recorder)
    check = client.get(f"/violations/{made.pk}/check/").content.decode()

    for page in (preview, check):
        assert TWICE in page
        assert "垭口派出所" in page
        assert elsewhere.number in page
        assert "行政处罚法第二十九条" in page
        assert "只给本单位看的事实" not in page
        assert f'href="/violations/{elsewhere.pk}/"' not in page


def test_confirm_page_and_both_decision_pages_warn(
    client: Client, recorder: Officer, elsewhere: Decision
) -> None:
    made = _entered(client, recorder)
    check = f"/violations/{made.pk}/check/"
    client.post(check, {"seen": client.get(check).context["seen"]})

    client.force_login(factories.officer(Role.UNIT_REVIEWER))
    assert TWICE in client.get(f"/violations/{made.pk}/confirm/").content.decode()
    assert TWICE in client.get(f"/violations/{made.pk}/").content.decode()
    client.force_login(elsewhere.recorded_by)
    page = client.get(f"/violations/{elsewhere.pk}/").content.decode()
    assert TWICE in page
    assert made.number in page


def test_the_office_sees_pairs_on_its_workbench_and_a_unit_does_not(
    client: Client, recorder: Officer, elsewhere: Decision
) -> None:
    made = _entered(client, recorder)
    check = f"/violations/{made.pk}/check/"
    client.post(check, {"seen": client.get(check).context["seen"]})

    assert TWICE not in client.get("/").content.decode()
    client.force_login(factories.officer(Role.OFFICE, unit=factories.unit(is_office=True)))
    page = client.get("/").content.decode()
    assert TWICE in page
    assert f'href="/violations/{made.pk}/"' in page
    assert f'href="/violations/{elsewhere.pk}/"' in page


def test_the_first_record_of_a_number_is_linked_and_one_of_another_unit_named(
    client: Client, recorder: Officer, elsewhere: Decision
) -> None:
    made = _entered(client, recorder)

    again = client.post("/violations/penalties/new/", penalty()).content.decode()
    assert f'<a href="/violations/{made.pk}/">打开原记录</a>' in again

    client.post("/violations/penalties/new/", penalty(number=elsewhere.number))
    same = Decision.objects.get(number_key=elsewhere.number_key, unit=made.unit)
    page = client.get(f"/violations/{same.pk}/check/").content.decode()
    assert "垭口派出所另有一份文号相同的决定" in page


def test_late_entry_is_said_on_the_page(client: Client, recorder: Officer) -> None:
    late = factories.decision(recorded_by=recorder, decided_on=date(2026, 11, 2))
    timely = factories.decision(recorded_by=recorder, decided_on=date(2026, 11, 20))
    client.force_login(recorder)

    page = client.get(f"/violations/{late.pk}/").content.decode()
    assert "迟录" in page
    assert '决定后第 <span class="num">15</span> 个工作日录入' in page
    assert '应于 <span class="num">2026-11-11</span> 前录入' in page
    assert "迟录" not in client.get(f"/violations/{timely.pk}/").content.decode()


def test_missing_papers_stand_on_the_unit_s_workbench_with_their_days(
    client: Client, recorder: Officer
) -> None:
    factories.decision(
        recorded_by=recorder, decided_on=date(2026, 11, 4), served_on=None, number="舞公未送1号"
    )
    factories.decision(recorded_by=recorder, state=DecisionState.SUBMITTED, number="舞公待审2号")

    client.force_login(recorder)
    card = client.get("/").content.decode().partition("我的待办")[2].partition("</section>")[0]
    assert card.count("舞公未送1号，") == 2  # its service, and its paper
    assert "未送达" in card
    assert "缺决定书" in card
    assert "2026-11-13" in card
    assert "逾期" in card
    for role, home in ((Role.RECORDER, factories.unit()), (Role.AUDITOR, None)):
        client.force_login(factories.officer(role, unit=home))
        assert "舞公未送1号" not in client.get("/queue/?whose=all").content.decode()
    client.force_login(factories.officer(Role.OFFICE, unit=factories.unit(is_office=True)))
    assert "舞公未送1号" not in client.get("/").content.decode()  # the unit's to do
    assert "舞公未送1号" in client.get("/queue/?whose=all").content.decode()
