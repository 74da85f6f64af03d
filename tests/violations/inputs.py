"""Decisions as handed in, right in every respect unless a test says otherwise."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from tests.factories import credit_code
from violations.inputs import DecisionInput, DispositionInput, ViolationInput

TODAY = date(2026, 11, 20)
FINE = DispositionInput("fine", Decimal("20000.00"))
WARNING = DispositionInput("warning")
ORDER = DispositionInput("order_to_correct")


def act(*dispositions: DispositionInput, **changes: Any) -> ViolationInput:
    """One act; by default fined 20,000 yuan."""
    right = ViolationInput(
        field="public_order",
        type="保安从业单位违规提供服务",
        facts="经查，该公司未按规定备案。",
        law="保安服务管理条例",
        article="第四十三条",
        committed_on=date(2026, 2, 20),
        dispositions=dispositions or (FINE,),
    )
    return replace(right, **changes)


def decision_input(*acts: ViolationInput, **changes: Any) -> DecisionInput:
    """One penalty decision of 治安管理大队; by default with one fined act."""
    right = DecisionInput(
        unit_code="WG-ZA",
        number="舞公（治）行罚决字〔2026〕0101号",
        kind="penalty",
        credit_code=credit_code(1),
        subject_name="舞钢市样例保安服务有限公司",
        decided_on=date(2026, 3, 5),
        violations=acts or (act(),),
        truth_stated=True,
    )
    return replace(right, **changes)
