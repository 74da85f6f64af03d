"""What officers do with a sheet: hand it in, mend it, state that it is true, confirm, cancel, undo.

The work itself (reading, checking, writing) is done in the background: ``violations.import_work``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone

from accounts.models import Officer, Unit
from accounts.roles import Can
from core import audit
from violations.checks_of_texts import text
from violations.cleaning import one_line
from violations.errors import InvalidDecision, NotAllowed
from violations.import_check import storable
from violations.import_columns import FORMS
from violations.import_files import keep, remove_after_commit
from violations.import_models import ImportOverride, ImportProgress, ImportRun, ImportState
from violations.import_queue import send_after_commit
from violations.import_states import RunMoved, Step, locked, require
from violations.import_undo import built_on
from violations.imports import require_right
from violations.inputs import Fault

MIN_REMARK, MIN_REASON, MAX_TEXT = 5, 10, 1000
MAX_CELL = 2000
KEYS = frozenset(column.key for columns in FORMS.values() for column in columns)


@transaction.atomic
def upload(
    *, officer: Officer, file: File[bytes], unit: Unit | None = None, takeover: bool = False
) -> ImportRun:
    """Take a sheet in and have it checked in the background; nothing is written yet.

    ``unit`` stands where a row names none: the own one, for the office any. ``takeover`` takes
    decisions over that were confirmed in the past. Raises NotAllowed, SheetError.
    """
    require_right(officer, in_force=takeover)
    for_any = officer.may(Can.CONFIRM_FOR_ANY_UNIT)
    if takeover and not for_any:
        raise NotAllowed("历史记录由局办公室接收。需要接收的，请联系局办公室。")
    if unit is not None and unit.pk != officer.unit_id and not for_any:
        raise NotAllowed(f"您只能导入{officer.unit}作出的决定。")
    kept = keep(file)
    run = ImportRun.objects.create(
        unit=officer.unit,
        default_unit=unit or officer.unit,
        uploaded_by=officer,
        takeover=takeover,
        file_name=storable(kept.name),
        stored=kept.stored,
        size=kept.size,
        sha256=kept.sha256,
    )
    ImportProgress.objects.create(run=run)
    _record(officer, "import.upload", run, sha256=kept.sha256, takeover=takeover)
    send_after_commit(run)
    return run


@transaction.atomic
def replace_file(*, officer: Officer, run_id: int, version: int, file: File[bytes]) -> ImportRun:
    """A new version of the same sheet; what was mended in the page is expected to stand in it.

    Raises ImportRun.DoesNotExist, NotAllowed, RunMoved, SheetError.
    """
    run = locked(run_id)
    state = require(run, Step.REPLACE, officer=officer, version=version)
    kept = keep(file)
    remove_after_commit(run.stored)
    run.stored, run.file_name = kept.stored, storable(kept.name)
    run.size, run.sha256 = kept.size, kept.sha256
    run.overrides.all().delete()
    _again(run, state)
    _record(officer, "import.replace", run, sha256=kept.sha256)
    return run


@dataclass(frozen=True, slots=True)
class Mended:
    """What an officer changed in the page: cells by (row, key), and rows taken out."""

    cells: Mapping[tuple[int, str], str]
    left_out: frozenset[int] = frozenset()


@transaction.atomic
def mend(*, officer: Officer, run_id: int, version: int, mended: Mended) -> ImportRun:
    """Put other values in place of those of the sheet, and have it checked again.

    Only cells and rows with a fault can be mended. Raises ImportRun.DoesNotExist, NotAllowed,
    RunMoved, InvalidDecision.
    """
    run = locked(run_id)
    state = require(run, Step.MEND, officer=officer, version=version)
    cells = {
        (row, key): storable(one).strip() for (row, key), one in mended.cells.items() if key in KEYS
    }
    rows = {row for row, _ in cells} | mended.left_out
    known = set(run.faults.filter(row__in=rows).values_list("row", flat=True))
    if not rows or rows - known or any(len(value) > MAX_CELL for value in cells.values()):
        message = "没有可保存的更正。请在有错误的行中更正后再保存。"
        raise InvalidDecision([Fault("cells", "nothing", message)])
    written = [
        *(ImportOverride(run=run, row=row, key=key, value=v) for (row, key), v in cells.items()),
        *(ImportOverride(run=run, row=row) for row in mended.left_out),
    ]
    ImportOverride.objects.bulk_create(
        written,
        update_conflicts=True,
        unique_fields=["run", "row", "key"],
        update_fields=["value", "at"],
    )
    _again(run, state)
    _record(officer, "import.mend", run, cells=len(cells), left_out=sorted(mended.left_out)[:100])
    return run


@transaction.atomic
def submit(*, officer: Officer, run_id: int, version: int, truth_stated: bool) -> ImportRun:
    """Hand a checked sheet in for confirmation; the unit states that it is true (2-1).

    Raises ImportRun.DoesNotExist, NotAllowed, RunMoved, InvalidDecision.
    """
    run = locked(run_id)
    state = require(run, Step.SUBMIT, officer=officer, version=version)
    if not run.new_decisions:
        raise RunMoved("这批没有新增的决定，不需要提交。")
    if not truth_stated:
        message = "没有勾选真实性声明。请阅读后勾选，未勾选不能提交。"
        raise InvalidDecision([Fault("truth_stated", "missing", message)])
    run.state, run.truth_stated, run.submitted_at = state, True, timezone.now()
    run.returned_remark = ""
    run.save()
    _record(officer, "import.submit", run, decisions=run.new_decisions, rows=run.new_rows)
    return run


@transaction.atomic
def confirm(*, officer: Officer, run_id: int, version: int) -> ImportRun:
    """Agree that the decisions come into force; they are checked once more and written.

    Raises ImportRun.DoesNotExist, NotAllowed, RunMoved.
    """
    run = locked(run_id)
    run.state = require(run, Step.CONFIRM, officer=officer, version=version)
    run.confirmed_by, run.confirmed_at = officer, timezone.now()
    run.attempts, run.message = 0, ""
    run.save()
    _record(officer, "import.confirm", run, decisions=run.new_decisions, rows=run.new_rows)
    send_after_commit(run)
    return run


@transaction.atomic
def send_back(*, officer: Officer, run_id: int, version: int, remark: str) -> ImportRun:
    """Return a submitted sheet to its uploader with a remark.

    Raises ImportRun.DoesNotExist, NotAllowed, RunMoved, InvalidDecision.
    """
    run = locked(run_id)
    run.state = require(run, Step.RETURN, officer=officer, version=version)
    run.returned_remark = _said("remark", remark, "退回意见", MIN_REMARK)
    run.truth_stated, run.submitted_at = False, None
    run.save()
    _record(officer, "import.return", run, reason=run.returned_remark)
    return run


def cancel(*, officer: Officer, run_id: int) -> ImportRun:
    """Give a sheet up. One that is being written is asked to stop: then nothing of it stays.

    Raises ImportRun.DoesNotExist, NotAllowed, RunMoved.
    """
    # While it is written its row is locked: the wish stands beside it.
    run = ImportRun.objects.select_related("uploaded_by").get(pk=run_id)
    require(run, Step.CANCEL, officer=officer)
    with transaction.atomic():
        if run.state == ImportState.WRITING:
            ImportProgress.objects.filter(run=run).update(cancel_asked=True)
            _record(officer, "import.ask_cancel", run)
            return run
        run = locked(run_id)
        run.state = require(run, Step.CANCEL, officer=officer)
        run.finished_at = timezone.now()
        remove_after_commit(run.stored)
        run.stored = ""
        run.save()
        run.faults.all().delete()
        ImportProgress.objects.filter(run=run).update(cancel_asked=True)
        _record(officer, "import.cancel", run)
    return run


@transaction.atomic
def ask_undo(*, officer: Officer, run_id: int, reason: str) -> ImportRun:
    """Ask that a written batch be withdrawn as a whole; another person agrees or does not.

    Raises ImportRun.DoesNotExist, NotAllowed, RunMoved, InvalidDecision.
    """
    run = locked(run_id)
    require(run, Step.ASK_UNDO, officer=officer)
    reason = _said("reason", reason, "撤回理由", MIN_REASON)
    _require_nothing_built_on(run)
    run.undo_asked_by, run.undo_reason, run.undo_asked_at = officer, reason, timezone.now()
    run.save()
    _record(officer, "import.ask_undo", run, reason=reason)
    return run


@transaction.atomic
def agree_to_undo(*, officer: Officer, run_id: int) -> ImportRun:
    """Have the decisions of a batch withdrawn together, in the background.

    Raises ImportRun.DoesNotExist, NotAllowed, RunMoved.
    """
    run = locked(run_id)
    state = require(run, Step.AGREE_UNDO, officer=officer)
    _require_nothing_built_on(run)
    run.state, run.undone_by, run.attempts = state, officer, 0
    run.save()
    _record(officer, "import.agree_undo", run, reason=run.undo_reason)
    send_after_commit(run)
    return run


@transaction.atomic
def refuse_undo(*, officer: Officer, run_id: int) -> ImportRun:
    """Leave a batch as it is. Raises ImportRun.DoesNotExist, NotAllowed, RunMoved."""
    run = locked(run_id)
    require(run, Step.REFUSE_UNDO, officer=officer)
    _record(officer, "import.refuse_undo", run, reason=run.undo_reason)
    run.undo_asked_by, run.undo_reason, run.undo_asked_at = None, "", None
    run.save()
    return run


def _again(run: ImportRun, state: ImportState) -> None:
    """The content changed: a new version, to be checked from the beginning."""
    run.state, run.version, run.attempts, run.message = state, run.version + 1, 0, ""
    run.truth_stated, run.submitted_at, run.returned_remark = False, None, ""
    run.save()
    send_after_commit(run)


def _require_nothing_built_on(run: ImportRun) -> None:
    found = built_on(run)
    if found:
        raise RunMoved(
            f"这批不能整批撤回：{found}。对个别决定有异议的，请在决定页面更正、撤销或登记复议诉讼。"
        )


def _said(path: str, words: str, label: str, least: int) -> str:
    words = one_line(words)
    faults = list(text(path, words, label, MAX_TEXT, required=False, shortest=least))
    if faults:
        raise InvalidDecision(faults)
    return words


def _record(
    officer: Officer, action: str, run: ImportRun, *, reason: str = "", **details: object
) -> None:
    audit.record(
        actor=officer,
        action=action,
        target=run,
        reason=reason,
        details={"version": run.version, **details},
    )
