"""What connected systems hand in: the same thing twice is one thing, whatever happens in between.

A case system repeats what it got no answer to. So the same number with the same content answers
with what stands already, and with other content it is refused, also where two come at once.
"""

from __future__ import annotations

from dataclasses import dataclass

from accounts.models import Officer, Unit
from violations.confirming import submit_decision
from violations.content import has_content
from violations.enums import DecisionState
from violations.errors import DuplicateNumber, InvalidDecision, WrongState
from violations.in_force import record_in_force
from violations.inputs import DecisionInput, Fault
from violations.models import Decision
from violations.recording import record_decision


@dataclass(frozen=True, slots=True)
class Posted:
    """The decision that stands now, and whether this call made it."""

    decision: Decision
    created: bool


def post_decision(
    *,
    officer: Officer,
    data: DecisionInput,
    submit: bool = False,
    in_force: bool = False,
    confirmed_by: str = "",
) -> Posted:
    """Record a decision once, as draft, submitted, or as confirmed elsewhere with ``in_force``.

    ``confirmed_by`` is the police number or name of who confirmed it there; without it what is
    ``in_force`` is a takeover. The same content again gives the same decision, and ``submit`` hands
    in what is a draft still. Raises NotAllowed, InvalidDecision, WrongState, and DuplicateNumber
    where the number stands with other content.
    """
    try:
        if in_force:
            second = _second_person(officer, data, confirmed_by) if confirmed_by else None
            made = record_in_force(officer=officer, data=data, confirmed_by=second)
        else:
            made = record_decision(officer=officer, data=data, submit=submit)
    except DuplicateNumber as twice:
        if not has_content(twice.existing, data):
            raise
        return Posted(_again(officer, twice.existing, submit, in_force), created=False)
    return Posted(made, created=True)


def _again(officer: Officer, standing: Decision, submit: bool, in_force: bool) -> Decision:
    if in_force and standing.state != DecisionState.IN_FORCE:
        message = (
            f"该决定已录入，现为{standing.get_state_display()}，不能再作为已生效的写入。"
            "请由本单位审核人审核，或者先作废。"
        )
        raise WrongState(standing, message)
    if submit and standing.state == DecisionState.DRAFT:
        return submit_decision(
            officer=officer,
            decision_id=standing.pk,
            version=standing.version,
            truth_stated=True,
            by_hand=False,
        )
    return standing


def _second_person(officer: Officer, data: DecisionInput, named: str) -> Officer:
    """The officer of this number, or the only one of this name in the unit."""
    found = Officer.objects.filter(number=named.strip()).first()
    if found is None:
        unit = Unit.objects.filter(code=data.unit_code.strip()).first() or officer.unit
        same_name = Officer.objects.filter(unit=unit, name=named.strip(), is_active=True)[:2]
        found = same_name[0] if len(same_name) == 1 else None
    if found is None:
        message = f"没有找到审核人“{named[:20]}”。请写其警号。"
        raise InvalidDecision([Fault("confirmed_by", "unknown", message)])
    return found
