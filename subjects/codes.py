"""The codes of an organisation, present and former, written for the correction service alone."""

from __future__ import annotations

from collections.abc import Collection

from django.db import models

from accounts.models import Officer
from core.clock import today
from subjects.models import Subject, SubjectCode


def former_codes(subject: Subject) -> list[str]:
    """The codes it had before and under which it is still found."""
    rows = SubjectCode.objects.filter(subject=subject).order_by("code")
    return list(rows.values_list("code", flat=True))


def owner_of(code: str, besides: Subject) -> Subject | None:
    """Another entry that has or had ``code``, as it stands itself (merged or not)."""
    holder = Subject.objects.filter(credit_code=code).exclude(pk=besides.pk).first()
    if holder is not None:
        return holder
    former = SubjectCode.objects.filter(code=code).exclude(subject=besides).first()
    return former.subject if former else None


def set_former_codes(
    subject: Subject, codes: Collection[str], *, officer: Officer, reason: str
) -> None:
    """Let the former codes be ``codes``; what is taken back keeps its row and is not found."""
    stored = {row.code: row for row in SubjectCode.every.filter(subject=subject)}
    for code in sorted({*codes, *stored}):
        row = stored.get(code) or SubjectCode(subject=subject, code=code, is_void=True)
        wanted = code not in codes
        if row.is_void == wanted:
            continue
        row.is_void = wanted
        if not wanted:
            row.until, row.reason = today(), reason[:200]
        _save(row, officer=officer, reason=reason)


def _save(row: models.Model, *, officer: Officer, reason: str) -> None:
    row._history_user = officer  # type: ignore[attr-defined]
    row._change_reason = reason  # type: ignore[attr-defined]
    row.save()
