"""What goes in from a sheet: acts grouped into decisions, money exact, history, one audit row."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import time_machine

from accounts.models import Officer
from accounts.roles import Role
from core.models import AuditEntry, OfficeSetting
from subjects.models import Subject
from tests import factories
from tests.violations.sheets import PENALTY_HEADER, order, penalty, units, write
from violations.imports import ImportReport, import_sheet
from violations.models import Decision, DecisionEditor, Disposition, Violation
from violations.signals import facts_written

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("day")]

FINE, TAKEN = "罚款金额(万元)", "没收违法所得、没收非法财物的金额(万元)"
NUMBER, CODE = "行政处罚决定书文号", PENALTY_HEADER[1]


@pytest.fixture
def day() -> Iterator[None]:
    with time_machine.travel("2026-11-20 10:00+08:00", tick=False):
        yield


@pytest.fixture
def recorder() -> Officer:
    OfficeSetting.objects.create(
        key="takeover_until", value="2027-01-01", effective_from=date(2026, 1, 1)
    )
    return factories.officer(Role.RECORDER, unit=units()["WG-ZA"])


def run(officer: Officer, path: Path, **options: Any) -> ImportReport:
    options.setdefault("in_force", True)
    return import_sheet(path=path, unit=officer.unit, officer=officer, **options)


def treatments(act: Violation) -> list[tuple[str, Decimal | None, str]]:
    return [(one.kind, one.amount, one.licence) for one in act.dispositions.order_by("id")]


def test_rows_of_one_number_are_acts_of_one_decision(recorder: Officer, tmp_path: Path) -> None:
    rows = [
        penalty(1),
        penalty(2),
        penalty(1, 违法事实="另一事实。", 处罚类别="警告", **{FINE: None}),
    ]
    report = run(recorder, write(tmp_path / "a.xlsx", rows))
    assert not report.faults
    assert report.stored is not None
    assert (report.stored.decisions, report.stored.violations) == (2, 3)
    decision = Decision.objects.get(number="舞公（治）行罚决字〔2026〕0001号")
    acts = list(decision.violations.order_by("ordinal"))
    assert [(act.ordinal, act.bucket, act.amount_fen) for act in acts] == [
        (1, "penalty", 1_000_000),
        (2, "warning", 0),
    ]
    assert (acts[0].law, acts[0].article) == ("保安服务管理条例", "第四十二条")
    assert acts[0].law_key == "保安服务管理条例"
    assert acts[0].field == "public_order"


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({FINE: 1.5}, [("fine", "15000.00")]),
        ({FINE: "20.000001"}, [("fine", "200000.01")]),
        ({FINE: 20.000001}, [("fine", "200000.01")]),
        ({FINE: 0.1 + 0.2}, [("fine", "3000.00")]),
        ({FINE: "1,000.5"}, [("fine", "10005000.00")]),
        ({FINE: "１．５"}, [("fine", "15000.00")]),
        ({FINE: "0.000001"}, [("fine", "0.01")]),
        ({"处罚类别": "警告、罚款"}, [("warning", None), ("fine", "10000.00")]),
        ({"处罚类别": "警告，并处罚款"}, [("warning", None), ("fine", "10000.00")]),
        ({"处罚类别": "罚款;罚款"}, [("fine", "10000.00")]),
        ({"处罚类别": "警告", FINE: "0"}, [("warning", None)]),
        (
            {"处罚类别": "没收非法财物;没收违法所得", FINE: None, TAKEN: "5.82505"},
            [("confiscate_gains", "58250.50"), ("confiscate_property", None)],
        ),
        (
            {"处罚类别": "没收非法财物;罚款", TAKEN: "0"},
            [("fine", "10000.00"), ("confiscate_property", None)],
        ),
        ({"处罚类别": "责令停产停业", FINE: None}, [("stop_business", None)]),
    ],
)
def test_kinds_and_money_are_read_exactly(
    recorder: Officer, tmp_path: Path, cells: dict[str, Any], expected: list[tuple[str, Any]]
) -> None:
    report = run(recorder, write(tmp_path / "a.xlsx", [penalty(1, **cells)]))
    assert not report.faults
    found = [(kind, amount) for kind, amount, _ in treatments(Violation.objects.get())]
    assert found == [(kind, amount and Decimal(amount)) for kind, amount in expected]


def test_the_licence_goes_to_what_takes_it_away(recorder: Officer, tmp_path: Path) -> None:
    cells = {"处罚类别": "罚款;吊销许可证", "暂扣或吊销证照名称及编号": "特种行业许可证 3 号"}
    run(recorder, write(tmp_path / "a.xlsx", [penalty(1, **cells)]))
    assert treatments(Violation.objects.get()) == [
        ("fine", Decimal("10000.00"), ""),
        ("revoke_licence", None, "特种行业许可证 3 号"),
    ]


@pytest.mark.parametrize(
    "cell",
    [
        "2026-10-05",
        "2026/10/5",
        "2026.10.05",
        "2026年10月5日",
        "20261005",
        20261005,
        date(2026, 10, 5),
        datetime(2026, 10, 5, 14, 30),
        "2026-10-05 00:00:00",
    ],
)
def test_days_are_read_in_each_usual_spelling(recorder: Officer, tmp_path: Path, cell: Any) -> None:
    run(recorder, write(tmp_path / "a.xlsx", [penalty(1, 处罚决定日期=cell)]))
    assert Decision.objects.get().decided_on == date(2026, 10, 5)


def test_columns_may_stand_in_any_order_and_spelling(recorder: Officer, tmp_path: Path) -> None:
    respelt = {FINE: "罚款金额 （万元）", CODE: "行政相对人代码_1（统一社会信用代码）"}
    header = ["序号", *(respelt.get(label, label) for label in reversed(PENALTY_HEADER))]
    row = {respelt.get(label, label): cell for label, cell in penalty(1).items()}
    report = run(recorder, write(tmp_path / "a.xlsx", [row], header))
    assert not report.faults
    assert Disposition.objects.get().amount == 10_000


def test_the_unit_is_the_rows_own_or_the_one_named(recorder: Officer, tmp_path: Path) -> None:
    rows = [
        penalty(1, 数据来源单位="舞钢市公安局禁毒大队"),
        penalty(2, 数据来源单位=None),
        penalty(3, 数据来源单位=" 垭口派出所 "),
    ]
    run(recorder, write(tmp_path / "a.xlsx", rows))
    found = Decision.objects.order_by("number").values_list("unit__code", flat=True)
    assert list(found) == ["WG-JD", "WG-ZA", "WG-YH"]


def test_orders_and_breaches_go_in(recorder: Officer, tmp_path: Path) -> None:
    rows = [
        order(1, 整改期限="2026-11-01"),
        order(2, 文书类型="责令限期改正通知书"),
        order(3, 文书类型="违反许可承诺"),
    ]
    report = run(recorder, write(tmp_path / "a.xlsx", rows))
    assert not report.faults
    found = {
        act.decision.number[-3:-1]: (act.decision.kind, act.bucket, treatments(act))
        for act in Violation.objects.select_related("decision")
    }
    ordered = [("order_to_correct", None, "")]
    assert found == {
        "01": ("order", "warning", ordered),
        "02": ("order", "warning", ordered),
        "03": ("breach", "breach", []),
    }


def test_the_past_goes_in_force_and_says_so_for_ever(recorder: Officer, tmp_path: Path) -> None:
    told: list[dict[str, Any]] = []

    def listen(sender: Any, **said: Any) -> None:
        told.append(said)

    facts_written.connect(listen)
    try:
        run(recorder, write(tmp_path / "a.xlsx", [penalty(1), penalty(2)]))
    finally:
        facts_written.disconnect(listen)
    for decision in Decision.objects.all():
        assert decision.state == "in_force"
        assert decision.taken_over
        assert decision.confirmed_by == decision.recorded_by == recorder
        assert decision.history.get().history_user == recorder
        assert decision.history.get().history_type == "+"
        assert decision.history.get().history_change_reason == "import a.xlsx"
    assert Violation.history.count() == 2
    assert Disposition.history.count() == 2
    assert Subject.history.count() == 2
    assert [said["subject_ids"] for said in told] == [
        sorted(Subject.objects.values_list("pk", flat=True))
    ]
    assert told[0]["cause"] == "takeover"
    entry = AuditEntry.objects.get(action="decision.import")
    assert entry.actor == recorder.number
    assert entry.details["rows"] == 2
    assert len(entry.details["sha256"]) == 64


def test_without_in_force_a_second_person_must_confirm(recorder: Officer, tmp_path: Path) -> None:
    run(recorder, write(tmp_path / "a.xlsx", [penalty(1)]), in_force=False)
    decision = Decision.objects.get()
    assert decision.state == "submitted"
    assert not decision.taken_over
    assert decision.confirmed_by is None
    assert DecisionEditor.objects.get().officer == recorder


def test_the_same_sheet_twice_adds_nothing(recorder: Officer, tmp_path: Path) -> None:
    path = write(tmp_path / "a.xlsx", [penalty(1), penalty(1, 违法事实="另一事实。"), penalty(2)])
    run(recorder, path)
    report = run(recorder, path)
    assert not report.faults
    assert report.skipped == [2, 3, 4]
    assert Decision.objects.count() == 2
    write(path, [penalty(1), penalty(3)])
    report = run(recorder, path)
    assert report.skipped == [2]
    assert Decision.objects.count() == 3


def test_what_contradicts_the_register_is_an_error(recorder: Officer, tmp_path: Path) -> None:
    path = write(tmp_path / "a.xlsx", [penalty(1)])
    run(recorder, path)
    for row in (
        penalty(2, **{NUMBER: penalty(1)[NUMBER]}),
        penalty(1, 处罚决定日期="2026-10-16"),
        penalty(1, 违法事实="另一事实。"),
        penalty(1, **{FINE: "2"}),
    ):
        report = run(recorder, write(path, [row]))
        assert [(fault.row, fault.column) for fault in report.faults] == [(2, NUMBER)]
    assert Decision.objects.count() == 1


def test_an_organisation_known_already_keeps_its_name(recorder: Officer, tmp_path: Path) -> None:
    known = factories.subject(credit_code=factories.credit_code(1), name="舞钢市样例旧名有限公司")
    report = run(recorder, write(tmp_path / "a.xlsx", [penalty(1)]))
    assert [(one.row, one.column) for one in report.warnings] == [(2, "行政相对人名称")]
    assert "舞钢市样例旧名有限公司" in report.warnings[0].message
    assert Decision.objects.get().subject == known
    assert Subject.objects.get().name == "舞钢市样例旧名有限公司"


def test_no_number_of_a_person_is_kept_anywhere(recorder: Officer, tmp_path: Path) -> None:
    row = penalty(1, 法定代表人身份证号="410481199003070011")
    report = run(recorder, write(tmp_path / "a.xlsx", [row]))
    assert report.stored is not None
    for model in (Subject, Decision, Violation, Disposition):
        for stored in [*model.objects.values_list(), *model.history.values_list()]:
            assert "410481199003070011" not in str(stored)


def test_a_dry_run_checks_and_writes_nothing(recorder: Officer, tmp_path: Path) -> None:
    report = run(recorder, write(tmp_path / "a.xlsx", [penalty(1)]), dry_run=True)
    assert (report.to_store, report.stored) == (1, None)
    assert not Decision.objects.exists()
    assert not AuditEntry.objects.filter(action="decision.import").exists()


def test_broken_off_half_way_it_leaves_nothing(
    recorder: Officer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_off(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("power cut")

    path = write(tmp_path / "a.xlsx", [penalty(1), penalty(2)])
    audits = AuditEntry.objects.count()
    with monkeypatch.context() as patched:
        patched.setattr("violations.import_store._store_acts", break_off)
        with pytest.raises(RuntimeError):
            run(recorder, path)
    assert not Decision.objects.exists()
    assert not Decision.history.exists()
    assert not Subject.objects.exists()
    assert AuditEntry.objects.count() == audits
    assert run(recorder, path).stored is not None
