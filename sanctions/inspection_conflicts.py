"""Who does not inspect whom: declared interests, and handlers of a decision in dispute.

Having decided about an organisation before is no conflict: it is the officer's work, and in a
small station nobody would be left. But while a review or suit about a decision is pending, whoever
recorded or confirmed it has a side in it, and stays away.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Coalesce

from accounts.models import Officer
from accounts.roles import Can
from core import audit
from core.clock import today
from sanctions.inspection_enums import Interest
from sanctions.inspection_models import OfficerInterest
from subjects.models import Subject
from violations.checks_of_texts import text
from violations.cleaning import one_line
from violations.errors import InvalidDecision, NotAllowed
from violations.inputs import Fault
from violations.models import Contest
from violations.organisations import known
from violations.writing import save_as


def conflicts_of(officer_ids: Collection[int], day: date) -> set[tuple[int, int]]:
    """(surviving subject, officer) of every conflict of these officers on ``day``: two queries."""
    ids = set(officer_ids)
    declared = OfficerInterest.objects.standing().filter(officer__in=ids)
    survivor = Coalesce("subject__merged_into_id", "subject_id")
    found = set(declared.annotate(about=survivor).values_list("about", "officer_id"))
    pending = Contest.objects.filter(
        Q(contested_until__isnull=True) | Q(contested_until__gt=day), contested_from__lte=day
    )
    hands = pending.filter(
        Q(decision__recorded_by__in=ids) | Q(decision__confirmed_by__in=ids)
    ).annotate(about=Coalesce("decision__subject__merged_into_id", "decision__subject_id"))
    for about, *both in hands.values_list(
        "about", "decision__recorded_by_id", "decision__confirmed_by_id"
    ):
        found |= {(about, one) for one in both if one in ids}
    return found


@transaction.atomic
def declare_interest(
    *, officer: Officer, credit_code: str, ground: str, about: Officer | None = None
) -> OfficerInterest:
    """Record that ``about`` (oneself by default) does not inspect the organisation.

    Others are declared by who plans inspections. Raises NotAllowed, InvalidDecision.
    """
    whose = about or officer
    if whose.pk != officer.pk and not officer.may(Can.PLAN_INSPECTION):
        raise NotAllowed("您只能申报本人的利害关系。他人的，由本人或局办公室申报。")
    if not officer.may(Can.RECORD_INSPECTION):
        raise NotAllowed("您的角色不参加检查，不必申报。")
    subject = known(credit_code)
    faults = []
    if subject is None:
        message = "该代码没有登记。请核对统一社会信用代码。"
        faults.append(Fault("credit_code", "unregistered", message))
    if ground not in Interest.values:
        faults.append(Fault("ground", "unknown", "没有选择情形。请从列出的情形中选择。"))
    standing = OfficerInterest.objects.standing().filter(officer=whose, subject=subject)
    if subject is not None and standing.exists():
        message = f"{whose.name}对{subject.name}的利害关系已登记，不必重复申报。"
        faults.append(Fault("credit_code", "duplicate", message))
    if faults or subject is None:
        raise InvalidDecision(faults)
    made = OfficerInterest(
        officer=whose, subject=subject, ground=ground, recorded_by=officer, recorded_on=today()
    )
    save_as(officer, made, reason="申报")
    _tell(officer, "interest.declare", made)
    return made


@transaction.atomic
def end_interest(*, officer: Officer, interest_id: int, reason: str) -> OfficerInterest:
    """The interest is no more; the office alone says so, never the officer whom it keeps away.

    Raises OfficerInterest.DoesNotExist, NotAllowed, InvalidDecision.
    """
    if not officer.may(Can.PLAN_INSPECTION):
        raise NotAllowed("利害关系由局办公室核实后解除。请联系局办公室。")
    found: OfficerInterest = OfficerInterest.objects.select_for_update().get(pk=interest_id)
    if found.officer_id == officer.pk:
        raise NotAllowed("不能解除本人的利害关系。请由局办公室其他人核实。")
    reason = one_line(reason)
    faults = list(text("reason", reason, "解除理由", 200))
    if found.ended_on is not None:
        faults.append(Fault("", "ended", f"已于 {found.ended_on} 解除，不必重复办理。"))
    if faults:
        raise InvalidDecision(faults)
    found.ended_on, found.end_reason = today(), reason
    save_as(officer, found, reason=reason)
    _tell(officer, "interest.end", found, reason)
    return found


def _tell(officer: Officer, action: str, row: OfficerInterest, reason: str = "") -> None:
    subject: Subject = row.subject
    audit.record(
        actor=officer,
        action=action,
        target=row,
        reason=reason,
        details={"officer": row.officer.number, "credit_code": subject.credit_code},
    )
