"""One queue: by deadline, what waits apart, filters in the address, and nothing without a hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Officer
from accounts.roles import Role
from core.models import AuditEntry
from core.open_tasks import MOST, OpenTask
from core.workdays import deadline_after
from desk.queue import gathering, handover
from desk.queue.choice import ALL, UNIT, Choice, choose
from desk.queue.gathering import Line, gather
from tests import factories
from violations.enums import DecisionState
from violations.errors import InvalidDecision, NotAllowed
from violations.models import DecisionEditor, EntryDraft

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
DAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def seen(officer: Officer, choice: Choice) -> list[Line]:
    shown = choose(gather(officer, DAY).lines, choice, officer, DAY)
    return shown.to_do + shown.on_hold


def only(monkeypatch: pytest.MonkeyPatch, *tasks: OpenTask) -> None:
    monkeypatch.setattr(gathering, "SOURCES", [lambda officer, day: iter(tasks)])


def task(title: str, **fields: object) -> OpenTask:
    given = {"kind": "test.one", "label": "事项", "url": "/", "since": DAY} | fields
    return OpenTask(title=title, **given)  # type: ignore[arg-type]


def titles(lines: list[Line]) -> list[str]:
    return [line.task.title for line in lines]


def test_the_earliest_deadline_comes_first_and_none_comes_last(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    only(
        monkeypatch,
        task("无期限"),
        task("晚", deadline=deadline_after(DAY, 5)),
        task("早", deadline=deadline_after(date(2026, 11, 2), 3)),
    )
    officer = factories.officer(Role.OFFICE)
    assert titles(gather(officer, DAY).lines) == ["早", "晚", "无期限"]
    assert titles(seen(officer, Choice(overdue=True))) == ["早"]


def test_what_waits_for_somebody_is_a_group_of_its_own_and_never_overdue(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = deadline_after(date(2026, 11, 2), 3)
    only(
        monkeypatch,
        task("等人", deadline=late, waits_for="单位说明", waiting_since=date(2026, 11, 20)),
        task("能办"),
    )
    client.force_login(factories.officer(Role.OFFICE))
    page = client.get("/queue/").content.decode()
    before, _, after = page.partition("等待中")
    assert "能办" in before
    assert "等人" not in before
    assert "单位说明" in after
    assert "件逾期" not in page
    assert "等人" not in client.get("/queue/?overdue=1").content.decode()


def test_mine_the_unit_s_and_all_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    officer = factories.officer(Role.RECORDER)
    colleague = factories.officer(Role.RECORDER)
    elsewhere = factories.unit()
    only(
        monkeypatch,
        task("给我", officer_id=officer.pk, unit_id=elsewhere.pk),
        task("给单位", unit_id=officer.unit_id),
        task("给同事", unit_id=officer.unit_id, officer_id=colleague.pk),
        task("别的单位", unit_id=elsewhere.pk),
    )
    assert set(titles(seen(officer, Choice()))) == {"给我", "给单位"}
    assert set(titles(seen(officer, Choice(whose=UNIT)))) == {"给单位", "给同事"}
    assert len(seen(officer, Choice(whose=ALL))) == 4
    assert titles(seen(officer, Choice(whose=ALL, unit=elsewhere.name))) == ["给我", "别的单位"]


def test_a_task_of_a_disabled_officer_falls_to_the_unit_and_says_so(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    officer = factories.officer(Role.RECORDER)
    gone = factories.officer(Role.RECORDER, name="张三", is_active=False)
    only(monkeypatch, task("留下的", unit_id=officer.unit_id, officer_id=gone.pk))
    client.force_login(officer)
    page = client.get("/queue/").content.decode()
    assert "留下的" in page
    assert "原经办人张三已停用，转由治安管理大队办理" in page


def test_a_draft_whose_recorder_left_is_everybody_s_in_the_unit_until_one_takes_it() -> None:
    gone = factories.officer(Role.RECORDER, is_active=False)
    left = factories.decision(state=DecisionState.DRAFT, recorded_by=gone)
    one, other = factories.officer(Role.RECORDER), factories.officer(Role.RECORDER)
    foreign = factories.officer(Role.RECORDER, unit=factories.unit())
    assert [line.task.subject_id for line in seen(one, Choice())] == [left.subject_id]
    assert seen(foreign, Choice(whose=ALL)) == []
    DecisionEditor.objects.create(decision=left, officer=one)
    assert len(seen(one, Choice())) == 1
    assert seen(other, Choice(whose=ALL)) == []


def test_a_kind_in_the_address_shows_that_kind_alone(client: Client) -> None:
    recorder = factories.officer(Role.RECORDER)
    factories.decision(state=DecisionState.DRAFT, recorded_by=recorder, number="舞公草1号")
    EntryDraft.objects.create(officer=recorder, kind="penalty", label="我的草稿")
    client.force_login(recorder)
    page = client.get("/queue/?kind=entry.draft").content.decode()
    assert "我的草稿" in page
    assert "舞公草1号" not in page
    unknown = client.get("/queue/?kind=nonsense&whose=nobody&from=99999999")
    assert unknown.status_code == 200


def test_a_line_without_end_is_cut_and_says_so(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    only(monkeypatch, *(task(f"第{n}件", url=f"/{n:04d}") for n in range(MOST + 5)))
    officer = factories.officer(Role.OFFICE)
    gathered = gather(officer, DAY)
    assert gathered.capped
    assert len(gathered.lines) == MOST
    client.force_login(officer)
    page = client.get("/queue/?from=100").content.decode()
    assert page.count('class="num act"') == 100
    assert "只列出最先到期的 1000 件" in page


def test_all_that_a_leaver_has_in_hand_goes_to_a_colleague(client: Client) -> None:
    leaver, to = factories.officer(Role.RECORDER), factories.officer(Role.RECORDER)
    reviewer = factories.officer(Role.UNIT_REVIEWER)
    draft = factories.decision(state=DecisionState.DRAFT, recorded_by=leaver)
    EntryDraft.objects.create(officer=leaver, kind="penalty", label="做到一半")
    client.force_login(reviewer)
    url = f"/queue/hand-over/{leaver.pk}/"
    page = client.get(url).content.decode()
    assert "录入草稿" in page
    assert f'value="{to.pk}"' in page
    assert f'value="{reviewer.pk}"' not in page  # who may take nothing of it is not offered
    assert leaver.name in client.get("/queue/hand-over/").content.decode()
    refused = client.post(url, {"to": to.pk, "reason": ""})
    assert refused.status_code == 400
    assert "移交理由至少 5 个字" in refused.content.decode()
    client.post(url, {"to": to.pk, "reason": "调离本单位"})
    assert {line.task.kind for line in seen(to, Choice())} == {"decision.unsent", "entry.draft"}
    assert draft.recorded_by == leaver  # who recorded it stays on record
    row = AuditEntry.objects.get(action="queue.hand_over")
    assert row.details["moved"] == ["退回或未提交的处理决定 1", "录入草稿 1"]
    assert handover.held_by(leaver) == []


def test_what_a_disabled_officer_left_is_a_task_until_it_is_handed_over() -> None:
    gone = factories.officer(Role.RECORDER, is_active=False)
    EntryDraft.objects.create(officer=gone, kind="penalty")
    reviewer = factories.officer(Role.UNIT_REVIEWER)
    assert [line.task.kind for line in seen(reviewer, Choice())] == ["queue.orphan"]
    assert seen(factories.officer(Role.RECORDER), Choice(whose=ALL)) == []
    handover.hand_over(
        officer=reviewer,
        leaver_id=gone.pk,
        to_id=factories.officer(Role.RECORDER).pk,
        reason="调到别的单位",
    )
    assert seen(reviewer, Choice()) == []


def test_nobody_hands_over_to_another_unit_nor_to_who_may_not_do_it() -> None:
    leaver, reviewer = factories.officer(Role.RECORDER), factories.officer(Role.UNIT_REVIEWER)
    EntryDraft.objects.create(officer=leaver, kind="penalty")
    foreign = factories.officer(Role.RECORDER, unit=factories.unit())
    for to in (foreign, factories.officer(Role.AUDITOR), leaver):
        with pytest.raises(InvalidDecision):
            handover.hand_over(
                officer=reviewer, leaver_id=leaver.pk, to_id=to.pk, reason="调离本单位"
            )
    with pytest.raises(NotAllowed):
        handover.hand_over(
            officer=leaver, leaver_id=leaver.pk, to_id=leaver.pk, reason="调离本单位"
        )


def test_another_unit_s_officers_do_not_exist_for_a_reviewer(client: Client) -> None:
    foreign = factories.officer(Role.RECORDER, unit=factories.unit())
    client.force_login(factories.officer(Role.UNIT_REVIEWER))
    assert client.get(f"/queue/hand-over/{foreign.pk}/").status_code == 404
    client.force_login(factories.officer(Role.OFFICE))
    assert client.get(f"/queue/hand-over/{foreign.pk}/").status_code == 200


def test_the_number_of_queries_does_not_grow_with_the_tasks(client: Client) -> None:
    office = factories.officer(
        Role.OFFICE,
        Role.RECORDER,
        Role.UNIT_REVIEWER,
        Role.ADMINISTRATOR,
        unit=factories.unit(is_office=True),
    )
    client.force_login(office)
    counts = []
    for rows in (2, 6):
        for n in range(rows):
            recorder = factories.officer(Role.RECORDER, unit=factories.unit())
            factories.decision(recorded_by=recorder, served_on=None)
            factories.decision(
                recorded_by=recorder,
                state=DecisionState.SUBMITTED,
                submitted_at=NOW - timedelta(days=n),
            )
            gone = factories.officer(Role.RECORDER, is_active=False)
            EntryDraft.objects.create(officer=gone, kind="penalty")
        with CaptureQueriesContext(connection) as asked:
            client.get("/queue/?whose=all")
        counts.append(len(asked))
    assert counts[0] >= counts[1]
