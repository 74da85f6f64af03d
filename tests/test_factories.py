"""The rows that tests begin with are right rows."""

from datetime import date

import pytest

from tests import factories
from violations.enums import Bucket, DecisionKind, ListKind

pytestmark = pytest.mark.django_db


def test_a_code_has_its_check_character_and_its_own_seed() -> None:
    codes = {factories.credit_code(seed) for seed in range(200)}
    assert len(codes) == 200
    assert all(len(code) == 18 and code.startswith("91410481") for code in codes)
    for code in codes:
        values = [factories.ALPHABET.index(char) for char in code]
        weights = [pow(3, i, 31) for i in range(17)] + [1]
        assert sum(a * b for a, b in zip(values, weights, strict=True)) % 31 == 0


def test_the_default_decision_is_one_fine_in_force() -> None:
    made = factories.decision()
    (act,) = made.violations.all()
    assert (act.bucket, act.amount_fen) == (Bucket.PENALTY, 2_000_000)
    assert made.confirmed_by_id not in (None, made.recorded_by_id)


def test_each_act_goes_into_its_own_bucket() -> None:
    made = factories.decision(
        decided_on=date(2026, 3, 1), acts=[["warning", ("fine", "500.05")], ["order_to_correct"]]
    )
    assert [(act.bucket, act.amount_fen) for act in made.violations.all()] == [
        ("penalty", 50_005),
        ("warning", 0),
    ]


def test_orders_breaches_and_list_entries() -> None:
    company = factories.subject()
    order = factories.decision(company, kind=DecisionKind.ORDER)
    breach = factories.decision(company, kind=DecisionKind.BREACH)
    entry = factories.list_entry(company, ListKind.BLACK)
    factories.contest(breach, date(2026, 1, 1))
    assert [order.violations.get().bucket, breach.violations.get().bucket] == ["warning", "breach"]
    assert entry.notified_on is not None
    assert entry.notified_on < entry.listed_on
