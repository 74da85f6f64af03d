"""3-H: the heaviest disposition of an act decides what the act counts as, and with what money.

Plain functions over kinds and amounts: entry, import and the nightly comparison all ask here.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Protocol

from violations.enums import AMOUNT_KINDS, WARNING_KINDS, Bucket, DecisionKind, DispositionKind

_LIGHTEST_FIRST = {kind.value: rank for rank, kind in enumerate(DispositionKind)}


class Disposed(Protocol):
    """Anything with a kind and an amount in yuan: a stored disposition or one handed in."""

    @property
    def kind(self) -> str: ...
    @property
    def amount(self) -> Decimal | None: ...


def bucket_of(decision_kind: str, disposition_kinds: Iterable[str]) -> Bucket:
    """What one act counts as (3-H, 3-S): the first bucket that fits.

    A breach is a breach whatever was ordered with it; any disposition heavier than a warning makes
    a penalty; warnings and orders to correct alone make a warning. Raises ValueError for a kind
    that is no DecisionKind or DispositionKind.
    """
    kinds = [DispositionKind(kind) for kind in disposition_kinds]
    if DecisionKind(decision_kind) is DecisionKind.BREACH:
        return Bucket.BREACH
    return Bucket.WARNING if WARNING_KINDS.issuperset(kinds) else Bucket.PENALTY


def money_fen(bucket: str, dispositions: Iterable[Disposed]) -> int:
    """The counted money of one act in fen: fines and confiscations of a penalty, else 0.

    Raises ValueError where an amount is finer than one fen: money is never rounded.
    """
    if bucket != Bucket.PENALTY:
        return 0
    return sum(
        fen(disposition.amount)
        for disposition in dispositions
        if disposition.kind in AMOUNT_KINDS and disposition.amount is not None
    )


def fen(amount: Decimal) -> int:
    """``amount`` yuan in fen, exactly. Raises ValueError where it is finer than one fen."""
    if not amount.is_finite():
        raise ValueError(f"{amount} is no amount of money")
    numerator, denominator = amount.as_integer_ratio()
    hundredfold, rest = divmod(numerator * 100, denominator)
    if rest:
        raise ValueError(f"{amount} yuan is finer than one fen")
    return hundredfold


def heaviest(kinds: Iterable[str]) -> DispositionKind | None:
    """The heaviest of ``kinds`` in the order of DispositionKind; None where there are none.

    Raises ValueError for an unknown kind.
    """
    known = [DispositionKind(kind) for kind in kinds]
    return max(known, key=lambda kind: _LIGHTEST_FIRST[kind.value], default=None)
