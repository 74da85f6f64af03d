"""Sheets for the tests of the import, and where the office's own files lie."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.conf import settings

from accounts.models import Unit
from tests import factories

DATA = Path(settings.BASE_DIR).parent / "shared" / "data"
needs_data = pytest.mark.skipif(
    not (DATA / "penalties.xlsx").exists(), reason=f"no files of the office in {DATA}"
)
UNITS = {
    "WG-OFFICE": "局办公室",
    "WG-ZA": "治安管理大队",
    "WG-JD": "禁毒大队",
    "WG-JJ": "交通警察大队",
    "WG-WA": "网络安全保卫大队",
    "WG-YH": "垭口派出所",
    "WG-YL": "院岭派出所",
    "WG-SL": "寺坡派出所",
    "WG-ZL": "朱兰派出所",
    "WG-SG": "尚店派出所",
}
PENALTY_HEADER = [
    "行政相对人名称",
    "行政相对人代码_1(统一社会信用代码)",
    "法定代表人",
    "法定代表人身份证号",
    "行政处罚决定书文号",
    "违法行为类型",
    "违法事实",
    "处罚依据",
    "处罚类别",
    "罚款金额(万元)",
    "没收违法所得、没收非法财物的金额(万元)",
    "暂扣或吊销证照名称及编号",
    "处罚决定日期",
    "数据来源单位",
]
OTHERS_HEADER = [
    "文书号",
    "文书类型",
    "监管对象名称",
    "统一社会信用代码",
    "违法行为类型",
    "事实",
    "依据",
    "认定日期",
    "整改期限",
    "数据来源单位",
    "备注",
]


def units() -> dict[str, Unit]:
    """The units of the bureau by code."""
    return {
        code: factories.unit(code, name, is_office=code == "WG-OFFICE")
        for code, name in UNITS.items()
    }


def penalty(seed: int = 1, **cells: Any) -> dict[str, Any]:
    """One right row of the penalties' sheet; ``cells`` by label."""
    row = {
        "行政相对人名称": f"舞钢市样例第{seed}有限公司",
        "行政相对人代码_1(统一社会信用代码)": factories.credit_code(seed),
        "法定代表人": "张三",
        "行政处罚决定书文号": f"舞公（治）行罚决字〔2026〕{seed:04d}号",
        "违法行为类型": "保安从业单位未按规定备案、留存资料",
        "违法事实": "经查，未按规定备案。",
        "处罚依据": "《保安服务管理条例》第四十二条",
        "处罚类别": "罚款",
        "罚款金额(万元)": "1",
        "处罚决定日期": "2026-10-15",
        "数据来源单位": "治安管理大队",
    }
    return {**row, **cells}


def order(seed: int = 1, **cells: Any) -> dict[str, Any]:
    """One right row of the bureau's own sheet."""
    row = {
        "文书号": f"舞公（治）责改字〔2026〕{seed:04d}号",
        "文书类型": "责令改正",
        "监管对象名称": f"舞钢市样例第{seed}有限公司",
        "统一社会信用代码": factories.credit_code(seed),
        "违法行为类型": "娱乐场所未按规定备案",
        "事实": "经查，未按规定备案。",
        "依据": "《娱乐场所管理条例》第四十七条",
        "认定日期": "2026-10-15",
        "数据来源单位": "治安管理大队",
    }
    return {**row, **cells}


def write(path: Path, rows: list[dict[str, Any]], header: list[str] | None = None) -> Path:
    """A workbook, or a CSV file where ``path`` says so, with ``rows`` under ``header``."""
    labels = header or (OTHERS_HEADER if "文书号" in rows[0] else PENALTY_HEADER)
    lines: list[list[Any]] = [labels, *([row.get(label) for label in labels] for row in rows)]
    if path.suffix == ".csv":
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows(lines)
        return path
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for line in lines:
        sheet.append(line)
    book.save(path)
    return path


def table(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file of the office."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))
