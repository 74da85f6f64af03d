"""What must be right about the acts of a decision and what was imposed for each (domain.md §2)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from violations.checks_of_texts import text_of_paper as text
from violations.enums import (
    AMOUNT_KINDS,
    AMOUNT_REQUIRED_KINDS,
    LICENCE_KINDS,
    DecisionKind,
    DispositionKind,
    Field,
)
from violations.inputs import DecisionInput, DispositionInput, Fault, ViolationInput
from violations.laws import law_key
from violations.severity import fen

MAX_ACTS = 100
MAX_DISPOSITIONS = 20  # of one act; there are fewer kinds than that
MAX_REASON = 500  # why kind or amount leaves what the law catalogue gives
MAX_AMOUNT = Decimal("999999999999.99")
FIRST_ACT = date(1990, 1, 1)

_FIELDS = frozenset(Field.values)
_LABELS: dict[str, str] = {kind.value: str(kind.label) for kind in DispositionKind}

# Words for what is no disposition here, each with its own answer.
_DETENTION = frozenset({"detention", "administrative_detention", "行政拘留", "拘留"})
_NO_PENALTY = frozenset({"no_penalty", "不予处罚", "不予行政处罚"})
_LATE_FINE = frozenset({"late_payment_fine", "加处罚款"})


def acts(data: DecisionInput, *, takeover: bool) -> Iterator[Fault]:
    """Faults of all acts; ``takeover`` as in ``check_decision``."""
    if not data.violations:
        yield Fault("violations", "missing", "没有填写违法行为。请至少填写一个违法行为。")
    if len(data.violations) > MAX_ACTS:
        message = f"一份决定最多填写 {MAX_ACTS} 个违法行为，现为 {len(data.violations)} 个。"
        yield Fault("violations", "too_many", f"{message}请核对决定书。")
        return
    for i, act in enumerate(data.violations):
        yield from _act(f"violations[{i}]", act, data, takeover)


def _act(path: str, act: ViolationInput, data: DecisionInput, takeover: bool) -> Iterator[Fault]:
    if act.field not in _FIELDS:
        labels = "、".join(Field.labels)
        yield Fault(f"{path}.field", "unknown", f"没有选择领域。请选择{labels}之一。")
    yield from text(f"{path}.type", act.type, "违法行为类型", 200)
    yield from text(f"{path}.facts", act.facts, "违法事实", 4000)
    yield from text(f"{path}.law", act.law, "法律依据", 200)
    if act.law and not law_key(act.law):
        message = (
            f"法律依据“{act.law[:40]}”没有写明法律名称。请写成《保安服务管理条例》这样的形式。"
        )
        yield Fault(f"{path}.law", "no_law", message)
    yield from text(f"{path}.article", act.article, "条款", 100, required=not takeover)
    reason = act.deviation_reason
    yield from text(
        f"{path}.deviation_reason", reason, "与条款不符的理由", MAX_REASON, required=False
    )
    yield from _act_days(path, act, data, takeover)
    yield from _dispositions(path, act, data.kind)


def _act_days(
    path: str, act: ViolationInput, data: DecisionInput, takeover: bool
) -> Iterator[Fault]:
    committed, decided = act.committed_on, data.decided_on
    if committed is None:
        if not takeover:
            message = "没有填写违法行为日期。请写成 2026-11-20 这样的形式。"
            yield Fault(f"{path}.committed_on", "missing", message)
    elif decided is not None and committed > decided:
        message = f"违法行为日期不能晚于决定日期 {decided}。请对照决定书核对。"
        yield Fault(f"{path}.committed_on", "after_decision", message)
    elif committed < FIRST_ACT:
        message = f"违法行为日期不能早于 {FIRST_ACT}。请对照决定书核对年份。"
        yield Fault(f"{path}.committed_on", "too_early", message)
    if act.correct_by is None:
        return
    if all(d.kind != DispositionKind.ORDER_TO_CORRECT for d in act.dispositions):
        message = "没有责令改正，不能填写整改期限。请删去期限，或增加处理种类“责令（限期）改正”。"
        yield Fault(f"{path}.correct_by", "not_ordered", message)
    elif decided is not None and act.correct_by < decided:
        message = f"整改期限不能早于决定日期 {decided}。请对照文书核对。"
        yield Fault(f"{path}.correct_by", "before_decision", message)


def _dispositions(path: str, act: ViolationInput, decision_kind: str) -> Iterator[Fault]:
    if decision_kind == DecisionKind.PENALTY and not act.dispositions:
        message = "没有填写处理种类。行政处罚决定的每个违法行为至少有一项处理。"
        yield Fault(f"{path}.dispositions", "missing", message)
    if len(act.dispositions) > MAX_DISPOSITIONS:
        count = len(act.dispositions)
        message = f"一个违法行为最多填写 {MAX_DISPOSITIONS} 项处理，现为 {count} 项。"
        yield Fault(f"{path}.dispositions", "too_many", f"{message}请核对决定书。")
        return
    seen: set[str] = set()
    for j, disposition in enumerate(act.dispositions):
        here = f"{path}.dispositions[{j}]"
        refusal = _refused_kind(disposition.kind, decision_kind)
        if refusal:
            yield Fault(f"{here}.kind", *refusal)
            continue
        label = _LABELS[disposition.kind]
        if disposition.kind in seen:
            message = f"同一违法行为的“{label}”填写了两次。请合并为一项，金额相加。"
            yield Fault(f"{here}.kind", "duplicate", message)
        seen.add(disposition.kind)
        yield from _amount(here, disposition, label)
        yield from _licence(here, disposition, label)


def _refused_kind(kind: str, decision_kind: str) -> tuple[str, str] | None:
    """Code and message where ``kind`` may not stand in such a decision."""
    if not kind:
        return "missing", "没有选择处理种类。请从目录中选择。"
    if kind in _DETENTION:
        return "detention", (
            "行政拘留只适用于自然人，自然人不是监管对象。请删去该项，只填对单位的处理。"
        )
    if kind in _NO_PENALTY:
        return "no_penalty", "不予处罚不是处理，不计入信用记录。请删去该项。"
    if kind in _LATE_FINE:
        return "late_fine", "加处罚款是执行措施，不计入罚没款。请删去该项，只填原罚款数额。"
    if kind not in _LABELS:
        return "unknown", f"处理种类“{kind[:20]}”不在目录内。请从目录中选择。"
    if kind == DispositionKind.ORDER_TO_CORRECT or decision_kind == DecisionKind.PENALTY:
        return None
    label = _LABELS[kind]
    if decision_kind == DecisionKind.ORDER:
        return "not_in_order", (
            f"责令改正文书只能有“责令（限期）改正”，不能有“{label}”。"
            "请删去该项，或改为录入行政处罚决定。"
        )
    if decision_kind == DecisionKind.BREACH:
        return "not_in_breach", (
            f"违反许可承诺认定不能有“{label}”。同时作出处罚的，请另行录入行政处罚决定。"
        )
    return None  # an unknown kind of decision has its own fault


def _amount(path: str, disposition: DispositionInput, label: str) -> Iterator[Fault]:
    amount = disposition.amount
    if amount is None:
        if disposition.kind in AMOUNT_REQUIRED_KINDS:
            message = f"“{label}”没有填写金额。请以元为单位填写。"
            yield Fault(f"{path}.amount", "missing", message)
        return
    if disposition.kind not in AMOUNT_KINDS:
        message = f"“{label}”没有金额。请清空金额，或更正处理种类。"
        yield Fault(f"{path}.amount", "forbidden", message)
    elif not amount.is_finite():
        yield Fault(f"{path}.amount", "not_a_number", "金额不是数字。请写成 20000.00 这样的形式。")
    elif amount <= 0:
        message = "金额须大于 0。请对照决定书填写，没有金额的请留空。"
        yield Fault(f"{path}.amount", "not_positive", message)
    elif amount > MAX_AMOUNT:
        message = f"金额不能超过 {MAX_AMOUNT:,} 元。请核对单位是否为元。"
        yield Fault(f"{path}.amount", "too_large", message)
    elif not _is_whole_fen(amount):
        yield Fault(f"{path}.amount", "too_fine", "金额最多两位小数（精确到分）。请核对金额。")


def _is_whole_fen(amount: Decimal) -> bool:
    try:
        fen(amount)
    except ValueError:
        return False
    return True


def _licence(path: str, disposition: DispositionInput, label: str) -> Iterator[Fault]:
    licence = disposition.licence
    if disposition.kind not in LICENCE_KINDS:
        if licence:
            message = f"“{label}”不涉及证照。请清空证照名称及编号，或更正处理种类。"
            yield Fault(f"{path}.licence", "forbidden", message)
        return
    yield from text(f"{path}.licence", licence, "证照名称及编号", 200)
