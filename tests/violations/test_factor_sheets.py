"""Sheets of factors: rows matched, unknown or in conflict, settled by hand before they go in."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from accounts.models import Officer
from accounts.roles import Role
from core.models import AuditEntry
from core.spreadsheets import SheetError
from grading.models import RegradeRequest
from subjects.models import Subject, SubjectCode, SubjectName
from tests import factories
from tests.violations.sheets import write
from violations.errors import InvalidDecision, NotAllowed
from violations.factor_confirm import confirm_run
from violations.factor_models import Factor, FactorRow, FactorRun, RowMatch, RunState
from violations.factor_runs import (
    drop_rows,
    drop_run,
    open_runs_of,
    register_row,
    reopen_row,
    take_row,
)
from violations.factor_sheets import SheetTerms, worst_results
from violations.factor_upload import SheetRefused, open_run

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]
HEADER = ["序号", "统一社会信用代码", "企业名称", "评价结果", "评价日期"]
REASON = "已电话核实，系同一单位。"
TERMS = SheetTerms("national", "全国公共信用综合评价", "市平台推送", worst=frozenset({"差"}))
CODE = [factories.credit_code(number) for number in range(20)]


@pytest.fixture
def recorder() -> Officer:
    return factories.officer(Role.RECORDER)


@pytest.fixture
def subjects() -> list[Subject]:
    return [factories.subject(credit_code=CODE[n], name=f"舞钢市样例{n}公司") for n in range(3)]


def row(number: int, value: str = "良", **cells: Any) -> dict[str, Any]:
    return {
        "统一社会信用代码": CODE[number],
        "企业名称": f"舞钢市样例{number}公司",
        "评价结果": value,
        "评价日期": "2026-10-01",
        **cells,
    }


def upload(
    officer: Officer,
    tmp_path: Path,
    rows: list[dict[str, Any]],
    header: list[str] | None = None,
    terms: SheetTerms = TERMS,
) -> FactorRun:
    path = write(tmp_path / "a.xlsx", rows, header or HEADER)
    return open_run(officer=officer, path=path, file_name="a.xlsx", terms=terms)


def matches(run: FactorRun) -> list[str]:
    return list(run.rows.order_by("row").values_list("match", flat=True))


def refused(officer: Officer, tmp_path: Path, *rows: dict[str, Any]) -> list[tuple[int, str]]:
    with pytest.raises(SheetRefused) as error:
        upload(officer, tmp_path, list(rows))
    assert not FactorRun.objects.exists()
    assert all(fault.message.endswith("。") for fault in error.value.faults)
    assert "410481199003070011" not in "".join(fault.message for fault in error.value.faults)
    return [(fault.row, fault.code) for fault in error.value.faults]


def test_matched_rows_wait_for_the_confirmation_and_then_go_in_with_history(
    recorder: Officer, tmp_path: Path, subjects: list[Subject]
) -> None:
    run = upload(recorder, tmp_path, [row(0), row(1, "差")])
    assert matches(run) == ["matched", "matched"]
    assert not Factor.objects.exists()
    assert list(open_runs_of(recorder)) == [run]
    assert confirm_run(officer=recorder, run_id=run.pk) == 2
    good, worst = Factor.objects.order_by("subject__credit_code", "id")
    assert {good.value: good.is_worst, worst.value: worst.is_worst} == {"良": False, "差": True}
    assert (good.unit, good.scheme, good.source) == (recorder.unit, TERMS.scheme, TERMS.source)
    assert good.in_force_from == date(2026, 10, 1)
    assert good.history.get().history_user == recorder
    asked = RegradeRequest.objects.values_list("subject_id", flat=True)
    assert set(asked) == {subjects[0].pk, subjects[1].pk}
    assert list(open_runs_of(recorder)) == []


def test_the_same_sheet_twice_adds_nothing(
    recorder: Officer, tmp_path: Path, subjects: list[Subject]
) -> None:
    first, second = (upload(recorder, tmp_path, [row(0), row(1)]) for _ in range(2))
    assert confirm_run(officer=recorder, run_id=first.pk) == 2
    third = upload(recorder, tmp_path, [row(0), row(1)])
    assert matches(third) == ["known", "known"]
    assert confirm_run(officer=recorder, run_id=second.pk) == 0  # read before, confirmed after
    assert confirm_run(officer=recorder, run_id=third.pk) == 0
    assert Factor.objects.count() == 2


def test_an_unknown_organisation_is_never_taken_silently(
    recorder: Officer, tmp_path: Path, subjects: list[Subject]
) -> None:
    run = upload(recorder, tmp_path, [row(0), row(7), row(8)])
    assert matches(run) == ["matched", "unmatched", "unmatched"]
    with pytest.raises(InvalidDecision, match="还有 2 行没有处理"):
        confirm_run(officer=recorder, run_id=run.pk)
    assert not Factor.objects.exists()
    seventh, eighth = run.rows.filter(match="unmatched").order_by("row")
    with pytest.raises(InvalidDecision, match="没有可以对应的监管对象"):
        take_row(officer=recorder, row_id=seventh.pk, reason=REASON)
    with pytest.raises(InvalidDecision, match="理由至少 5 字"):
        register_row(officer=recorder, row_id=seventh.pk, reason="")
    assert not Subject.objects.filter(credit_code=CODE[7]).exists()
    register_row(officer=recorder, row_id=seventh.pk, reason="本辖区新设立企业。")
    drop_rows(officer=recorder, run_id=run.pk, row_ids=[eighth.pk], reason="不在本辖区内。")
    assert confirm_run(officer=recorder, run_id=run.pk) == 2
    assert Subject.objects.get(credit_code=CODE[7]).factors.count() == 1
    assert not Subject.objects.filter(credit_code=CODE[8]).exists()
    said = AuditEntry.objects.filter(action__startswith="factor_row").values_list(
        "action", "reason"
    )
    assert list(said.order_by("id")) == [
        ("factor_row.take", "本辖区新设立企业。"),
        ("factor_row.drop", "不在本辖区内。"),
    ]


def test_conflicting_codes_are_shown_with_what_does_not_agree(
    recorder: Officer, tmp_path: Path, subjects: list[Subject]
) -> None:
    SubjectCode.objects.create(subject=subjects[1], code=CODE[11])
    SubjectName.objects.create(subject=subjects[2], name="舞钢市样例旧名公司")
    wrong = CODE[9][:-1] + ("A" if CODE[9][-1] != "A" else "B")
    run = upload(
        recorder,
        tmp_path,
        [
            row(0, 企业名称="舞钢市样例别名公司"),
            row(11, 企业名称="舞钢市样例1公司"),
            row(2, 企业名称="舞钢市样例旧名公司"),
            row(9, 统一社会信用代码=wrong),
            row(10, 企业名称="舞钢市样例0公司"),
        ],
    )
    rows = list(run.rows.order_by("row"))
    assert {one.match for one in rows} == {RowMatch.CONFLICT}
    for one, words, subject in zip(
        rows,
        ("名称为“舞钢市样例0公司”", "曾用代码", "曾用名称", "校验位不符", "同名的监管对象代码为"),
        (subjects[0], subjects[1], subjects[2], None, subjects[0]),
        strict=True,
    ):
        assert words in one.note
        assert one.subject == subject
    with pytest.raises(InvalidDecision, match="不能直接登记"):
        register_row(officer=recorder, row_id=rows[3].pk, reason=REASON)
    for one in rows[:3]:
        take_row(officer=recorder, row_id=one.pk, reason=REASON)
    others = [rows[3].pk, rows[4].pk]
    assert drop_rows(officer=recorder, run_id=run.pk, row_ids=others, reason="来件代码有误。") == 2
    assert confirm_run(officer=recorder, run_id=run.pk) == 3
    assert {f.subject for f in Factor.objects.all()} == set(subjects)


def test_what_was_decided_about_a_row_can_be_taken_back_until_the_end(
    recorder: Officer, tmp_path: Path, subjects: list[Subject]
) -> None:
    run = upload(recorder, tmp_path, [row(0, 企业名称="舞钢市样例别名公司")])
    one = run.rows.get()
    take_row(officer=recorder, row_id=one.pk, reason=REASON)
    reopen_row(officer=recorder, row_id=one.pk)
    one.refresh_from_db()
    assert (one.answer, one.answered_by) == ("", None)
    drop_rows(officer=recorder, run_id=run.pk, row_ids=[one.pk], reason=REASON)
    confirm_run(officer=recorder, run_id=run.pk)
    with pytest.raises(InvalidDecision, match="已写入"):
        reopen_row(officer=recorder, row_id=one.pk)
    with pytest.raises(InvalidDecision, match="已写入"):
        confirm_run(officer=recorder, run_id=run.pk)


def test_natural_persons_and_rows_without_a_code_are_refused(
    recorder: Officer, tmp_path: Path, subjects: list[Subject]
) -> None:
    found = refused(
        recorder,
        tmp_path,
        row(0),
        row(1, 统一社会信用代码="410481199003070011", 企业名称="张三"),
        row(1, 统一社会信用代码=None),
        row(1, 统一社会信用代码="无"),
        row(1, 企业名称="张三 410481199003070011"),
    )
    assert found == [(3, "person"), (4, "missing"), (5, "placeholder"), (6, "person")]
    assert not FactorRow.objects.exists()


def test_every_fault_of_a_sheet_is_reported_by_row(
    recorder: Officer, tmp_path: Path, subjects: list[Subject]
) -> None:
    found = refused(
        recorder,
        tmp_path,
        row(0, 评价日期="2026-13-01"),
        row(0, 评价日期="2026-12-01"),
        row(0, 评价日期=None),
        row(0, 评价结果=None),
        row(0, 统一社会信用代码=914104810000000000),
        row(0, 统一社会信用代码="=A1"),
        row(1),
        row(1),
        row(1, "差"),
    )
    assert found == [
        (2, "no_such_day"),
        (3, "future"),
        (4, "missing"),
        (5, "missing"),
        (6, "number"),
        (7, "formula"),
        (9, "same_row"),
        (10, "two_results"),
    ]


@pytest.mark.parametrize(
    ("header", "code"),
    [
        (["企业名称", "评价结果"], "no_column"),
        (["统一社会信用代码", "企业名称"], "no_column"),
        ([*HEADER, "企业名称"], "doubled"),
    ],
)
def test_columns_are_found_by_their_labels(
    recorder: Officer, tmp_path: Path, header: list[str], code: str
) -> None:
    with pytest.raises(SheetRefused) as error:
        upload(recorder, tmp_path, [row(0)], header)
    assert {fault.code for fault in error.value.faults} == {code}


def test_columns_may_stand_in_any_order_and_days_hold_for_the_whole_sheet(
    recorder: Officer, tmp_path: Path, subjects: list[Subject]
) -> None:
    terms = SheetTerms(
        "discipline_list", "失信被执行人", "省平台", date(2026, 9, 1), date(2028, 8, 31)
    )
    rows = [{"事由": "拒不履行", "名称": "舞钢市样例0公司", "代码": CODE[0]}]
    run = upload(recorder, tmp_path, rows, ["事由", "名称", "代码"], terms)
    confirm_run(officer=recorder, run_id=run.pk)
    made = Factor.objects.get()
    assert (made.in_force_from, made.in_force_until) == (date(2026, 9, 1), date(2028, 8, 31))
    assert (made.kind, made.value, made.is_worst) == ("discipline_list", "拒不履行", False)


@pytest.mark.parametrize(
    ("terms", "path"),
    [
        (SheetTerms("opinion", "甲", "乙"), "kind"),
        (SheetTerms("national", "", "乙", worst=frozenset({"差"})), "scheme"),
        (SheetTerms("licence", "甲", " "), "source"),
        (SheetTerms("licence", "甲", "乙", worst=frozenset({"差"})), "worst"),
        (SheetTerms("national", "甲", "乙"), "worst"),
    ],
)
def test_what_the_sheet_is_must_be_said(
    recorder: Officer, tmp_path: Path, terms: SheetTerms, path: str
) -> None:
    with pytest.raises(InvalidDecision) as error:
        upload(recorder, tmp_path, [row(0)], terms=terms)
    assert [fault.path for fault in error.value.faults] == [path]


def test_what_is_no_sheet_or_empty_is_refused(recorder: Officer, tmp_path: Path) -> None:
    with pytest.raises(SheetRefused, match="1 处"):
        upload(recorder, tmp_path, [])
    (tmp_path / "b.xlsx").write_bytes(b"PK\x03\x04 no workbook")
    with pytest.raises(SheetError):
        open_run(officer=recorder, path=tmp_path / "b.xlsx", file_name="b", terms=TERMS)


def test_another_unit_and_other_roles_settle_nothing(
    recorder: Officer, tmp_path: Path, subjects: list[Subject]
) -> None:
    run = upload(recorder, tmp_path, [row(0), row(7)])
    one = run.rows.get(match="unmatched")
    stranger = factories.officer(Role.RECORDER, unit=factories.unit())
    reviewer = factories.officer(Role.UNIT_REVIEWER)
    for other in (stranger, reviewer):
        for act in (
            lambda who=other: confirm_run(officer=who, run_id=run.pk),
            lambda who=other: drop_run(officer=who, run_id=run.pk, reason=REASON),
            lambda who=other: register_row(officer=who, row_id=one.pk, reason=REASON),
            lambda who=other: drop_rows(
                officer=who, run_id=run.pk, row_ids=[one.pk], reason=REASON
            ),
        ):
            with pytest.raises(NotAllowed):
                act()
    with pytest.raises(NotAllowed):
        upload(reviewer, tmp_path, [row(0)])
    assert list(FactorRun.objects.visible_to(stranger)) == []
    assert run.rows.filter(answer="").count() == 2


def test_a_sheet_can_be_given_up(
    recorder: Officer, tmp_path: Path, subjects: list[Subject]
) -> None:
    run = upload(recorder, tmp_path, [row(0)])
    with pytest.raises(InvalidDecision):
        drop_run(officer=recorder, run_id=run.pk, reason="")
    drop_run(officer=recorder, run_id=run.pk, reason="来件已由上级撤回。")
    run.refresh_from_db()
    assert run.state == RunState.DROPPED
    assert not Factor.objects.exists()


def test_rows_of_other_sheets_are_not_dropped_along(
    recorder: Officer, tmp_path: Path, subjects: list[Subject]
) -> None:
    first = upload(recorder, tmp_path, [row(7)])
    second = upload(recorder, tmp_path, [row(8)])
    ids = [first.rows.get().pk, second.rows.get().pk]
    assert drop_rows(officer=recorder, run_id=first.pk, row_ids=ids, reason=REASON) == 1
    assert second.rows.get().answer == ""


def test_many_rows_take_few_queries(
    recorder: Officer, tmp_path: Path, django_assert_max_num_queries: Any
) -> None:
    rows = []
    for number in range(300):
        code, name = factories.credit_code(5000 + number), f"舞钢市样例{number}号公司"
        factories.subject(credit_code=code, name=name)
        rows.append(row(0, 统一社会信用代码=code, 企业名称=name))
    recorder.roles  # noqa: B018
    with django_assert_max_num_queries(15):
        run = upload(recorder, tmp_path, rows)
    with django_assert_max_num_queries(30):
        assert confirm_run(officer=recorder, run_id=run.pk) == 300


def test_results_of_the_worst_class_are_read_from_a_box() -> None:
    assert worst_results(" 差、 D;　较差，Ｅ ") == {"差", "D", "较差", "E"}
    assert worst_results("") == frozenset()
