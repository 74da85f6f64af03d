"""Units come in from a sheet: all of them, or none and every fault named."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Unit
from core.models import AuditEntry
from tests import factories

pytestmark = pytest.mark.django_db

SHEET = "code,name\nWG-OFFICE,局办公室\nWG-ZA,治安管理大队\nWG-YH,垭口派出所\n"


def run(path: Path) -> str:
    said = StringIO()
    call_command("import_units", path, stdout=said)
    return said.getvalue()


def refused(path: Path) -> tuple[list[str], str]:
    """The lines of faults and the last word."""
    said = StringIO()
    with pytest.raises(CommandError) as caught:
        call_command("import_units", path, stderr=said)
    assert caught.value.returncode == 1
    return said.getvalue().splitlines(), str(caught.value)


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    return tmp_path / "units.csv"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_units_come_in_whatever_the_encoding(sheet: Path, encoding: str) -> None:
    sheet.write_text(SHEET, encoding=encoding)
    assert run(sheet) == "新增 3 个，变更 0 个，相同 0 个。\n"
    assert Unit.objects.get(is_office=True).code == "WG-OFFICE"
    assert Unit.objects.get(code="WG-YH").name == "垭口派出所"
    rows = AuditEntry.objects.filter(action="unit.imported")
    assert [row.origin for row in rows] == ["command import_units"] * 3


def test_the_same_sheet_twice_changes_nothing(sheet: Path) -> None:
    sheet.write_text(SHEET)
    run(sheet)
    history = Unit.history.count()
    assert run(sheet) == "新增 0 个，变更 0 个，相同 3 个。\n"
    assert Unit.history.count() == history


def test_a_new_name_is_taken_over_and_leaves_history(sheet: Path) -> None:
    za = factories.unit("WG-ZA", "治安大队")
    sheet.write_text(SHEET)
    assert run(sheet) == "新增 2 个，变更 1 个，相同 0 个。\n"
    assert list(za.history.values_list("name", flat=True)) == ["治安管理大队", "治安大队"]


def test_every_fault_has_row_column_and_reason_and_nothing_goes_in(sheet: Path) -> None:
    factories.unit("WG-XX", "朱兰派出所")
    sheet.write_text(
        "code,name\nWG-A,甲派出所\n,乙派出所\nWG-C,\nWG-A,丁派出所\nWG E,甲派出所\n"
        f"WG-F,{'长' * 65}\nWG-G,朱兰派出所\n"
    )
    lines, last = refused(sheet)
    assert [line.split("。")[0] for line in lines] == [
        "行 3 · code · “” · 单位代码未填写",
        "行 4 · name · “” · 单位名称未填写",
        "行 5 · code · “WG-A” · 与第 2 行的单位代码重复",
        "行 6 · code · “WG E” · 单位代码由 1 到 32 位字母、数字、连字符组成",
        "行 6 · name · “甲派出所” · 与第 2 行的单位名称重复",
        f"行 7 · name · “{'长' * 65}” · 单位名称超过 64 个字",
        "行 8 · name · “朱兰派出所” · 这个名称已由单位 WG-XX 使用",
    ]
    assert last == "有 7 处错误，一个单位也没有导入。更正后重新导入。"
    assert list(Unit.objects.values_list("code", flat=True)) == ["WG-XX"]


def test_there_is_one_office(sheet: Path) -> None:
    factories.unit("WG-OLD", "旧办公室", is_office=True)
    sheet.write_text("code,name\nWG-OFFICE,局办公室\n")
    lines, _ = refused(sheet)
    assert lines == [
        "行 2 · code · “WG-OFFICE” · 局办公室只能有一个，已是 WG-OLD。请核对代码或名称。"
    ]


@pytest.mark.parametrize(
    ("content", "says"),
    [("code\nWG-A\n", "缺少列 name"), ("code,name\n", "没有单位"), ("", "空的")],
)
def test_a_sheet_of_another_form_is_refused(sheet: Path, content: str, says: str) -> None:
    sheet.write_text(content)
    lines, last = refused(sheet)
    assert lines == []
    assert says in last


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    assert "nowhere.csv" in refused(tmp_path / "nowhere.csv")[1]
