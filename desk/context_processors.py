"""What the frame of every page shows: where this officer may go, and what waits there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from accounts.change_views import count_for as account_changes_for
from accounts.models import Officer
from accounts.roles import Can
from core.clock import today
from desk import set_aside
from desk.ask.page import only_asks
from grading.review_tasks import count_for as reviews_to_do


@dataclass(frozen=True, slots=True)
class Item:
    label: str
    icon: str
    url: str
    current: bool
    count: int


@dataclass(frozen=True, slots=True)
class Group:
    label: str
    items: list[Item]


@dataclass(frozen=True, slots=True)
class Shell:
    groups: list[Group]
    search_url: str
    password_url: str
    sign_out_url: str
    today: date


@dataclass(frozen=True, slots=True)
class _Place:
    """One line of the navigation: shown to who may do one of ``needs``; nothing needed: to all.

    It is the current one on every page whose URL name begins with ``pages``.
    """

    label: str
    icon: str
    view: str
    pages: str
    needs: tuple[Can, ...] = ()
    count: Callable[[Officer], int] | None = None


_READS_DECISIONS = (Can.RECORD_DECISION, Can.CONFIRM_DECISION, Can.SEE_ALL_DECISIONS)

NAVIGATION: tuple[tuple[str, tuple[_Place, ...]], ...] = (
    (
        "",
        (
            _Place("工作台", "house", "desk:workbench", "desk:workbench"),
            _Place("窗口查询", "scan-search", "desk:ask", "desk:ask", (Can.ASK_DESK,)),
            _Place("监管对象", "building-2", "desk:subjects", "desk:subject", (Can.SEE_REGISTER,)),
        ),
    ),
    (
        "失信记录",
        (
            _Place("录入失信记录", "gavel", "desk:entry", "desk:entry", (Can.RECORD_DECISION,)),
            _Place("批量导入", "file-spreadsheet", "desk:imports", "desk:import", _READS_DECISIONS),
            _Place("处理决定", "files", "desk:decisions", "desk:decision", _READS_DECISIONS),
            _Place("数据质量", "gauge", "desk:quality", "desk:quality", (Can.SEE_DATA_QUALITY,)),
            _Place(
                "更正",
                "file-pen",
                "desk:corrections",
                "desk:correct",
                (Can.PROPOSE_CORRECTION, Can.AGREE_TO_CORRECTION, Can.READ_AUDIT),
            ),
            _Place(
                "异议",
                "message-square-warning",
                "desk:objections",
                "desk:objection",
                (Can.HANDLE_APPEAL, Can.DECIDE_APPEAL, Can.STATE_FOR_UNIT, Can.READ_AUDIT),
            ),
            _Place(
                "信用修复",
                "badge-check",
                "desk:repairs",
                "desk:repair",
                (Can.SEE_ALL_DECISIONS, Can.STATE_FOR_UNIT),
            ),
            _Place(
                "等级复核",
                "scale",
                "desk:reviews",
                "desk:review",
                (Can.PROPOSE_REVIEW, Can.DECIDE_REVIEW, Can.READ_AUDIT),
                reviews_to_do,
            ),
            _Place("红名单与黑名单", "shield", "desk:lists", "desk:list", (Can.SEE_REGISTER,)),
            _Place(
                "参考因素",
                "layers",
                "desk:factors",
                "desk:factor",
                (Can.RECORD_FACTOR, Can.SEE_ALL_DECISIONS),
            ),
            _Place("法律目录", "book-open", "desk:laws", "desk:law", _READS_DECISIONS),
        ),
    ),
    (
        "日常监管",
        (
            _Place("措施目录", "list-checks", "desk:measures", "desk:measure", (Can.SEE_REGISTER,)),
            _Place(
                "等级好转核对",
                "trending-up",
                "desk:improvements",
                "desk:improvement",
                (Can.RECORD_HANDLING, Can.KEEP_MEASURES),
            ),
            _Place(
                "监督检查",
                "clipboard-check",
                "desk:inspections",
                "desk:inspection",
                (Can.RECORD_INSPECTION, Can.SEE_ALL_DECISIONS),
            ),
        ),
    ),
    (
        "告知与公开",
        (
            _Place(
                "提醒与约谈",
                "bell",
                "desk:notices",
                "desk:notice",
                (Can.RECORD_NOTICE, Can.KEEP_NOTICES, Can.SEE_ALL_DECISIONS),
            ),
            _Place(
                "文书",
                "printer",
                "desk:papers",
                "desk:paper",
                (Can.ISSUE_PAPER, Can.SEE_ALL_DECISIONS),
            ),
        ),
    ),
    (
        "系统",
        (
            _Place(
                "评定故障",
                "triangle-alert",
                "desk:set-aside",
                "desk:set-aside",
                (Can.ADMINISTER,),
                set_aside.count_for,
            ),
            _Place(
                "工作日历", "calendar-days", "desk:holidays", "desk:holiday", (Can.KEEP_CATALOGUES,)
            ),
            _Place("审计记录", "scroll-text", "desk:audit-trail", "desk:audit", (Can.READ_AUDIT,)),
            _Place(
                "账号变更",
                "user-check",
                "accounts:proposals",
                "accounts:proposal",
                (Can.ADMINISTER,),
                account_changes_for,
            ),
            _Place("接口令牌", "key-round", "accounts:tokens", "accounts:token", (Can.ADMINISTER,)),
            _Place("后台管理", "settings", "admin:index", "admin:", (Can.ADMINISTER,)),
        ),
    ),
)


def shell(request: HttpRequest) -> dict[str, Any]:
    """``shell`` for base.html; computed only by pages that show the frame."""
    return {"shell": SimpleLazyObject(lambda: _shell(request))}


def _shell(request: HttpRequest) -> Shell | None:
    officer = getattr(request, "user", None)
    if not isinstance(officer, Officer):
        return None
    groups = []
    boxed = only_asks(officer)  # the windows have their box and nothing else
    for label, places in NAVIGATION:
        shown = [
            _item(place, request, officer)
            for place in places
            if _may(officer, place) and (place.view == "desk:ask" or not boxed)
        ]
        if shown:
            groups.append(Group(label=label, items=shown))
    search = reverse("desk:subjects") if officer.may(Can.SEE_REGISTER) else ""
    return Shell(
        groups, search, reverse("accounts:change-password"), reverse("accounts:sign-out"), today()
    )


def _may(officer: Officer, place: _Place) -> bool:
    return not place.needs or any(officer.may(need) for need in place.needs)


def _item(place: _Place, request: HttpRequest, officer: Officer) -> Item:
    here = request.resolver_match.view_name if request.resolver_match else ""
    return Item(
        label=place.label,
        icon=place.icon,
        url=reverse(place.view),
        current=here.startswith(place.pages),
        count=place.count(officer) if place.count else 0,
    )
