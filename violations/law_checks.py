"""What must be right about an entry of the law catalogue, written once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from violations.checks_of_acts import MAX_AMOUNT
from violations.checks_of_texts import text
from violations.cleaning import one_line
from violations.enums import DispositionKind, Field
from violations.errors import InvalidDecision
from violations.inputs import Fault
from violations.law_articles import article_numbers
from violations.laws import law_key
from violations.models import LawArticle

MIN_REASON, MAX_REASON = 10, 500
FIRST_DAY, LAST_DAY = date(1950, 1, 1), date(2199, 12, 31)
LIKE_THIS = "请写成 2026-11-20 这样的形式。"


@dataclass(frozen=True, slots=True)
class ArticleInput:
    """What an entry says; money in yuan, ``valid_from`` None where it always held."""

    law: str
    article: str
    violation_type: str
    field: str
    kinds: tuple[str, ...]
    fine_min: Decimal | None = None
    fine_max: Decimal | None = None
    valid_from: date | None = None

    def cleaned(self) -> ArticleInput:
        order = list(DispositionKind.values)
        kinds = [kind for kind in order if kind in self.kinds]
        unknown = [kind for kind in self.kinds if kind not in order]
        return replace(
            self,
            law=one_line(self.law).removeprefix("《").removesuffix("》"),
            article=one_line(self.article),
            violation_type=one_line(self.violation_type),
            kinds=(*kinds, *unknown),
        )


def checked(
    data: ArticleInput,
    reason: str,
    *,
    besides: LawArticle | None = None,
    until: date | None = None,
    more: Iterable[Fault] = (),
) -> ArticleInput:
    """``data`` in its one spelling. Raises InvalidDecision with everything that is wrong."""
    data = data.cleaned()
    faults = [*_faults(data, until), *more, *faults_of_reason(reason)]
    if not faults:
        faults += _twin(data, besides, until)
    if faults:
        raise InvalidDecision(faults)
    return data


def _faults(data: ArticleInput, until: date | None) -> Iterator[Fault]:
    yield from text("law", data.law, "法律、法规、规章名称", 200)
    if data.law and (not law_key(data.law) or "|" in law_key(data.law)):
        message = f"“{data.law[:40]}”不是一部法律的名称。请只写一部，条款写在条款栏。"
        yield Fault("law", "no_law", message)
    yield from text("article", data.article, "条款", 100, required=False)
    if data.article and len(article_numbers(data.article)) != 1:
        message = f"“{data.article[:20]}”不是一条条款。请写成 第四十二条 这样的形式，一条一个条目。"
        yield Fault("article", "no_article", message)
    yield from text("violation_type", data.violation_type, "违法行为类型", 200)
    if data.field not in Field.values:
        labels = "、".join(Field.labels)
        yield Fault("field", "unknown", f"没有选择领域。请选择{labels}之一。")
    yield from _faults_of_kinds(data)
    day = data.valid_from
    if day is not None and not FIRST_DAY <= day <= LAST_DAY:
        yield Fault("valid_from", "odd_day", f"施行日期 {day} 不合常理。请核对年份。")
    if day is not None and until is not None and day > until:
        message = f"施行日期不能晚于有效期末日 {until}。请核对日期。"
        yield Fault("valid_from", "after_end", message)


def _faults_of_kinds(data: ArticleInput) -> Iterator[Fault]:
    unknown = [kind for kind in data.kinds if kind not in DispositionKind.values]
    if unknown:
        yield Fault("kinds", "unknown", f"处理种类“{unknown[0][:20]}”不在目录内。请从列出的选择。")
    if not data.kinds:
        yield Fault("kinds", "missing", "没有选择可作的处理。请对照条款，至少选择一项。")
    low, high = data.fine_min, data.fine_max
    for path, label, amount in (("fine_min", "罚款下限", low), ("fine_max", "罚款上限", high)):
        if amount is None:
            continue
        if DispositionKind.FINE not in data.kinds:
            message = f"没有选择罚款，却填写了{label}。请选择罚款，或清空金额。"
            yield Fault(path, "without_fine", message)
        elif not 0 < amount <= MAX_AMOUNT:
            yield Fault(path, "odd_amount", f"{label}须大于 0，单位为元。请对照条款核对。")
    if low is not None and high is not None and high < low:
        yield Fault("fine_max", "below_min", "罚款上限不能低于下限。请对照条款核对。")


def faults_of_reason(reason: str) -> Iterator[Fault]:
    said = one_line(reason)
    yield from text("reason", said, "修改理由", MAX_REASON, required=False)
    if len(said) < MIN_REASON:
        message = (
            f"修改理由至少 {MIN_REASON} 字，现为 {len(said)} 字。请写明依据哪份文件、改了什么。"
        )
        yield Fault("reason", "too_short", message)


def faults_of_change(old: LawArticle, day: date | None) -> Iterator[Fault]:
    if day is None:
        yield Fault("valid_from", "missing", f"没有填写新规定的施行日期。{LIKE_THIS}")
    elif old.valid_from is not None and day <= old.valid_from:
        message = (
            f"新规定的施行日期须晚于现版本的施行日期 {old.valid_from}。"
            "原来录错的，请选择“更正录入错误”。"
        )
        yield Fault("valid_from", "not_after", message)
    elif old.valid_until is not None and day > old.valid_until:
        message = f"现版本到 {old.valid_until} 为止。之后另有规定的，请增加新条目。"
        yield Fault("valid_from", "after_end", message)


def faults_of_end(article: LawArticle, last_day: date | None) -> Iterator[Fault]:
    if last_day is None:
        yield Fault("last_day", "missing", f"没有填写有效期的最后一天。{LIKE_THIS}")
    elif not FIRST_DAY <= last_day <= LAST_DAY:
        yield Fault("last_day", "odd_day", f"日期 {last_day} 不合常理。请核对年份。")
    elif article.valid_from is not None and last_day < article.valid_from:
        message = f"最后一天不能早于施行日期 {article.valid_from}。请核对日期。"
        yield Fault("last_day", "before_begin", message)


def _twin(data: ArticleInput, besides: LawArticle | None, until: date | None) -> Iterator[Fault]:
    """Another entry for the same law, article and type whose time overlaps."""
    number = next(iter(article_numbers(data.article)), "")
    rows = LawArticle.objects.filter(
        law_key=law_key(data.law), number=number, violation_type=data.violation_type
    )
    for row in rows:
        if besides is not None and row.pk == besides.pk:
            continue
        begins_in_time = until is None or row.valid_from is None or row.valid_from <= until
        ends_late = (
            row.valid_until is None or data.valid_from is None or row.valid_until >= data.valid_from
        )
        if begins_in_time and ends_late:
            message = (
                f"目录中已有{row}“{row.violation_type[:30]}”的条目，有效期重叠。请修改那一条。"
            )
            yield Fault("violation_type", "twin", message)
            return
