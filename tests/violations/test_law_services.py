"""The office keeps the law catalogue; older records keep what was true then."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from accounts.models import Officer
from accounts.roles import Role
from core.models import AuditEntry
from tests import factories
from tests.violations.inputs import act, decision_input
from violations.enums import DispositionKind
from violations.errors import InvalidDecision, NotAllowed
from violations.inputs import DispositionInput
from violations.law_checks import ArticleInput
from violations.law_selectors import in_force, unmapped_laws_in_use, versions_of
from violations.law_services import (
    StaleArticle,
    add_article,
    change_article,
    end_article,
    mend_article,
)
from violations.models import LawArticle
from violations.warnings import grounds, warnings_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]
REASON = "国务院令第 999 号修改第四十三条的罚款幅度。"
RIGHT = ArticleInput(
    law="保安服务管理条例",
    article="第四十三条",
    violation_type="保安从业单位违规管理保安员或违规提供服务",
    field="public_order",
    kinds=("fine",),
    fine_min=Decimal(30_000),
    fine_max=Decimal(200_000),
    valid_from=date(2026, 7, 1),
)


@pytest.fixture
def office() -> Officer:
    return factories.officer(Role.OFFICE)


@pytest.fixture
def entry() -> LawArticle:
    return LawArticle.objects.get(law=RIGHT.law, number="43")


def change(office: Officer, entry: LawArticle, **changes: Any) -> LawArticle:
    data = replace(RIGHT, **changes)
    return change_article(
        officer=office, article_id=entry.pk, version=entry.version, data=data, reason=REASON
    )


def codes(error: pytest.ExceptionInfo[InvalidDecision]) -> list[tuple[str, str]]:
    return [(fault.path, fault.code) for fault in error.value.faults]


def warned(yuan: int, committed_on: date) -> bool:
    one = act(DispositionInput("fine", Decimal(yuan)), committed_on=committed_on)
    data = decision_input(replace(one, type=RIGHT.violation_type), decided_on=date(2026, 11, 1))
    return bool(warnings_of(data, grounds()))


def test_the_catalogue_begins_with_the_laws_of_the_office() -> None:
    assert LawArticle.objects.count() == 16
    assert {row.sealed for row in LawArticle.objects.filter(law="治安管理处罚法")} == {True}
    assert set(LawArticle.history.values_list("history_type", flat=True)) == {"+"}
    kinds = set(DispositionKind.values)
    assert all(set(row.kind_values) <= kinds for row in LawArticle.objects.all())


def test_a_change_closes_the_old_version_and_older_acts_keep_it(
    office: Officer, entry: LawArticle
) -> None:
    new = change(office, entry)
    entry.refresh_from_db()
    assert (entry.valid_until, new.valid_from) == (date(2026, 6, 30), date(2026, 7, 1))
    assert (entry.fine_min, new.fine_min) == (Decimal(20_000), Decimal(30_000))
    assert [row.pk for row in versions_of(entry)] == [new.pk, entry.pk]
    assert [row.pk for row in versions_of(new)] == [new.pk, entry.pk]
    assert not warned(20_000, date(2026, 6, 30))
    assert warned(20_000, date(2026, 7, 1))
    assert warned(150_000, date(2026, 6, 30))
    assert not warned(150_000, date(2026, 7, 1))
    assert entry not in in_force(date(2026, 7, 1))
    assert entry in in_force(date(2026, 6, 30))


def test_an_error_of_typing_is_mended_in_place_with_history(
    office: Officer, entry: LawArticle
) -> None:
    mend_article(
        officer=office,
        article_id=entry.pk,
        version=1,
        data=replace(RIGHT, valid_from=None),
        reason=REASON,
    )
    entry.refresh_from_db()
    assert (entry.fine_min, entry.valid_from, entry.version) == (Decimal(30_000), None, 2)
    first, latest = entry.history.order_by("history_id")
    assert (latest.history_user, latest.history_change_reason) == (office, REASON)
    assert first.fine_min == 20_000


def test_an_end_leaves_older_records_as_they_were(office: Officer, entry: LawArticle) -> None:
    end_article(
        officer=office,
        article_id=entry.pk,
        version=1,
        last_day=date(2026, 6, 30),
        reason=REASON,
    )
    assert warned(1, date(2026, 6, 30))
    assert not warned(1, date(2026, 7, 1))


def test_one_more_entry_is_spelled_one_way_and_leaves_its_trail(office: Officer) -> None:
    data = replace(
        RIGHT, law=" 《娱乐场所管理条例》 ", article="第 43 条", kinds=("fine", "warning")
    )
    made = add_article(officer=office, data=data, reason=REASON)
    assert (made.law, made.law_key, made.number) == ("娱乐场所管理条例", "娱乐场所管理条例", "43")
    assert made.kinds == "warning fine"  # lightest first
    assert made.recorded_by == office
    row = AuditEntry.objects.get(action="law.add")
    assert (row.actor, row.reason, row.target_id) == (office.number, REASON, str(made.pk))


@pytest.mark.parametrize(
    ("changes", "path", "code"),
    [
        ({"law": " "}, "law", "missing"),
        ({"law": "第三条"}, "law", "no_law"),
        ({"law": "甲法、乙条例"}, "law", "no_law"),
        ({"article": "第四十三条、第四十四条"}, "article", "no_article"),
        ({"article": "四十三"}, "article", "no_article"),
        ({"violation_type": ""}, "violation_type", "missing"),
        ({"violation_type": "持 410481199003070011 的人"}, "violation_type", "person"),
        ({"field": "sports"}, "field", "unknown"),
        ({"kinds": (), "fine_min": None, "fine_max": None}, "kinds", "missing"),
        ({"kinds": ("fine", "罚站")}, "kinds", "unknown"),
        ({"kinds": ("warning",), "fine_max": None}, "fine_min", "without_fine"),
        ({"fine_min": Decimal(0)}, "fine_min", "odd_amount"),
        ({"fine_max": Decimal("1e13")}, "fine_max", "odd_amount"),
        ({"fine_max": Decimal(29_999)}, "fine_max", "below_min"),
        ({"valid_from": None}, "valid_from", "missing"),
        ({"valid_from": date(1900, 1, 1)}, "valid_from", "odd_day"),
    ],
)
def test_what_is_wrong_with_an_entry_is_said_at_its_box(
    office: Officer, entry: LawArticle, changes: dict[str, Any], path: str, code: str
) -> None:
    with pytest.raises(InvalidDecision) as error:
        change(office, entry, **changes)
    assert (path, code) in codes(error)
    assert LawArticle.objects.count() == 16
    assert all(fault.message.endswith("。") for fault in error.value.faults)


def test_a_reason_is_asked_for(office: Officer) -> None:
    with pytest.raises(InvalidDecision) as error:
        add_article(officer=office, data=RIGHT, reason="改了")
    assert codes(error) == [("reason", "too_short")]


def test_two_entries_for_the_same_do_not_overlap(office: Officer, entry: LawArticle) -> None:
    with pytest.raises(InvalidDecision) as error:
        add_article(officer=office, data=RIGHT, reason=REASON)
    assert codes(error) == [("violation_type", "twin")]
    end_article(
        officer=office, article_id=entry.pk, version=1, last_day=date(2026, 6, 30), reason=REASON
    )
    add_article(officer=office, data=RIGHT, reason=REASON)


def test_a_change_begins_after_the_version_at_hand(office: Officer, entry: LawArticle) -> None:
    new = change(office, entry)
    for day in (date(2026, 7, 1), date(2026, 6, 1)):
        with pytest.raises(InvalidDecision) as error:
            change(office, new, valid_from=day)
        assert codes(error) == [("valid_from", "not_after")]


def test_whoever_read_an_older_version_overwrites_nothing(
    office: Officer, entry: LawArticle
) -> None:
    new = change(office, entry)
    for late in (entry.version, entry.version + 1):  # replaced: closed for good
        with pytest.raises(StaleArticle):
            change_article(
                officer=office, article_id=entry.pk, version=late, data=RIGHT, reason=REASON
            )
    with pytest.raises(StaleArticle):
        mend_article(officer=office, article_id=new.pk, version=9, data=RIGHT, reason=REASON)
    assert LawArticle.objects.count() == 17


@pytest.mark.parametrize("role", [Role.RECORDER, Role.UNIT_REVIEWER, Role.APPROVER, Role.AUDITOR])
def test_nobody_but_the_office_keeps_it(entry: LawArticle, role: Role) -> None:
    other = factories.officer(role)
    with pytest.raises(NotAllowed):
        change(other, entry)
    with pytest.raises(NotAllowed):
        add_article(officer=other, data=RIGHT, reason=REASON)
    with pytest.raises(NotAllowed):
        end_article(
            officer=other, article_id=entry.pk, version=1, last_day=date(2026, 6, 30), reason=REASON
        )
    assert not AuditEntry.objects.filter(action__startswith="law.").exists()


def test_laws_in_use_that_nobody_mapped_are_counted_one_by_one() -> None:
    for law, key, state in (
        ("某市某办法", "某市某办法", "in_force"),
        ("某市某办法", "某市某办法", "draft"),
        ("《保安服务管理条例》《某省某条例》", "保安服务管理条例|某省某条例", "submitted"),
        ("某市某办法", "某市某办法", "withdrawn"),
        ("保安服务管理条例", "保安服务管理条例", "in_force"),
    ):
        made = factories.decision(state=state, acts=[])
        factories.act(made, ["warning"], law=law, law_key=key)
    assert [(law.name, law.acts) for law in unmapped_laws_in_use()] == [
        ("某市某办法", 2),
        ("某省某条例", 1),
    ]
