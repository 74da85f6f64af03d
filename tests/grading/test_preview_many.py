"""What a whole sheet would do to grades; the result afterwards is identical, nothing is written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Officer
from accounts.roles import Role
from grading.models import GradeChange, RegradeRequest, Standing
from grading.preview_many import effects_of
from grading.services import regrade
from subjects.models import Subject, SubjectCode
from tests import factories
from violations.enums import ListKind
from violations.import_store import store_decisions
from violations.inputs import DecisionInput, DispositionInput, ViolationInput
from violations.models import Decision

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 1)
CODES = [factories.credit_code(seed) for seed in range(40, 46)]


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    with time_machine.travel("2026-06-01 10:00+08:00", tick=False):
        yield


@pytest.fixture
def recorder() -> Officer:
    return factories.officer(Role.RECORDER)


TREATMENTS: dict[str, list[tuple[DispositionInput, ...]]] = {
    "penalty": [
        (DispositionInput("warning"),),
        (DispositionInput("fine", Decimal("1000.50")),),
        (DispositionInput("fine", Decimal("300000")), DispositionInput("warning")),
        (DispositionInput("criticism"),),
    ],
    "order": [(DispositionInput("order_to_correct"),)],
    "breach": [(), (DispositionInput("order_to_correct"),)],
}
LAWS = st.sampled_from(["保安服务管理条例", "治安管理处罚法", "无人知晓的条例"])


@st.composite
def decisions(draw: st.DrawFn) -> DecisionInput:
    kind = draw(st.sampled_from(["penalty", "penalty", "order", "breach"]))
    acts = draw(
        st.lists(st.tuples(st.sampled_from(TREATMENTS[kind]), LAWS), min_size=1, max_size=3)
    )
    return DecisionInput(
        unit_code="",
        number="",
        kind=kind,
        credit_code=draw(st.sampled_from(CODES)),
        subject_name="舞钢市样例有限公司",
        decided_on=TODAY - timedelta(days=draw(st.integers(0, 380))),
        violations=tuple(
            ViolationInput("public_order", f"某行为{at}", "经查。", law, dispositions=treatments)
            for at, (treatments, law) in enumerate(acts)
        ),
    )


SHEETS = st.lists(decisions(), min_size=1, max_size=12)


def numbered(sheet: list[DecisionInput], unit: str, since: int) -> list[DecisionInput]:
    return [
        replace(data, unit_code=unit, number=f"舞公（治）字〔2026〕{since + at}号")
        for at, data in enumerate(sheet)
    ]


def grades() -> dict[str, tuple[str, str]]:
    return {
        code: (grade, flags)
        for code, grade, flags in Standing.objects.values_list(
            "subject__credit_code", "grade", "flags"
        )
    }


def write(officer: Officer, sheet: list[DecisionInput]) -> None:
    stored = store_decisions(
        officer=officer,
        decisions=sheet,
        unit_ids={officer.unit.code: officer.unit_id},
        in_force=True,
        source="test",
    )
    regrade(stored.subject_ids)


@given(before=SHEETS, sheet=SHEETS, listed=st.sampled_from(["", *ListKind.values]))
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_the_result_afterwards_is_identical(
    recorder: Officer, before: list[DecisionInput], sheet: list[DecisionInput], listed: str
) -> None:
    with transaction.atomic():
        write(recorder, numbered(before, recorder.unit.code, 1))
        if listed:
            subject = Subject.objects.order_by("pk")[0]
            factories.list_entry(subject, listed, TODAY - timedelta(days=20))
            regrade([subject.pk])
        stood = grades()
        new = numbered(sheet, recorder.unit.code, 100)
        seen = {one.credit_code: one for one in effects_of(new)}
        assert grades() == stood  # nothing was written
        write(recorder, new)
        stands = grades()
        moved = {code for code, stand in stands.items() if stood.get(code, ("", "")) != stand}
        assert set(seen) == moved
        for code, effect in seen.items():
            assert (effect.old_grade, effect.old_flags) == stood.get(code, ("", ""))
            assert (effect.grade, effect.flags) == stands[code]
        transaction.set_rollback(True)


def _fine(code: str, days_ago: int = 10, acts: int = 1) -> DecisionInput:
    fine = (DispositionInput("fine", Decimal(100)),)
    return DecisionInput(
        unit_code="WG-ZA",
        number=f"{code}{days_ago}",
        kind="penalty",
        credit_code=code,
        subject_name="舞钢市样例有限公司",
        decided_on=TODAY - timedelta(days=days_ago),
        violations=tuple(
            ViolationInput(
                "public_order", f"某行为{n}", "经查。", "保安服务管理条例", dispositions=fine
            )
            for n in range(acts)
        ),
    )


def test_three_acts_of_one_decision_are_one_penalty() -> None:
    (effect,) = effects_of([_fine(CODES[0], acts=3)])
    assert (effect.grade, effect.flags, effect.subject_id) == ("B", "", None)
    (effect,) = effects_of([_fine(CODES[0], day) for day in (1, 2, 3)])
    assert (effect.grade, effect.flags, effect.decisions) == ("B", "over_limit", 3)


def test_present_and_former_codes_are_one_organisation() -> None:
    subject = factories.subject(credit_code=CODES[0])
    SubjectCode.objects.create(subject=subject, code=CODES[1])
    (effect,) = effects_of([_fine(CODES[0], 1), _fine(CODES[1], 2)])
    assert (effect.subject_id, effect.credit_code, effect.decisions) == (subject.pk, CODES[0], 2)


def test_what_lapsed_or_changes_nothing_is_not_named() -> None:
    subject = factories.subject(credit_code=CODES[0])
    factories.decision(subject, decided_on=TODAY)
    assert list(effects_of([_fine(CODES[0]), _fine(CODES[1], 400)])) == []


def test_a_black_listed_one_stays_c_whatever_comes() -> None:
    subject = factories.subject(credit_code=CODES[0])
    factories.list_entry(subject, ListKind.BLACK, TODAY - timedelta(days=5))
    assert list(effects_of([_fine(CODES[0], day) for day in (1, 2, 3)])) == []


def test_queries_do_not_grow_with_the_sheet_and_nothing_is_written(
    django_assert_max_num_queries: object,
) -> None:
    sheet = [_fine(factories.credit_code(seed)) for seed in range(100, 400)]
    for data in sheet[:150]:
        factories.subject(credit_code=data.credit_code)
    before = [model.objects.count() for model in (Decision, Standing, GradeChange, RegradeRequest)]
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        assert len(list(effects_of(sheet))) == 300
    assert before == [
        model.objects.count() for model in (Decision, Standing, GradeChange, RegradeRequest)
    ]
