"""One row of an official sheet as one act of a decision, with what is wrong on the sheet itself.

What is wrong with the decision is not asked here: that is ``violations.checks``, the same for all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import TypeVar

from core.spreadsheets import Cell
from subjects.credit_codes import normalise
from violations import import_cells
from violations.enums import LICENCE_KINDS, DecisionKind, DispositionKind
from violations.fields import field_of
from violations.import_cells import CellError
from violations.import_columns import PENALTIES, Layout
from violations.inputs import DispositionInput, ViolationInput
from violations.laws import law_key, split_basis
from violations.numbers import clean_number, number_key

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class SheetFault:
    """Something to mend on the sheet: the row as Excel counts, the column by its label, and what.

    ``key`` names the column in the code, empty for the file as a whole (row 0). A warning stops
    nothing.
    """

    row: int
    key: str
    column: str
    code: str
    message: str
    warning: bool = False


@dataclass(frozen=True, slots=True)
class UnitName:
    """A unit as the sheet may name it."""

    code: str
    name: str


@dataclass(slots=True)
class ParsedRow:
    """A row that was read; ``bad`` holds the keys of the columns that could not be."""

    row: int
    unit: UnitName | None = None
    number: str = ""
    number_key: str = ""
    kind: str = DecisionKind.PENALTY.value
    code: str = ""
    name: str = ""
    principal: str = ""
    decided_on: date | None = None
    served_on: date | None = None
    procedure: str = "ordinary"
    act: ViolationInput = field(default_factory=lambda: ViolationInput("", "", "", ""))
    faults: list[SheetFault] = field(default_factory=list)
    bad: set[str] = field(default_factory=set)

    @property
    def content(self) -> tuple[object, ...]:
        """What makes two rows the same row."""
        return (self.kind, self.code, self.decided_on, act_content(self.act))


def act_content(act: ViolationInput) -> tuple[object, ...]:
    """What makes two acts of one decision the same act."""
    treatments = sorted((d.kind, d.amount or Decimal(0), d.licence) for d in act.dispositions)
    return (act.type, act.facts, law_key(act.law), act.article, act.committed_on, *treatments)


@lru_cache(maxsize=4096)
def _basis(text: str) -> tuple[str, str, str]:
    law, article = split_basis(text)
    return law, article, law_key(law)


@dataclass
class RowReader:
    """Reads the rows of one sheet. ``units`` maps each way a unit may be named to the unit.

    ``overrides`` are cells that were mended since, by row and key; an empty key leaves the row out.
    """

    layout: Layout
    formulas: frozenset[tuple[int, int]]
    units: Mapping[str, UnitName]
    default_unit: UnitName
    overrides: Mapping[int, Mapping[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._formulas: dict[int, set[str]] = {}
        for row, place in self.formulas:
            key = self.layout.key_at(place)
            if key:
                self._formulas.setdefault(row, set()).add(key)

    def is_left_out(self, number: int) -> bool:
        """Whether the row was taken out of the sheet."""
        return "" in self.overrides.get(number, ())

    def read(self, number: int, values: Sequence[Cell]) -> ParsedRow:
        """The row ``number`` with its ``values``."""
        parsed = ParsedRow(number)
        mended = self.overrides.get(number, {})
        for key in sorted(self._formulas.get(number, set()).difference(mended)):
            self._fault(parsed, key, "formula", "单元格是公式。改为公式的结果（粘贴为数值）。")
        cells = {key: values[place] for key, place in self.layout.at.items()}
        cells.update(mended)
        self._read_head(parsed, cells)
        self._read_act(parsed, cells)
        return parsed

    def _read_head(self, parsed: ParsedRow, cells: Mapping[str, Cell]) -> None:
        parsed.number = clean_number(import_cells.text(cells.get("number")))
        parsed.number_key = number_key(parsed.number)
        parsed.name = import_cells.name(cells.get("name"))
        parsed.principal = import_cells.name(cells.get("principal"))
        parsed.code = self._code(parsed, cells.get("code"))
        parsed.unit = self._unit(parsed, cells.get("unit"))
        parsed.decided_on = self._try(parsed, "decided_on", cells, import_cells.day, None)
        parsed.served_on = self._try(parsed, "served_on", cells, import_cells.day, None)
        parsed.procedure = self._try(parsed, "procedure", cells, import_cells.procedure, "ordinary")
        if self.layout.kind != PENALTIES:
            order = DecisionKind.ORDER
            parsed.kind = self._try(parsed, "kind", cells, import_cells.document_kind, order).value

    def _code(self, parsed: ParsedRow, cell: Cell) -> str:
        if isinstance(cell, int | float):
            message = (
                "Excel 把代码变成了数字，后几位已丢失。把该列设为文本格式，重新填写 18 位代码。"
            )
            self._fault(parsed, "code", "number", message)
            return ""
        return normalise(import_cells.text(cell))

    def _unit(self, parsed: ParsedRow, cell: Cell) -> UnitName | None:
        name = import_cells.text(cell)
        if not name:
            return self.default_unit
        unit = self.units.get(name.replace(" ", ""))
        if unit is None:
            message = f"没有名为“{import_cells.shown(name)}”的单位。按系统中的单位名称填写。"
            self._fault(parsed, "unit", "unknown", message)
        return unit

    def _read_act(self, parsed: ParsedRow, cells: Mapping[str, Cell]) -> None:
        law, article, key = _basis(import_cells.text(cells.get("law")))
        parsed.act = ViolationInput(
            field=field_of(key, parsed.unit.name if parsed.unit else "").value,
            type=import_cells.text(cells.get("type")),
            facts=import_cells.prose(cells.get("facts")),
            law=law,
            article=article,
            committed_on=self._try(parsed, "committed_on", cells, import_cells.day, None),
            correct_by=self._try(parsed, "correct_by", cells, import_cells.day, None),
            dispositions=self._dispositions(parsed, cells),
        )

    def _dispositions(
        self, parsed: ParsedRow, cells: Mapping[str, Cell]
    ) -> tuple[DispositionInput, ...]:
        if self.layout.kind != PENALTIES:
            is_order = parsed.kind == DecisionKind.ORDER
            ordered = is_order or bool(import_cells.text(cells.get("correct_by")))
            return (DispositionInput("order_to_correct"),) if ordered else ()
        fine = self._try(parsed, "fine", cells, import_cells.money, None)
        confiscated = self._try(parsed, "confiscated", cells, import_cells.money, None)
        licence = import_cells.text(cells.get("licence"))
        kinds: list[str] = self._try(parsed, "kinds", cells, import_cells.kinds, [])
        if "kinds" in parsed.bad:
            parsed.bad.update(("fine", "confiscated", "licence"))  # cannot be judged without
            return ()
        made = _joined(kinds, fine, confiscated, licence)
        self._see_leftovers(parsed, made, fine=fine, confiscated=confiscated, licence=licence)
        return made

    def _see_leftovers(
        self,
        parsed: ParsedRow,
        made: Sequence[DispositionInput],
        *,
        fine: Decimal | None,
        confiscated: Decimal | None,
        licence: str,
    ) -> None:
        """What is filled in although no kind asks for it; a nought says that nothing was taken."""
        kinds = {one.kind for one in made}
        if fine and DispositionKind.FINE not in kinds:
            message = "填写了罚款金额，但处罚类别没有罚款。更正处罚类别，或清空金额。"
            self._fault(parsed, "fine", "without_kind", message)
        if confiscated and not kinds & _CONFISCATIONS:
            message = "填写了没收金额，但处罚类别没有没收。更正处罚类别，或清空金额。"
            self._fault(parsed, "confiscated", "without_kind", message)
        if licence and not kinds & LICENCE_KINDS:
            message = "填写了证照，但处罚类别没有暂扣或吊销。更正处罚类别，或清空证照。"
            self._fault(parsed, "licence", "without_kind", message)

    def _try(
        self,
        parsed: ParsedRow,
        key: str,
        cells: Mapping[str, Cell],
        read: Callable[[Cell], T],
        otherwise: T,
    ) -> T:
        if key in parsed.bad or key not in self.layout.at:
            return otherwise
        try:
            return read(cells[key])
        except CellError as error:
            self._fault(parsed, key, error.code, str(error))
            return otherwise

    def _fault(self, parsed: ParsedRow, key: str, code: str, message: str) -> None:
        if key not in parsed.bad:
            parsed.bad.add(key)
            label = self.layout.labels[key]
            parsed.faults.append(SheetFault(parsed.row, key, label, code, message))


_CONFISCATIONS = frozenset({DispositionKind.CONFISCATE_GAINS, DispositionKind.CONFISCATE_PROPERTY})


def _joined(
    kinds: Sequence[str], fine: Decimal | None, confiscated: Decimal | None, licence: str
) -> tuple[DispositionInput, ...]:
    """Each kind with its money and licence, in the order of the law.

    One joint amount for two confiscations goes to the first, the gains (domain.md §2).
    """
    made = []
    for kind in sorted(kinds, key=_ORDER.__getitem__):
        amount = None
        if kind == DispositionKind.FINE:
            amount = fine
        elif kind in _CONFISCATIONS:
            amount, confiscated = confiscated or _nought(kind, confiscated), None
        made.append(DispositionInput(kind, amount, licence if kind in LICENCE_KINDS else ""))
    return tuple(made)


def _nought(kind: str, amount: Decimal | None) -> Decimal | None:
    """Nought where money must be taken is a fault to be found; elsewhere it is none."""
    return amount if kind == DispositionKind.CONFISCATE_GAINS else None


_ORDER = {kind.value: at for at, kind in enumerate(DispositionKind)}
