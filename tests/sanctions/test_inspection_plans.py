"""Plans: frozen by one, drawn by another, once; the file repeats the draw."""

from __future__ import annotations

import time
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from core.clock import today
from core.fast_insert import insert_rows, reserve_ids
from core.models import AuditEntry, BypassError, OfficeSetting
from sanctions.inspection_draw import digest
from sanctions.inspection_enums import PlanState, Reason
from sanctions.inspection_file import UnreadableFile, repeat, written
from sanctions.inspection_models import Inspection, OfficerInterest
from sanctions.inspection_plan_models import InspectionPlan, PoolMember
from sanctions.inspection_plans import cancel_plan, draw_plan, freeze_plan, preview_plan
from sanctions.measure_enums import MeasureState
from subjects.enums import Industry, RegistryStatus
from subjects.models import Subject
from tests import factories
from tests.sanctions.inspection_cases import (
    WORD,
    drawn,
    frozen,
    graded,
    inspectors,
    plan_input,
    planner,
    station,
)
from violations.errors import CaseChanged, CaseRefused, InvalidDecision, NotAllowed

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def groups(plan: InspectionPlan) -> dict[str, str]:
    return dict(plan.members.values_list("name", "group"))


def test_the_pool_is_of_the_unit_and_in_the_groups_of_grade_and_industry() -> None:
    inspectors()
    for grade, state in (("A", "in_force"), ("B", "in_force"), ("C", "in_force"), ("", "")):
        graded(grade, state=state, name=f"甲{grade}")
    graded("B", name="乙旅馆", industry=Industry.HOTEL)
    graded("A", name="丙旅馆", industry=Industry.HOTEL)
    graded("", name="别处的", unit=factories.unit("WG-X", "朱兰派出所"))
    graded("", name="注销的", registry_status=RegistryStatus.CANCELLED)
    graded("", name="并入的", merged_into=Subject.objects.get(name="甲B"))
    assert groups(frozen()) == {
        "甲A": "a",
        "甲B": "b",
        "甲C": "c",
        "甲": "n",
        "乙旅馆": "key",
        "丙旅馆": "key_a",
    }
    assert "别处的" in groups(frozen(everywhere=True))
    assert set(groups(frozen(industries=("hotel",)))) == {"乙旅馆", "丙旅馆"}


def test_what_burdens_waits_for_service_and_a_suspended_incentive_frees_nobody() -> None:
    inspectors()
    graded("B", state=MeasureState.PENDING, name="未送达")
    graded("A", state=MeasureState.SUSPENDED, name="暂停激励")
    assert groups(frozen()) == {"未送达": "n", "暂停激励": "n"}


def test_ratios_are_those_of_the_settings_stated_before_and_kept_with_the_plan() -> None:
    inspectors()
    for _ in range(6):
        graded("B")
    OfficeSetting.objects.create(
        key="inspection_percent_b", value="30", effective_from=today() - DAY
    )
    stated = preview_plan(officer=planner(), data=plan_input()).stated()
    assert [(one.group, one.percent, one.members, one.drawn) for one in stated] == [("b", 30, 6, 2)]
    plan = frozen()
    OfficeSetting.objects.create(key="inspection_percent_b", value="99", effective_from=today())
    assert drawn(plan).inspections.count() == 2


def test_a_draw_makes_visits_and_its_file_repeats_it(tmp_path: Path) -> None:
    inspectors(4)
    subjects = [graded("B") for _ in range(9)] + [graded("A"), graded("C")]
    plan = drawn()
    made = list(plan.inspections.all())
    assert Counter(one.grade for one in made) == {"B": 2, "C": 1}
    assert {one.reason for one in made} == {Reason.ROUTINE}
    assert {one.unit for one in made} == {station()}
    assert all(len(set(one.inspector_ids)) == 2 for one in made)
    assert all(one.history.count() == 1 for one in made)
    text = written(plan)
    assert repeat(text).faults == []
    assert repeat(text).members == len(subjects)
    path = tmp_path / "draw.csv"
    path.write_text("\ufeff" + text)
    call_command("repeat_draw", str(path))
    code = made[0].subject.credit_code
    for bad in (
        text.replace(f"word: {WORD}", "word: 9999"),
        text.replace(",b,是", ",b,", 1),
        text.replace(f"{code},", f"{factories.credit_code(77)},", 1),
        text.replace(f"secret: {plan.secret}", f"secret: {'0' * 64}"),
    ):
        path.write_text(bad)
        with pytest.raises(CommandError, match="复算不符"):
            call_command("repeat_draw", str(path))
    path.write_text("别的文件")
    with pytest.raises(CommandError, match="不是抽查文件"):
        call_command("repeat_draw", str(path))


def test_the_secret_is_promised_before_and_shown_after() -> None:
    inspectors()
    graded("")
    plan = frozen()
    assert plan.commitment == digest(plan.secret)
    assert plan.secret not in written(plan)
    with pytest.raises(UnreadableFile, match="抽取后的文件"):
        repeat(written(plan))
    assert not hasattr(plan.history.first(), "secret")
    assert plan.secret not in str(list(AuditEntry.objects.values_list("details", flat=True)))
    assert plan.secret in written(drawn(plan))


def test_two_persons_and_only_once() -> None:
    inspectors()
    graded("C")
    mine = planner()
    plan = frozen(mine)
    given: dict[str, Any] = {"plan_id": plan.pk, "version": 1, "word": WORD, "word_source": "报数"}
    with pytest.raises(NotAllowed, match="另一人"):
        draw_plan(officer=mine, **given)
    with pytest.raises(NotAllowed, match="局办公室"):
        draw_plan(officer=inspectors(1)[0], **given)
    with pytest.raises(InvalidDecision, match="至少 4 位"):
        draw_plan(officer=planner(), **{**given, "word": "1"})
    plan = drawn(plan)
    with pytest.raises(CaseChanged):
        draw_plan(officer=planner(), **given)
    with pytest.raises(CaseRefused, match="只抽取一次"):
        draw_plan(officer=planner(), **{**given, "version": 2})
    with pytest.raises(CaseRefused, match="只抽取一次"):
        cancel_plan(officer=mine, plan_id=plan.pk, version=2, reason="不满意")
    plan.drawn_by = mine
    with pytest.raises(IntegrityError, match="inspection_plan_two_persons"), transaction.atomic():
        plan.save()


def test_a_pool_that_was_touched_or_whose_people_changed_is_not_drawn() -> None:
    three = inspectors()
    one = graded("C")
    plan = frozen()
    PoolMember.objects.filter(plan=plan).update(group="a")
    with pytest.raises(CaseRefused, match="摘要不符"):
        drawn(plan)
    PoolMember.objects.filter(plan=plan).update(group="c")
    three[0].is_active = False
    three[0].save()
    with pytest.raises(CaseRefused, match="重新封存"):
        drawn(plan)
    three[0].is_active = True
    three[0].save()
    OfficerInterest.objects.create(
        officer=three[0],
        subject=one,
        ground="relative",
        recorded_by=three[0],
        recorded_on=today(),
    )
    with pytest.raises(CaseRefused, match="重新封存"):
        drawn(plan)
    mine = planner()
    cancel_plan(officer=mine, plan_id=plan.pk, version=1, reason="有新的回避情形")
    assert set(drawn().inspections.get().inspector_ids) == {three[1].pk, three[2].pk}


def test_whoever_plans_never_inspects() -> None:
    graded("C")
    mine = factories.officer("office", unit=station())
    two = inspectors(2)
    plan = frozen(mine)
    assert set(drawn(plan).inspections.get().inspector_ids) == {one.pk for one in two}


def test_a_campaign_is_named_and_has_one_ratio_for_all() -> None:
    inspectors()
    for grade in ("A", "B", ""):
        graded(grade)
    with pytest.raises(InvalidDecision, match="专项检查文号"):
        frozen(kind="campaign", percent="100")
    with pytest.raises(InvalidDecision, match="1 到 100"):
        frozen(kind="campaign", percent="0", document="舞公〔2026〕9号")
    plan = drawn(frozen(kind="campaign", percent="100", document="舞公〔2026〕9号"))
    assert {one.reason for one in plan.inspections.all()} == {Reason.CAMPAIGN}
    assert {one.grade for one in plan.inspections.all()} == {"A", "B", ""}


def test_what_is_wrong_with_a_plan_is_said() -> None:
    graded("")
    with pytest.raises(InvalidDecision, match="不足 2 人"):
        frozen()
    inspectors()
    for changes, words in (
        ({"name": ""}, "计划名称"),
        ({"kind": "x"}, "种类"),
        ({"unit_code": "x"}, "检查单位"),
        ({"starts_on": None}, "开始"),
        ({"ends_on": today() - DAY}, "早于今天"),
        ({"ends_on": today() + 400 * DAY}, "最长一年"),
        ({"industries": ("x",)}, "行业"),
        ({"industries": ("pawn",)}, "没有符合"),
    ):
        with pytest.raises(InvalidDecision, match=words):
            frozen(**changes)
    with pytest.raises(NotAllowed):
        freeze_plan(officer=inspectors(1)[0], data=plan_input())


def test_rows_of_a_plan_are_not_deleted_and_cancelling_asks_why() -> None:
    inspectors()
    graded("")
    plan = frozen()
    with pytest.raises(InvalidDecision, match="作废理由"):
        cancel_plan(officer=planner(), plan_id=plan.pk, version=1, reason=" ")
    with pytest.raises(BypassError):
        plan.delete()
    done = cancel_plan(officer=planner(), plan_id=plan.pk, version=1, reason="范围有误，重新制定")
    assert done.state == PlanState.CANCELLED
    assert AuditEntry.objects.filter(action="inspection_plan.cancel").exists()


def test_twenty_thousand_are_frozen_and_drawn_set_based(
    django_assert_max_num_queries: Any,
) -> None:
    inspectors(10)
    first = factories.subject(unit_in_charge=station())
    names = [field.attname for field in Subject._meta.concrete_fields]
    values = [getattr(first, name) for name in names]
    code, key, how_many = names.index("credit_code"), names.index("id"), 20_000

    def row(pk: int, number: int) -> tuple[Any, ...]:
        made = list(values)
        made[key], made[code] = pk, factories.credit_code(number)
        return tuple(made)

    with transaction.atomic():
        ids = reserve_ids(Subject, how_many)
        insert_rows(Subject, names, (row(pk, at) for at, pk in enumerate(ids)))
    mine, other = planner(), planner()
    begun = time.monotonic()
    with django_assert_max_num_queries(60):
        plan = freeze_plan(officer=mine, data=plan_input())
        draw_plan(officer=other, plan_id=plan.pk, version=1, word=WORD, word_source="报数")
    taken = time.monotonic() - begun
    assert Inspection.objects.count() == 1001  # 5 % of 20,001, rounded up
    assert taken < 40, f"{taken:.1f} s"
    print(f"20,001 frozen and drawn in {taken:.2f} s")
