"""Looks into a run's sheet, and stores what was found: faults by cell, or what it would change."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.utils import timezone

from accounts.models import Unit
from accounts.roles import Can
from core.fast_insert import insert_rows
from core.spreadsheets_apart import sheet_apart
from core.spreadsheets_writer import column_letter
from violations import import_cells
from violations.checks_of_texts import names_a_person_by_number
from violations.import_columns import IDENTITY_COLUMN, Layout, normalised
from violations.import_effects import Effect, effects_of
from violations.import_files import path_of
from violations.import_models import (
    ImportEffect,
    ImportFault,
    ImportOverride,
    ImportRun,
    ImportState,
)
from violations.import_progress import Progress
from violations.import_ranges import in_words
from violations.import_rows import SheetFault
from violations.imports import Examined, ImportReport, SheetContent, examine, read_content

SHOWN_VALUE = 200
HIDDEN = "（证件号码）"
FAULT = ("run_id", "row", "key", "column", "value", "code", "message", "warning")
OVER_LIMIT = "over_limit"


@dataclass
class Found:
    """What a look into the sheet found; ``examined`` is None where it cannot be read as one."""

    report: ImportReport
    content: SheetContent
    examined: Examined | None = None
    effects: list[Effect] = field(default_factory=list)
    values: dict[tuple[int, str], str] = field(default_factory=dict)

    @staticmethod
    def only_unit(run: ImportRun) -> Unit | None:
        """The unit whose decisions alone the run may hold; None where it may hold any."""
        return None if run.uploaded_by.may(Can.CONFIRM_FOR_ANY_UNIT) else run.unit


class FactsChanged(Exception):  # noqa: N818
    """What was checked before does not hold any more; carries what was found instead."""

    def __init__(self, found: Found) -> None:
        self.found = found
        super().__init__()


def overrides_of(run: ImportRun) -> dict[int, dict[str, str]]:
    """The cells that were mended in the page, by row and key."""
    found: dict[int, dict[str, str]] = defaultdict(dict)
    for row, key, value in run.overrides.values_list("row", "key", "value"):
        found[row][key] = value
    return dict(found)


def read(run: ImportRun, progress: Progress) -> tuple[ImportReport, SheetContent]:
    """The sheet with what was mended in it. Raises SheetError, Cancelled."""
    with sheet_apart(path_of(run.stored)) as sheet:
        return read_content(
            sheet, unit=run.default_unit, overrides=overrides_of(run), tell=progress.tell
        )


def look_into(run: ImportRun, progress: Progress) -> Found:
    """Read and check; what it would change where nothing is wrong. SheetError, Cancelled."""
    report, content = read(run, progress)
    found = Found(report, content)
    if not report.faults:
        found.examined = examine(
            report, content, only_unit=found.only_unit(run), tell=progress.tell
        )
    report.sort()
    if not report.faults and found.examined is not None:
        progress.tell("预览等级", 0, 0)
        found.effects = list(effects_of([group.as_input() for group in found.examined.new]))
    if report.faults:
        found.examined, content.groups = None, []  # needed no more, and there may be many
    if report.faults or report.warnings:
        progress.tell("整理", 0, 0)
        found.values = _values(run, [*report.faults, *report.warnings], content.layout)
    return found


def _values(
    run: ImportRun, faults: Iterable[SheetFault], layout: Layout
) -> dict[tuple[int, str], str]:
    """What stands in the cells that something is said about; the sheet is read once more.

    Keeping every cell of a big sheet until then would take more memory than reading it twice.
    """
    wanted: dict[int, set[str]] = defaultdict(set)
    for fault in faults:
        if fault.key in layout.at:
            wanted[fault.row].add(fault.key)
    if not wanted:
        return {}
    values = {
        (row, key): value
        for row, key, value in ImportOverride.objects.filter(run=run).values_list(
            "row", "key", "value"
        )
    }
    with sheet_apart(path_of(run.stored)) as sheet:
        for number, cells in sheet.rows:
            for key in wanted.get(number, ()):
                if (number, key) not in values:
                    values[number, key] = _shown(import_cells.text(cells[layout.at[key]]))
    return values


def _shown(line: str) -> str:
    return HIDDEN if names_a_person_by_number(line) else line[:SHOWN_VALUE]


def storable(line: str) -> str:
    """Without what a database cannot hold: half a character, and the character nought."""
    return (
        line.encode("utf-8", "replace").decode("utf-8").replace("\0", "\N{REPLACEMENT CHARACTER}")
    )


def store_found(run: ImportRun, found: Found) -> None:
    """Put what was found in place of what was found before; the caller holds the locked run."""
    report = found.report
    run.faults.all().delete()
    run.effects.all().delete()
    said = [*report.faults, *report.warnings]
    insert_rows(ImportFault, FAULT, _fault_rows(run, said, found))
    counted = Counter((fault.key, fault.column) for fault in report.faults)
    run.kind, run.rows = report.kind, report.rows
    run.faults_found, run.warnings_found = len(report.faults), len(report.warnings)
    run.faulty_rows = len({fault.row for fault in report.faults})
    run.fault_columns = [[key, label, many] for (key, label), many in counted.items()]
    run.columns = _columns(found.content)
    run.skipped, run.skipped_rows = len(report.skipped), in_words(report.skipped)
    left_out = run.overrides.filter(key="").order_by("row").values_list("row", flat=True)
    run.left_out_rows = in_words(left_out)
    run.checked_at, run.message = timezone.now(), ""
    _count_new(run, found)
    insert_rows(ImportEffect, ("run_id", *Effect._fields), ((run.pk, *e) for e in found.effects))
    run.changed_grades = sum(one.old_grade != one.grade for one in found.effects)
    run.opened_reviews = sum(
        OVER_LIMIT in one.flags.split() and OVER_LIMIT not in one.old_flags.split()
        for one in found.effects
    )
    run.state = ImportState.FAULTY if report.faults else ImportState.CHECKED
    run.save()


def _count_new(run: ImportRun, found: Found) -> None:
    new = found.examined.new if found.examined and not found.report.faults else []
    known = found.examined.known if found.examined else {}
    run.new_decisions, run.new_rows = len(new), sum(len(group.rows) for group in new)
    run.new_subjects = len({group.first.code for group in new}.difference(known))
    units = {group.first.unit.code for group in new if group.first.unit}
    run.rows_unit = Unit.objects.filter(code=units.pop()).first() if len(units) == 1 else None


def _fault_rows(
    run: ImportRun, faults: Iterable[SheetFault], found: Found
) -> Iterator[tuple[object, ...]]:
    for fault in faults:
        yield (
            run.pk,
            fault.row,
            fault.key,
            fault.column,
            storable(found.values.get((fault.row, fault.key), "")[:SHOWN_VALUE]),
            fault.code,
            storable(fault.message),
            fault.warning,
        )


def _columns(content: SheetContent) -> list[list[str]]:
    """Each column of the file: its letter, its heading, and what it is read as (or nothing)."""
    found = []
    for place, label in enumerate(content.header):
        key = content.layout.key_at(place)
        if key:
            said = content.layout.labels[key]
        else:
            is_identity = normalised(label) == normalised(IDENTITY_COLUMN)
            said = "不读取（证件号码）" if is_identity else ""
        found.append([column_letter(place), storable(label), said, "1" if key else ""])
    return found
