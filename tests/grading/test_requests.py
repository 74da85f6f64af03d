"""A saved fact writes a request in its transaction; after commit a worker is woken, or grading is
done at once where no broker answers."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone

from core.bulk import create_facts
from core.models import BypassError
from grading import requests, services, tasks
from grading.models import RegradeRequest, Standing
from grading.requests import request_regrade
from tests import factories
from violations.enums import DecisionState
from violations.models import Contest, Decision, ListEntry, Violation
from violations.signals import facts_written

JUNE = date(2026, 6, 1)


class Broker:
    """Stands in for the broker: notes what is sent, or refuses."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, down: bool = False) -> None:
        self.sent: list[list[int]] = []
        self.down = down
        monkeypatch.setattr(tasks.regrade, "delay", self.delay)

    def delay(self, ids: list[int]) -> None:
        if self.down:
            raise ConnectionError("no broker")
        self.sent.append(ids)


def open_requests(subject_id: int) -> int:
    return RegradeRequest.objects.filter(subject_id=subject_id, done_at__isnull=True).count()


@pytest.mark.django_db
def test_each_kind_of_fact_asks_for_its_subject() -> None:
    decision = factories.decision(decided_on=date(2026, 3, 1))
    subject = decision.subject
    services.regrade([subject.pk], day=JUNE)
    assert open_requests(subject.pk) == 0
    for change in (
        lambda: factories.contest(decision, JUNE),
        lambda: factories.list_entry(subject),
        lambda: decision.violations.get().save(),
        lambda: decision.violations.get().dispositions.get().save(),
        lambda: decision.save(),
    ):
        services.regrade([subject.pk], day=JUNE)
        change()
        assert open_requests(subject.pk) > 0


@pytest.mark.django_db
def test_a_draft_asks_for_nothing() -> None:
    decision = factories.decision(state=DecisionState.DRAFT)
    assert open_requests(decision.subject_id) == 0


@pytest.mark.django_db
@pytest.mark.parametrize("model", [Decision, Violation, ListEntry, Contest])
def test_what_skips_signals_is_refused(model: Any) -> None:
    decision: Any = factories.decision()
    for write in (
        lambda: model.objects.update(pk=1),
        lambda: model.objects.all().delete(),
        lambda: model.objects.bulk_create([]),
        lambda: model.objects.bulk_update([], ["id"]),
        lambda: decision.violations.update(amount_fen=0),
        decision.delete,
    ):
        with pytest.raises(BypassError):
            write()


@pytest.mark.django_db(transaction=True)
def test_one_request_and_one_message_for_a_decision_saved_row_by_row(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    broker = Broker(monkeypatch)
    with transaction.atomic():
        decision = factories.decision(acts=[[("fine", 1)], ["warning"], ["warning"]])
        subject_id = decision.subject_id
        facts_written.send(sender=Decision, subject_ids=[subject_id], cause="decision")
        assert broker.sent == []
    assert open_requests(subject_id) == 1
    assert broker.sent == [[subject_id]]


@pytest.mark.django_db(transaction=True)
def test_the_cause_is_the_one_that_the_service_tells(monkeypatch: pytest.MonkeyPatch) -> None:
    Broker(monkeypatch)
    decision = factories.decision()
    subject_id = decision.subject_id
    RegradeRequest.objects.update(done_at=timezone.now())
    with transaction.atomic():
        decision.violations.get().save()
        facts_written.send(
            sender=Decision, subject_ids=[subject_id], cause="revocation", source="撤销 1号"
        )
        decision.save()
    told = RegradeRequest.objects.filter(done_at__isnull=True).values_list("cause", "source")
    assert list(told) == [("revocation", "撤销 1号")]


@pytest.mark.django_db
def test_an_unmerge_asks_for_the_former_survivor_too() -> None:
    survivor, member = factories.subject(), factories.subject()
    member.merged_into = survivor
    member.save()
    RegradeRequest.objects.update(done_at=timezone.now())
    services.regrade([survivor.pk])
    member.merged_into = None
    member.save()
    assert open_requests(survivor.pk) == 1
    assert open_requests(member.pk) == 1


@pytest.mark.django_db(transaction=True)
def test_a_request_that_was_rolled_back_with_its_savepoint_is_written_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    broker = Broker(monkeypatch)
    subject = factories.subject()
    with transaction.atomic():
        try:
            with transaction.atomic():
                request_regrade([subject.pk], cause="decision")
                raise RuntimeError
        except RuntimeError:
            pass
        request_regrade([subject.pk], cause="decision")
    assert open_requests(subject.pk) == 1
    assert broker.sent == [[subject.pk]]


@pytest.mark.django_db(transaction=True)
def test_a_savepoint_that_was_kept_sends_no_message_of_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    broker = Broker(monkeypatch)
    subject = factories.subject()
    with transaction.atomic():
        with transaction.atomic():
            request_regrade([subject.pk], cause="decision")
        request_regrade([subject.pk], cause="decision")
    assert broker.sent == [[subject.pk]]


@pytest.mark.django_db(transaction=True)
def test_a_request_within_an_outer_wake_up_survives_a_lost_savepoint(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The outer transaction asked for another subject first; the inner savepoint is lost."""
    broker = Broker(monkeypatch)
    first, second = factories.subject(), factories.subject()
    with transaction.atomic():
        request_regrade([first.pk], cause="decision")
        try:
            with transaction.atomic():
                request_regrade([second.pk], cause="decision")
                raise RuntimeError
        except RuntimeError:
            pass
        request_regrade([second.pk], cause="decision")
    assert (open_requests(first.pk), open_requests(second.pk)) == (1, 1)
    assert broker.sent == [sorted([first.pk, second.pk])]


@pytest.mark.django_db(transaction=True)
def test_nothing_is_sent_for_a_change_that_is_rolled_back(monkeypatch: pytest.MonkeyPatch) -> None:
    broker = Broker(monkeypatch)
    with transaction.atomic():
        factories.decision()
        transaction.set_rollback(True)
    assert broker.sent == []
    assert RegradeRequest.objects.count() == 0


@pytest.mark.django_db(transaction=True)
@time_machine.travel("2026-06-01 09:00:00+08:00", tick=False)
def test_with_the_broker_down_the_grade_is_there_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    Broker(monkeypatch, down=True)
    with transaction.atomic():
        decision = factories.decision(decided_on=date(2026, 3, 1))
    assert Standing.objects.get(pk=decision.subject_id).grade == "B"
    assert open_requests(decision.subject_id) == 0


@pytest.mark.django_db(transaction=True)
def test_a_save_never_fails_for_its_grading(monkeypatch: pytest.MonkeyPatch) -> None:
    Broker(monkeypatch, down=True)
    monkeypatch.setattr(services, "regrade", None)
    with transaction.atomic():
        decision = factories.decision()
    assert Decision.objects.filter(pk=decision.pk).exists()
    assert open_requests(decision.subject_id) == 1


@pytest.mark.django_db(transaction=True)
def test_many_facts_at_once_are_one_request_each_and_few_messages(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    broker = Broker(monkeypatch)
    ids = [factories.subject().pk for _ in range(5)]
    with transaction.atomic():
        facts_written.send(sender=Decision, subject_ids=ids, cause="takeover", source="sheet.xlsx")
    assert RegradeRequest.objects.filter(subject_id__in=ids, source="sheet.xlsx").count() == 5
    assert broker.sent == [ids]


@pytest.mark.django_db
def test_rows_written_in_bulk_have_their_history() -> None:
    decision = factories.decision(acts=[])
    rows = [
        Violation(
            decision=decision, ordinal=n, field="other", type="某行为", facts="经查。",
            law="某法", law_key="某法", bucket="warning",
        )
        for n in (1, 2)
    ]  # fmt: skip
    create_facts(rows, user=decision.recorded_by, reason="接收")
    history = Violation.history.filter(id__in=[row.pk for row in rows])
    assert [one.history_change_reason for one in history] == ["接收", "接收"]
    assert {one.history_user_id for one in history} == {decision.recorded_by_id}


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_failed_is_left_alone_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each try may cost its time-out, and whoever saves a record waits for it."""
    tried: list[list[int]] = []

    def hang(ids: list[int]) -> None:
        tried.append(ids)
        raise TimeoutError

    monkeypatch.setattr(tasks.regrade, "delay", hang)
    for _ in range(3):
        with transaction.atomic():
            factories.decision()
    assert len(tried) == 1
    assert RegradeRequest.objects.filter(done_at__isnull=True).count() == 0
    requests.broker_rest.until = 0.0
    with transaction.atomic():
        factories.decision()
    assert len(tried) == 2
