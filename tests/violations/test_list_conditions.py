"""The catalogue of published conditions: kept by the office, never changed under an entry."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from accounts.roles import Role
from core.models import AuditEntry
from tests import factories
from tests.violations.list_cases import Case, condition
from violations.errors import CaseRefused, InvalidDecision, NotAllowed
from violations.list_conditions import ConditionInput, keep_condition
from violations.models import ListCondition

pytestmark = pytest.mark.django_db
RIGHT = ConditionInput(
    "black",
    "拒不履行处罚决定",
    "河南省社会信用条例 第二十八条",
    "舞公〔2026〕1号",
    date(2026, 1, 1),
)


def test_a_condition_is_kept_with_reason_history_and_trail() -> None:
    office = factories.officer(Role.OFFICE)
    row = keep_condition(officer=office, data=RIGHT, reason="公布条件")
    assert (row.version, row.history.get().history_change_reason) == (1, "公布条件")
    assert AuditEntry.objects.get(action="list_condition.keep").actor == office.number


@pytest.mark.parametrize("role", [role for role in Role if role != Role.OFFICE])
def test_other_roles_do_not_keep_it(role: str) -> None:
    with pytest.raises(NotAllowed, match="请联系局办公室"):
        keep_condition(officer=factories.officer(role), data=RIGHT, reason="公布条件")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"list": "grey"}, "没有选择名单"),
        ({"words": " "}, "没有填写条件"),
        ({"legal_basis": ""}, "没有填写法律依据"),
        ({"document": ""}, "没有填写发布文书"),
        ({"valid_from": None}, "没有填写开始日期"),
        ({"valid_until": date(2025, 12, 31)}, "结束日期不能早于开始日期"),
        ({"valid_until": date(9999, 12, 31)}, "日期超出范围"),
    ],
)
def test_what_is_missing_is_said(changes: dict[str, object], said: str) -> None:
    with pytest.raises(InvalidDecision, match=said):
        keep_condition(
            officer=factories.officer(Role.OFFICE),
            data=replace(RIGHT, **changes),  # type: ignore[arg-type]
            reason="公布条件",
        )


def test_a_reason_is_asked_for() -> None:
    with pytest.raises(InvalidDecision, match="没有填写理由"):
        keep_condition(officer=factories.officer(Role.OFFICE), data=RIGHT, reason="")


def test_of_a_condition_with_entries_only_the_end_may_be_set() -> None:
    case = Case()
    row = case.condition
    same = ConditionInput(row.list, row.words, row.legal_basis, row.document, row.valid_from)
    changed = {"officer": case.office, "reason": "改版", "condition_id": row.pk, "version": 1}
    with pytest.raises(InvalidDecision, match="只能填写结束日期"):
        keep_condition(data=replace(same, words="别的条件"), **changed)  # type: ignore[arg-type]
    ended = keep_condition(data=replace(same, valid_until=date(2026, 12, 31)), **changed)  # type: ignore[arg-type]
    assert ended.valid_until == date(2026, 12, 31)


def test_two_officers_at_one_condition() -> None:
    row = condition()
    changed = {"officer": factories.officer(Role.OFFICE), "reason": "改", "condition_id": row.pk}
    keep_condition(data=RIGHT, version=1, **changed)  # type: ignore[arg-type]
    with pytest.raises(CaseRefused, match="刚刚被他人修改"):
        keep_condition(data=RIGHT, version=1, **changed)  # type: ignore[arg-type]


def test_in_force_on_a_day_includes_the_last() -> None:
    row = condition(valid_until=date(2026, 6, 30))
    for day, there in ((date(2026, 6, 30), True), (date(2026, 7, 1), False)):
        assert ListCondition.objects.valid_on(day).filter(pk=row.pk).exists() is there
    assert not ListCondition.objects.valid_on(date(2025, 12, 31)).exists()
