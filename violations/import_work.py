"""The background work on a run: check it, write it, take it back; each wholly or not at all.

Idempotent: a message may come twice, late, or not at all. Whoever works claims the run first and
counts the attempt; a result is stored only by who made the last claim. A run is written in one
transaction under the lock of its row, so that a worker killed half-way leaves nothing, and two
write it once.
"""

from __future__ import annotations

import structlog
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, OperationalError, transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from accounts.models import Unit
from core import audit
from core.spreadsheets import SheetError
from subjects.models import Subject
from violations.import_check import FactsChanged, Found, look_into, read, store_found
from violations.import_files import path_of, remove_after_commit, sha256_of
from violations.import_models import WORKING, ImportProgress, ImportRun, ImportState
from violations.import_progress import Cancelled, Progress
from violations.import_queue import SILENCE, WAITING, send_after_commit
from violations.import_states import locked
from violations.import_store import store_decisions
from violations.import_undo import built_on, withdraw_all
from violations.imports import examine

logger = structlog.stdlib.get_logger(__name__)
ATTEMPTS = 3


def work(run_id: int) -> None:
    """Do what the run waits for; nothing where it waits for nothing or somebody is at it."""
    run = _claim(run_id)
    if run is None:
        return
    with Progress(run_id) as progress:
        try:
            if run.state == ImportState.CHECKING:
                _check(run, progress)
            elif run.state == ImportState.WRITING:
                _write(run, progress)
            else:
                _undo(run, progress)
        except Cancelled:
            _end(run, ImportState.CANCELLED, "")
        except (SheetError, PermissionDenied) as error:
            _end(run, ImportState.FAILED, str(error))


@transaction.atomic
def _claim(run_id: int) -> ImportRun | None:
    try:
        run = ImportRun.objects.select_for_update(nowait=True).filter(pk=run_id).first()
    except OperationalError:  # it is being written at this moment
        return None
    if run is None or run.state not in WORKING:
        return None
    heard = ImportProgress.objects.get(run=run)
    is_fresh = heard.beat_at > timezone.now() - SILENCE
    if run.attempts and heard.phase != WAITING and is_fresh:
        return None
    if run.attempts >= ATTEMPTS:
        _give_up(run)
        return None
    if run.state == ImportState.UPLOADED:
        run.state = ImportState.CHECKING
    run.attempts += 1
    run.save()
    ImportProgress.objects.filter(run=run).update(phase="开始", beat_at=timezone.now())
    return run


def _give_up(run: ImportRun) -> None:
    logger.error("import given up", run=run.pk, state=run.state)
    if run.state == ImportState.UNDOING:
        _leave_as_it_is(run, "整批撤回多次没有完成，没有撤回任何一份。请联系系统管理员后再申请。")
        return
    run.state = ImportState.FAILED
    run.message = "多次没有处理完，已停止，没有写入任何一行。请拆成几个文件后重新上传。"
    run.save()


def _still_mine(run: ImportRun) -> ImportRun | None:
    """The run, locked, if nothing happened to it since it was claimed."""
    now = locked(run.pk)
    return now if (now.state, now.attempts) == (run.state, run.attempts) else None


@transaction.atomic
def _end(run: ImportRun, state: ImportState, message: str) -> None:
    mine = _still_mine(run)
    if mine is None:
        return
    if mine.state == ImportState.UNDOING:
        _leave_as_it_is(mine, message)
        return
    mine.state, mine.message = state, message
    mine.finished_at = timezone.now()
    if state == ImportState.CANCELLED:
        remove_after_commit(mine.stored)
        mine.stored = ""
    mine.save()
    audit.record(actor=None, action=f"import.{state}", target=mine, reason=message[:500])


def _leave_as_it_is(run: ImportRun, message: str) -> None:
    """Written it was, and written it stays."""
    run.state, run.message = ImportState.DONE, message
    run.undo_asked_by = run.undone_by = run.undo_asked_at = None
    run.undo_reason = ""
    run.save()


def _check(run: ImportRun, progress: Progress) -> None:
    found = look_into(run, progress)
    with transaction.atomic():
        mine = _still_mine(run)
        if mine is not None:
            store_found(mine, found)


def _write(run: ImportRun, progress: Progress) -> None:
    path = path_of(run.stored)
    if sha256_of(path) != run.sha256:
        raise SheetError("存放的文件与上传时不同，没有写入。请重新上传。")
    report, content = read(run, progress)
    try:
        with transaction.atomic():
            mine = _still_mine(run)
            if mine is None:
                return
            found = Found(report, content)
            # The register may have changed since the check: what holds now decides.
            if not report.faults:
                found.examined = examine(
                    report, content, only_unit=found.only_unit(mine), tell=progress.tell
                )
            if report.faults or found.examined is None:
                raise FactsChanged(found)
            _store(mine, found, progress)
    except FactsChanged as changed:
        _back_to_faulty(run, changed.found)
    except IntegrityError:
        _check_anew(run)


def _store(run: ImportRun, found: Found, progress: Progress) -> None:
    assert found.examined is not None
    decisions = [group.as_input() for group in found.examined.new]
    stored = store_decisions(
        officer=run.uploaded_by,
        decisions=decisions,
        unit_ids=dict(Unit.objects.values_list("code", "pk")),
        in_force=run.takeover,
        source=f"批量导入 {run.pk}",
        run=run,
        tell=lambda done: progress.tell("写入", done, len(decisions)),
    )
    progress.stop_if_cancelled()
    run.new_decisions, run.new_rows = stored.decisions, stored.violations
    run.skipped = len(found.report.skipped)
    registered = Subject.objects.filter(credit_code=OuterRef("credit_code")).values("pk")[:1]
    run.effects.filter(subject__isnull=True).update(subject=Subquery(registered))
    run.state, run.message, run.finished_at = ImportState.DONE, "", timezone.now()
    run.save()
    audit.record(
        actor=run.uploaded_by,
        action="decision.import",
        target=run,
        reason="接收历史记录" if run.takeover else "",
        details={
            "file": run.file_name,
            "sha256": run.sha256,
            "kind": run.kind,
            "in_force": run.takeover,
            "confirmed_by": run.confirmed_by.number if run.confirmed_by else "",
            "rows": found.report.rows,
            "skipped": run.skipped,
            "decisions": stored.decisions,
            "violations": stored.violations,
        },
    )


@transaction.atomic
def _back_to_faulty(run: ImportRun, found: Found) -> None:
    """What was right when it was checked is not right any more; nobody confirmed what it is now."""
    mine = _still_mine(run)
    if mine is None:
        return
    _take_confirmation_back(mine)
    found.report.sort()
    store_found(mine, found)
    mine.message = "审核之后、写入之前，库中记录有变化，没有写入任何一行。请按下列各处更正。"
    mine.save()


@transaction.atomic
def _check_anew(run: ImportRun) -> None:
    mine = _still_mine(run)
    if mine is None:
        return
    _take_confirmation_back(mine)
    mine.state, mine.attempts = ImportState.UPLOADED, 0
    mine.message = "写入期间有人录入了相同的文号或监管对象，没有写入任何一行，已重新校验。"
    mine.save()
    send_after_commit(mine)


def _take_confirmation_back(run: ImportRun) -> None:
    run.version += 1
    run.confirmed_by = run.confirmed_at = run.submitted_at = None
    run.truth_stated = False


@transaction.atomic
def _undo(run: ImportRun, progress: Progress) -> None:
    mine = _still_mine(run)
    if mine is None:
        return
    # Whoever records an outcome locks the decision first: nothing is built on it from here on.
    list(mine.decisions.select_for_update().order_by("pk").values_list("pk", flat=True))
    found = built_on(mine)
    if found:
        _leave_as_it_is(mine, f"没有撤回：{found}。")
        return
    withdraw_all(mine, progress)
    mine.state = ImportState.UNDONE
    mine.save()
