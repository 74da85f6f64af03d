"""Papers: numbered without gaps, rendered once, kept as they were issued."""

from __future__ import annotations

import hashlib
from datetime import date
from threading import Barrier, Thread

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, connections, transaction

from accounts.models import Officer
from accounts.roles import Role
from core.models import AuditEntry, BypassError
from sanctions.paper_files import DamagedPaper, verified
from sanctions.paper_models import Paper, PaperCounter
from subjects.models import Subject
from tests import factories
from tests.sanctions.paper_cases import REMINDER, office, office_officer, reminder
from violations.errors import InvalidDecision, NotAllowed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("blank_pdf")]
DAY = "2026-11-23 10:00 +0800"


@time_machine.travel(DAY, tick=False)
def test_numbers_run_by_unit_kind_and_year() -> None:
    clerk = office_officer()
    station = factories.officer(Role.RECORDER, unit=factories.unit("WG-YH", "垭口派出所"))
    numbers = [reminder(clerk).number, reminder(clerk).number, reminder(station).number]
    with time_machine.travel("2027-01-01 00:00 +0800", tick=False):
        numbers.append(reminder(clerk).number)
    assert numbers == [
        "舞公信提〔2026〕1号",
        "舞公信提〔2026〕2号",
        "舞公（垭口）信提〔2026〕1号",
        "舞公信提〔2027〕1号",
    ]


def test_what_fails_takes_no_number(monkeypatch: pytest.MonkeyPatch) -> None:
    clerk = office_officer()
    first = reminder(clerk)

    def breaks(**fields: object) -> None:
        raise RuntimeError("the trail is down")

    with monkeypatch.context() as patch:
        patch.setattr("sanctions.papers.audit.record", breaks)
        with pytest.raises(RuntimeError):
            reminder(clerk)
    assert reminder(clerk).sequence == first.sequence + 1
    folder = default_storage.path("papers")
    assert folder  # what the failed one wrote was removed again
    kept = set(Paper.objects.values_list("stored", flat=True))
    assert all(default_storage.exists(one) for one in kept)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_no_gap_and_no_double_when_many_issue_at_once() -> None:
    clerk, organisation, many = office_officer(), factories.subject(), 6
    start = Barrier(many)
    failed: list[BaseException] = []

    def run(turn: int) -> None:
        start.wait()
        try:
            with transaction.atomic():
                reminder(Officer.objects.get(pk=clerk.pk), Subject.objects.get(pk=organisation.pk))
                if turn % 3 == 0:
                    raise ZeroDivisionError  # a third of them end in nothing
        except ZeroDivisionError:
            pass
        except BaseException as error:
            failed.append(error)
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=(turn,)) for turn in range(many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert sorted(Paper.objects.values_list("sequence", flat=True)) == [1, 2, 3, 4]
    assert PaperCounter.objects.get().last == 4


def test_a_paper_is_rendered_once_and_keeps_its_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def render(template: str, context: object) -> bytes:
        asked.append(template)
        return b"%PDF-once"

    monkeypatch.setattr("sanctions.papers.render_pdf", render)
    paper = reminder()
    assert verified(paper) == b"%PDF-once"
    assert paper.sha256 == hashlib.sha256(b"%PDF-once").hexdigest()
    verified(Paper.objects.get(pk=paper.pk))
    assert asked == ["documents/reminder.html"]


def test_a_damaged_file_is_found() -> None:
    paper = reminder()
    with open(default_storage.path(paper.stored), "ab") as file:
        file.write(b"x")
    with pytest.raises(DamagedPaper):
        verified(paper)


@pytest.mark.parametrize("column", ["content", "number", "sha256", "stored", "issued_on"])
def test_the_database_refuses_to_change_what_was_issued(column: str) -> None:
    paper = reminder()
    with pytest.raises(IntegrityError), transaction.atomic():
        paper.save(update_fields=[column])
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM sanctions_paper WHERE id = %s", [paper.pk])


def test_no_service_and_no_queryset_deletes_papers() -> None:
    paper = reminder()
    for write in (paper.delete, Paper.objects.all().delete):
        with pytest.raises(BypassError):
            write()


def test_a_reissue_takes_the_place_of_the_first_once() -> None:
    clerk, organisation = office_officer(), factories.subject()
    first = reminder(clerk, organisation)
    second = reminder(clerk, organisation, supersedes=first, reason="决定书文号写错")
    first = Paper.objects.get(pk=first.pk)
    assert first.superseded_by == second
    assert second.number != first.number
    assert list(Paper.objects.standing()) == [second]
    with pytest.raises(InvalidDecision, match="已经重新出具"):
        reminder(clerk, organisation, supersedes=first, reason="决定书文号写错")
    with pytest.raises(InvalidDecision, match="种类、单位和监管对象相同"):
        reminder(clerk, factories.subject(), supersedes=second, reason="单位名称写错")
    with pytest.raises(InvalidDecision, match="理由"):
        reminder(clerk, organisation, supersedes=second, reason="错")


def test_who_may_not_issue() -> None:
    station = factories.unit("WG-YH", "垭口派出所")
    recorder = factories.officer(Role.RECORDER, unit=station)
    for who, unit in (
        (recorder, factories.unit("WG-SL", "寺坡派出所")),
        (recorder, office()),
        (factories.officer(Role.APPROVER, unit=station), station),
        (factories.officer(Role.AUDITOR, unit=station), station),
        (factories.officer(Role.WINDOW, unit=station), station),
    ):
        with pytest.raises(NotAllowed):
            reminder(who, unit=unit)
    assert reminder(office_officer(), unit=station).unit == station


def test_who_sees_which_papers() -> None:
    station = factories.unit("WG-YH", "垭口派出所")
    paper = reminder(factories.officer(Role.RECORDER, unit=station))
    seen = {
        role: Paper.objects.visible_to(factories.officer(role)).filter(pk=paper.pk).exists()
        for role in Role.values
    }
    assert {role for role, sees in seen.items() if sees} == {"office", "approver", "auditor"}
    colleague = factories.officer(Role.UNIT_REVIEWER, unit=station)
    assert paper in Paper.objects.visible_to(colleague)


def test_content_is_frozen_plain_and_without_persons_numbers() -> None:
    acts = [["样例", "文号", "罚款"]]
    content = {**REMINDER, "acts": acts}
    paper = reminder(content=content)
    acts[0][0] = "改了"
    assert paper.content["acts"] == [["样例", "文号", "罚款"]]
    with pytest.raises(InvalidDecision, match="身份证号码"):
        reminder(content={**REMINDER, "acts": [["张三 41048119900101001" + "X", "", ""]]})
    with pytest.raises(TypeError):
        reminder(content={"day": date(2026, 1, 1)})


def test_issuing_leaves_its_row_in_the_trail() -> None:
    paper = reminder()
    row = AuditEntry.objects.get(action="paper.issue")
    assert row.target_id == str(paper.pk)
    assert row.details["sha256"] == paper.sha256
    assert paper.history.count() == 1
