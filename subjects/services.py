"""The register is written here alone: registering, renaming, particulars, taking over in bulk."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Officer, Unit
from accounts.roles import Can
from core import audit
from core.bulk import create_facts
from core.clock import today
from subjects import credit_codes
from subjects.enums import RegistryStatus
from subjects.initials import initials
from subjects.lookup import find_by_code, subjects_by_code
from subjects.models import Subject, SubjectName
from subjects.particulars import (
    SubjectFault,
    SubjectInput,
    clean_name,
    clean_text,
    faults_of,
    text_faults,
)


class InvalidSubject(ValueError):  # noqa: N818 - named for what it is, as ``faults`` says
    """What was handed in cannot stand in the register; ``faults`` says why."""

    def __init__(self, faults: Sequence[SubjectFault]) -> None:
        super().__init__("；".join(fault.message for fault in faults))
        self.faults = tuple(faults)


class DuplicateSubject(ValueError):  # noqa: N818
    """The code is registered already; ``existing`` is the organisation that has or had it."""

    def __init__(self, existing: Subject) -> None:
        super().__init__(f"该代码已登记为“{existing.name}”。请打开它的信用档案，不要重复登记。")
        self.existing = existing


class StaleSubject(ValueError):  # noqa: N818
    """Somebody changed the organisation since it was read; ``subject`` is what stands now."""

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        latest = subject.history.select_related("history_user").first()
        who = latest.history_user.name if latest and latest.history_user else "系统"
        at = timezone.localtime(latest.history_date if latest else None)
        super().__init__(f"{who} 在 {at:%m-%d %H:%M} 已修改此记录，您的更正尚未保存。")


def version_of(subject: Subject) -> str:
    """Which version of the organisation stands: changes with each change of it."""
    return str(subject.history.values_list("history_id", flat=True).first() or "")


@transaction.atomic
def register_subject(
    *,
    officer: Officer,
    credit_code: str,
    name: str,
    code_exception: str = "",
    address: str = "",
    principal: str = "",
    industry: str = "",
    unit_in_charge: Unit | None = None,
) -> Subject:
    """Enter an organisation into the register.

    Raises PermissionDenied, InvalidSubject, or DuplicateSubject where the code is or was somebody's
    (also where a colleague registers it at the same moment).
    """
    _require_right(officer)
    given = SubjectInput(
        credit_code=credit_code,
        name=name,
        code_exception=code_exception,
        address=address,
        principal=principal,
        industry=industry,
        unit_in_charge_id=unit_in_charge.pk if unit_in_charge else None,
    ).cleaned()
    faults = faults_of(given)
    if faults:
        raise InvalidSubject(faults)
    existing = find_by_code(given.credit_code)
    if existing:
        raise DuplicateSubject(existing)
    subject = _built(given)
    try:
        with transaction.atomic():
            _save(subject, officer=officer, reason="登记")
    except IntegrityError:
        existing = find_by_code(given.credit_code)
        if existing is None:
            raise
        raise DuplicateSubject(existing) from None
    audit.record(
        actor=officer,
        action="subject.register",
        target=subject,
        reason=subject.code_exception,
        details={"credit_code": subject.credit_code},
    )
    return subject


@transaction.atomic
def rename_subject(
    *, officer: Officer, subject: Subject, name: str, until: date | None = None
) -> Subject:
    """Give an organisation its new name and keep the old one, borne up to ``until`` (today).

    The same name again changes nothing. Raises PermissionDenied, InvalidSubject.
    """
    _require_right(officer)
    locked = Subject.objects.select_for_update().get(pk=subject.pk)
    new = clean_name(name)
    if new == locked.name:
        return locked
    faults = list(text_faults(SubjectInput(credit_code="", name=new, industry=locked.industry)))
    if faults:
        raise InvalidSubject(faults)
    old = SubjectName(
        subject=locked,
        name=locked.name,
        name_initials=locked.name_initials,
        until=until or today(),
    )
    old._history_user = officer  # type: ignore[attr-defined]
    old.save()
    locked.name, locked.name_initials = new, initials(new)
    _save(locked, officer=officer, reason="变更名称")
    audit.record(
        actor=officer,
        action="subject.rename",
        target=locked,
        details={"old": old.name, "new": new},
    )
    return locked


@transaction.atomic
def update_subject(
    *,
    officer: Officer,
    subject: Subject,
    name: str | None = None,
    address: str,
    principal: str,
    industry: str,
    registry_status: str,
    unit_in_charge: Unit | None,
    seen: str | None = None,
) -> Subject:
    """Mend what the register says about an organisation, other than its code.

    A new ``name`` keeps the old one (``rename_subject``); None leaves it. Nothing changed writes
    nothing. ``seen`` is the version (``version_of``) that the officer read; None where nobody read
    one. Raises PermissionDenied, InvalidSubject, StaleSubject.
    """
    _require_right(officer)
    locked = Subject.objects.select_for_update().get(pk=subject.pk)
    if seen is not None and seen != version_of(locked):
        raise StaleSubject(locked)
    given = SubjectInput(
        credit_code=locked.credit_code,
        name=locked.name if name is None else clean_name(name),
        address=clean_text(address),
        principal=clean_text(principal),
        industry=industry,
    )
    faults = list(text_faults(given))
    if registry_status not in RegistryStatus.values:
        faults.append(SubjectFault("registry_status", "unknown", "登记状态不在选项之内。请重选。"))
    if faults:
        raise InvalidSubject(faults)
    locked = rename_subject(officer=officer, subject=locked, name=given.name)
    new = {
        "address": given.address,
        "principal": given.principal,
        "industry": given.industry,
        "registry_status": registry_status,
        "unit_in_charge_id": unit_in_charge.pk if unit_in_charge else None,
    }
    changed = [field for field, value in new.items() if getattr(locked, field) != value]
    if not changed:
        return locked
    for field in changed:
        setattr(locked, field, new[field])
    _save(locked, officer=officer, reason="更正登记事项")
    audit.record(
        actor=officer, action="subject.update", target=locked, details={"fields": sorted(changed)}
    )
    return locked


@transaction.atomic
def bulk_register(
    *, officer: Officer, rows: Sequence[SubjectInput], reason: str = ""
) -> dict[str, Subject]:
    """The surviving organisation of each row's code, registering those that are unknown.

    Of several rows with one code the first is registered; what the register has is left as it is.
    History is written with the rows, and one row of the audit trail for all. The caller has checked
    the rows (``faults_of``); a code that is wrong here raises InvalidSubject all the same.
    """
    wanted: dict[str, SubjectInput] = {}
    for row in rows:
        given = row.cleaned()
        wanted.setdefault(given.credit_code, given)
    known = subjects_by_code(wanted)
    unknown = [given for code, given in wanted.items() if code not in known]
    faults = [fault for given in unknown for fault in faults_of(given)]
    if faults:
        raise InvalidSubject(faults)
    made = [_built(given) for given in unknown]
    create_facts(made, user=officer, reason=reason or "批量登记")
    if made:
        audit.record(
            actor=officer,
            action="subject.bulk_register",
            reason=reason,
            details={"count": len(made), "first": made[0].pk, "last": made[-1].pk},
        )
    return known | {subject.credit_code: subject for subject in made}


def _require_right(officer: Officer) -> None:
    if not officer.may(Can.EDIT_SUBJECT):
        raise PermissionDenied(
            "您的角色不能登记或更正监管对象。需要登记的，请联系录入民警或局办公室。"
        )


def _built(given: SubjectInput) -> Subject:
    # A reason is kept only where it was needed.
    needless = given.code_exception and credit_codes.check(given.credit_code) is None
    return Subject(
        credit_code=given.credit_code,
        code_exception="" if needless else given.code_exception,
        name=given.name,
        name_initials=initials(given.name),
        kind=credit_codes.kind_of(given.credit_code),
        address=given.address,
        principal=given.principal,
        industry=given.industry,
        unit_in_charge_id=given.unit_in_charge_id,
    )


def _save(subject: Subject, *, officer: Officer, reason: str) -> None:
    subject._history_user = officer  # type: ignore[attr-defined]
    subject._change_reason = reason  # type: ignore[attr-defined]
    subject.save()
