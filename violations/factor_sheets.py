"""Reading a sheet of factors: codes and values, columns by their labels, every fault by row.

National evaluations, lists from above and notices come like this. A row without an organisation's
code, or with a person's number, is a fault: nothing of it is ever kept.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from core.spreadsheets import Cell, Sheet
from subjects import credit_codes
from subjects.particulars import clean_name
from violations import import_cells
from violations.checks_of_texts import text
from violations.enums import FactorKind
from violations.factor_checks import FactorInput, check_factor
from violations.import_cells import CellError
from violations.import_columns import Column, normalised
from violations.import_rows import SheetFault

MAX_ROWS = 5000
COLUMNS = (
    Column(
        "code",
        "统一社会信用代码",
        aliases=("社会信用代码", "信用代码", "行政相对人代码_1(统一社会信用代码)", "代码"),
    ),
    Column(
        "name",
        "监管对象名称",
        aliases=("企业名称", "单位名称", "机构名称", "主体名称", "行政相对人名称", "名称"),
    ),
    Column(
        "value",
        "结果",
        aliases=(
            "评价结果",
            "评价等级",
            "信用等级",
            "等级",
            "名单名称",
            "惩戒事由",
            "激励事由",
            "事由",
        ),
    ),
    Column("scheme", "评价体系", False, ("评价名称", "通报名称", "文件名称")),
    Column(
        "begins", "生效日期", False, ("起始日期", "评价日期", "列入日期", "发布日期", "开始日期")
    ),
    Column("ends", "截止日期", False, ("有效期至", "终止日期", "结束日期")),
)
# Faults of a code that the sheet's sender must mend; others are settled by hand (factor_match).
_TO_MEND = frozenset({"missing", "person", "number", "placeholder", "length", "alphabet"})
_PATHS = {"in_force_from": "begins", "in_force_until": "ends", "is_worst": "value"}
# One result an organisation: two different ones cannot both be right.
_ONE_RESULT = frozenset({FactorKind.NATIONAL.value, FactorKind.QUANTIFIED.value})


@dataclass(frozen=True, slots=True)
class SheetTerms:
    """What holds for all rows that do not say otherwise; ``worst`` are results of worst class."""

    kind: str
    scheme: str
    source: str
    in_force_from: date | None = None
    in_force_until: date | None = None
    worst: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row that can be read."""

    row: int
    name: str
    data: FactorInput


@dataclass
class ReadSheet:
    rows: list[SheetRow] = field(default_factory=list)
    faults: list[SheetFault] = field(default_factory=list)


def worst_results(text: str) -> frozenset[str]:
    """The results named in a box such as "差、D"."""
    parts = unicodedata.normalize("NFKC", text).replace("、", ",").replace(";", ",").split(",")
    return frozenset(part.strip() for part in parts if part.strip())


def read_sheet(sheet: Sheet, terms: SheetTerms, *, today: date) -> ReadSheet:
    """Every row of ``sheet``. Raises SheetError where it cannot be read on."""
    found = ReadSheet()
    at = _lay_out(sheet.header, found)
    if found.faults:
        return found
    formulas = {(row, key) for row, place in sheet.formulas for key in at if at[key] == place}
    seen: dict[FactorInput, int] = {}
    results: dict[tuple[str, str], tuple[int, str]] = {}
    for number, values in sheet.rows:
        if len(found.rows) + len(found.faults) >= MAX_ROWS:
            message = f"一张表最多 {MAX_ROWS:,} 行。拆成几张后再导入。"
            found.faults.append(SheetFault(number, "", "", "too_many", message))
            break
        cells = {key: values[place] for key, place in at.items()}
        bad = sorted(key for key in at if (number, key) in formulas)
        made, faults = _row(number, cells, bad, terms, today)
        if made is not None and not faults:
            faults = _twice(made, seen, results)
        found.faults += faults
        if made is not None and not faults:
            found.rows.append(made)
    if not found.rows and not found.faults:
        message = "表中没有数据行。第二行起填写数据。"
        found.faults.append(SheetFault(0, "", "", "empty", message))
    return found


def _lay_out(header: Sequence[str], found: ReadSheet) -> dict[str, int]:
    names = [normalised(label) for label in header]
    at: dict[str, int] = {}
    for column in COLUMNS:
        for label in (column.label, *column.aliases):
            places = [place for place, name in enumerate(names) if name == normalised(label)]
            if places:
                at[column.key] = places[0]
                if len(places) > 1:
                    message = "第一行有两个同名的列。删去多余的一列。"
                    found.faults.append(SheetFault(1, "", label, "doubled", message))
                break
        if column.required and column.key not in at:
            others = "、".join(column.aliases[:4])
            message = f"第一行没有这一列。补上该列，列名也可以写作{others}。"
            found.faults.append(SheetFault(1, "", column.label, "no_column", message))
    return at


_LABELS = {column.key: column.label for column in COLUMNS}


def _fault(row: int, key: str, code: str, message: str) -> SheetFault:
    return SheetFault(row, key, _LABELS.get(key, ""), code, message)


def _row(
    number: int, cells: Mapping[str, Cell], formulas: Iterable[str], terms: SheetTerms, today: date
) -> tuple[SheetRow | None, list[SheetFault]]:
    bad = [
        _fault(number, key, "formula", "单元格是公式。改为公式的结果（粘贴为数值）。")
        for key in formulas
    ]
    days: dict[str, date | None] = {}
    for key, otherwise in (("begins", terms.in_force_from), ("ends", terms.in_force_until)):
        try:
            days[key] = import_cells.day(cells.get(key)) or otherwise
        except CellError as error:
            bad.append(_fault(number, key, error.code, str(error)))
    if bad:
        return None, bad
    value = import_cells.text(cells.get("value"))
    data = FactorInput(
        credit_code=_code(cells.get("code")),
        kind=terms.kind,
        scheme=import_cells.text(cells.get("scheme")) or terms.scheme,
        value=value,
        source=terms.source,
        in_force_from=days["begins"],
        in_force_until=days["ends"],
        is_worst=value in terms.worst,
    ).cleaned()
    name = clean_name(import_cells.name(cells.get("name")))
    faults = [
        *_faults_of_code(number, data.credit_code),
        *(_fault(number, "name", f.code, f.message) for f in text("name", name, "名称", 200)),
        *(
            _fault(number, _PATHS.get(f.path, f.path), f.code, f.message)
            for f in check_factor(data, today=today)
        ),
    ]
    return SheetRow(number, name, data), faults


def _code(cell: Cell) -> str:
    # A number has lost its last digits: let the check of codes say so.
    return f"{cell:.5E}" if isinstance(cell, float | int) else import_cells.text(cell)


def _faults_of_code(row: int, code: str) -> Iterator[SheetFault]:
    fault = credit_codes.check(code)
    if fault is None or fault.code not in _TO_MEND:
        return
    message = fault.message
    if fault.code == "person":
        message = "这是居民身份证号码。自然人不是监管对象，删去该行后再导入。"
    elif fault.code == "missing":
        message = "没有统一社会信用代码。自然人和没有代码的不是监管对象，补上代码或删去该行。"
    yield _fault(row, "code", fault.code, message)


def _twice(
    made: SheetRow,
    seen: dict[FactorInput, int],
    results: dict[tuple[str, str], tuple[int, str]],
) -> list[SheetFault]:
    data = made.data
    same = seen.setdefault(replace(data, source=""), made.row)
    if same != made.row:
        message = f"与第 {same} 行完全相同。删去重复的一行。"
        return [_fault(made.row, "code", "same_row", message)]
    row, value = results.setdefault((data.credit_code, data.scheme), (made.row, data.value))
    if data.kind in _ONE_RESULT and value != data.value:
        message = f"与第 {row} 行是同一代码，结果却不同（“{value[:20]}”）。对照来件更正。"
        return [_fault(made.row, "value", "two_results", message)]
    return []
