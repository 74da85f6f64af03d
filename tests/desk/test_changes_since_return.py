"""The reviewer sees what was changed since they returned it, and their remark is not lost."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client

from accounts.models import Officer
from accounts.roles import Role
from core.models import AuditEntry
from desk.decision_changes import changes_since_return
from tests import factories
from tests.desk.entry_posts import penalty
from tests.violations import papers
from violations.attachment_services import attach_file, withdraw_attachment
from violations.entry_data import RawEntry
from violations.forms import EntryForm
from violations.models import Decision, RemarkDraft
from violations.services import edit_decision, return_decision, submit_decision

pytestmark = pytest.mark.django_db
REMARK = "金额与决定书不符，请核对。"


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel("2026-11-23 10:00+08:00", tick=False) as coordinates:
        yield coordinates


@pytest.fixture
def recorder() -> Officer:
    return factories.officer(Role.RECORDER)


@pytest.fixture
def reviewer() -> Officer:
    return factories.officer(Role.UNIT_REVIEWER)


@pytest.fixture
def returned(
    client: Client, clock: time_machine.Traveller, recorder: Officer, reviewer: Officer
) -> Decision:
    """Entered with two acts and one file, submitted, returned; an hour later it is 12 o'clock."""
    client.force_login(recorder)
    client.post(
        "/violations/penalties/new/",
        {**penalty(), "file_kind": "paper", "files": papers.upload(papers.pdf(), "旧.pdf")},
    )
    made = Decision.objects.get()
    clock.shift(1)
    made = submit_decision(officer=recorder, decision_id=made.pk, version=made.version)
    clock.shift(3600)
    made = return_decision(
        officer=reviewer, decision_id=made.pk, version=made.version, remark=REMARK
    )
    clock.shift(3600)
    return made


def _again(recorder: Officer, decision: Decision, **changes: str) -> Decision:
    """The decision entered again with some boxes changed, and submitted."""
    raw = RawEntry.from_post(penalty(**changes))
    data = EntryForm("penalty", raw, check=True).to_input(unit_code="WG-ZA")
    edited = edit_decision(
        officer=recorder, decision_id=decision.pk, version=decision.version, data=data
    )
    return submit_decision(officer=recorder, decision_id=edited.pk, version=edited.version)


def _rows(decision: Decision) -> list[tuple[str, str, str]]:
    changes = changes_since_return(decision)
    assert changes is not None
    return [(row.label, row.mine, row.theirs) for row in changes.rows]


def test_each_changed_item_stands_with_both_values(recorder: Officer, returned: Decision) -> None:
    again = _again(recorder, returned, handler="赵六", **{"v-0-d-0-amount": "2,000"})

    assert _rows(again) == [
        ("承办民警", "王五", "赵六"),
        ("违法行为 1 · 处理", "罚款 1,000、警告", "罚款 2,000、警告"),
    ]


def test_an_act_that_came_or_went_is_one_row(
    recorder: Officer, returned: Decision, clock: time_machine.Traveller, reviewer: Officer
) -> None:
    one_act = {name: value for name, value in penalty().items() if not name.startswith("v-1")}
    data = EntryForm("penalty", RawEntry.from_post(one_act), check=True).to_input(unit_code="WG-ZA")
    edited = edit_decision(
        officer=recorder, decision_id=returned.pk, version=returned.version, data=data
    )
    (removed,) = _rows(edited)
    assert removed[0] == "违法行为 2"
    assert removed[1].startswith("未落实网络安全等级保护制度；")
    assert removed[2] == ""

    submitted = submit_decision(
        officer=recorder, decision_id=edited.pk, version=edited.version, truth_stated=True
    )
    clock.shift(60)
    again = return_decision(
        officer=reviewer, decision_id=edited.pk, version=submitted.version, remark=REMARK
    )
    clock.shift(60)
    (added,) = _rows(_again(recorder, again))
    assert (added[0], added[1]) == ("违法行为 2", "")
    assert added[2].startswith("未落实网络安全等级保护制度；")


def test_files_that_came_and_went_are_named(recorder: Officer, returned: Decision) -> None:
    old = returned.attachments.get()
    withdraw_attachment(officer=recorder, attachment_id=old.pk, reason="扫描不清楚")
    attach_file(
        officer=recorder,
        decision_id=returned.pk,
        kind="paper",
        upload=papers.upload(papers.pdf(), "新.pdf"),
    )

    changes = changes_since_return(Decision.objects.get())

    assert changes is not None
    assert [file.name for file in changes.added] == ["新.pdf"]
    assert [file.name for file in changes.withdrawn] == ["旧.pdf"]
    assert changes.rows == []


def test_the_confirm_page_shows_it_and_says_where_nothing_was_changed(
    client: Client, recorder: Officer, reviewer: Officer, returned: Decision
) -> None:
    same = submit_decision(
        officer=recorder, decision_id=returned.pk, version=returned.version, truth_stated=True
    )
    client.force_login(reviewer)
    page = client.get(f"/violations/{same.pk}/confirm/").content.decode()
    assert REMARK in page
    assert "未作修改" in page

    _again(recorder, same, handler="赵六")
    page = client.get(f"/violations/{same.pk}/confirm/").content.decode()
    assert "<del>王五</del>" in page
    assert "<ins>赵六</ins>" in page


def test_what_was_never_returned_has_no_changes(
    client: Client, recorder: Officer, clock: time_machine.Traveller
) -> None:
    client.force_login(recorder)
    client.post("/violations/penalties/new/", penalty())

    assert changes_since_return(Decision.objects.get()) is None


# --- the remark saves itself ------------------------------------------------------------------


def _submitted(recorder: Officer, returned: Decision) -> Decision:
    return submit_decision(
        officer=recorder, decision_id=returned.pk, version=returned.version, truth_stated=True
    )


def test_a_remark_that_was_typed_stands_again_on_the_page(
    client: Client, recorder: Officer, reviewer: Officer, returned: Decision
) -> None:
    decision = _submitted(recorder, returned)
    client.force_login(reviewer)
    url = f"/violations/{decision.pk}/remark/"

    for text in ("罚款金", "罚款金额与决定书不符。"):
        said = client.post(url, {"remark": text, "typed_by": reviewer.number}).json()

    assert said["said"].endswith("意见已自动保存")
    page = client.get(said["page"])
    assert page.context["remark"] == "罚款金额与决定书不符。"
    assert page.context["verdict"] == "return"
    assert AuditEntry.objects.filter(action="remark.draft.save").count() == 1


def test_a_remark_is_its_writer_s_alone_and_goes_with_the_decision(
    client: Client, recorder: Officer, reviewer: Officer, returned: Decision
) -> None:
    decision = _submitted(recorder, returned)
    client.force_login(reviewer)
    client.post(f"/violations/{decision.pk}/remark/", {"remark": "身份证41048119900101001X有误"})
    kept = RemarkDraft.objects.get()
    assert "41048119900101001X" not in kept.remark

    other = factories.officer(Role.UNIT_REVIEWER)
    client.force_login(other)
    assert client.get(f"/violations/{decision.pk}/confirm/").context["remark"] == ""
    wrong = client.post(
        f"/violations/{decision.pk}/remark/", {"remark": "x", "typed_by": reviewer.number}
    )
    assert wrong.status_code == 409

    return_decision(officer=other, decision_id=decision.pk, version=decision.version, remark=REMARK)
    assert not RemarkDraft.objects.exists()


def test_an_emptied_remark_is_not_kept(
    client: Client, recorder: Officer, reviewer: Officer, returned: Decision
) -> None:
    decision = _submitted(recorder, returned)
    client.force_login(reviewer)
    url = f"/violations/{decision.pk}/remark/"
    client.post(url, {"remark": "罚款金额"})
    client.post(url, {"remark": "  "})

    assert not RemarkDraft.objects.exists()
    assert "token" in client.get(url).json()
