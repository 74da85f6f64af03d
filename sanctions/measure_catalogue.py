"""The office keeps the catalogue of measures: bases, terms and guidance; never the words.

When a clause gets or loses its basis, everybody of its grade is looked at anew once the change is
committed; what is read meanwhile goes by the catalogue itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from django.db import transaction

from accounts.models import Officer
from accounts.roles import Can
from core import audit
from core.clock import today
from sanctions.measure_models import Measure
from sanctions.measure_wake import settle_soon
from violations.checks_of_texts import text
from violations.cleaning import one_line
from violations.errors import InvalidDecision, NotAllowed
from violations.inputs import Fault
from violations.law_checks import FIRST_DAY, LAST_DAY, LIKE_THIS, faults_of_reason
from violations.writing import save_as

MAX_GUIDANCE = 500


class StaleMeasure(Exception):  # noqa: N818 - as the errors of decisions
    """Somebody changed the clause since it was read (409): ``measure`` as it is now."""

    def __init__(self, measure: Measure) -> None:
        self.measure = measure
        super().__init__("该条款已有他人修改，您的修改没有保存。请查看现在的内容，再决定是否修改。")


@dataclass(frozen=True, slots=True)
class MeasureInput:
    """What the office may change of a clause; without ``legal_basis`` it starts for nobody."""

    guidance: str
    legal_basis: str
    valid_from: date | None
    valid_until: date | None

    def cleaned(self) -> MeasureInput:
        return replace(self, guidance=self.guidance.strip(), legal_basis=one_line(self.legal_basis))


@transaction.atomic
def change_measure(
    *, officer: Officer, measure_id: int, version: int, data: MeasureInput, reason: str
) -> Measure:
    """Set basis, term and guidance of a clause.

    Raises Measure.DoesNotExist, NotAllowed, StaleMeasure, InvalidDecision.
    """
    _require_right(officer)
    measure = _locked(measure_id, version)
    data = data.cleaned()
    faults = [*_faults(data), *faults_of_reason(reason)]
    if faults:
        raise InvalidDecision(faults)
    assert data.valid_from is not None  # checked
    before = {name: str(getattr(measure, name) or "") for name in _WATCHED}
    measure.guidance, measure.legal_basis = data.guidance, data.legal_basis
    measure.valid_from, measure.valid_until = data.valid_from, data.valid_until
    after = {name: str(getattr(measure, name) or "") for name in _WATCHED}
    changed = {
        name: [before[name], after[name]] for name in _WATCHED if before[name] != after[name]
    }
    if "valid_until" in changed:
        measure.ending_checked_on, measure.ending_checked_by = None, None
    measure.version += 1
    save_as(officer, measure, reason=one_line(reason))
    audit.record(
        actor=officer,
        action="measure.edit",
        target=measure,
        reason=one_line(reason),
        details={"changed": changed},
    )
    if changed.keys() - {"guidance"}:
        settle_soon()
    return measure


@transaction.atomic
def check_ending(*, officer: Officer, measure_id: int, version: int) -> Measure:
    """Note that everything that hung on a clause that has ended was looked at.

    Raises Measure.DoesNotExist, NotAllowed, StaleMeasure, InvalidDecision.
    """
    _require_right(officer)
    measure = _locked(measure_id, version)
    if measure.valid_until is None or measure.valid_until >= today():
        message = "条款还在有效期内，终止后才需要核对。"
        raise InvalidDecision([Fault("", "in_force", message)])
    measure.ending_checked_on, measure.ending_checked_by = today(), officer
    measure.version += 1
    save_as(officer, measure, reason="条款终止后已核对")
    audit.record(actor=officer, action="measure.ending_checked", target=measure)
    return measure


_WATCHED = ("legal_basis", "valid_from", "valid_until", "guidance")


def _require_right(officer: Officer) -> None:
    if not officer.may(Can.KEEP_MEASURES):
        raise NotAllowed("您的角色不能修改措施目录。需要修改的，请联系局办公室。")


def _locked(measure_id: int, version: int) -> Measure:
    measure: Measure = Measure.objects.select_for_update().get(pk=measure_id)
    if measure.version != version:
        raise StaleMeasure(measure)
    return measure


def _faults(data: MeasureInput) -> Iterator[Fault]:
    yield from text("guidance", data.guidance, "日常怎样做", MAX_GUIDANCE)
    yield from text("legal_basis", data.legal_basis, "依据", 300, required=False)
    first, last = data.valid_from, data.valid_until
    if first is None:
        yield Fault("valid_from", "missing", f"没有填写施行日期。{LIKE_THIS}")
    for path, day in (("valid_from", first), ("valid_until", last)):
        if day is not None and not FIRST_DAY <= day <= LAST_DAY:
            yield Fault(path, "odd_day", f"日期 {day} 不合常理。请核对年份。")
    if first is not None and last is not None and last < first:
        yield Fault(
            "valid_until", "before_begin", f"最后一天不能早于施行日期 {first}。请核对日期。"
        )
