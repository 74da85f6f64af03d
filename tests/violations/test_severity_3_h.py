"""3-H and 3-S: what an act counts as, and with what money."""

from dataclasses import dataclass
from decimal import Decimal

import pytest

from violations.enums import Bucket, DecisionKind, DispositionKind
from violations.severity import bucket_of, fen, heaviest, money_fen


@dataclass(frozen=True)
class Disposed:
    kind: str
    amount: Decimal | None = None


WARNING_ONLY = {"order_to_correct", "warning"}


@pytest.mark.parametrize("kind", [kind.value for kind in DispositionKind])
def test_a_single_disposition_of_a_penalty(kind: str) -> None:
    expected = Bucket.WARNING if kind in WARNING_ONLY else Bucket.PENALTY
    assert bucket_of("penalty", [kind]) is expected


@pytest.mark.parametrize("kind", [kind.value for kind in DispositionKind])
def test_beside_a_warning_anything_heavier_makes_one_penalty(kind: str) -> None:
    expected = Bucket.WARNING if kind in WARNING_ONLY else Bucket.PENALTY
    assert bucket_of("penalty", ["warning", kind]) is expected
    assert bucket_of("penalty", [kind, "order_to_correct", "warning"]) is expected


def test_a_breach_stays_a_breach_with_and_without_an_order() -> None:
    assert bucket_of(DecisionKind.BREACH, []) is Bucket.BREACH
    assert bucket_of("breach", ["order_to_correct"]) is Bucket.BREACH


def test_an_order_counts_with_the_warnings() -> None:
    assert bucket_of("order", ["order_to_correct"]) is Bucket.WARNING
    assert bucket_of("order", []) is Bucket.WARNING


@pytest.mark.parametrize(("kind", "dispositions"), [("penalty", ["detention"]), ("praise", [])])
def test_unknown_kinds_are_never_put_into_a_bucket(kind: str, dispositions: list[str]) -> None:
    with pytest.raises(ValueError, match="is not a valid"):
        bucket_of(kind, dispositions)


def test_money_is_the_sum_of_fines_and_confiscations_in_fen() -> None:
    acts = [
        Disposed("warning"),
        Disposed("fine", Decimal("200000.01")),
        Disposed("confiscate_gains", Decimal("0.10")),
        Disposed("confiscate_property", Decimal("3")),
        Disposed("confiscate_property"),
    ]
    assert money_fen(Bucket.PENALTY, acts) == 20_000_311


@pytest.mark.parametrize("bucket", [Bucket.WARNING, Bucket.BREACH])
def test_outside_penalties_there_is_no_money(bucket: Bucket) -> None:
    assert money_fen(bucket, [Disposed("fine", Decimal(5))]) == 0


def test_money_is_exact_at_any_size_and_never_rounded() -> None:
    assert fen(Decimal("999999999999.99")) == 99_999_999_999_999
    assert fen(Decimal("1E+6")) == 100_000_000
    assert fen(Decimal("0.010000")) == 1
    for bad in ("0.005", "NaN", "Infinity"):
        with pytest.raises(ValueError, match=r"fen|money"):
            fen(Decimal(bad))


def test_the_heaviest_kind_follows_the_order_of_the_penalty_law() -> None:
    assert heaviest([]) is None
    assert heaviest(["warning", "order_to_correct"]) is DispositionKind.WARNING
    assert heaviest(["fine", "revoke_licence", "criticism"]) is DispositionKind.REVOKE_LICENCE
    assert heaviest([k.value for k in DispositionKind]) is DispositionKind.RESTRICT_PRACTICE
