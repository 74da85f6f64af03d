"""A sheet from hand to hand: checked, mended, stated true, confirmed by another, written whole."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction

from accounts.models import Officer
from accounts.roles import Role
from core.models import AuditEntry, OfficeSetting
from tests import factories
from tests.violations.runs import checked, file_of, submitted, uploaded, worked, written
from tests.violations.sheets import PENALTY_HEADER, penalty, units, write
from violations import import_runs
from violations.enums import DecisionState
from violations.errors import InvalidDecision, NotAllowed
from violations.import_models import ImportRun, ImportState
from violations.import_runs import Mended
from violations.import_states import RunMoved
from violations.models import Decision, DecisionEditor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]
CODE = "行政相对人代码_1(统一社会信用代码)"


@pytest.fixture
def recorder() -> Officer:
    return factories.officer(Role.RECORDER, unit=units()["WG-ZA"])


@pytest.fixture
def reviewer(recorder: Officer) -> Officer:
    return factories.officer(Role.UNIT_REVIEWER, unit=recorder.unit)


@pytest.fixture
def office() -> Officer:
    return factories.officer(Role.OFFICE, unit=units()["WG-OFFICE"])


def test_a_right_sheet_is_checked_and_writes_nothing(recorder: Officer) -> None:
    run = checked(recorder, [penalty(1), penalty(2), penalty(2, 违法事实="又一事实。")])
    assert (run.state, run.kind, run.rows) == (ImportState.CHECKED, "penalties", 3)
    assert (run.new_rows, run.new_decisions, run.new_subjects) == (3, 2, 2)
    assert run.rows_unit == recorder.unit
    assert (run.changed_grades, run.effects.count()) == (2, 2)
    assert not Decision.objects.exists()


def test_columns_are_recognised_whatever_their_order(recorder: Officer, tmp_path: Path) -> None:
    header = ["备注", *reversed(PENALTY_HEADER)]
    run = checked(recorder, write(tmp_path / "a.xlsx", [penalty(1)], header))
    assert run.state == ImportState.CHECKED
    assert run.columns[0] == ["A", "备注", "", ""]
    assert run.columns[1] == ["B", "数据来源单位", "数据来源单位", "1"]


def test_two_persons_put_it_in_force(recorder: Officer, reviewer: Officer) -> None:
    run = written(recorder, reviewer, [penalty(1), penalty(2)])
    assert run.state == ImportState.DONE
    found = Decision.objects.get(number__contains="0001号")
    assert (found.state, found.recorded_by, found.confirmed_by, found.import_run) == (
        DecisionState.IN_FORCE,
        recorder,
        reviewer,
        run,
    )
    assert (found.taken_over, found.truth_stated) == (False, True)
    assert found.submitted_at == run.submitted_at
    assert DecisionEditor.objects.filter(officer=recorder).count() == 2
    assert found.history.get().history_user == recorder
    trail = AuditEntry.objects.get(action="decision.import")
    assert trail.details["confirmed_by"] == reviewer.number
    assert trail.details["sha256"] == run.sha256


def test_grades_are_asked_for_once_with_the_cause_of_a_decision(
    recorder: Officer, reviewer: Officer, told: list[tuple[str, list[int]]]
) -> None:
    written(recorder, reviewer, [penalty(1), penalty(2)])
    assert [(cause, len(ids)) for cause, ids in told] == [("decision", 2)]


def test_the_uploader_never_confirms_not_even_with_the_right_to(office: Officer) -> None:
    both = factories.officer(Role.RECORDER, Role.UNIT_REVIEWER, unit=units()["WG-ZA"])
    run = submitted(both, [penalty(1)])
    with pytest.raises(NotAllowed, match="两人"):
        import_runs.confirm(officer=both, run_id=run.pk, version=run.version)
    with pytest.raises(IntegrityError, match="import_run_two_persons"), transaction.atomic():
        ImportRun.objects.filter(pk=run.pk).update(confirmed_by=both)
    with pytest.raises(IntegrityError, match="import_run_written_is_confirmed"):
        ImportRun.objects.filter(pk=run.pk).update(state=ImportState.WRITING)


def test_the_office_confirms_only_where_the_unit_has_nobody_free(
    recorder: Officer, office: Officer
) -> None:
    run = submitted(recorder, [penalty(1)])
    assert list(ImportRun.objects.waiting_for(office)) == [run]
    reviewer = factories.officer(Role.UNIT_REVIEWER, unit=recorder.unit)
    assert list(ImportRun.objects.waiting_for(reviewer)) == [run]
    assert not ImportRun.objects.waiting_for(office).exists()
    with pytest.raises(NotAllowed, match="治安管理大队的审核人"):
        import_runs.confirm(officer=office, run_id=run.pk, version=run.version)
    elsewhere = factories.officer(Role.UNIT_REVIEWER, unit=units()["WG-YH"])
    with pytest.raises(NotAllowed):
        import_runs.confirm(officer=elsewhere, run_id=run.pk, version=run.version)


def test_rows_of_several_units_are_the_office_s(office: Officer, recorder: Officer) -> None:
    factories.officer(Role.UNIT_REVIEWER, unit=recorder.unit)
    rows = [penalty(1), penalty(2, 数据来源单位="垭口派出所")]
    assert checked(recorder, rows).faults.get().code == "other_unit"
    run = submitted(office, rows)
    assert run.rows_unit is None
    second = factories.officer(Role.OFFICE, unit=office.unit)
    assert list(ImportRun.objects.waiting_for(second)) == [run]
    assert not ImportRun.objects.waiting_for(office).exists()


def test_a_sheet_of_the_office_about_one_unit_is_that_unit_s_to_confirm(
    office: Officer, recorder: Officer, reviewer: Officer
) -> None:
    run = submitted(office, [penalty(1, 数据来源单位="")], unit=recorder.unit)
    assert run.rows_unit == recorder.unit
    assert list(ImportRun.objects.waiting_for(reviewer)) == [run]
    assert list(ImportRun.objects.visible_to(recorder)) == [run]


def test_faults_stand_by_row_column_and_value(recorder: Officer) -> None:
    run = checked(recorder, [penalty(1, 处罚决定日期="2026/13/02"), penalty(2)])
    assert (run.state, run.faults_found, run.faulty_rows) == (ImportState.FAULTY, 1, 1)
    fault = run.faults.get()
    assert (fault.row, fault.column, fault.value) == (2, "处罚决定日期", "2026/13/02")
    assert "没有" in fault.message
    assert run.fault_columns == [["decided_on", "处罚决定日期", 1]]


def test_a_person_s_number_is_never_kept_beside_a_fault(recorder: Officer) -> None:
    run = checked(recorder, [penalty(1, **{CODE: "410481199003070011"})])
    assert "410481199003070011" not in str(list(run.faults.values()))


def test_a_cell_mended_in_the_page_is_checked_again(recorder: Officer) -> None:
    run = checked(recorder, [penalty(1, 处罚决定日期="2026/13/02"), penalty(2)])
    mended = Mended({(2, "decided_on"): "2026-10-02"})
    again = import_runs.mend(officer=recorder, run_id=run.pk, version=run.version, mended=mended)
    assert (again.state, again.version) == (ImportState.UPLOADED, 2)
    again = worked(again)
    assert (again.state, again.new_decisions) == (ImportState.CHECKED, 2)


def test_a_wrong_mend_is_a_fault_that_shows_what_was_typed(recorder: Officer) -> None:
    run = checked(recorder, [penalty(1, 处罚决定日期="2026/13/02")])
    mended = Mended({(2, "decided_on"): "明天"})
    run = worked(
        import_runs.mend(officer=recorder, run_id=run.pk, version=run.version, mended=mended)
    )
    assert (run.state, run.faults.get().value) == (ImportState.FAULTY, "明天")


def test_a_row_that_does_not_belong_there_is_taken_out(recorder: Officer) -> None:
    run = checked(recorder, [penalty(1), penalty(1), penalty(2)])
    assert run.faults.get().code == "same_row"
    mended = Mended({}, frozenset({3}))
    run = worked(
        import_runs.mend(officer=recorder, run_id=run.pk, version=run.version, mended=mended)
    )
    assert (run.state, run.new_rows, run.left_out_rows) == (ImportState.CHECKED, 2, "3")


@pytest.mark.parametrize(
    "mended",
    [
        Mended({}),
        Mended({(3, "decided_on"): "2026-10-02"}),  # nothing is wrong with row 3
        Mended({(2, "no_such_column"): "x"}),
        Mended({(2, "decided_on"): "x" * 3000}),
        Mended({}, frozenset({3})),
    ],
)
def test_only_what_is_faulty_can_be_mended(recorder: Officer, mended: Mended) -> None:
    run = checked(recorder, [penalty(1, 处罚决定日期="2026/13/02"), penalty(2)])
    with pytest.raises(InvalidDecision):
        import_runs.mend(officer=recorder, run_id=run.pk, version=run.version, mended=mended)


def test_the_sheet_is_one_officer_s(recorder: Officer) -> None:
    colleague = factories.officer(Role.RECORDER, unit=recorder.unit)
    run = checked(recorder, [penalty(1)])
    options = {"officer": colleague, "run_id": run.pk, "version": run.version}
    with pytest.raises(NotAllowed, match="本人"):
        import_runs.submit(truth_stated=True, **options)  # type: ignore[arg-type]
    with pytest.raises(NotAllowed, match="本人"):
        import_runs.replace_file(file=file_of([penalty(2)]), **options)  # type: ignore[arg-type]
    with pytest.raises(NotAllowed):
        import_runs.cancel(officer=colleague, run_id=run.pk)


def test_a_new_file_takes_the_place_of_the_old_and_of_what_was_mended(recorder: Officer) -> None:
    run = checked(recorder, [penalty(1, 处罚决定日期="2026/13/02")])
    old = run.stored
    mended = Mended({(2, "decided_on"): "明天"})
    run = worked(
        import_runs.mend(officer=recorder, run_id=run.pk, version=run.version, mended=mended)
    )
    run = import_runs.replace_file(
        officer=recorder, run_id=run.pk, version=run.version, file=file_of([penalty(1)])
    )
    run = worked(run)
    assert (run.state, run.overrides.count()) == (ImportState.CHECKED, 0)
    assert run.stored != old


def test_without_the_statement_nothing_is_submitted(recorder: Officer) -> None:
    run = checked(recorder, [penalty(1)])
    with pytest.raises(InvalidDecision, match="真实性"):
        import_runs.submit(officer=recorder, run_id=run.pk, version=run.version, truth_stated=False)


def test_a_stale_version_is_not_confirmed(recorder: Officer, reviewer: Officer) -> None:
    run = submitted(recorder, [penalty(1)])
    with pytest.raises(RunMoved):
        import_runs.confirm(officer=reviewer, run_id=run.pk, version=run.version + 1)
    import_runs.confirm(officer=reviewer, run_id=run.pk, version=run.version)
    with pytest.raises(RunMoved):
        import_runs.confirm(officer=reviewer, run_id=run.pk, version=run.version)


def test_what_is_returned_goes_back_to_the_uploader(recorder: Officer, reviewer: Officer) -> None:
    run = submitted(recorder, [penalty(1)])
    options = {"officer": reviewer, "run_id": run.pk, "version": run.version}
    with pytest.raises(InvalidDecision, match="至少"):
        import_runs.send_back(remark="不", **options)  # type: ignore[arg-type]
    run = import_runs.send_back(remark="第 2 行金额与决定书不符", **options)  # type: ignore[arg-type]
    assert (run.state, run.truth_stated) == (ImportState.CHECKED, False)
    assert list(ImportRun.objects.in_hand_of(recorder)) == [run]


def test_the_same_file_again_adds_nothing(recorder: Officer, reviewer: Officer) -> None:
    rows = [penalty(1), penalty(2)]
    written(recorder, reviewer, rows)
    run = checked(recorder, rows)
    assert (run.state, run.new_rows, run.skipped) == (ImportState.CHECKED, 0, 2)
    assert run.skipped_rows == "2-3"
    with pytest.raises(RunMoved, match="没有新增"):
        import_runs.submit(officer=recorder, run_id=run.pk, version=run.version, truth_stated=True)


def test_a_cancelled_sheet_leaves_nothing(
    recorder: Officer, django_capture_on_commit_callbacks: object
) -> None:
    run = checked(recorder, [penalty(1, 处罚决定日期="2026/13/02")])
    stored = run.stored
    assert default_storage.exists(stored)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        run = import_runs.cancel(officer=recorder, run_id=run.pk)
    assert (run.state, run.stored, run.faults.count()) == (ImportState.CANCELLED, "", 0)
    assert not default_storage.exists(stored)
    assert not Decision.objects.exists()


def test_the_past_is_taken_over_by_the_office_alone_and_only_while_it_is_open(
    recorder: Officer, office: Officer
) -> None:
    with pytest.raises(NotAllowed, match="未开放"):
        uploaded(office, [penalty(1)], takeover=True)
    OfficeSetting.objects.create(
        key="takeover_until", value="2027-01-01", effective_from=date(2026, 1, 1)
    )
    with pytest.raises(NotAllowed, match="由局办公室接收"):
        uploaded(recorder, [penalty(1)], takeover=True)
    factories.officer(Role.UNIT_REVIEWER, unit=recorder.unit)
    second = factories.officer(Role.OFFICE, unit=office.unit)
    run = written(office, second, [penalty(1)], takeover=True)
    found = Decision.objects.get()
    assert run.state == ImportState.DONE
    assert (found.taken_over, found.recorded_by, found.truth_stated) == (True, office, False)


@pytest.mark.parametrize(
    "role", [Role.UNIT_REVIEWER, Role.APPROVER, Role.AUDITOR, Role.TIP_HANDLER]
)
def test_others_hand_nothing_in(role: str) -> None:
    with pytest.raises(NotAllowed):
        uploaded(factories.officer(role, unit=units()["WG-ZA"]), [penalty(1)])


def test_other_units_do_not_see_it(recorder: Officer, office: Officer) -> None:
    run = uploaded(recorder, [penalty(1)])
    elsewhere = factories.officer(Role.RECORDER, unit=units()["WG-YH"])
    auditor = factories.officer(Role.AUDITOR, unit=units()["WG-YH"])
    assert not ImportRun.objects.visible_to(elsewhere).exists()
    assert list(ImportRun.objects.visible_to(office)) == [run]
    assert list(ImportRun.objects.visible_to(auditor)) == [run]
