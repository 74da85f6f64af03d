"""Where kind or amount leaves what the law catalogue gives for the article: a warning, no fault."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.violations.inputs import FINE, ORDER, TODAY, WARNING, act, decision_input
from violations.checks import check_decision
from violations.inputs import DecisionInput, DispositionInput, Fault, ViolationInput
from violations.law_articles import article_numbers
from violations.law_catalogue import Catalogue
from violations.law_models import LawArticle
from violations.warnings import (
    Grounds,
    acts_to_explain,
    unexplained,
    warnings_of,
)

LAW = "保安服务管理条例"


def entry(**changes: Any) -> LawArticle:
    values = {
        "law": LAW,
        "law_key": changes.get("law", LAW),
        "article": "第四十三条",
        "number": "43",
        "violation_type": "保安从业单位违规提供服务",
        "field": "public_order",
        "kinds": "fine",
        "fine_min": Decimal(20_000),
        "fine_max": Decimal(100_000),
    }
    return LawArticle(**{**values, **changes})


def grounds(*entries: LawArticle, laws: tuple[str, ...] = (LAW,)) -> Grounds:
    return Grounds(Catalogue.of(entries or [entry()]), frozenset(laws))


def fine(yuan: str) -> DispositionInput:
    return DispositionInput("fine", Decimal(yuan))


def found(given: Grounds, *acts: ViolationInput, **changes: Any) -> list[tuple[str, str]]:
    warnings = warnings_of(decision_input(*acts, **changes), given)
    assert all(fault.warning for fault in warnings)
    return [(fault.path, fault.code) for fault in warnings]


@pytest.mark.parametrize("yuan", ["20000", "20000.00", "60000", "100000"])
def test_an_amount_within_the_range_gives_no_warning(yuan: str) -> None:
    assert found(grounds(), act(fine(yuan))) == []


@pytest.mark.parametrize("yuan", ["19999.99", "100000.01", "1"])
def test_an_amount_outside_the_range_is_a_warning_at_its_box(yuan: str) -> None:
    assert found(grounds(), act(ORDER, fine(yuan))) == [
        ("violations[0].dispositions[1].amount", "amount_outside_article")
    ]


def test_the_warning_names_the_amount_the_article_and_its_range() -> None:
    (fault,) = warnings_of(decision_input(act(fine("500"))), grounds())
    assert fault.message == (
        "罚款 500 元不在《保安服务管理条例》第四十三条规定的幅度内（20,000 至 100,000 元）。"
        "请对照决定书核对。"
    )


def test_a_kind_that_the_article_does_not_give_is_a_warning() -> None:
    assert found(grounds(), act(FINE, WARNING)) == [
        ("violations[0].dispositions[1].kind", "kind_not_in_article")
    ]


def test_an_order_to_correct_goes_with_every_article() -> None:
    assert found(grounds(), act(ORDER)) == []


def test_each_act_is_judged_by_itself() -> None:
    acts = (act(FINE), act(WARNING), act(fine("1")))
    assert [path for path, _ in found(grounds(), *acts)] == [
        "violations[1].dispositions[0].kind",
        "violations[2].dispositions[0].amount",
    ]


@pytest.mark.parametrize("kind", ["order", "breach"])
def test_only_penalties_are_judged(kind: str) -> None:
    assert found(grounds(), act(WARNING), kind=kind) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"article": "第四十四条"},
        {"article": "第四十三条、第四十四条"},  # of the second nothing is known
        {"article": ""},
        {"law": "《保安服务管理条例》《某市某办法》", "article": "第四十三条；第三条"},
    ],
)
def test_where_the_catalogue_does_not_know_the_basis_it_says_nothing(
    changes: dict[str, str],
) -> None:
    assert found(grounds(laws=(LAW, "某市某办法")), act(WARNING, **changes)) == []


@pytest.mark.parametrize(
    "article", ["第四十三条", "第43条", "第四十三条第一款第（二）项", "第 四十三 条的规定"]
)
def test_the_article_is_known_whichever_way_it_is_written(article: str) -> None:
    changes = {"law": "《中华人民共和国保安服务管理条例》", "article": article}
    assert [code for _, code in found(grounds(), act(WARNING, **changes))] == [
        "kind_not_in_article"
    ]


def test_a_decision_with_two_bases_may_do_what_either_gives() -> None:
    given = grounds(entry(), entry(article="第四十二条", number="42", kinds="warning"))
    two = {"article": "第四十二条；第四十三条"}
    assert found(given, act(WARNING, fine("30000"), **two)) == []
    assert len(found(given, act(DispositionInput("criticism"), **two))) == 1


def test_of_two_types_under_one_article_the_own_one_decides() -> None:
    other = entry(violation_type="另一行为", kinds="warning", fine_min=None, fine_max=None)
    assert found(grounds(entry(), other), act(WARNING)) != []
    assert found(grounds(entry(), other), act(WARNING, type="另一行为")) == []
    assert found(grounds(entry(), other), act(WARNING, type="写法不同的行为")) == []


def test_an_entry_without_an_article_is_found_by_its_type() -> None:
    given = grounds(entry(article="", number=""))
    assert found(given, act(WARNING)) != []
    assert found(given, act(WARNING, type="别的行为")) == []


def test_the_version_in_force_on_the_day_of_the_act_decides() -> None:
    old = entry(valid_until=date(2026, 2, 19))
    new = entry(valid_from=date(2026, 2, 20), fine_min=Decimal(50_000))
    given = grounds(old, new)
    assert found(given, act(FINE, committed_on=date(2026, 2, 19))) == []
    assert len(found(given, act(FINE, committed_on=date(2026, 2, 20)))) == 1


def test_without_the_day_of_the_act_that_of_the_decision_decides() -> None:
    given = grounds(entry(valid_from=date(2026, 3, 5)))
    assert len(found(given, act(WARNING, committed_on=None))) == 1
    day_before = {"decided_on": date(2026, 3, 4)}
    assert found(given, act(WARNING, committed_on=None), **day_before) == []


def test_an_article_that_gives_a_fine_without_a_range_takes_any_amount() -> None:
    assert found(grounds(entry(fine_min=None, fine_max=None)), act(fine("1"))) == []


@pytest.mark.parametrize(("low", "high", "fits"), [(None, 500, "1"), (500, None, "99999999")])
def test_a_range_may_be_open_at_one_end(low: int | None, high: int | None, fits: str) -> None:
    given = grounds(
        entry(
            fine_min=None if low is None else Decimal(low),
            fine_max=None if high is None else Decimal(high),
        )
    )
    assert found(given, act(fine(fits))) == []
    outside = "500.01" if high else "499.99"
    assert len(found(given, act(fine(outside)))) == 1


def test_a_law_that_the_rule_set_does_not_map_keeps_its_warning() -> None:
    warnings = warnings_of(decision_input(), grounds(laws=()))
    assert [(w.path, w.code) for w in warnings] == [("violations[0].law", "unknown_law")]
    assert acts_to_explain(warnings) == set()


def test_what_is_no_kind_or_no_amount_is_left_to_the_checks() -> None:
    odd = (DispositionInput("罚站"), DispositionInput("fine"), DispositionInput("fine", NAN))
    assert found(grounds(), act(*odd)) == []


NAN = Decimal("NaN")


def explained(data: DecisionInput) -> list[Fault]:
    return unexplained(data, warnings_of(data, grounds()))


def test_an_act_with_a_warning_needs_a_reason_before_it_is_submitted() -> None:
    data = decision_input(act(FINE), act(WARNING))
    (fault,) = explained(data)
    assert fault.path == "violations[1].deviation_reason"
    assert not fault.warning
    assert explained(decision_input(act(FINE), act(WARNING, deviation_reason="从轻"))) != []
    reason = "案情轻微，经集体讨论从轻处罚。"
    assert explained(decision_input(act(FINE), act(WARNING, deviation_reason=reason))) == []


def test_a_reason_holds_no_person_s_number_and_is_not_too_long() -> None:
    for reason, code in (("身份证 410481199003070011 的人", "person"), ("长" * 501, "too_long")):
        faults = check_decision(decision_input(act(deviation_reason=reason)), today=TODAY)
        assert [(f.path, f.code) for f in faults] == [("violations[0].deviation_reason", code)]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("", ()),
        ("有关规定", ()),
        ("第一百零二条", ("102",)),
        ("第一百一十条", ("110",)),
        ("第十条", ("10",)),
        ("第二十条", ("20",)),
        ("第一百条", ("100",)),
        ("第１０２条", ("102",)),
        ("第四二条", ("42",)),
        ("第四十二条之一", ("42-1",)),
        ("第四十二条第一款、第四十三条；第四十二条第二款", ("42", "43")),
        ("第〇条", ("0",)),
        ("第一千二百六十条", ("1260",)),
        ("第3十条", ("30",)),
    ],
)
def test_numbers_of_articles_are_read_in_digits_and_in_chinese(
    text: str, numbers: tuple[str, ...]
) -> None:
    assert article_numbers(text) == numbers
