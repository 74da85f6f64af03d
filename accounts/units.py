"""Units taken from a sheet: checked row by row, written all or not at all."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import transaction

from accounts.models import Unit
from core.audit import record

OFFICE_CODE = "WG-OFFICE"
OFFICE_NAME = "局办公室"
_CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{0,31}")
MAX_NAME = 64


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One row of the sheet; ``row`` is its number there."""

    row: int
    code: str
    name: str

    @property
    def is_office(self) -> bool:
        return self.code == OFFICE_CODE or self.name == OFFICE_NAME


@dataclass(frozen=True, slots=True)
class RowFault:
    """What is wrong at ``column`` (``code`` or ``name``) of ``row``, in Chinese."""

    row: int
    column: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class Taken:
    """How many units were added, changed, and right already."""

    added: int
    changed: int
    same: int


def faults_in(rows: Iterable[UnitRow]) -> list[RowFault]:
    """Every fault of every row; an empty list means that ``take_units`` may write them."""
    units = list(Unit.objects.all())
    name_owner = {unit.name: unit.code for unit in units}
    office = next((unit.code for unit in units if unit.is_office), None)
    codes: dict[str, int] = {}
    names: dict[str, int] = {}
    faults: list[RowFault] = []
    for row in rows:
        for column, reason in _reasons(row, codes, names, name_owner, office):
            value = row.code if column == "code" else row.name
            faults.append(RowFault(row.row, column, value, reason))
        codes.setdefault(row.code, row.row)
        names.setdefault(row.name, row.row)
        if row.is_office and office is None:
            office = row.code
    return faults


def _reasons(
    row: UnitRow,
    codes: dict[str, int],
    names: dict[str, int],
    name_owner: dict[str, str],
    office: str | None,
) -> Iterator[tuple[str, str]]:
    if not row.code:
        yield "code", "单位代码未填写。请填写。"
    elif not _CODE.fullmatch(row.code):
        yield "code", "单位代码由 1 到 32 位字母、数字、连字符组成。请更正。"
    elif row.code in codes:
        yield "code", f"与第 {codes[row.code]} 行的单位代码重复。请删去一行。"
    if not row.name:
        yield "name", "单位名称未填写。请填写。"
    elif len(row.name) > MAX_NAME:
        yield "name", f"单位名称超过 {MAX_NAME} 个字。请缩短。"
    elif row.name in names:
        yield "name", f"与第 {names[row.name]} 行的单位名称重复。请更正。"
    elif name_owner.get(row.name, row.code) != row.code:
        yield "name", f"这个名称已由单位 {name_owner[row.name]} 使用。请核对代码或名称。"
    if row.is_office and office not in (None, row.code):
        yield "code", f"局办公室只能有一个，已是 {office}。请核对代码或名称。"


def take_units(rows: Iterable[UnitRow]) -> Taken:
    """Add and rename units as the rows say; units that are not among them stay as they are.

    The rows must be without faults. Running it twice changes nothing the second time.
    """
    added = changed = same = 0
    with transaction.atomic():
        present = {unit.code: unit for unit in Unit.objects.select_for_update()}
        for row in rows:
            unit = present.get(row.code)
            before = unit.name if unit else ""
            if unit and before == row.name and unit.is_office >= row.is_office:
                same += 1
                continue
            added, changed = (added, changed + 1) if unit else (added + 1, changed)
            unit = unit or Unit(code=row.code)
            unit.name = row.name
            unit.is_office = unit.is_office or row.is_office
            unit.save()
            record(
                actor=None,
                action="unit.imported",
                target=unit,
                details={"name": [before, row.name], "is_office": unit.is_office},
            )
    return Taken(added, changed, same)
