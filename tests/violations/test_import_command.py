"""The commands: exit 0 or 1, one line a fault, a marked sheet of errors; and list entries."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import time_machine
from django.core.management import call_command
from django.core.management.base import CommandError

from accounts.models import Officer
from accounts.roles import Role
from core.models import AuditEntry, OfficeSetting
from tests import factories
from tests.violations.sheets import DATA, PENALTY_HEADER, needs_data, penalty, units, write
from violations.models import Decision, ListEntry

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("day")]


@pytest.fixture
def day() -> Iterator[None]:
    with time_machine.travel("2026-11-20 10:00+08:00", tick=False):
        yield


@pytest.fixture
def office() -> Officer:
    OfficeSetting.objects.create(
        key="takeover_until", value="2099-12-31", effective_from=date(2026, 1, 1)
    )
    return factories.officer(Role.OFFICE, unit=units()["WG-OFFICE"])


def run(command: str, path: Path, officer: Officer, **options: Any) -> tuple[str, str | None]:
    """What was printed, and the closing error where the command exits with 1."""
    out = io.StringIO()
    if command == "import_decisions":
        options.setdefault("unit", "WG-ZA")
    try:
        call_command(command, str(path), officer=officer.number, stdout=out, **options)
    except CommandError as error:
        return out.getvalue(), str(error)
    return out.getvalue(), None


def test_each_fault_is_one_line_and_the_command_fails(office: Officer, tmp_path: Path) -> None:
    path = write(tmp_path / "a.xlsx", [penalty(1), penalty(2, 处罚类别="罚站"), penalty(3)])
    out, error = run("import_decisions", path, office)
    lines = [line.split("\t") for line in out.splitlines()]
    assert [line[:2] for line in lines] == [["3", "处罚类别"]]
    assert "罚站" in lines[0][2]
    assert error == "发现 1 处错误，没有写入任何一行。"
    assert not Decision.objects.exists()


def test_right_rows_go_in_and_the_same_again_is_skipped(office: Officer, tmp_path: Path) -> None:
    path = write(tmp_path / "a.xlsx", [penalty(1), penalty(2), penalty(3)])
    out, error = run("import_decisions", path, office, in_force=True)
    assert error is None
    assert "已导入 3 行：3 份决定" in out
    out, error = run("import_decisions", path, office, in_force=True)
    assert error is None
    assert "跳过 3 行：2-4" in out
    origins = AuditEntry.objects.filter(action="decision.import").values_list("origin", flat=True)
    assert set(origins) == {"command import_decisions"}


def test_a_dry_run_says_so(office: Officer, tmp_path: Path) -> None:
    out, error = run(
        "import_decisions", write(tmp_path / "a.xlsx", [penalty(1)]), office, dry_run=True
    )
    assert error is None
    assert "检查通过，可导入 1 行。未写入。" in out


def test_the_sheet_of_errors_marks_cells_and_leaves_persons_out(
    office: Officer, tmp_path: Path
) -> None:
    rows = [
        penalty(1, 法定代表人身份证号="410481199003070011"),
        penalty(2, 处罚类别="罚站"),
        penalty(3, **{PENALTY_HEADER[1]: "410481199003070011"}),
        penalty(4, 违法事实="=cmd()"),
    ]
    target = tmp_path / "errors.xlsx"
    _, error = run("import_decisions", write(tmp_path / "a.xlsx", rows), office, errors=target)
    assert error
    sheet = openpyxl.load_workbook(target).active
    assert sheet is not None
    lines = list(sheet.iter_rows(values_only=True))
    assert lines[0] == (*PENALTY_HEADER, "需更正的内容")
    kinds = PENALTY_HEADER.index("处罚类别")
    assert lines[2][kinds] == "罚站"
    assert "处罚类别：没有“罚站”" in str(lines[2][-1])
    assert lines[1][-1] is None
    assert sheet.cell(3, kinds + 1).fill.fgColor.rgb == "FFF8D7DA"
    assert sheet.cell(2, kinds + 1).fill.fgColor.rgb != "FFF8D7DA"
    assert "410481199003070011" not in str(lines)
    assert "公式" in str(lines[4][-1])


@pytest.mark.parametrize(
    ("options", "words"),
    [({"unit": "WG-NIX"}, "WG-NIX"), ({"in_force": True}, "接收未开放")],
)
def test_what_cannot_be_done_is_said(tmp_path: Path, options: dict[str, Any], words: str) -> None:
    officer = factories.officer(Role.OFFICE, unit=units()["WG-OFFICE"])
    path = write(tmp_path / "a.xlsx", [penalty(1)])
    _, error = run("import_decisions", path, officer, **options)
    assert words in str(error)
    officer.is_active = False
    officer.save()
    assert officer.number in str(run("import_decisions", path, officer)[1])


@needs_data
def test_published_list_entries_are_taken_over_once(office: Officer) -> None:
    out, error = run("import_list_entries", DATA / "list-entries.csv", office)
    assert error is None, out
    assert ListEntry.objects.filter(taken_over=True, state="published").count() == 19
    out, error = run("import_list_entries", DATA / "list-entries.csv", office)
    assert error is None
    assert "跳过 19 行：2-20" in out
    assert ListEntry.objects.count() == 19


HEADER = "list,credit_code,name,listed_on,expires_on,document,legal_basis,reason,notified_on"


def entry(seed: int, **cells: str) -> str:
    row = {
        "list": "black",
        "credit_code": factories.credit_code(seed),
        "name": f"舞钢市样例第{seed}有限公司",
        "listed_on": "2026-10-30",
        "expires_on": "2027-10-29",
        "document": f"舞公信〔2026〕{seed}号",
        "legal_basis": "样例依据",
        "reason": "样例事由",
        "notified_on": "2026-10-12",
    }
    return ",".join({**row, **cells}.values())


def test_list_entries_with_faults_leave_nothing(office: Officer, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    lines = [
        entry(1),
        entry(2, notified_on="2026-10-29"),
        entry(3, listed_on="2026-02-30"),
        entry(4, list="grey"),
        entry(1),
        entry(5, credit_code="=A1"),
    ]
    path.write_text("\n".join([HEADER, *lines]), encoding="utf-8")
    out, error = run("import_list_entries", path, office)
    assert error
    assert [line.split("\t")[:2] for line in out.splitlines()] == [
        ["3", "notified_on"],
        ["4", "listed_on"],
        ["5", "list"],
        ["6", "document"],
        ["7", "credit_code"],
    ]
    assert not ListEntry.objects.exists()


def test_only_the_office_takes_list_entries_over(office: Officer, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("\n".join([HEADER, entry(1)]), encoding="utf-8")
    recorder = factories.officer(Role.RECORDER, unit=units()["WG-ZA"])
    assert run("import_list_entries", path, recorder)[1]
    assert not ListEntry.objects.exists()
