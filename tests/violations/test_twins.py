"""One act, one fine: two records of one organisation, day and article warn each other."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import Officer
from accounts.roles import Role
from subjects.models import Subject
from tests import factories
from tests.violations.inputs import act, decision_input
from violations.enums import DecisionState
from violations.models import Decision
from violations.numbers import number_key
from violations.twins import groups_since, marks, number_elsewhere, twins_of, twins_of_input

pytestmark = pytest.mark.django_db
DAY = date(2026, 2, 20)


@pytest.fixture
def subject() -> Subject:
    return factories.subject()


def _decision(subject: Subject, officer: Officer | None = None, **fields: Any) -> Decision:
    """One fined act of ``DAY`` against 第四十三条 unless ``fields`` of the act say otherwise."""
    of_act = {k: fields.pop(k) for k in ("article", "committed_on") if k in fields}
    made = factories.decision(
        subject,
        recorded_by=officer or factories.officer(Role.RECORDER, unit=factories.unit()),
        decided_on=date(2026, 3, 5),
        acts=[],
        **fields,
    )
    factories.act(made, [("fine", 500)], **{"committed_on": DAY, **of_act})
    return made


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("第四十二条", "第四十二条第一款第（三）项", True),
        ("第四十二条", "第42条", True),
        ("第一百零二条", "第102条", True),
        ("第四十条、第四十二条", "第四十二条", True),
        ("第四十二条", "第四十三条", False),
        ("第四条", "第四十条", False),
        ("第十条", "第十条之一", False),
        ("附则", "附 则", True),
        ("", "", False),
    ],
)
def test_articles_are_compared_by_their_number(one: str, other: str, same: bool) -> None:
    shared = marks(DAY, "保安服务管理条例", one) & marks(DAY, "保安服务管理条例", other)

    assert bool(shared) is same


def test_both_units_see_the_other_s_record_and_each_may_open_its_own_alone(
    subject: Subject,
) -> None:
    here, there = (factories.officer(Role.RECORDER, unit=factories.unit()) for _ in range(2))
    first = _decision(subject, here)
    second = _decision(subject, there, article="第43条第二款")

    assert [(t.decision, t.may_open) for t in twins_of(first, here)] == [(second, False)]
    assert [(t.decision, t.may_open) for t in twins_of(second, there)] == [(first, False)]
    auditor = factories.officer(Role.AUDITOR)
    assert [(t.decision, t.may_open) for t in twins_of(second, auditor)] == [(first, True)]


def test_the_same_unit_twice_is_a_pair_too(subject: Subject) -> None:
    officer = factories.officer(Role.RECORDER)
    first, second = _decision(subject, officer), _decision(subject, officer)

    assert [(t.decision, t.may_open) for t in twins_of(first, officer)] == [(second, True)]


@pytest.mark.parametrize(
    "fields",
    [
        {"committed_on": DAY + timedelta(days=1)},
        {"committed_on": None},
        {"article": "第四十四条"},
        {"article": ""},
        {"law": "旅馆业治安管理办法"},
        {"state": DecisionState.DRAFT},
        {"state": DecisionState.WITHDRAWN},
    ],
)
def test_another_day_article_or_law_and_what_is_not_handed_in_are_no_pair(
    subject: Subject, fields: dict[str, Any]
) -> None:
    first = _decision(subject)
    law = fields.pop("law", None)
    other = _decision(subject, **fields)
    if law:
        one = other.violations.get()
        one.law = one.law_key = law
        one.save()

    assert twins_of(first, first.recorded_by) == []


def test_another_organisation_and_a_revoked_act_are_no_pair(subject: Subject) -> None:
    first = _decision(subject)
    _decision(factories.subject())
    revoked = _decision(subject).violations.get()
    revoked.revoked_on, revoked.revoked_reason = date(2026, 4, 1), "复议撤销"
    revoked.save()

    assert twins_of(first, first.recorded_by) == []


def test_a_form_is_warned_before_anything_is_recorded(subject: Subject) -> None:
    stored = _decision(subject)
    officer = factories.officer(Role.RECORDER)
    data = decision_input(act(article="第四十三条", committed_on=DAY))

    assert [t.decision for t in twins_of_input(data, subject, officer)] == [stored]
    assert twins_of_input(data, None, officer) == []
    own = decision_input(act(article="第四十三条", committed_on=DAY), number=stored.number)
    stored.number_key = number_key(stored.number)
    stored.save()
    assert twins_of_input(own, subject, stored.recorded_by) == []


def test_the_office_gets_groups_with_something_new_in_them(subject: Subject) -> None:
    first, second = _decision(subject), _decision(subject)
    _decision(subject, article="第四十四条")
    _decision(factories.subject())
    old = factories.subject()
    for _ in range(2):
        _decision(old, created_at=timezone.now() - timedelta(days=40))

    groups = groups_since(timezone.now() - timedelta(days=30))

    assert [[act.decision for act in group] for group in groups] == [[first, second]]


def test_looking_for_pairs_takes_few_queries_however_many_there_are(
    subject: Subject, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    first = _decision(subject)
    for _ in range(5):
        _decision(subject)
    since = timezone.now() - timedelta(days=30)

    with django_assert_max_num_queries(4):
        assert len(twins_of(first, first.recorded_by)) == 5
    with django_assert_max_num_queries(2):
        assert [len(group) for group in groups_since(since)] == [6]


def test_a_number_of_another_unit_is_a_hint_and_one_s_own_is_none() -> None:
    unit = factories.unit()
    own = factories.decision(unit=unit, number="甲1号")
    other = factories.decision(unit=factories.unit(), number="乙2号", number_key="乙2号")
    factories.decision(
        unit=factories.unit(), number="丙3号", number_key="丙3号", state=DecisionState.DRAFT
    )

    assert number_elsewhere(unit, "乙 2 号") == other
    assert number_elsewhere(unit, own.number) is None
    assert number_elsewhere(unit, "丙3号") is None
    assert number_elsewhere(unit, " ") is None
