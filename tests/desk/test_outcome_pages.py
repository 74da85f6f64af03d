"""Contest, its end, revocation and recording anew, on screen: preview first, then exactly that."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Officer
from accounts.roles import Role
from core.models import AuditEntry
from grading.models import RegradeRequest
from grading.selectors import view
from tests import factories
from violations.models import Contest, Decision

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine("2026-11-20 09:00+08:00")]
REASON = "经复核，原决定认定事实不清，予以撤销。"


@pytest.fixture
def office(client: Client) -> Officer:
    officer = factories.officer(Role.OFFICE, unit=factories.unit("WG-OFFICE", "局办公室"))
    client.force_login(officer)
    return officer


@pytest.fixture
def decision() -> Decision:
    return factories.decision(decided_on=date(2026, 3, 1), acts=[[("fine", 600_000)], ["warning"]])


def seen_on(html: str) -> str:
    found = re.search(r'name="seen" value="(\w+)"', html)
    assert found
    return found[1]


def post(client: Client, url: str, **data: Any) -> Any:
    """As an officer does: preview what is typed, then write it down; or with what was ``seen``."""
    if "seen" not in data:
        if "revoke" in url:
            data.setdefault("organ", "court")
        html = client.post(url, data | {"do": "preview"}).content.decode()
        data["seen"] = seen_on(html)
    return client.post(url, data | {"do": "write"})


def flat(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


@pytest.mark.usefixtures("office")
def test_a_contest_begins_and_ends(client: Client, decision: Decision) -> None:
    url = reverse("desk:outcome-contest", args=[decision.pk])
    data = {"contested_from": "2026-10-01", "contested_until": "", "document": "舞政复〔2026〕1号"}
    assert post(client, url, **data).status_code == 302
    assert view(decision.subject_id).now.decided.grade == ""
    row = Contest.objects.get()
    end = reverse("desk:outcome-contest-end", args=[row.pk])
    assert post(client, end, until="2026-11-01", outcome="维持原决定。").status_code == 302
    assert view(decision.subject_id).now.decided.grade == "B"


@pytest.mark.usefixtures("office")
def test_a_judgment_is_registered_once_and_what_it_sets_aside_falls(
    client: Client, decision: Decision
) -> None:
    row = factories.contest(decision, date(2026, 10, 1))
    one, two = decision.violations.all()
    end = reverse("desk:outcome-contest-end", args=[row.pk])
    said = {"until": "2026-11-01", "outcome": "撤销原处罚决定第一项，维持第二项。"}
    shown = client.post(end, said | {"revoked": [one.pk], "organ": "court", "do": "preview"})
    assert "行政处罚（件）" not in flat(shown)  # contested, it does not count today either
    assert post(client, end, revoked=[one.pk], organ="court", **said).status_code == 302
    one.refresh_from_db()
    two.refresh_from_db()
    assert (one.revoked_basis, one.revoked_document) == ("court", row.document)
    assert two.revoked_on is None
    assert post(client, end, revoked=[two.pk], organ="court", **said).status_code == 400


@pytest.mark.usefixtures("office")
def test_both_grades_are_shown_before_and_after(client: Client, decision: Decision) -> None:
    first = decision.violations.first()
    assert first is not None
    shown = flat(client.get(reverse("desk:outcome-revoke", args=[first.pk])))
    assert "内部等级" in shown
    assert "可公开等级" in shown
    assert "解除：达到上限，待复核" in shown
    assert "行政处罚（件） 1 → 0" in shown
    assert "罚没款（元） 600,000 → 0" in shown
    assert "警告、责令改正（次）" not in shown  # the other act stands


@pytest.mark.usefixtures("office")
def test_a_look_writes_nothing(client: Client, decision: Decision) -> None:
    act = decision.violations.first()
    assert act is not None
    url = reverse("desk:outcome-revoke", args=[act.pk])
    client.get(url)
    client.post(url, {"on": "2026-10-01", "reason": REASON, "document": "号", "do": "preview"})
    act.refresh_from_db()
    assert act.revoked_on is None
    assert act.history.count() == 1
    assert not AuditEntry.objects.filter(action="violation.revoke").exists()
    assert RegradeRequest.objects.filter(cause="revocation").count() == 0


@pytest.mark.usefixtures("office")
def test_what_was_not_shown_is_not_written(client: Client, decision: Decision) -> None:
    act = decision.violations.first()
    assert act is not None
    url = reverse("desk:outcome-revoke", args=[act.pk])
    seen = seen_on(client.get(url).content.decode())
    factories.decision(decision.subject, decided_on=date(2026, 5, 1), acts=[["warning"]])
    data = {"on": "2026-10-01", "reason": REASON, "document": "号", "organ": "court"}
    answer = post(client, url, seen=seen, **data)
    assert answer.status_code == 409
    assert "与您看到的不同" in flat(answer)
    assert REASON in flat(answer)
    act.refresh_from_db()
    assert act.revoked_on is None
    assert post(client, url, **data).status_code == 302


@pytest.mark.usefixtures("office")
@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"on": "", "reason": REASON, "document": "号"}, "没有填写撤销日期"),
        ({"on": "2026-13-01", "reason": REASON, "document": "号"}, "不是有效日期"),
        ({"on": "2026-11-21", "reason": REASON, "document": "号"}, "不能晚于今天"),
        ({"on": "2026-10-01", "reason": "太短", "document": "号"}, "至少 10 字"),
        ({"on": "2026-10-01", "reason": REASON, "document": ""}, "没有填写文书"),
        (
            {"on": "2026-10-01", "reason": REASON, "document": "号", "organ": ""},
            "没有可以撤销的依据",
        ),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    data: dict[str, str], said: str, client: Client, decision: Decision
) -> None:
    act = decision.violations.first()
    assert act is not None
    answer = post(client, reverse("desk:outcome-revoke", args=[act.pk]), **data)
    assert answer.status_code == 400
    assert said in flat(answer)
    assert all(value in answer.content.decode() for value in data.values())
    act.refresh_from_db()
    assert act.revoked_on is None


@pytest.mark.parametrize("hand", ["recorded_by", "confirmed_by"])
def test_whoever_had_a_hand_in_it_is_refused_and_stands_in_the_trail(
    hand: str, client: Client
) -> None:
    held = factories.officer(Role.RECORDER, Role.UNIT_REVIEWER, Role.OFFICE)
    decision = factories.decision(**{hand: held})  # type: ignore[arg-type]
    act, row = decision.violations.get(), factories.contest(decision, decision.decided_on)
    client.force_login(held)
    for name, pk in (
        ("outcome-contest", decision.pk),
        ("outcome-contest-end", row.pk),
        ("outcome-revoke", act.pk),
        ("outcome-withdraw", decision.pk),
    ):
        for answer in (
            client.get(reverse(f"desk:{name}", args=[pk])),
            client.post(reverse(f"desk:{name}", args=[pk])),
        ):
            assert answer.status_code == 403
    refused = AuditEntry.objects.filter(action="access.refused", actor=held.number)
    assert refused.count() == 8


@pytest.mark.usefixtures("office")
def test_a_draft_of_a_unit_has_no_outcome(client: Client) -> None:
    draft = factories.decision(state="draft")
    assert client.get(reverse("desk:outcome-contest", args=[draft.pk])).status_code == 404
    submitted = factories.decision(state="submitted")
    answer = client.get(reverse("desk:outcome-contest", args=[submitted.pk]), follow=True)
    assert "只有生效的决定" in flat(answer)


def test_a_decision_falls_and_its_unit_records_it_anew(client: Client, office: Officer) -> None:
    recorder = factories.officer(Role.RECORDER)
    wrong = factories.decision(
        recorded_by=recorder, decided_on=date(2026, 3, 1), confirmed_at="2026-03-02T09:00+08:00"
    )
    url = reverse("desk:outcome-withdraw", args=[wrong.pk])
    data = {"on": "2026-11-01", "reason": REASON, "document": "舞公撤〔2026〕1号", "version": "1"}
    assert post(client, url, **data).status_code == 302
    assert view(wrong.subject_id).now.decided.grade == ""
    client.force_login(recorder)
    shown = client.get(reverse("desk:decision", args=[wrong.pk]))
    assert "重新录入（替代本决定）" in flat(shown)
    form = client.get(reverse("desk:entry", args=["penalties"]), {"replaces": wrong.pk})
    html = form.content.decode()
    assert wrong.number in html
    assert f'name="replaces" value="{wrong.pk}"' in html
    work = form.context["work"].raw.flat()
    work["number"], work["truth_stated"], work["do"] = (
        "舞公（治）行罚决字〔2026〕0001号",
        "on",
        "check",
    )
    answer = client.post(reverse("desk:entry", args=["penalties"]), work)
    assert answer.status_code == 302, flat(answer)
    anew = Decision.objects.get(replaces=wrong)
    assert (anew.decided_on, anew.state) == (date(2026, 3, 1), "draft")
    assert "已由" in flat(client.get(reverse("desk:decision", args=[wrong.pk])))


def test_a_stale_page_withdraws_nothing(
    client: Client, office: Officer, decision: Decision
) -> None:
    url = reverse("desk:outcome-withdraw", args=[decision.pk])
    data = {"on": "2026-11-01", "reason": REASON, "document": "号", "version": "7", "seen": "x"}
    answer = client.post(url, data | {"do": "write"}, follow=True)
    assert "已修改此记录" in flat(answer)
    decision.refresh_from_db()
    assert decision.state == "in_force"


def test_nobody_records_anew_what_is_anothers(client: Client) -> None:
    wrong = factories.decision(unit=factories.unit("WG-YH"), state="withdrawn")
    client.force_login(factories.officer(Role.RECORDER))
    form = reverse("desk:entry", args=["penalties"])
    assert client.get(form, {"replaces": wrong.pk}).status_code == 404
    assert client.get(form, {"replaces": "x"}).status_code == 404


JUDGMENT = {
    "on": "2026-11-01",
    "reason": REASON,
    "document": "（2026）豫0481行初7号",
    "version": "1",
    "organ": "court",
    "organ_name": "舞钢市人民法院",
}


def quashed(client: Client, decision: Decision) -> Any:
    """A court's judgment against the whole decision, written down; the page that follows."""
    url = reverse("desk:outcome-withdraw", args=[decision.pk])
    assert post(client, url, **JUDGMENT).status_code == 302
    return client.get(reverse("desk:decision", args=[decision.pk]))


@pytest.mark.usefixtures("office")
def test_a_judgment_against_the_whole_decision_stands_on_its_page(
    client: Client, decision: Decision
) -> None:
    page = flat(quashed(client, decision))
    steps = page[page.index("办理过程") :]
    assert "撤销整份决定" in steps
    for said in ("舞钢市人民法院", "（2026）豫0481行初7号", "2026-11-01", REASON):
        assert said in steps
    assert "不计入，已撤销" in page
    assert "计入：行政处罚" not in page
    assert "已作废" not in page


@pytest.mark.usefixtures("office")
def test_a_judgment_against_one_act_stands_on_the_page_of_its_decision(
    client: Client, decision: Decision
) -> None:
    first = decision.violations.get(ordinal=1)
    data = {name: value for name, value in JUDGMENT.items() if name != "version"}
    assert post(client, reverse("desk:outcome-revoke", args=[first.pk]), **data).status_code == 302
    page = flat(client.get(reverse("desk:decision", args=[decision.pk])))
    assert "撤销违法行为 1" in page
    assert "撤销整份决定" not in page[page.index("办理过程") : page.index("后续处理")]
    assert "（2026）豫0481行初7号" in page
    assert page.count("不计入，已撤销") == 1
    assert "已生效" in page


@pytest.mark.usefixtures("office")
def test_a_judgment_against_the_whole_decision_stands_in_the_history(
    client: Client, decision: Decision
) -> None:
    quashed(client, decision)
    page = flat(client.get(reverse("desk:subject-history", args=[decision.subject_id])))
    row = page[page.index(f"撤销 {decision.number}") :]
    for said in ("舞钢市人民法院", "（2026）豫0481行初7号", REASON):
        assert said in row
    assert f"作废 {decision.number}" not in page
    client.force_login(factories.officer(Role.RECORDER, unit=factories.unit("WG-HB")))
    foreign = flat(client.get(reverse("desk:subject-history", args=[decision.subject_id])))
    assert "已撤销" in foreign
    assert REASON not in foreign
    assert "行初7号" not in foreign


@pytest.mark.usefixtures("office")
def test_after_a_judgment_nobody_is_told_that_the_entry_was_wrong(
    client: Client, decision: Decision
) -> None:
    page = flat(quashed(client, decision))
    assert f"已撤销 {decision.number}，任何一天都不再计入。" in page
    said = page[page.index(f"已撤销 {decision.number}") :][:200]
    assert "录入有误" not in said


@pytest.mark.usefixtures("office")
def test_a_quashed_decision_stays_greyed_in_the_file(client: Client, decision: Decision) -> None:
    other = factories.decision(decision.subject, state="withdrawn")  # given up as a draft
    other.confirmed_by = None
    other.save()
    quashed(client, decision)
    url = reverse("desk:subject", args=[decision.subject_id])
    page = flat(client.get(url))
    card = page[page.index("失信记录 共") :]
    assert "失信记录 共 2 条" in page
    assert other.number not in card
    for said in ("舞钢市人民法院", "（2026）豫0481行初7号", "不公开：已撤销", REASON):
        assert said in card
    assert client.get(url).content.decode().count('class="off"') >= 2
    client.force_login(factories.officer(Role.RECORDER, unit=factories.unit("WG-HB")))
    foreign = flat(client.get(url))
    assert decision.number in foreign
    assert "已撤销" in foreign
    assert REASON not in foreign
    assert "行初7号" not in foreign


@pytest.mark.usefixtures("office")
def test_what_was_withdrawn_with_its_whole_batch_is_no_record(
    client: Client, decision: Decision
) -> None:
    """It was in force and nothing of it was set aside: it never was."""
    decision.state = "withdrawn"
    decision.save()
    page = flat(client.get(reverse("desk:subject", args=[decision.subject_id])))
    assert "失信记录 共 0 条" in page


@pytest.mark.usefixtures("office")
@pytest.mark.parametrize("part", ["", "history/"])
def test_the_queries_do_not_grow_with_what_was_quashed(client: Client, part: str) -> None:
    subject = factories.subject()
    client.get(f"/subjects/{subject.pk}/{part}")  # settings are read once
    counts = []
    for many in (1, 6):
        for _ in range(many):
            fallen = factories.decision(subject, decided_on=date(2026, 3, 1))
            act = fallen.violations.get()
            act.revoked_on = date(2026, 11, 1)
            act.save()
            fallen.state = "withdrawn"
            fallen.save()
        with CaptureQueriesContext(connection) as seen:
            client.get(f"/subjects/{subject.pk}/{part}")
        counts.append(len(seen))
    assert counts[0] == counts[1]
