"""A pile of papers as one print job: issued one by one, merged once, whoever works on it twice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.roles import Role
from core.documents import page_count
from sanctions import paper_batches, papers
from sanctions.paper_batch_models import BatchState, PaperBatch
from sanctions.paper_batches import Order, left_over, start, work
from sanctions.paper_files import verified
from sanctions.paper_models import Paper
from tests import factories
from tests.sanctions.paper_cases import REMINDER, office, office_officer, reminder
from violations.errors import InvalidDecision, NotAllowed

pytestmark = pytest.mark.django_db


def _order(**more: Any) -> Order:
    return Order("reminder", office(), factories.subject(), {**REMINDER, **more})


def test_new_and_stored_papers_become_one_file_once() -> None:
    clerk = office_officer()
    old = reminder(clerk)
    batch = start(officer=clerk, items=[_order(), old])
    work(batch.pk)
    batch.refresh_from_db()
    assert (batch.state, batch.done, batch.pages) == (BatchState.DONE, 2, 2)
    assert page_count(verified(batch)) == 2
    kept = batch.stored
    work(batch.pk)
    batch.refresh_from_db()
    assert batch.stored == kept
    assert Paper.objects.count() == 2


def test_work_that_broke_off_goes_on_where_it_stopped(
    monkeypatch: pytest.MonkeyPatch, blank_pdf: None
) -> None:
    monkeypatch.setattr(paper_batches, "merged", lambda papers: b"%PDF-all")
    monkeypatch.setattr(paper_batches, "page_count", lambda data: 3)
    clerk = office_officer()
    batch = start(officer=clerk, items=[_order() for _ in range(3)])
    whole = papers.issue
    calls: list[int] = []

    def breaks(**order: Any) -> Paper:
        calls.append(1)
        if len(calls) == 2:
            raise RuntimeError("the worker was lost")
        return whole(**order)

    monkeypatch.setattr(paper_batches, "issue", breaks)
    with pytest.raises(RuntimeError):
        work(batch.pk)
    assert Paper.objects.count() == 1
    PaperBatch.objects.update(beat_at=timezone.now() - timedelta(minutes=2))
    assert left_over() == [batch.pk]
    work(batch.pk)
    batch.refresh_from_db()
    assert batch.state == BatchState.DONE
    assert sorted(Paper.objects.values_list("sequence", flat=True)) == [1, 2, 3]


def test_what_cannot_be_issued_says_why_and_the_rest_is_printed(
    monkeypatch: pytest.MonkeyPatch, blank_pdf: None
) -> None:
    monkeypatch.setattr(paper_batches, "merged", lambda papers: b"%PDF-all")
    monkeypatch.setattr(paper_batches, "page_count", lambda data: len(data))

    def refuses(**order: Any) -> Paper:
        raise InvalidDecision([])

    clerk = office_officer()
    batch = start(officer=clerk, items=[_order(), reminder(clerk)])
    monkeypatch.setattr(paper_batches, "issue", refuses)
    monkeypatch.setattr(InvalidDecision, "__str__", lambda self: "该决定已撤销。")
    work(batch.pk)
    batch.refresh_from_db()
    assert batch.state == BatchState.DONE
    assert [item.message for item in batch.items.all()] == ["该决定已撤销。", ""]


def test_who_may_not_and_how_many() -> None:
    clerk = office_officer()
    with pytest.raises(InvalidDecision):
        start(officer=clerk, items=[])
    with pytest.raises(NotAllowed):
        start(officer=factories.officer(Role.RECORDER), items=[_order()])
    assert PaperBatch.objects.visible_to(clerk).count() == 0
