"""What a row of the trail says in detail: its own values, and the versions before and after it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.urls import reverse

from accounts.models import Officer, Unit
from accounts.roles import Can, Role
from core.models import AuditEntry
from subjects.models import Subject
from violations.models import Decision

# History and trail are written in one transaction, moments apart.
_NEAR = timedelta(seconds=5)
_ROLES = {"added", "removed", "roles"}
_ROLE_WORDS = dict(Role.choices)
_LABELS = {
    "added": "增加",
    "amount": "金额",
    "asked": "条件",
    "because": "原因",
    "changed": "改动",
    "columns": "列",
    "count": "数量",
    "credit_code": "统一社会信用代码",
    "decision": "处理决定编号",
    "document": "文书",
    "entry": "审计记录编号",
    "faults": "不符处数",
    "fields": "改动的项目",
    "kind": "种类",
    "known": "警号存在",
    "lines": "不符之处",
    "locked": "已锁定",
    "method": "方法",
    "needs": "所需权限",
    "on": "日期",
    "part": "部分",
    "path": "地址",
    "removed": "减少",
    "route": "接口",
    "rows": "行数",
    "scopes": "范围",
    "seals": "封存数",
    "status": "答复状态",
    "token": "令牌前缀",
    "until": "有效期至",
    "valid_until": "有效期至",
    "wanted": "变更",
    "agreed_by": "同意人",
    "roles": "角色",
    "unit": "单位",
    "number": "警号",
    "name": "姓名",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One value; with ``pair`` it is one that changed."""

    label: str
    value: str = ""
    before: str = ""
    pair: bool = False


def lines_of(entry: AuditEntry) -> list[Line]:
    """The values that the row itself holds."""
    return list(_flat(entry.details, _model_of(entry), ""))


def changes_of(entry: AuditEntry) -> list[Line]:
    """What the history of the object has for this very moment: each field before and after."""
    model = _model_of(entry)
    history = getattr(model, "history", None)
    if model is None or history is None or not entry.target_id.isdigit():
        return []
    versions = history.filter(id=int(entry.target_id), history_date__lte=entry.at + _NEAR)
    latest = versions.order_by("-history_date", "-history_id").first()
    if latest is None or latest.history_date < entry.at - _NEAR:
        return []
    before = latest.prev_record
    if before is None:
        return []
    found = []
    for field in model._meta.concrete_fields:
        old, new = (getattr(one, field.attname, None) for one in (before, latest))
        if old != new:
            found.append(
                Line(str(field.verbose_name), _said(field, new), _said(field, old), pair=True)
            )
    return found


def link_of(entry: AuditEntry, officer: Officer) -> str:
    """Where the object of the row can be seen; empty where there is no page for this officer."""
    if not entry.target_id.isdigit():
        return ""
    model, pk = _model_of(entry), int(entry.target_id)
    row = model._default_manager.filter(pk=pk).first() if model else None
    for step in ("violation", "decision"):
        row = getattr(row, step, row) if not isinstance(row, Decision) else row
    if isinstance(row, Decision):
        visible = Decision.objects.visible_to(officer).filter(pk=row.pk).exists()
        return reverse("desk:decision", args=[row.pk]) if visible else ""
    subject = row if isinstance(row, Subject) else getattr(row, "subject", None)
    if isinstance(subject, Subject) and officer.may(Can.SEE_REGISTER):
        return reverse("desk:subject-history", args=[subject.pk])
    return ""


def _model_of(entry: AuditEntry) -> type[models.Model] | None:
    try:
        return apps.get_model(entry.target_type) if entry.target_type else None
    except (LookupError, ValueError):
        return None


def _flat(values: Any, model: type[models.Model] | None, prefix: str) -> Iterator[Line]:
    for name, value in values.items():
        label = f"{prefix}{_label(name, model)}"
        if isinstance(value, dict):
            inner = "" if name == "changed" else f"{label} · "
            yield from _flat(value, model, inner)
        elif isinstance(value, list) and len(value) == 2 and prefix == "" and name != "scopes":
            before, after = (_value(name, one, model) for one in value)
            yield Line(label, after, before, pair=True)
        elif name == "fields" and isinstance(value, list):
            yield Line(label, "、".join(_label(str(one), model) for one in value))
        else:
            yield Line(label, _value(name, value, model))


def _value(name: str, value: Any, model: type[models.Model] | None) -> str:
    """A value by the words of its field, of the roles, or of the units; else as it stands."""
    if name in _ROLES and isinstance(value, list):
        return "、".join(_ROLE_WORDS.get(str(one), str(one)) for one in value) or "空"
    if name == "unit" and isinstance(value, str):
        return Unit.objects.filter(code=value).values_list("name", flat=True).first() or value
    field = _field(name, model)
    return _said(field, value) if field is not None and field.choices else _text(value)


def _label(name: str, model: type[models.Model] | None) -> str:
    field = _field(name, model)
    return str(field.verbose_name) if field is not None else _LABELS.get(name, name)


def _field(name: str, model: type[models.Model] | None) -> models.Field[Any, Any] | None:
    try:
        found = model._meta.get_field(name.removesuffix("_id")) if model is not None else None
    except FieldDoesNotExist:
        return None
    return found if isinstance(found, models.Field) else None


def _said(field: models.Field[Any, Any], value: Any) -> str:
    words = {str(key): str(label) for key, label in field.flatchoices}
    return words.get(str(value)) or _text(value)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(_text(one) for one in value) or "空"
    if isinstance(value, dict):
        return "；".join(f"{key} {_text(one)}" for key, one in value.items()) or "空"
    return "空" if value is None or value == "" else str(value)
