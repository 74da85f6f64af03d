"""Preview: what the grade would be; the result afterwards is identical, and nothing is written."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from grading import selectors
from grading.models import GradeChange, RegradeRequest, Standing
from grading.preview import preview
from subjects.models import Subject, SubjectCode
from tests import factories
from tests.grading.build import record
from tests.grading.worked_cases import RED, fine, warning
from violations.inputs import DecisionInput, DispositionInput, ViolationInput
from violations.models import Decision

pytestmark = pytest.mark.django_db
JUNE = date(2026, 6, 1)


def data(*acts: tuple[DispositionInput, ...], law: str = "《保安服务管理条例》") -> DecisionInput:
    return DecisionInput(
        unit_code="WG-ZA",
        number="舞公（治）行罚决字〔2026〕1号",
        kind="penalty",
        credit_code="",
        subject_name="",
        decided_on=date(2026, 5, 20),
        violations=tuple(
            ViolationInput("public_order", "某行为", "经查。", law, dispositions=act)
            for act in acts
        ),
    )


FINE = (DispositionInput("fine", Decimal("1000.50")),)
WARNED_AND_FINED = (DispositionInput("warning"), DispositionInput("fine", Decimal(1000)))
ORDERED = (DispositionInput("order_to_correct"),)


def test_before_and_after() -> None:
    subject = record([fine("2026-03-01", 300), warning("2026-04-01")])
    seen = preview(subject.credit_code, data(WARNED_AND_FINED, ORDERED), day=JUNE)
    assert seen.now.counts[:4] == (1, 1, 0, 300_00)
    assert seen.then.counts[:4] == (2, 2, 0, 1300_00)
    assert seen.then.decided.grade == "B"
    assert seen.subject == subject


def test_the_third_penalty_shows_a_review_and_never_c() -> None:
    subject = record([fine("2026-03-01", 300), fine("2026-04-01", 300)])
    then = preview(subject.credit_code, data(FINE), day=JUNE).then
    assert (then.decided.grade, then.decided.flags) == ("B", ("over_limit",))


def test_the_result_afterwards_is_identical() -> None:
    subject = record([fine("2026-03-01", 300), RED])
    seen = preview(subject.credit_code, data(WARNED_AND_FINED, ORDERED), day=JUNE)
    factories.decision(
        subject,
        decided_on=date(2026, 5, 20),
        acts=[["warning", ("fine", 1000)], ["order_to_correct"]],
    )
    after = selectors.view(subject.pk, JUNE).both
    assert after.internal.outcome == seen.after.internal.outcome
    assert after.disclosable.outcome == seen.after.disclosable.outcome
    assert after.next_change_on == seen.after.next_change_on


def test_a_sealed_decision_is_not_disclosed() -> None:
    subject = record([fine("2026-03-01", 300)])
    sealed = preview(subject.credit_code, data(FINE, law="《治安管理处罚法》"), day=JUNE)
    assert sealed.before.disclosable.outcome == sealed.after.disclosable.outcome
    told = preview(subject.credit_code, data(FINE), day=JUNE)
    assert told.before.disclosable.outcome != told.after.disclosable.outcome


def test_an_unknown_organisation_starts_from_nothing() -> None:
    seen = preview(factories.credit_code(77), data(FINE), day=JUNE)
    assert seen.subject is None
    assert (seen.now.decided.grade, seen.then.decided.grade) == ("", "B")


def test_a_former_code_finds_the_organisation() -> None:
    subject = record([fine("2026-03-01", 300)])
    SubjectCode.objects.create(subject=subject, code=factories.credit_code(78))
    assert preview(factories.credit_code(78), data(FINE), day=JUNE).then.counts.penalties == 2


def test_nothing_is_written() -> None:
    subject = record([fine("2026-03-01", 300)])
    tables = (Decision, Subject, Standing, GradeChange, RegradeRequest)
    before = [table.objects.count() for table in tables]
    preview(subject.credit_code, data(FINE), day=JUNE)
    assert [table.objects.count() for table in tables] == before


def test_what_cannot_be_weighed_is_said() -> None:
    with pytest.raises(ValueError, match="finer than one fen"):
        preview("", data((DispositionInput("fine", Decimal("0.001")),)), day=JUNE)
