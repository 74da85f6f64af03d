"""Every fault of a sheet is reported with its row and column, and then nothing is stored."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import time_machine

from accounts.models import Officer
from accounts.roles import Role
from core.clock import today
from core.models import OfficeSetting
from core.spreadsheets import SheetError
from grading.models import RuleSet
from subjects.models import Subject
from tests import factories
from tests.violations.sheets import (
    DATA,
    PENALTY_HEADER,
    needs_data,
    order,
    penalty,
    table,
    units,
    write,
)
from violations.errors import NotAllowed
from violations.imports import ImportReport, import_sheet
from violations.models import Decision

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("day")]


@pytest.fixture
def day() -> Any:
    with time_machine.travel("2026-11-20 10:00+08:00", tick=False):
        yield


@pytest.fixture
def recorder() -> Officer:
    return factories.officer(Role.RECORDER, unit=units()["WG-ZA"])


def run(officer: Officer, path: Path, **options: Any) -> ImportReport:
    return import_sheet(path=path, unit=officer.unit, officer=officer, **options)


def places(report: ImportReport) -> list[tuple[int, str]]:
    return [(fault.row, fault.column) for fault in report.faults]


@needs_data
def test_the_sheet_with_faults_gives_every_message_and_no_other(recorder: Officer) -> None:
    report = run(recorder, DATA / "penalties-with-faults.xlsx")
    expected = table(DATA / "penalties-with-faults.expected.csv")
    assert places(report) == [(int(row["excel_row"]), row["column"]) for row in expected]
    fine = {int(row["excel_row"]) for row in table(DATA / "penalties-with-faults.fine-rows.csv")}
    assert not fine & {row for row, _ in places(report)}
    # half a yuan is a right amount, and far below what the article gives
    assert [(one.row, one.column) for one in report.warnings] == [(42, "罚款金额(万元)")]
    assert report.stored is None
    assert not Decision.objects.exists()
    assert not Subject.objects.exists()


@needs_data
def test_the_messages_of_the_sheet_with_faults_say_what_is_wrong(recorder: Officer) -> None:
    report = run(recorder, DATA / "penalties-with-faults.xlsx")
    said = {fault.row: fault.message for fault in report.faults}
    for row, words in {
        4: "校验位",
        5: "17 位",
        6: "“O”",
        7: "自然人",
        8: "变成了数字",
        9: "占位",
        15: "罚站",
        16: "自然人",
        17: "暂扣还是吊销",
        18: "以万元为单位",
        19: "没有罚款",
        20: "负数",
        21: "不是数字",
        22: "一分",
        23: "以万元为单位",
        26: "没有“2026-13-02”这一天",
        27: "没有“2026-02-29”这一天",
        28: "晚于今天",
        29: "2000",
        30: "不存在派出所",
        31: "公式",
        33: "第 32 行",
        35: "第 34 行",
    }.items():
        assert words in said[row]
    assert "410481199003070011" not in "".join(said.values())


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"处罚类别": "不予处罚", "罚款金额(万元)": None}, "处罚类别"),
        ({"处罚类别": "加处罚款"}, "处罚类别"),
        ({"处罚类别": "罚款;罚站"}, "处罚类别"),
        ({"罚款金额(万元)": "0"}, "罚款金额(万元)"),
        ({"罚款金额(万元)": True}, "罚款金额(万元)"),
        ({"罚款金额(万元)": "1e3"}, "罚款金额(万元)"),
        ({"罚款金额(万元)": "100000000"}, "罚款金额(万元)"),
        ({"罚款金额(万元)": "1." + "0" * 40 + "1"}, "罚款金额(万元)"),
        (
            {"没收违法所得、没收非法财物的金额(万元)": 2},
            "没收违法所得、没收非法财物的金额(万元)",
        ),
        ({"暂扣或吊销证照名称及编号": "许可证 1 号"}, "暂扣或吊销证照名称及编号"),
        ({"处罚决定日期": 46310}, "处罚决定日期"),
        ({"处罚决定日期": "去年"}, "处罚决定日期"),
        ({"违法事实": "身份证 410481199003070011 的人"}, "违法事实"),
        ({"行政相对人代码_1(统一社会信用代码)": 914104810000000000}, PENALTY_HEADER[1]),
    ],
)
def test_one_fault_is_one_message_at_its_column(
    recorder: Officer, tmp_path: Path, cells: dict[str, Any], column: str
) -> None:
    report = run(recorder, write(tmp_path / "a.xlsx", [penalty(1), penalty(2, **cells)]))
    assert places(report) == [(3, column)]
    assert not Decision.objects.exists()


def test_several_faults_of_a_row_are_all_reported(recorder: Officer, tmp_path: Path) -> None:
    row = penalty(1, 违法事实=None, 处罚决定日期="2026-02-30", 处罚类别="罚站")
    report = run(recorder, write(tmp_path / "a.xlsx", [row]))
    assert {column for _, column in places(report)} == {"违法事实", "处罚决定日期", "处罚类别"}


def test_the_same_number_on_another_day_is_an_error(recorder: Officer, tmp_path: Path) -> None:
    other_day = penalty(1, 处罚决定日期="2026-10-16", 违法事实="另一事实。")
    report = run(recorder, write(tmp_path / "a.xlsx", [penalty(1), other_day]))
    assert places(report) == [(3, "行政处罚决定书文号")]


def test_the_same_number_of_another_unit_is_another_decision(
    recorder: Officer, tmp_path: Path
) -> None:
    cells = {"数据来源单位": "禁毒大队", "行政处罚决定书文号": penalty(1)["行政处罚决定书文号"]}
    report = run(recorder, write(tmp_path / "a.xlsx", [penalty(1), penalty(2, **cells)]))
    assert not report.faults
    assert Decision.objects.count() == 2


def test_orders_and_breaches_have_their_own_faults(recorder: Officer, tmp_path: Path) -> None:
    rows = [
        order(1, 文书类型="行政处罚"),
        order(2, 文书类型=None),
        order(3, 认定日期=None),
        order(4, 整改期限="2026-10-01"),
    ]
    report = run(recorder, write(tmp_path / "a.xlsx", rows))
    assert report.kind == "others"
    assert places(report) == [
        (2, "文书类型"),
        (3, "文书类型"),
        (4, "认定日期"),
        (5, "整改期限"),
    ]


def test_a_sheet_without_a_needed_column_says_which(recorder: Officer, tmp_path: Path) -> None:
    header = [label for label in PENALTY_HEADER if label != "处罚依据"]
    report = run(recorder, write(tmp_path / "a.xlsx", [penalty()], header))
    assert places(report) == [(1, "处罚依据")]


def test_money_in_yuan_is_not_taken_for_ten_thousands(recorder: Officer, tmp_path: Path) -> None:
    header = [label.replace("罚款金额(万元)", "罚款金额(元)") for label in PENALTY_HEADER]
    report = run(recorder, write(tmp_path / "a.xlsx", [penalty()], header))
    assert places(report) == [(1, "罚款金额(万元)")]


def test_an_unknown_law_is_a_warning_and_goes_in(recorder: Officer, tmp_path: Path) -> None:
    row = penalty(1, 处罚依据="《某市某办法》第三条")
    report = run(recorder, write(tmp_path / "a.xlsx", [row]))
    assert not report.faults
    assert [(one.row, one.column) for one in report.warnings] == [(2, "处罚依据")]
    assert report.stored is not None
    assert report.stored.decisions == 1


def test_which_laws_are_known_the_rule_set_of_the_day_says(
    recorder: Officer, tmp_path: Path
) -> None:
    row = penalty(1, 处罚依据="《某市某办法》第三条")
    rule_set = RuleSet.objects.create(
        name="新版",
        effective_from=today(),
        approved_on=today(),
        laws={"某市某办法": False},
    )
    assert not run(recorder, write(tmp_path / "a.xlsx", [row])).warnings

    rule_set.laws = {}
    rule_set.save()
    other = penalty(2, 处罚依据="《保安服务管理条例》第四十二条")
    report = run(recorder, write(tmp_path / "b.xlsx", [other]))
    assert [(one.row, one.column) for one in report.warnings] == [(2, "处罚依据")]


def test_an_amount_or_kind_outside_the_article_is_a_warning_and_goes_in(
    recorder: Officer, tmp_path: Path
) -> None:
    rows = [
        penalty(1, **{"罚款金额(万元)": 0.5}),
        penalty(2, 处罚类别="罚款;通报批评"),
        penalty(3, 处罚类别="罚站", **{"罚款金额(万元)": 0.5}),  # to be mended first
    ]
    report = run(recorder, write(tmp_path / "a.xlsx", rows))
    assert [(one.row, one.column, one.code) for one in report.warnings] == [
        (2, "罚款金额(万元)", "amount_outside_article"),
        (3, "处罚类别", "kind_not_in_article"),
    ]
    report = run(recorder, write(tmp_path / "b.xlsx", rows[:2]))
    assert not report.faults
    assert report.stored is not None
    assert report.stored.decisions == 2


def test_an_empty_sheet_and_a_file_that_is_none(recorder: Officer, tmp_path: Path) -> None:
    report = run(recorder, write(tmp_path / "a.csv", [penalty()], PENALTY_HEADER))
    assert not report.faults
    (tmp_path / "b.csv").write_text(",".join(PENALTY_HEADER), encoding="utf-8")
    assert places(run(recorder, tmp_path / "b.csv")) == [(0, "")]
    (tmp_path / "c.xlsx").write_bytes(b"PK\x03\x04")
    with pytest.raises(SheetError):
        run(recorder, tmp_path / "c.xlsx")


@pytest.mark.parametrize("role", [Role.UNIT_REVIEWER, Role.AUDITOR, Role.ADMINISTRATOR])
def test_who_may_not_record_may_not_import(tmp_path: Path, role: str) -> None:
    officer = factories.officer(role, unit=units()["WG-ZA"])
    with pytest.raises(NotAllowed):
        run(officer, write(tmp_path / "a.xlsx", [penalty()]))


@pytest.mark.parametrize("until", [None, date(2026, 11, 19)])
def test_the_past_is_taken_over_only_while_the_office_allows(
    recorder: Officer, tmp_path: Path, until: date | None
) -> None:
    if until:
        OfficeSetting.objects.create(
            key="takeover_until", value=str(until), effective_from=date(2026, 1, 1)
        )
    path = write(tmp_path / "a.xlsx", [penalty()])
    with pytest.raises(NotAllowed, match="接收未开放"):
        run(recorder, path, in_force=True)
    OfficeSetting.objects.create(
        key="takeover_until", value="2026-11-20", effective_from=date(2026, 11, 20)
    )
    report = run(recorder, path, in_force=True)
    assert report.stored is not None
    assert Decision.objects.get().violations.get().dispositions.get().amount == Decimal("10000.00")
