"""Each rule of domain.md §2 about a decision as handed in: where the fault is, and what it says."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.factories import credit_code
from tests.violations.inputs import FINE, ORDER, TODAY, WARNING, act, decision_input
from violations.checks import check_decision
from violations.enums import DispositionKind
from violations.inputs import DecisionInput, DispositionInput, Fault

RESIDENT = "110101199003070011"  # right in form: district, birthday


def faults(data: DecisionInput, **options: Any) -> list[Fault]:
    return check_decision(data, today=TODAY, **options)


def the_fault(data: DecisionInput, **options: Any) -> Fault:
    (fault,) = faults(data, **options)
    assert not fault.warning
    assert fault.message.endswith("。")
    assert "！" not in fault.message
    return fault


def where(data: DecisionInput, **options: Any) -> list[tuple[str, str]]:
    return [(fault.path, fault.code) for fault in faults(data, **options)]


def wrong_check(code: str) -> str:
    return code[:-1] + ("A" if code[-1] != "A" else "B")


def test_a_right_decision_has_no_fault() -> None:
    several = act(WARNING, FINE, DispositionInput("suspend_licence", licence="保安服务许可证 1 号"))
    assert faults(decision_input(several, act(ORDER)), submit=True) == []


def test_every_kind_of_disposition_is_at_home_in_a_penalty() -> None:
    for kind in DispositionKind:
        money = Decimal("0.01") if kind in ("fine", "confiscate_gains") else None
        licence = "许可证" if kind in ("suspend_licence", "revoke_licence") else ""
        assert faults(decision_input(act(DispositionInput(kind.value, money, licence)))) == []


@pytest.mark.parametrize(
    ("changes", "path", "code", "words"),
    [
        ({"number": " \u3000"}, "number", "missing", "没有填写决定书文号"),
        ({"number": "无"}, "number", "no_number", "不是决定书文号"),
        ({"number": "号1" * 51}, "number", "too_long", "最多 100 字，现为 102 字"),
        ({"unit_code": ""}, "unit_code", "missing", "作出单位"),
        ({"kind": "praise"}, "kind", "unknown", "“praise”不在目录内"),
        ({"procedure": "quick"}, "procedure", "unknown", "简易程序或普通程序"),
        ({"subject_name": ""}, "subject_name", "missing", "监管对象名称"),
        ({"subject_name": "某" * 201}, "subject_name", "too_long", "最多 200 字"),
        ({"subject_industry": "magic"}, "subject_industry", "unknown", "行业"),
        ({"decided_on": None}, "decided_on", "missing", "没有填写决定日期"),
        ({"decided_on": date(2026, 11, 21)}, "decided_on", "future", "决定日期不能晚于今天"),
        ({"served_on": date(2026, 3, 4)}, "served_on", "before_decision", "2026-03-05"),
        ({"served_on": date(2026, 11, 21)}, "served_on", "future", "送达日期不能晚于今天"),
        ({"violations": ()}, "violations", "missing", "至少填写一个违法行为"),
        ({"violations": (act(),) * 101}, "violations", "too_many", "现为 101 个"),
    ],
)
def test_the_head_of_a_decision(changes: dict[str, Any], path: str, code: str, words: str) -> None:
    fault = the_fault(decision_input(**changes))
    assert (fault.path, fault.code) == (path, code)
    assert words in fault.message


def test_days_at_the_edge_are_right() -> None:
    today = decision_input(decided_on=TODAY, served_on=TODAY)
    first = decision_input(act(committed_on=date(1999, 12, 31)), decided_on=date(2000, 1, 1))
    assert faults(today) == faults(first) == []


def test_a_decision_before_2000_is_refused() -> None:
    data = decision_input(act(committed_on=date(1999, 12, 1)), decided_on=date(1999, 12, 31))
    assert where(data) == [("decided_on", "too_early")]


@pytest.mark.parametrize(
    ("changes", "name", "code"),
    [
        ({"field": "weather"}, "field", "unknown"),
        ({"type": ""}, "type", "missing"),
        ({"type": "型" * 201}, "type", "too_long"),
        ({"facts": " \n"}, "facts", "missing"),
        ({"facts": "实" * 4001}, "facts", "too_long"),
        ({"facts": "经查\x00。"}, "facts", "control"),
        ({"facts": "经查\ud800。"}, "facts", "control"),
        ({"law": ""}, "law", "missing"),
        ({"law": "第四十二条"}, "law", "no_law"),
        ({"law": "法" * 201}, "law", "too_long"),
        ({"article": ""}, "article", "missing"),
        ({"article": "条" * 101}, "article", "too_long"),
        ({"committed_on": None}, "committed_on", "missing"),
        ({"committed_on": date(2026, 3, 6)}, "committed_on", "after_decision"),
        ({"committed_on": date(1206, 3, 5)}, "committed_on", "too_early"),
        ({"correct_by": date(2026, 4, 1)}, "correct_by", "not_ordered"),
        (
            {"dispositions": (ORDER,), "correct_by": date(2026, 3, 4)},
            "correct_by",
            "before_decision",
        ),
        ({"dispositions": ()}, "dispositions", "missing"),
    ],
)
def test_an_act(changes: dict[str, Any], name: str, code: str) -> None:
    data = decision_input(act(), act(**changes))
    fault = the_fault(data)
    assert (fault.path, fault.code) == (f"violations[1].{name}", code)


def test_an_act_of_the_day_itself_and_a_term_from_that_day_are_right() -> None:
    day = date(2026, 3, 5)
    assert faults(decision_input(act(ORDER, committed_on=day, correct_by=day))) == []


@pytest.mark.parametrize(
    ("given", "name", "code", "words"),
    [
        (DispositionInput(""), "kind", "missing", "没有选择处理种类"),
        (DispositionInput("口头教育"), "kind", "unknown", "“口头教育”不在目录内"),
        (DispositionInput("行政拘留"), "kind", "detention", "行政拘留只适用于自然人"),
        (DispositionInput("detention"), "kind", "detention", "自然人不是监管对象"),
        (DispositionInput("不予处罚"), "kind", "no_penalty", "不予处罚不是处理"),
        (DispositionInput("加处罚款", Decimal(5)), "kind", "late_fine", "执行措施"),
        (DispositionInput("fine"), "amount", "missing", "“罚款”没有填写金额"),
        (DispositionInput("confiscate_gains"), "amount", "missing", "“没收违法所得”没有填写金额"),
        (DispositionInput("criticism", Decimal(1)), "amount", "forbidden", "“通报批评”没有金额"),
        (DispositionInput("fine", Decimal(0)), "amount", "not_positive", "须大于 0"),
        (DispositionInput("fine", Decimal("-0.01")), "amount", "not_positive", "须大于 0"),
        (DispositionInput("fine", Decimal("0.005")), "amount", "too_fine", "两位小数"),
        (DispositionInput("fine", Decimal("1E+12")), "amount", "too_large", "999,999,999,999.99"),
        (DispositionInput("fine", Decimal("NaN")), "amount", "not_a_number", "不是数字"),
        (DispositionInput("fine", Decimal("Infinity")), "amount", "not_a_number", "不是数字"),
        (DispositionInput("suspend_licence"), "licence", "missing", "证照名称及编号"),
        (DispositionInput("revoke_licence", licence=" "), "licence", "missing", "证照名称及编号"),
        (DispositionInput("stop_business", licence="证"), "licence", "forbidden", "不涉及证照"),
        (WARNING, "kind", "duplicate", "“警告”填写了两次"),
    ],
)
def test_a_disposition(given: DispositionInput, name: str, code: str, words: str) -> None:
    fault = the_fault(decision_input(act(WARNING, given)))
    assert (fault.path, fault.code) == (f"violations[0].dispositions[1].{name}", code)
    assert words in fault.message


def test_confiscated_property_may_have_an_amount() -> None:
    for amount in (None, Decimal("3")):
        data = decision_input(act(DispositionInput("confiscate_property", amount)))
        assert faults(data) == []


def test_an_order_holds_orders_to_correct_only() -> None:
    assert faults(decision_input(act(ORDER), kind="order")) == []
    assert faults(decision_input(act(dispositions=()), kind="order")) == []
    fault = the_fault(decision_input(act(ORDER, WARNING), kind="order"))
    assert (fault.path, fault.code) == ("violations[0].dispositions[1].kind", "not_in_order")


def test_a_breach_holds_at_most_an_order_to_correct() -> None:
    assert faults(decision_input(act(dispositions=()), kind="breach")) == []
    assert faults(decision_input(act(ORDER), kind="breach")) == []
    fault = the_fault(decision_input(act(FINE), kind="breach"))
    assert (fault.path, fault.code) == ("violations[0].dispositions[0].kind", "not_in_breach")
    assert "另行录入行政处罚决定" in fault.message


def test_what_is_taken_over_may_lack_day_and_article() -> None:
    old = decision_input(act(committed_on=None, article=""))
    assert faults(old, takeover=True) == []
    assert where(old) == [
        ("violations[0].article", "missing"),
        ("violations[0].committed_on", "missing"),
    ]
    late = decision_input(act(committed_on=date(2026, 3, 6)))
    assert where(late, takeover=True) == [("violations[0].committed_on", "after_decision")]


def test_truth_is_stated_on_submission_and_not_before() -> None:
    unstated = decision_input(truth_stated=False)
    assert faults(unstated) == []
    assert where(unstated, submit=True) == [("truth_stated", "missing")]


@pytest.mark.parametrize("number", [RESIDENT, "410481900307001", "410481 19900307 0018"])
@pytest.mark.parametrize(
    "name", ["subject_name", "subject_address", "subject_principal", "handler", "number"]
)
def test_persons_numbers_are_not_stored_in_the_head(name: str, number: str) -> None:
    fault = the_fault(decision_input(**{name: f"某某 {number}"}))
    assert (fault.path, fault.code) == (name, "person")
    assert "不保存自然人的证件号码" in fault.message
    assert number not in fault.message


@pytest.mark.parametrize("name", ["facts", "type", "article", "law"])
def test_persons_numbers_are_not_stored_in_acts(name: str) -> None:
    fault = the_fault(decision_input(act(**{name: f"某法，员工张某（{RESIDENT}）当日在岗"})))
    assert (fault.path, fault.code) == (f"violations[0].{name}", "person")


@pytest.mark.parametrize(
    "harmless", ["电话 13800138000", "决定书 2026022012345678", "账号 6222020000000000000"]
)
def test_other_long_numbers_are_no_persons_numbers(harmless: str) -> None:
    assert faults(decision_input(act(facts=harmless))) == []


def test_a_resident_is_no_subject() -> None:
    fault = the_fault(decision_input(credit_code=RESIDENT))
    assert (fault.path, fault.code) == ("credit_code", "person")
    assert "自然人" in fault.message


def test_a_wrong_check_character_needs_a_reason() -> None:
    wrong = wrong_check(credit_code(1))
    assert where(decision_input(credit_code=wrong)) == [("credit_code", "check_character")]
    short = decision_input(credit_code=wrong, code_exception="已核实")
    assert where(short) == [("code_exception", "too_short")]
    reason = "已电话向市场监管局登记窗口核实，确为实际核发。"
    assert faults(decision_input(credit_code=wrong, code_exception=reason)) == []
    assert faults(decision_input(credit_code=wrong), known_code=True) == []


@pytest.mark.parametrize("code", ["", "9141048100000", "91410481O00000000X", RESIDENT])
def test_no_reason_excuses_any_other_fault_of_a_code(code: str) -> None:
    data = decision_input(credit_code=code, code_exception="已电话向登记窗口核实无误。")
    assert [path for path, _ in where(data, known_code=True)] == ["credit_code"]


def test_all_faults_come_at_once_in_the_order_of_the_form() -> None:
    data = decision_input(
        act(DispositionInput("fine")),
        act(law=""),
        number="",
        decided_on=None,
        truth_stated=False,
    )
    assert [path for path, _ in where(data, submit=True)] == [
        "number",
        "decided_on",
        "violations[0].dispositions[0].amount",
        "violations[1].law",
        "truth_stated",
    ]
