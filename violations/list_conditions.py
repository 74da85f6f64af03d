"""Keeping the catalogue of the bureau's published conditions; changes keep their history."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from django.db import transaction

from accounts.models import Officer
from accounts.roles import Can
from core import audit
from violations.checks_of_texts import text_of_paper as text
from violations.cleaning import one_line
from violations.enums import ListKind
from violations.errors import CaseRefused, InvalidDecision, NotAllowed
from violations.inputs import Fault
from violations.list_entries import FIRST_DAY, LAST_DAY
from violations.models import ListCondition
from violations.writing import save_as


@dataclass(frozen=True, slots=True)
class ConditionInput:
    """One condition as handed in; ``valid_until`` is its last day, None while it is in force."""

    list: str
    words: str
    legal_basis: str
    document: str
    valid_from: date | None
    valid_until: date | None = None

    def cleaned(self) -> ConditionInput:
        return replace(
            self,
            words=self.words.strip(),
            legal_basis=one_line(self.legal_basis),
            document=one_line(self.document),
        )


@transaction.atomic
def keep_condition(
    *,
    officer: Officer,
    data: ConditionInput,
    reason: str,
    condition_id: int | None = None,
    version: int = 0,
) -> ListCondition:
    """Enter a condition, or change the one with ``condition_id`` that was read as ``version``.

    What entries rest on never changes under them: of a condition with entries only the last day
    may be changed. Raises NotAllowed, InvalidDecision, CaseRefused, ListCondition.DoesNotExist.
    """
    if not officer.may(Can.KEEP_CATALOGUES):
        raise NotAllowed("您的角色不能维护名单条件。需要维护的，请联系局办公室。")
    row = ListCondition(version=0)
    if condition_id is not None:
        row = ListCondition.objects.select_for_update().get(pk=condition_id)
        if row.version != version:
            raise CaseRefused("该条件刚刚被他人修改。请先查看新内容，再修改。")
    data, reason = data.cleaned(), reason.strip()
    faults = [*_faults(data), *text("change_reason", reason, "理由", 200)]
    names = ("list", "words", "legal_basis", "document", "valid_from")
    if row.pk and row.entries.exists() and any(getattr(row, n) != getattr(data, n) for n in names):
        message = "已有条目依据该条件，只能填写结束日期。内容有变的，请结束它并另建一条。"
        faults.append(Fault("words", "in_use", message))
    if faults:
        raise InvalidDecision(faults)
    for name in (*names, "valid_until"):
        setattr(row, name, getattr(data, name))
    row.version += 1
    save_as(officer, row, reason=reason)
    audit.record(actor=officer, action="list_condition.keep", target=row, reason=reason)
    return row


def _faults(data: ConditionInput) -> Iterator[Fault]:
    if data.list not in ListKind.values:
        yield Fault("list", "unknown", "没有选择名单。请选择红名单或黑名单。")
    yield from text("words", data.words, "条件", 1000)
    yield from text("legal_basis", data.legal_basis, "法律依据", 300)
    yield from text("document", data.document, "发布文书", 100)
    begins, ends = data.valid_from, data.valid_until
    if begins is None:
        yield Fault("valid_from", "missing", "没有填写开始日期。请写成 2026-11-20 这样的形式。")
        return
    for path, day in (("valid_from", begins), ("valid_until", ends)):
        if day is not None and not FIRST_DAY <= day <= LAST_DAY:
            yield Fault(path, "out_of_range", "日期超出范围。请核对年份。")
    if ends is not None and ends < begins:
        yield Fault("valid_until", "before_begin", f"结束日期不能早于开始日期 {begins}。请核对。")
