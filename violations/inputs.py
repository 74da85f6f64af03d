"""A decision as somebody hands it in: what form, import, API and admin all build and pass on.

Plain values, nothing looked up or checked yet; ``violations.checks`` says what is wrong with it and
``violations.services`` writes it down.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class DispositionInput:
    """``kind`` is a DispositionKind value or what was typed instead; ``amount`` is in yuan."""

    kind: str
    amount: Decimal | None = None
    licence: str = ""


@dataclass(frozen=True, slots=True)
class ViolationInput:
    """One act. Taken-over records may lack ``committed_on`` and ``article``.

    ``deviation_reason`` says why kind or amount is not what the law catalogue gives.
    """

    field: str
    type: str
    facts: str
    law: str
    article: str = ""
    committed_on: date | None = None
    correct_by: date | None = None
    dispositions: tuple[DispositionInput, ...] = ()
    deviation_reason: str = ""


@dataclass(frozen=True, slots=True)
class DecisionInput:
    """One document about one organisation, with its acts in the order of the paper."""

    unit_code: str
    number: str
    kind: str
    credit_code: str
    subject_name: str
    decided_on: date | None
    violations: tuple[ViolationInput, ...]
    procedure: str = "ordinary"
    served_on: date | None = None
    handler: str = ""
    code_exception: str = ""  # why a code with a wrong check character is right after all
    subject_address: str = ""
    subject_principal: str = ""
    subject_industry: str = ""
    truth_stated: bool = False


@dataclass(frozen=True, slots=True)
class Fault:
    """Something to mend: where ("violations[0].dispositions[1].amount"), what, and how.

    ``message`` is Chinese: what happened, at which item, how to mend it. A fault with ``warning``
    set does not stop anything.
    """

    path: str
    code: str
    message: str
    warning: bool = False
