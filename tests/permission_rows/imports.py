"""Handing sheets in, and what becomes of each."""

from __future__ import annotations

from accounts.models import Officer
from accounts.roles import Can, Role
from tests import factories
from tests.permission_table import READS_DECISIONS, Kwargs, Row, who_may
from violations.import_models import ImportProgress, ImportRun, ImportState

IMPORTS = who_may(Can.RECORD_DECISION, Can.CONFIRM_FOR_ANY_UNIT)
UPLOADER = frozenset({Role.RECORDER.value})
REVIEWER = frozenset({Role.UNIT_REVIEWER.value})
VERSION = {"version": "1"}


def _run(by: Officer, state: ImportState) -> dict[str, int]:
    reviewer = factories.officer(Role.UNIT_REVIEWER, unit=by.unit)
    run = ImportRun.objects.create(
        unit=by.unit,
        default_unit=by.unit,
        rows_unit=by.unit,
        uploaded_by=by,
        file_name="样例.csv",
        size=10,
        sha256="0" * 64,
        kind="penalties",
        state=state,
        new_decisions=1,
        new_rows=1,
        confirmed_by=reviewer if state == ImportState.DONE else None,
    )
    ImportProgress.objects.create(run=run)
    return {"pk": run.pk}


def _own(state: ImportState) -> Kwargs:
    return lambda world: _run(world.officers[Role.RECORDER], state)


def _foreign(state: ImportState) -> Kwargs:
    return lambda world: _run(factories.officer(Role.RECORDER, unit=world.other), state)


ROWS: dict[str, Row] = {
    "desk:imports": Row(get=READS_DECISIONS, post=IMPORTS),
    "desk:import-template": Row(get=READS_DECISIONS, kwargs=lambda world: {"kind": "others"}),
    "desk:import-run": Row(
        get=READS_DECISIONS,
        kwargs=_own(ImportState.CHECKED),
        foreign=_foreign(ImportState.CHECKED),
    ),
    "desk:import-progress": Row(
        get=READS_DECISIONS,
        kwargs=_own(ImportState.CHECKING),
        foreign=_foreign(ImportState.CHECKING),
    ),
    # a sheet is one officer's: the office may import, yet not in another's name
    "desk:import-mend": Row(
        get=None,
        post=UPLOADER,
        kwargs=_own(ImportState.FAULTY),
        foreign=_foreign(ImportState.FAULTY),
        data=VERSION,
    ),
    "desk:import-marked": Row(
        get=IMPORTS | REVIEWER,
        kwargs=_own(ImportState.FAULTY),
        foreign=_foreign(ImportState.FAULTY),
    ),
    "desk:import-replace": Row(
        get=None,
        post=IMPORTS,  # without a file nothing is asked of the run
        kwargs=_own(ImportState.FAULTY),
        foreign=_foreign(ImportState.FAULTY),
        data=VERSION,
    ),
    "desk:import-submit": Row(
        get=None,
        post=UPLOADER,
        kwargs=_own(ImportState.CHECKED),
        foreign=_foreign(ImportState.CHECKED),
        data={**VERSION, "truth_stated": "on"},
    ),
    # home has its reviewer: the office answers only where a unit has nobody free
    "desk:import-decide": Row(
        get=None,
        post=REVIEWER,
        kwargs=_own(ImportState.SUBMITTED),
        foreign=_foreign(ImportState.SUBMITTED),
        data={**VERSION, "verdict": "agree", "compared": "on"},
    ),
    "desk:import-cancel": Row(
        get=None,
        post=UPLOADER,
        kwargs=_own(ImportState.CHECKED),
        foreign=_foreign(ImportState.CHECKED),
    ),
    "desk:import-undo": Row(
        get=None,
        post=IMPORTS | REVIEWER,
        kwargs=_own(ImportState.DONE),
        foreign=_foreign(ImportState.DONE),
        data={"reason": "整批单位填错，须更正后重新导入"},
    ),
}
