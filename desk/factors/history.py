"""What became of the other inputs of 1-3 of an organisation, for its history."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from desk.history_row import Row, reason, who
from desk.subject_file import family
from subjects.models import Subject
from violations.enums import FactorKind
from violations.models import Factor


def factor_rows(subject: Subject) -> Iterator[Row]:
    """Each factor recorded, corrected, ended or revoked, in the order of entry."""
    ids = Factor.objects.filter(family(subject)).values("pk")
    versions = Factor.history.filter(id__in=ids).order_by("id", "history_id")
    seen: dict[int, Any] = {}
    for version in versions.select_related("history_user__unit"):
        said, day = _said(seen.get(version.id), version)
        seen[version.id] = version
        kind = FactorKind(version.kind).label
        yield Row(
            at=version.history_date,
            event_on=day,
            who=who(version),
            group="factor",
            words=f"{said}{kind}，{version.scheme}：{version.value}",
            reason=reason(version, version.closing_document),
        )


def _said(before: Any, version: Any) -> tuple[str, date | None]:
    if before is None:
        return "录入", version.in_force_from
    if version.revoked_on and not before.revoked_on:
        return "撤销", version.revoked_on
    if version.in_force_until != before.in_force_until:
        return f"截止到 {version.in_force_until}：", version.in_force_until
    return "更正", version.in_force_from
