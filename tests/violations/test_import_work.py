"""The work behind a run: once whatever is sent, anew before it is written, nothing by halves."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import OperationalError
from django.utils import timezone

from accounts.models import Officer
from accounts.roles import Role
from subjects.models import Subject
from tests import factories
from tests.violations.runs import (
    as_csv,
    checked,
    confirmed,
    file_of,
    lost,
    submitted,
    uploaded,
    worked,
    written,
)
from tests.violations.sheets import PENALTY_HEADER, penalty, units
from violations import import_cleaning, import_queue, import_runs, import_store, import_work, tasks
from violations.enums import DecisionState
from violations.import_models import ImportProgress, ImportRun, ImportState
from violations.import_progress import Cancelled, Progress
from violations.models import Decision
from violations.numbers import number_key

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


@pytest.fixture
def recorder() -> Officer:
    return factories.officer(Role.RECORDER, unit=units()["WG-ZA"])


@pytest.fixture
def reviewer(recorder: Officer) -> Officer:
    return factories.officer(Role.UNIT_REVIEWER, unit=recorder.unit)


def _recorded_by_hand(officer: Officer, number: str) -> None:
    """Another organisation's decision takes the number."""
    factories.decision(
        unit=officer.unit, recorded_by=officer, number=number, number_key=number_key(number)
    )


def test_delivered_twice_it_is_written_once(recorder: Officer, reviewer: Officer) -> None:
    run = confirmed(recorder, reviewer, [penalty(1), penalty(2)])
    for _ in range(3):
        tasks.work_on_import(run.pk)
    assert Decision.objects.filter(import_run=run).count() == 2


def test_a_message_for_a_run_that_is_gone_or_ended_does_nothing(recorder: Officer) -> None:
    run = checked(recorder, [penalty(1)])
    assert worked(run).attempts == run.attempts
    tasks.work_on_import(run.pk + 999)


def test_a_second_worker_leaves_the_first_alone(recorder: Officer) -> None:
    run = uploaded(recorder, [penalty(1)])
    first = import_work._claim(run.pk)
    assert first is not None
    assert import_work._claim(run.pk) is None
    lost(run)
    assert import_work._claim(run.pk) is not None  # the first is taken for lost
    assert import_work._claim(run.pk) is None  # and a second message about it is one too many
    with Progress(run.pk) as progress:
        import_work._check(first, progress)
    run.refresh_from_db()
    assert run.state == ImportState.CHECKING  # what the lost one found comes too late


def test_what_is_recorded_between_check_and_writing_stops_all_of_it(
    recorder: Officer, reviewer: Officer
) -> None:
    run = confirmed(recorder, reviewer, [penalty(1), penalty(2)])
    _recorded_by_hand(recorder, "舞公（治）行罚决字〔2026〕0002号")
    run = worked(run)
    assert (run.state, run.confirmed_by, run.truth_stated) == (ImportState.FAULTY, None, False)
    assert "没有写入任何一行" in run.message
    assert run.faults.get().row == 3
    assert not Decision.objects.filter(import_run=run).exists()
    with pytest.raises(Exception, match="需更正"):
        import_runs.confirm(officer=reviewer, run_id=run.pk, version=run.version)


def test_a_number_taken_at_the_very_moment_is_checked_anew(
    recorder: Officer, reviewer: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = confirmed(recorder, reviewer, [penalty(1)])
    real = import_store.store_decisions

    def late(**options: Any) -> Any:
        _recorded_by_hand(recorder, "舞公（治）行罚决字〔2026〕0001号")
        return real(**options)

    monkeypatch.setattr(import_work, "store_decisions", late)
    run = worked(run)
    assert (run.state, run.confirmed_by) == (ImportState.UPLOADED, None)
    assert "已重新校验" in run.message


def test_what_somebody_recorded_alike_meanwhile_is_skipped(
    recorder: Officer, reviewer: Officer
) -> None:
    first = confirmed(recorder, reviewer, [penalty(1), penalty(2)])
    second = confirmed(recorder, reviewer, [penalty(2), penalty(3)])
    assert worked(first).new_decisions == 2
    run = worked(second)
    assert (run.state, run.new_decisions, run.skipped) == (ImportState.DONE, 1, 1)
    assert Decision.objects.count() == 3


def test_a_file_that_is_not_the_one_that_was_confirmed_is_not_written(
    recorder: Officer, reviewer: Officer
) -> None:
    run = confirmed(recorder, reviewer, [penalty(1)])
    default_storage.delete(run.stored)
    default_storage.save(run.stored, ContentFile(file_of([penalty(9)]).read()))
    run = worked(run)
    assert (run.state, Decision.objects.count()) == (ImportState.FAILED, 0)
    assert "与上传时不同" in run.message


def test_a_cancel_while_it_is_written_leaves_nothing(
    recorder: Officer, reviewer: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = confirmed(recorder, reviewer, [penalty(n) for n in range(1, 8)])
    monkeypatch.setattr(import_store, "CHUNK", 2)
    seen: list[int] = []

    def asked(self: Progress, phase: str, done: int, total: int) -> None:
        if phase == "写入":
            seen.append(done)
            if done >= 4:
                raise Cancelled

    monkeypatch.setattr(Progress, "tell", asked)
    run = worked(run)
    assert seen == [2, 4]
    assert (run.state, run.stored) == (ImportState.CANCELLED, "")
    assert not Decision.objects.exists()
    assert not Subject.objects.exists()


def test_a_failure_half_way_leaves_nothing_and_is_tried_again(
    recorder: Officer, reviewer: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = confirmed(recorder, reviewer, [penalty(n) for n in range(1, 5)])
    with monkeypatch.context() as broken:
        broken.setattr(import_store, "CHUNK", 2)
        broken.setattr(import_store, "_store_acts", _breaks_the_second_time())
        with pytest.raises(OperationalError):
            import_work.work(run.pk)
    run.refresh_from_db()
    assert (run.state, run.attempts) == (ImportState.WRITING, 1)
    assert not Decision.objects.exists()
    assert worked(run).state == ImportState.WRITING  # whoever had it may still be at it
    lost(run)
    assert import_queue.left_over() == []  # sent for, not to be sent for at once again
    assert worked(run).state == ImportState.DONE
    assert Decision.objects.count() == 4


def _breaks_the_second_time() -> Any:
    real, calls = import_store._store_acts, []

    def breaks(*args: Any) -> Any:
        calls.append(1)
        if len(calls) == 2:
            raise OperationalError("the connection went")
        return real(*args)

    return breaks


def test_what_fails_again_and_again_is_given_up_with_nothing_written(
    recorder: Officer, reviewer: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = confirmed(recorder, reviewer, [penalty(1)])

    def breaks(**options: Any) -> Any:
        raise RuntimeError

    monkeypatch.setattr(import_work, "store_decisions", breaks)
    for _ in range(import_work.ATTEMPTS):
        with pytest.raises(RuntimeError):
            import_work.work(run.pk)
        lost(run)
    run = worked(run)
    assert (run.state, Decision.objects.count()) == (ImportState.FAILED, 0)
    assert "没有写入" in run.message


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"PK\x03\x04 broken", "损坏"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"old", "xls"),
        (b"\xff\xfe\x00\x01\x02", "编码"),
        ("姓名".encode("utf-16"), "另存"),
    ],
)
def test_a_file_that_is_no_sheet_says_why(recorder: Officer, content: bytes, words: str) -> None:
    run = checked(recorder, content)
    assert run.state == ImportState.FAILED
    assert words in run.message


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_in_each_encoding_is_read(recorder: Officer, encoding: str) -> None:
    content = file_of([penalty(1)]).read().decode().encode(encoding)
    assert checked(recorder, content).state == ImportState.CHECKED


def test_a_sheet_without_the_columns_says_which_are_missing(recorder: Officer) -> None:
    run = checked(recorder, as_csv([penalty(1)], [*PENALTY_HEADER[:8], "不相干"]))
    assert run.state == ImportState.FAULTY
    assert "处罚类别" in run.faults.values_list("column", flat=True)
    assert checked(recorder, "甲,乙\n1,2\n".encode()).state == ImportState.FAULTY


def test_characters_that_no_database_holds_are_faults_like_others(recorder: Officer) -> None:
    strange = penalty(1, 处罚决定日期="\ud800", 行政相对人名称="\ud800")
    content = ",".join(strange) + "\n" + ",".join(map(str, strange.values()))
    run = checked(recorder, content.encode("utf-8", "surrogatepass"))
    assert run.state in (ImportState.FAULTY, ImportState.FAILED)
    formula = checked(recorder, [penalty(1, 处罚决定日期="=1+1")])
    assert formula.faults.get().code == "formula"


def test_every_damaged_row_has_its_message(recorder: Officer) -> None:
    rows = [penalty(n, 处罚决定日期="2026/13/40", 处罚类别="罚站") for n in range(1, 301)]
    run = checked(recorder, rows)
    assert (run.faulty_rows, run.faults_found) == (300, 600)
    assert set(run.faults.values_list("row", flat=True)) == set(range(2, 302))


def test_where_no_broker_answers_a_small_sheet_is_checked_at_once(
    recorder: Officer, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    def down(*args: Any) -> None:
        raise ConnectionError

    monkeypatch.setattr(tasks.work_on_import, "delay", down)
    with django_capture_on_commit_callbacks(execute=True):
        run = uploaded(recorder, [penalty(1)])
    run.refresh_from_db()
    assert run.state == ImportState.CHECKED
    monkeypatch.setattr(import_queue, "SMALL_FILE", 10)
    with django_capture_on_commit_callbacks(execute=True):
        big = uploaded(recorder, [penalty(2)])
    big.refresh_from_db()
    assert big.state == ImportState.UPLOADED
    assert "稍后自动开始" in ImportProgress.objects.get(run=big).phase


def test_files_go_when_their_time_has_come(
    recorder: Officer, reviewer: Officer, django_capture_on_commit_callbacks: Any
) -> None:
    done = written(recorder, reviewer, [penalty(1)])
    idle = checked(recorder, [penalty(2)])
    waiting = submitted(recorder, [penalty(3)])
    with django_capture_on_commit_callbacks(execute=True):
        import_cleaning.clean()
    assert ImportRun.objects.filter(stored="").count() == 0
    past = timezone.now() - timedelta(days=31)
    ImportRun.objects.update(uploaded_at=past)
    ImportRun.objects.filter(pk=done.pk).update(finished_at=past)
    with django_capture_on_commit_callbacks(execute=True):
        tasks.clean_imports()
    states = dict(ImportRun.objects.values_list("pk", "state"))
    assert states == {
        done.pk: ImportState.DONE,
        idle.pk: ImportState.CANCELLED,
        waiting.pk: ImportState.SUBMITTED,
    }
    assert not default_storage.exists(done.stored)
    assert not default_storage.exists(idle.stored)
    assert default_storage.exists(waiting.stored)
    assert Decision.objects.get().state == DecisionState.IN_FORCE
