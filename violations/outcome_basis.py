"""What stands behind a revocation or a repair: nothing of a record in force falls without it (5-9).

A basis is one short text, kept with the act: ``objection:12`` and ``repair:7`` were decided here,
``court:舞钢市人民法院`` and its like elsewhere. Who decides here stands on a floor above and says
so with ``vouch``; until it does, nothing of its kind is believed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.db import models

from violations.checks_of_texts import text
from violations.cleaning import one_line
from violations.inputs import Fault

MAX_LENGTH = 100


class Organ(models.TextChoices):
    """Who decides elsewhere; ``OTHER`` comes by the interface, where the paper names it."""

    COURT = "court", "人民法院"
    REVIEW_ORGAN = "review_organ", "行政复议机关"
    CREDIT_PLATFORM = "credit_platform", "信用平台"
    OTHER = "elsewhere", "文书所载机关"


class Outcome(StrEnum):
    REVOKED = "revoked"
    REPAIRED = "repaired"


# What an officer may name on a form.
NAMED = (Organ.COURT, Organ.REVIEW_ORGAN, Organ.CREDIT_PLATFORM)
# Platforms repair credit and do not set decisions aside.
REVOKING = (Organ.COURT, Organ.REVIEW_ORGAN)

# Whether the case of this id, decided, lets this act fall (or be repaired).
Voucher = Callable[[int, int, Outcome], bool]
_vouchers: dict[str, Voucher] = {}
_LABELS = {"objection": "异议", "repair": "信用修复"}


@dataclass(frozen=True, slots=True)
class Basis:
    """``kind`` is an Organ, "objection" or "repair"; ``rest`` the organ's name or the case's id."""

    kind: str
    rest: str

    @property
    def is_elsewhere(self) -> bool:
        return self.kind in Organ.values

    @property
    def case_id(self) -> int | None:
        """The objection or repair; None where it was decided elsewhere."""
        plain = self.rest.isascii() and self.rest.isdigit() and len(self.rest) < 10
        return int(self.rest) if plain and not self.is_elsewhere else None

    @property
    def words(self) -> str:
        if self.is_elsewhere:
            return self.rest or Organ(self.kind).label
        return f"{_LABELS.get(self.kind, self.kind)}第 {self.rest} 号认定"


def vouch(kind: str, voucher: Voucher) -> None:
    """``kind`` of case is decided by an app above, which answers for it from now on."""
    _vouchers[kind] = voucher


def objection(pk: int) -> str:
    return f"objection:{pk}"


def repair(pk: int) -> str:
    return f"repair:{pk}"


def elsewhere(organ: str = Organ.OTHER, name: str = "") -> str:
    """The basis of what ``organ`` decided; ``name`` is the organ's own."""
    name = one_line(name)
    return f"{organ}:{name}" if name else str(organ)


def parse(basis: str) -> Basis | None:
    """None where it is no basis at all."""
    kind, _, rest = basis.partition(":")
    known = kind in Organ.values or kind in _LABELS
    return Basis(kind, rest) if known else None


def faults(basis: str, violation_ids: Iterable[int], outcome: Outcome) -> list[Fault]:
    """Why ``basis`` does not carry ``outcome`` for these acts; empty where it does."""
    read = parse(basis)
    if read is None:
        return [_none(outcome)]
    if read.is_elsewhere:
        if outcome is Outcome.REVOKED and read.kind == Organ.CREDIT_PLATFORM:
            message = "信用平台只办理信用修复，不撤销处理决定。请选择作出撤销的复议机关或法院。"
            return [Fault("organ", "organ", message)]
        return list(text("organ", read.rest, "认定机关", MAX_LENGTH - 20, required=False))
    voucher, case_id = _vouchers.get(read.kind), read.case_id
    if voucher is None or case_id is None:
        return [_none(outcome)]
    if not all(voucher(case_id, one, outcome) for one in violation_ids):
        return [_none(outcome)]
    return []


def _none(outcome: Outcome) -> Fault:
    words = "撤销" if outcome is Outcome.REVOKED else "修复"
    message = (
        f"没有可以{words}的依据。请先办理异议或信用修复并认定，"
        "或者登记法院、复议机关、信用平台的认定文书。"
    )
    return Fault("basis", "basis", message)
