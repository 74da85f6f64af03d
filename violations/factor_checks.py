"""What must be right about a factor, written once for form and sheet (1-3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from subjects import credit_codes
from violations.checks_of_texts import text_of_paper as text
from violations.cleaning import one_line
from violations.enums import FactorKind
from violations.inputs import Fault

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2199, 12, 31)
LIKE_THIS = "请写成 2026-11-20 这样的形式。"
MIN_REASON, MAX_REASON = 5, 500


@dataclass(frozen=True, slots=True)
class FactorInput:
    """A factor as handed in; ``is_worst`` is asked for a national evaluation alone."""

    credit_code: str
    kind: str
    scheme: str
    value: str
    source: str
    in_force_from: date | None
    in_force_until: date | None = None
    is_worst: bool = False

    def cleaned(self) -> FactorInput:
        return replace(
            self,
            credit_code=credit_codes.normalise(self.credit_code),
            kind=self.kind.strip(),
            scheme=one_line(self.scheme),
            value=one_line(self.value),
            source=one_line(self.source),
        )


def check_factor(data: FactorInput, *, today: date) -> list[Fault]:
    """Everything wrong with a cleaned factor but the organisation; paths are its fields."""
    return [*_faults(data), *faults_of_days(data.in_force_from, data.in_force_until, today)]


def _faults(data: FactorInput) -> Iterator[Fault]:
    if data.kind not in FactorKind.values:
        yield Fault("kind", "unknown", "没有选择种类。请从列出的种类中选择。")
    yield from text("scheme", data.scheme, "评价体系", 100)
    yield from text("value", data.value, "结果", 100)
    yield from text("source", data.source, "来源", 200)
    if data.is_worst and data.kind != FactorKind.NATIONAL:
        label = FactorKind.NATIONAL.label
        message = f"只有“{label}”区分最差等次。请取消勾选，或更正种类。"
        yield Fault("is_worst", "not_national", message)


def faults_of_days(begins: date | None, ends: date | None, today: date) -> Iterator[Fault]:
    """From when and, where that is known, until when it is in force."""
    if begins is None:
        yield Fault("in_force_from", "missing", f"没有填写生效日期。{LIKE_THIS}")
    elif begins > today:
        message = "生效日期不能晚于今天。尚未生效的，请到生效后再录入。"
        yield Fault("in_force_from", "future", message)
    elif begins < FIRST_DAY:
        message = f"生效日期不能早于 {FIRST_DAY}。请对照文书核对年份。"
        yield Fault("in_force_from", "too_early", message)
    if ends is not None and begins is not None and ends < begins:
        message = f"截止日期不能早于生效日期 {begins}。请对照文书核对。"
        yield Fault("in_force_until", "before_begin", message)
    elif ends is not None and ends > LAST_DAY:
        yield Fault("in_force_until", "too_late", f"截止日期不能晚于 {LAST_DAY}。请核对年份。")


def faults_of_reason(reason: str) -> Iterator[Fault]:
    """A reason of at least a few words."""
    said = one_line(reason)
    mend = "请写明依据。"
    yield from text(
        "reason", said, "理由", MAX_REASON, required=False, shortest=MIN_REASON, mend=mend
    )
