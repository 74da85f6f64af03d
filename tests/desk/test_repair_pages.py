"""The pages of credit repair: from application to verdict, refusals on the page, fixed queries."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Officer
from appeals.repair_answers import answer
from appeals.repair_deadlines import Periods, unit_by
from appeals.repair_models import Repair
from appeals.repair_unit import state_for_unit
from core.clock import today
from core.models import AuditEntry
from desk.repairs.acts import found
from desk.repairs.page import case_page
from tests import factories
from tests.appeals.repair_cases import REASON, Case, accepted, checked, decided, proposed, received
from violations.models import Violation

pytestmark = pytest.mark.django_db


def page(client: Client, officer: Officer, name: str, *args: object, **data: str) -> str:
    client.force_login(officer)
    answer = client.get(reverse(name, args=args), data)
    assert answer.status_code == 200
    return answer.content.decode()


def posted(
    client: Client, officer: Officer, repair: Repair, name: str, step: str, **data: object
) -> Any:
    client.force_login(officer)
    data |= {"step": step, "version": data.get("version", Repair.objects.get(pk=repair.pk).version)}
    return client.post(reverse(f"desk:repair-{name}", args=[repair.pk]), data)


def test_from_the_form_to_what_is_repaired(client: Client) -> None:
    case = Case()
    subject = case.decision.subject_id
    text = page(client, case.office, "desk:repair-new", subject)
    assert "已满最短期限" in text
    client.force_login(case.office)
    answer = client.post(
        reverse("desk:repair-new", args=[subject]),
        {
            "violation": case.act.pk,
            "channel": "desk",
            "received_on": str(today()),
            "materials": "申请表、缴款凭证",
            "commitment": "信用承诺书 1 份",
            "committed_on": str(today()),
            "commitment_public": "on",
            "contact_phone": "13800000000",
        },
    )
    repair = Repair.objects.get()
    assert answer["Location"] == reverse("desk:repair", args=[repair.pk])
    text = page(client, case.office, "desk:repair", repair.pk)
    assert "13800000000" not in text
    assert "4 项中已具备" in text
    item = repair.items.get()
    checks = {
        f"performance_{item.pk}": "met",
        f"performance_proof_{item.pk}": "缴款凭证 1 份",
        f"correction_{item.pk}": "met",
        f"correction_proof_{item.pk}": "整改报告 1 份",
        "commitment": "信用承诺书 1 份",
        "committed_on": str(today()),
        "commitment_public": "on",
    }
    assert posted(client, case.office, repair, "act", "check", **checks).status_code == 302
    assert (
        posted(client, case.office, repair, "act", "conclude", conclusion="accept").status_code
        == 302
    )
    said = {f"word_{item.pk}": "agrees", f"word_reason_{item.pk}": "现场核实，已整改。"}
    assert posted(client, case.reviewer, repair, "statement", "state", **said).status_code == 302
    wanted = {f"proposal_{item.pk}": "granted", f"proposal_reason_{item.pk}": REASON}
    assert posted(client, case.office, repair, "act", "propose", **wanted).status_code == 302
    text = page(client, case.decider, "desk:repair", repair.pk)
    assert "变为" in text
    verdict = {f"verdict_{item.pk}": "granted", f"verdict_reason_{item.pk}": REASON}
    assert posted(client, case.decider, repair, "verdict", "decide", **verdict).status_code == 302
    assert Violation.objects.get(pk=case.act.pk).repaired_on == today()
    assert "已于" in page(client, case.office, "desk:repair", repair.pk)


def test_who_may_not_decide_is_refused_by_address_and_it_is_written_down(client: Client) -> None:
    case = Case()
    repair = proposed(case)
    item = repair.items.get()
    verdict = {f"verdict_{item.pk}": "granted", f"verdict_reason_{item.pk}": REASON}
    answer = posted(client, case.office, repair, "verdict", "decide", **verdict)
    assert answer.status_code == 403
    assert "请由他人审批" in answer.content.decode()
    row = AuditEntry.objects.get(action="repair.refused")
    assert (row.actor, row.details) == (case.office.number, {"step": "decide"})
    assert Repair.objects.get(pk=repair.pk).state == "proposed"


@pytest.mark.parametrize("verdict", ["granted", "refused"])
def test_a_decided_record_shows_its_conditions_as_they_were_and_the_grade_as_it_is(
    client: Client, verdict: str
) -> None:
    case = Case()
    text = page(client, case.office, "desk:repair", decided(case, verdict=verdict).pk)
    assert "未具备" not in text
    assert "该记录不能申请信用修复" not in text
    assert text.count("已具备") == 4
    head = text[text.index("<h1>信用修复：") : text.index("办理过程")]
    assert ("未定级" in head) == (verdict == "granted")
    assert ("一般失信" in head) == (verdict == "refused")


def test_what_was_refused_too_early_stays_so_however_late_it_is_read(client: Client) -> None:
    case = Case()
    young = factories.decision(case.decision.subject, decided_on=today() - timedelta(days=5))
    repair = decided(case, case.act, young.violations.get())
    conditions = case_page(repair, case.office).lines[1].conditions
    assert (conditions[0].code, conditions[0].met) == ("period", False)
    assert "最早" in conditions[0].lacks
    young.decided_on = today() - timedelta(days=95)  # as if the months had gone by since
    young.save()
    repair.accepted_on = today() - timedelta(days=90)
    repair.save()
    conditions = case_page(found(case.office, repair.pk), case.office).lines[1].conditions
    assert (conditions[0].code, conditions[0].met) == ("period", False)


def test_an_answered_case_is_transferred_only_while_others_are_owed_something(
    client: Client,
) -> None:
    for verdict, offered in (("granted", True), ("refused", False)):
        case = Case()
        repair = decided(case, verdict=verdict)
        answer(officer=case.office, repair_id=repair.pk, version=repair.version)
        text = page(client, case.office, "desk:repair", repair.pk)
        assert ('id="transfer"' in text) == offered


def test_a_refused_step_keeps_what_was_typed(client: Client) -> None:
    case = Case(factories.decision())
    repair = received(case)
    answer = posted(client, case.office, repair, "act", "conclude", conclusion="accept")
    assert answer.status_code == 409
    assert "都未满最短公示期" in answer.content.decode()
    answer = posted(client, case.office, repair, "act", "conclude", conclusion="reject", words="早")
    assert answer.status_code == 400
    assert "至少 5 字" in answer.content.decode()
    assert posted(client, case.office, repair, "act", "conclude").status_code == 400
    assert posted(client, case.office, repair, "act", "decide").status_code == 400


def test_a_commitment_that_was_not_entered_is_not_called_missing(client: Client) -> None:
    case = Case()  # its materials name the commitment
    repair = received(case, commitment="", committed_on=None)
    text = page(client, case.office, "desk:repair", repair.pk)
    assert "未提交" not in text
    assert '未登记，收到的请在<a class="u" href="#check">核对条件</a>中登记' in text
    assert 'id="check"' in text
    text = page(client, case.decider, "desk:repair", repair.pk)
    assert "未登记" in text
    assert "#check" not in text


def conclusions(text: str) -> str:
    return text[text.index("受理意见</h2>") : text.index("提交受理意见")]


def test_nothing_is_chosen_beforehand_and_acceptance_says_what_is_still_open(
    client: Client,
) -> None:
    case = Case()
    repair = received(case)
    text = conclusions(page(client, case.office, "desk:repair", repair.pk))
    assert " checked" not in text
    assert "另有 2 项条件待核对或补充（履行、纠正）" in text
    assert "未满最短公示期" not in text
    checked(case, repair)
    assert "待核对" not in conclusions(page(client, case.office, "desk:repair", repair.pk))
    both = factories.decision(
        decided_on=today() - timedelta(days=150), acts=[[("fine", 600)], [("fine", 700)]]
    )
    young = factories.decision(both.subject, decided_on=today() - timedelta(days=5))
    many = Case(both)
    repair = received(many, *both.violations.all(), young.violations.get(), commitment="")
    text = conclusions(page(client, many.office, "desk:repair", repair.pk))
    assert "2 条记录另有条件待核对或补充（履行 2 条、纠正 2 条、信用承诺）" in text
    assert "1 条未满最短公示期，不予受理" in text


def test_acceptance_is_not_offered_where_every_minimum_period_runs(client: Client) -> None:
    case = Case(factories.decision())
    text = conclusions(page(client, case.office, "desk:repair", received(case).pk))
    accept = text[text.index('value="accept"') :]
    assert "disabled" in accept[: accept.index("</label>")]
    assert "都未满最短公示期" in text


def test_a_unit_sees_its_own_and_no_words_of_others(client: Client) -> None:
    case = Case()
    other = factories.decision(
        case.decision.subject, unit=factories.unit(), decided_on=today() - timedelta(days=150)
    )
    foreign = other.violations.get()
    foreign.type = "另一单位的行为"
    foreign.save()
    repair = accepted(case, case.act, foreign)
    text = page(client, case.reviewer, "desk:repair", repair.pk)
    assert "另一单位的行为" not in text
    assert other.number in text
    stranger = factories.officer("unit_reviewer", unit=factories.unit())
    client.force_login(stranger)
    assert client.get(reverse("desk:repair", args=[repair.pk])).status_code == 404


def test_the_units_that_answered_and_those_still_awaited_are_named_apart() -> None:
    case = Case()
    other = factories.decision(
        case.decision.subject,
        unit=factories.unit("WG-TEST", "测试大队"),
        decided_on=today() - timedelta(days=150),
    )
    repair = accepted(case, case.act, other.violations.get())
    last = unit_by(repair, Periods())
    assert last is not None

    def words() -> str:
        return case_page(found(case.office, repair.pk), case.office).steps[1].words

    mine = case.decision.unit.name
    both = "、".join(sorted([mine, "测试大队"]))
    assert words() == f"{both}，{last.day} 前"
    item = repair.items.get(unit=case.decision.unit)
    state_for_unit(
        officer=case.reviewer,
        repair_id=repair.pk,
        version=repair.version,
        words={item.pk: ("agrees", "现场核实，已整改。")},
    )
    assert words() == f"{mine} 已回复；待测试大队，{last.day} 前"
    item = repair.items.get(unit=other.unit)
    state_for_unit(
        officer=factories.officer("unit_reviewer", unit=other.unit),
        repair_id=repair.pk,
        version=Repair.objects.get(pk=repair.pk).version,
        words={item.pk: ("agrees", "现场核实，已整改。")},
    )
    assert words() == f"{both} 已回复"


@pytest.mark.parametrize("state", ["open", "decided", "nonsense"])
def test_lists_take_a_fixed_number_of_queries(client: Client, state: str) -> None:
    case = Case()
    decided(case)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            page(client, case.office, "desk:repairs", state=state)
        return len(queries)

    asked()
    before = asked()
    for _ in range(4):
        accepted(Case(office=case.office))
    assert asked() == before


def test_the_case_page_takes_a_fixed_number_of_queries(client: Client) -> None:
    def asked(number: int) -> int:
        acts = [[("fine", 600 + n)] for n in range(number)]
        case = Case(factories.decision(decided_on=today() - timedelta(days=150), acts=acts))
        repair = accepted(case, *case.decision.violations.all())
        page(client, case.office, "desk:repair", repair.pk)
        with CaptureQueriesContext(connection) as queries:
            page(client, case.office, "desk:repair", repair.pk)
        return len(queries)

    assert asked(1) == asked(6)


def test_who_becomes_eligible_is_listed_and_invited_in_one_print_job(client: Client) -> None:
    case = Case(factories.decision(decided_on=today() - timedelta(days=75)))
    text = page(client, case.office, "desk:repair-eligible")
    assert case.decision.subject.name in text
    client.force_login(case.office)
    answer = client.post(reverse("desk:repair-invite"), {"violation": case.act.pk})
    assert answer.status_code == 302
    assert "/papers/batches/" in answer["Location"]
    answer = client.post(reverse("desk:repair-invite"), {})
    assert answer["Location"] == reverse("desk:repair-eligible")


def test_that_page_takes_a_fixed_number_of_queries(client: Client) -> None:
    case = Case(factories.decision(decided_on=today() - timedelta(days=75)))

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            page(client, case.office, "desk:repair-eligible")
        return len(queries)

    asked()
    before = asked()
    for _ in range(4):
        factories.decision(decided_on=today() - timedelta(days=76))
    assert asked() == before
