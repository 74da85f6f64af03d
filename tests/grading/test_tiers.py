"""Which tier an act falls into, and what a rule set may say about it (law.md, "repair tiers")."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from grading.models import RuleSet
from grading.tier_checks import tiers_are_lawful
from grading.tiers import GENERAL, LIGHT, REGULATION, SERIOUS, read, regulation

MAP = read(REGULATION)


@pytest.mark.parametrize(
    ("procedure", "kinds", "fine_fen", "tier"),
    [
        ("ordinary", ["warning"], 0, LIGHT),
        ("ordinary", ["criticism"], 0, LIGHT),
        ("ordinary", ["order_to_correct"], 0, LIGHT),
        ("ordinary", [], 0, LIGHT),  # a breach found as such
        ("summary", ["fine"], 20_000, LIGHT),
        ("ordinary", ["fine"], 20_000, GENERAL),
        ("ordinary", ["warning", "fine"], 20_000, GENERAL),  # 3-H: the heavier decides
        ("ordinary", ["confiscate_gains"], 0, GENERAL),
        ("ordinary", ["suspend_licence"], 0, GENERAL),
        ("ordinary", ["fine"], 499_999_99, GENERAL),
        ("ordinary", ["fine"], 500_000_00, SERIOUS),
        ("ordinary", ["warning", "stop_business"], 0, SERIOUS),
        ("ordinary", ["revoke_licence"], 0, SERIOUS),
        ("ordinary", ["close_down"], 0, SERIOUS),
        ("ordinary", ["restrict_practice"], 0, SERIOUS),
        ("summary", ["revoke_licence"], 0, SERIOUS),
    ],
)
def test_the_map_of_the_law(procedure: str, kinds: list[str], fine_fen: int, tier: str) -> None:
    assert MAP.tier(procedure=procedure, kinds=kinds, fine_fen=fine_fen) == tier


def changed(tier: str, **fields: Any) -> dict[str, Any]:
    value = regulation()
    value[tier] |= fields
    return value


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (changed(GENERAL, min_months=4), "最短公示期不得超过 3 个月"),
        (changed(GENERAL, max_months=13), "最长不得超过 12 个月"),
        (changed(SERIOUS, max_months=37), "最长不得超过 36 个月"),
        (changed(SERIOUS, min_months=13), "最短公示期不得超过 12 个月"),
        (changed(LIGHT, min_months=1, max_months=3), "最短公示期不得超过 0 个月"),
        (changed(GENERAL, min_months=3, max_months=2), "最短不大于最长"),
        (changed(GENERAL, min_months="3"), "须为整数"),
        (changed(LIGHT, shown="no"), "是否公示"),
        (changed(SERIOUS, fine_from="-1"), "fine_from"),
        (changed(SERIOUS, fine_from="NaN"), "fine_from"),
        (changed(SERIOUS, dispositions="close_down"), "一列代码"),
        (changed(SERIOUS, dispositions=["detention"]), "未知的代码：detention"),
        (changed(LIGHT, procedures=["fast"]), "未知的代码：fast"),
        ({}, "没有“轻微失信”一档"),
        ([], "没有“轻微失信”一档"),
    ],
)
def test_a_map_that_is_harder_than_the_law_or_unreadable_is_refused(value: Any, words: str) -> None:
    with pytest.raises(ValidationError, match=words.replace("（", ".")):
        tiers_are_lawful(value)


def test_a_milder_map_may_be_chosen() -> None:
    tiers_are_lawful(changed(GENERAL, min_months=0, max_months=6))
    mild = read(changed(SERIOUS, fine_from=None))
    assert mild.tier(procedure="ordinary", kinds=["fine"], fine_fen=10**12) == GENERAL


@pytest.mark.django_db
def test_every_rule_set_brings_its_map_and_is_checked() -> None:
    rule_set = RuleSet.objects.get()
    assert rule_set.tiers == REGULATION
    rule_set.tiers = changed(GENERAL, max_months=24)
    with pytest.raises(ValidationError, match="tiers"):
        rule_set.full_clean()
