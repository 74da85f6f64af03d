"""The chain over the trail: everything that is done to it behind the product's back is found."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from core import audit_anchors, audit_chain, tasks
from core.append_only import protect, unprotect
from core.audit import record
from core.audit_chain import hash_of, seal
from core.audit_verify import verify
from core.models import AuditEntry, AuditSeal
from tests.flush import APPEND_ONLY

pytestmark = pytest.mark.django_db
FIRST_SEAL, SECOND_SEAL = (1, 2, 3, 4), (5, 6, 7)


def write(count: int) -> list[int]:
    return [record(actor=None, action="test.made", details={"n": n}).pk for n in range(count)]


@pytest.fixture
def ids() -> list[int]:
    """Seven rows under two seals; the list begins at 1 as officers count."""
    first = write(4)
    seal()
    second = write(3)
    seal()
    return [0, *first, *second]


@pytest.fixture
def lifted() -> Iterator[Callable[[str], None]]:
    """What the owner of the database can do: take the triggers away, then run a statement."""

    def run(statement: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement)

    unprotect(connection, *APPEND_ONLY)
    yield run
    protect(connection, *APPEND_ONLY)


Bend = Callable[[str], None]


def said() -> str:
    return "\n".join(verify().lines)


def test_what_nobody_touched_is_right(ids: list[int]) -> None:
    write(2)
    report = verify()
    assert (report.lines, report.rows, report.links, report.unsealed) == ([], 9, 2, 2)


def test_the_first_seal_begins_at_the_beginning_and_ranges_leave_no_gap(ids: list[int]) -> None:
    first, second = AuditSeal.objects.order_by("number")
    assert (first.first_id, first.last_id, first.count) == (1, ids[4], 4)
    assert (second.first_id, second.last_id, second.count) == (ids[4] + 1, ids[7], 3)
    assert second.previous == first.hash


COLUMNS = {
    "at": timezone.now() - timedelta(days=1),
    "actor": "410009",
    "actor_name": "某人",
    "unit": "WG-XX",
    "origin": "web 10.0.0.1",
    "action": "other",
    "target_type": "subjects.subject",
    "target_id": "9",
    "target_label": "某公司",
    "reason": "另一个理由",
    "details": {"n": 99},
}


@pytest.mark.parametrize("column", COLUMNS)
def test_an_edit_of_any_column_is_found(ids: list[int], lifted: Bend, column: str) -> None:
    assert {field.attname for field in AuditEntry._meta.concrete_fields} == {"id", *COLUMNS}
    AuditEntry.objects.filter(pk=ids[3]).update(**{column: COLUMNS[column]})
    assert verify().lines == [f"审计记录 {ids[3]}（第 1 号封存）：内容被改动。"]


@pytest.mark.parametrize("at", [1, 2, 4, 5, 7])
def test_a_deletion_is_found_wherever_the_row_stood(ids: list[int], lifted: Bend, at: int) -> None:
    lifted(f"DELETE FROM core_auditentry WHERE id = {ids[at]}")
    (line,) = verify().lines
    assert line.startswith(f"审计记录 {ids[at]}（第 {1 if at < 5 else 2} 号封存）：被删除")


def test_a_whole_seal_s_rows_deleted_are_named_one_by_one(ids: list[int], lifted: Bend) -> None:
    lifted(f"DELETE FROM core_auditentry WHERE id <= {ids[4]}")
    assert len(verify().lines) == 4


def inserted(number: int) -> None:
    row = AuditEntry(pk=number, action="test.slipped_in")
    row.save(force_insert=True)


def test_a_row_slipped_in_among_sealed_ids_is_found(lifted: Bend) -> None:
    """An id that was taken and rolled back leaves a gap: the one place where a row fits in."""
    (first,) = write(1)
    with transaction.atomic():
        (gap,) = write(1)
        transaction.set_rollback(True)
    if connection.vendor == "sqlite":  # takes a rolled back number again
        inserted(first + 2)
        gap = first + 1
    else:
        write(1)
    seal()
    inserted(gap)
    assert verify().lines == [f"审计记录 {gap}（第 1 号封存）：事后插入。"]


def test_a_row_before_the_beginning_is_found(ids: list[int], lifted: Bend) -> None:
    inserted(-5)
    assert verify().lines == ["审计记录 -5 不在任何封存之内：事后插入。"]


def test_two_rows_that_changed_places_are_found(ids: list[int], lifted: Bend) -> None:
    for a, b in ((ids[2], -1), (ids[3], ids[2]), (-1, ids[3])):
        lifted(f"UPDATE core_auditentry SET id = {b} WHERE id = {a}")
    assert verify().lines == [
        f"审计记录 {ids[2]}（第 1 号封存）：内容原属审计记录 {ids[3]}，顺序被改动。",
        f"审计记录 {ids[3]}（第 1 号封存）：内容原属审计记录 {ids[2]}，顺序被改动。",
    ]


def test_a_deleted_seal_is_found(ids: list[int], lifted: Bend) -> None:
    write(1)
    seal()
    lifted("DELETE FROM core_auditseal WHERE number = 2")
    assert "第 2 号封存缺失：被删除。" in said()


def test_a_rewritten_seal_is_found(ids: list[int], lifted: Bend) -> None:
    """Somebody edits a row and makes its seal right again: the next one gives it away."""
    AuditEntry.objects.filter(pk=ids[2]).update(actor="410009")
    _rewrite(AuditSeal.objects.get(number=1))
    assert verify().lines == ["第 2 号封存与上一号接不上：其中一号被改写。"]


@pytest.mark.parametrize("column", ["first_id", "last_id", "count"])
def test_a_seal_says_nothing_else_unseen(ids: list[int], lifted: Bend, column: str) -> None:
    lifted(f"UPDATE core_auditseal SET {column} = {column} + 1 WHERE number = 1")
    assert "第 1 号封存的校验值不符：被改写。" in said()


def _rewrite(link: AuditSeal) -> None:
    rows = list(
        audit_chain.prints(
            AuditEntry.objects.filter(id__range=(link.first_id, link.last_id)).order_by("id")
        )
    )
    link.count, link.digest = len(rows), audit_chain.digest_of(rows)
    link.marks = audit_chain.marks_of(rows)
    values = {"count": link.count, "digest": link.digest, "marks": link.marks}
    AuditSeal.objects.filter(pk=link.pk).update(**values, hash=hash_of(link))


@pytest.fixture
def anchor(ids: list[int], tmp_path: Path) -> Path:
    path = tmp_path / "anchors.jsonl"
    call_command("anchor_audit", "--out", str(path))
    return path


def verified(*arguments: str) -> int:
    try:
        call_command("verify_audit", *arguments)
    except SystemExit as end:
        return int(end.code or 0)
    return 0


def test_a_cut_tail_is_found_with_an_anchor(
    anchor: Path, lifted: Bend, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verified("--anchor", str(anchor)) == 0
    last = AuditSeal.objects.get(number=2)
    lifted("DELETE FROM core_auditseal WHERE number = 2")
    lifted(f"DELETE FROM core_auditentry WHERE id >= {last.first_id}")
    assert verified() == 0, "without an anchor nothing tells of what stood there"
    assert verified("--anchor", str(anchor)) == 1
    assert "链的尾部被截去" in capsys.readouterr().out


def test_a_chain_made_anew_is_found_with_an_anchor(
    anchor: Path, ids: list[int], lifted: Bend, capsys: pytest.CaptureFixture[str]
) -> None:
    AuditEntry.objects.filter(pk=ids[6]).update(reason="改过")
    _rewrite(AuditSeal.objects.get(number=2))
    assert verified() == 0
    assert verified("--anchor", str(anchor)) == 1
    assert "第 2 号封存与" in capsys.readouterr().out


def test_every_anchor_of_a_file_counts(anchor: Path, ids: list[int]) -> None:
    write(1)
    call_command("anchor_audit", "--out", str(anchor))
    first, second = audit_anchors.read(anchor)
    assert (first["seal"], first["count"], second["seal"], second["count"]) == (2, 7, 3, 8)
    assert verified("--anchor", str(anchor)) == 0
    lines = anchor.read_text().splitlines()
    anchor.write_text(lines[0].replace(first["hash"], "0" * 64) + "\n" + lines[1])
    assert verified("--anchor", str(anchor)) == 1


@pytest.mark.parametrize("content", ["", "no anchor", "[]", '{"seal": 1}', '{"seal": "1"}'])
def test_what_is_no_anchor_is_said_plainly(tmp_path: Path, content: str) -> None:
    (tmp_path / "a").write_text(content)
    with pytest.raises(CommandError, match="锚点文件"):
        call_command("verify_audit", "--anchor", str(tmp_path / "a"))
    with pytest.raises(CommandError, match="读不出锚点文件"):
        call_command("verify_audit", "--anchor", str(tmp_path / "nothing"))


def test_nothing_sealed_gives_no_anchor(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="还没有封存"):
        call_command("anchor_audit")


def test_the_command_names_the_row_and_ends_with_1(
    ids: list[int], lifted: Bend, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verified() == 0
    assert "全部一致：7 行审计记录，2 号封存，其中 0 行尚未封存。" in capsys.readouterr().out
    lifted(f"DELETE FROM core_auditentry WHERE id = {ids[5]}")
    assert verified() == 1
    out = capsys.readouterr().out
    assert f"审计记录 {ids[5]}（第 2 号封存）：被删除" in out
    assert "审计记录有 1 处与封存不符。" in out


def test_rows_are_read_a_page_at_a_time(
    monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    monkeypatch.setattr(audit_chain, "BATCH", 10)
    monkeypatch.setattr("core.audit_verify.BATCH", 10)
    write(95)
    assert seal() == 95
    assert [link.count for link in AuditSeal.objects.order_by("number")] == [10] * 9 + [5]
    with django_assert_max_num_queries(14):
        report = verify()
    assert (report.lines, report.rows, report.links) == ([], 95, 10)


def test_only_the_latest_rows_are_read_again_and_the_chain_all_the_same(
    ids: list[int], lifted: Bend
) -> None:
    AuditEntry.objects.filter(pk__in=[ids[2], ids[6]]).update(reason="改过")
    report = verify(rows_after=ids[5])
    assert report.lines == [f"审计记录 {ids[6]}（第 2 号封存）：内容被改动。"]
    lifted("UPDATE core_auditseal SET count = 9 WHERE number = 1")
    assert "第 1 号封存的校验值不符：被改写。" in verify(rows_after=ids[5]).lines


def test_sealing_again_adds_nothing(ids: list[int]) -> None:
    assert seal() == 0
    assert AuditSeal.objects.count() == 2


def test_the_night_checks_and_leaves_an_anchor(
    ids: list[int], lifted: Bend, settings: Settings, tmp_path: Path
) -> None:
    settings.VAR_DIR = tmp_path
    tasks.verify_audit()
    tasks.verify_audit()
    first = AuditEntry.objects.filter(action="audit.verify").earliest("pk")
    assert (first.details["faults"], first.details["seals"]) == (0, 2)
    assert len(audit_anchors.read(tmp_path / "audit-anchors.jsonl")) == 2
    lifted("DELETE FROM core_auditseal WHERE number >= 3")
    lifted(f"DELETE FROM core_auditentry WHERE id >= {first.pk}")
    tasks.verify_audit()
    found = AuditEntry.objects.get(action="audit.verify").details
    assert found["faults"] == 1
    assert "锚点" in found["lines"][0]
    assert len(audit_anchors.read(tmp_path / "audit-anchors.jsonl")) == 2


def test_the_clock_seals_within_half_a_minute() -> None:
    from wugang_credit.celery import CLOCK, app

    entry = app.conf.beat_schedule["audit-seal"]
    assert entry["schedule"] <= 30
    assert entry["options"]["queue"] == CLOCK
    assert {entry["task"], app.conf.beat_schedule["audit-nightly"]["task"]} <= app.tasks.keys()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_late_commit_with_a_lower_id_is_never_skipped() -> None:
    """A writer holds a lower id while later ones commit: sealing waits, and then has them all."""
    holding, go = threading.Event(), threading.Event()

    def late() -> None:
        try:
            with transaction.atomic():
                write(1)
                holding.set()
                assert go.wait(20)
        finally:
            connection.close()

    writer = threading.Thread(target=late)
    writer.start()
    assert holding.wait(20)
    higher = write(1)[0]
    try:
        assert seal(patience=0.1) == 0, "a lower id may still come"
    finally:
        go.set()
        writer.join()
    assert seal() == 2
    assert AuditSeal.objects.get().last_id == higher
    assert verify().lines == []


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_sealers_and_writers_at_once_make_one_chain() -> None:
    """8 writers, some slow, some rolling back, and 4 sealers: no row left out, no link doubled."""
    end = threading.Event()
    failed: list[Exception] = []

    def run(what: Callable[[], None]) -> Callable[[], None]:
        def runner() -> None:
            try:
                what()
            except Exception as error:
                failed.append(error)
            finally:
                connection.close()

        return runner

    def writer() -> None:
        for n in range(25):
            with transaction.atomic():
                write(2)
                end.wait(0.001 * (n % 5))
                transaction.set_rollback(n % 7 == 3)

    def sealer() -> None:
        while not end.is_set():
            seal(patience=2)

    writers = [threading.Thread(target=run(writer)) for _ in range(8)]
    sealers = [threading.Thread(target=run(sealer)) for _ in range(4)]
    for thread in (*sealers, *writers):
        thread.start()
    for thread in writers:
        thread.join()
    end.set()
    for thread in sealers:
        thread.join()
    seal()
    assert failed == []
    report = verify()
    assert (report.lines, report.unsealed) == ([], 0)
    assert report.rows == AuditEntry.objects.count() == 8 * 2 * 21
