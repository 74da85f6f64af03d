"""Decisions that were confirmed before they came here: in a connected case system, or in the past.

Two persons stand behind the first (2-1): whoever's token hands it in, and who confirmed it there.
The second is a takeover: marked so for ever, and only while the office lets records of the past in.
"""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from accounts.models import Officer, Unit
from accounts.roles import Can
from core import audit
from violations.acts import write_acts
from violations.cleaning import cleaned
from violations.enums import DecisionState
from violations.errors import InvalidDecision, NotAllowed
from violations.inputs import DecisionInput, Fault
from violations.list_entries import require_takeover_open
from violations.models import Decision
from violations.recording import checked_subject, fill, had_a_hand, registered, save
from violations.reviewers import free_reviewers
from violations.writing import tell


@transaction.atomic
def record_in_force(
    *, officer: Officer, data: DecisionInput, confirmed_by: Officer | None
) -> Decision:
    """Record a decision that is in force already; it counts from its ``decided_on``.

    ``confirmed_by`` is the second person, who had the right to confirm it; None takes a record of
    the past over. Raises NotAllowed, InvalidDecision, DuplicateNumber.
    """
    data = cleaned(data)
    unit = _unit(officer, data)
    taken_over = confirmed_by is None
    if confirmed_by is None:
        require_takeover_open()
    else:
        _require_second_person(officer, confirmed_by, unit)
    subject = checked_subject(data, unit=unit, takeover=taken_over)
    now = timezone.now()
    decision = Decision(
        unit=unit,
        subject=subject or registered(officer, data),
        recorded_by=officer,
        state=DecisionState.IN_FORCE,
        submitted_at=now,
        confirmed_at=now,
        confirmed_by=confirmed_by or officer,
        taken_over=taken_over,
    )
    fill(decision, data)
    decision.truth_stated = not taken_over
    reason = "接收历史记录" if taken_over else "写入别处生效的决定"
    save(decision, officer=officer, reason=reason)
    write_acts(decision, data.violations, officer=officer)
    had_a_hand(decision, officer)
    audit.record(
        actor=officer,
        action="decision.take_over" if taken_over else "decision.record_in_force",
        target=decision,
        details={"confirmed_by": confirmed_by.number if confirmed_by else ""},
    )
    cause = "takeover" if taken_over else "decision"
    tell(decision, cause=cause, source=f"{reason} {decision.number}")
    return decision


def _unit(officer: Officer, data: DecisionInput) -> Unit:
    """The own unit; for the office any unit that is in use."""
    if data.unit_code in ("", officer.unit.code) and officer.may(Can.RECORD_DECISION):
        return officer.unit
    if not officer.may(Can.CONFIRM_FOR_ANY_UNIT):
        raise NotAllowed(f"您只能写入{officer.unit}作出的决定。其他单位的决定，请由该单位写入。")
    unit = Unit.objects.filter(code=data.unit_code, is_active=True).first()
    if unit is None:
        message = f"没有代码为“{data.unit_code[:20]}”的单位。请核对单位代码。"
        raise InvalidDecision([Fault("unit_code", "unknown", message)])
    return unit


def _require_second_person(officer: Officer, second: Officer, unit: Unit) -> None:
    """A reviewer of the unit, or the office where the unit has none free (domain.md §5)."""
    if second.pk == officer.pk:
        message = "审核人不能是写入人本人。请写在原系统审核此决定的民警的警号。"
        raise InvalidDecision([Fault("confirmed_by", "same_person", message)])
    if second.may(Can.CONFIRM_DECISION) and second.unit_id == unit.pk:
        return
    if not second.may(Can.CONFIRM_FOR_ANY_UNIT):
        message = f"{second} 没有审核{unit}决定的权限。请写有权审核的民警的警号。"
        raise InvalidDecision([Fault("confirmed_by", "may_not", message)])
    if free_reviewers(unit).exclude(pk=officer.pk).exists():
        message = f"{unit}有本单位的审核人，局办公室不能代为审核。请写该单位审核人的警号。"
        raise InvalidDecision([Fault("confirmed_by", "unit_has_reviewer", message)])
