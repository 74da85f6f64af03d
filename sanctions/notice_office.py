"""What the office does with what is reported to it: keep it, return it, decide about the push.

Nothing is pushed here: ``push_decided`` tells whoever publishes (5-6, case by case).
"""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from accounts.models import Officer
from core import audit
from core.clock import today
from grading.counting import rules_on
from grading.facts import rule_versions
from sanctions.notice_enums import Push
from sanctions.notice_models import Notice
from sanctions.notice_signals import push_decided
from sanctions.notice_workflow import Step, apply, locked
from violations.checks_of_texts import text
from violations.enums import ListState
from violations.errors import InvalidDecision
from violations.inputs import Fault
from violations.models import Violation
from violations.writing import save_as


@transaction.atomic
def keep_notice(*, officer: Officer, notice_id: int, version: int) -> Notice:
    """Keep what was reported in full (5-5).

    Raises Notice.DoesNotExist, NotAllowed, CaseChanged, CaseRefused.
    """
    notice = locked(notice_id)
    apply(notice, Step.KEEP, officer=officer, version=version)
    notice.kept_at, notice.kept_by = timezone.now(), officer
    save_as(officer, notice, reason="留存")
    audit.record(actor=officer, action="notice.retain", target=notice)
    return notice


@transaction.atomic
def return_notice(*, officer: Officer, notice_id: int, version: int, remark: str) -> Notice:
    """Send back what is incomplete; its unit corrects it and reports again.

    Raises Notice.DoesNotExist, NotAllowed, CaseChanged, CaseRefused, InvalidDecision.
    """
    notice = locked(notice_id)
    apply(notice, Step.RETURN, officer=officer, version=version)
    remark = remark.strip()
    if faults := list(text("remark", remark, "退回意见", 1000)):
        raise InvalidDecision(faults)
    notice.returned_remark, notice.returned_at = remark, timezone.now()
    save_as(officer, notice, reason="退回补正")
    audit.record(actor=officer, action="notice.return", target=notice, reason=remark)
    return notice


@transaction.atomic
def decide_push(
    *, officer: Officer, notice_id: int, version: int, push: str, reason: str
) -> Notice:
    """Decide whether this one goes to the city platform, yes or no, with the reason (5-6).

    Raises Notice.DoesNotExist, NotAllowed, CaseChanged, CaseRefused, InvalidDecision.
    """
    notice = locked(notice_id)
    apply(notice, Step.PUSH, officer=officer, version=version)
    reason = reason.strip()
    faults = list(text("reason", reason, "理由", 1000))
    if push not in Push.values:
        faults.append(Fault("push", "missing", "没有选择是否推送。请选择推送或者不推送。"))
    elif push == Push.YES and not may_leave(notice):
        message = "所告知的记录依法封存，不得向外提供。请选择不推送。"
        faults.append(Fault("push", "sealed", message))
    if faults:
        raise InvalidDecision(faults)
    notice.push, notice.push_reason = push, reason
    notice.push_decided_at, notice.push_decided_by = timezone.now(), officer
    save_as(officer, notice, reason="决定是否推送")
    audit.record(
        actor=officer,
        action="notice.decide_push",
        target=notice,
        reason=reason,
        details={"push": push},
    )
    push_decided.send(sender=Notice, notice_id=notice.pk, push=push == Push.YES)
    return notice


def may_leave(notice: Notice) -> bool:
    """Whether something that it points out may be known outside the bureau (law.md "sealed")."""
    entries = notice.causes.filter(list_entry__isnull=False)
    if entries.exclude(list_entry__state=ListState.REVOKED).exists():
        return True
    rules = rules_on(today(), rule_versions())
    laws = Violation.objects.filter(
        decision__notice_causes__notice=notice, revoked_on__isnull=True
    ).values_list("law_key", flat=True)
    return rules is not None and any(rules.discloses(law) for law in laws)
