"""One line of an organisation's history, and who and why as the history tables know it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.utils import timezone

GROUPS = {
    "grade": "等级评定",
    "record": "失信记录",
    "list": "名单",
    "factor": "参考因素",
    "notice": "提醒与约谈",
    "subject": "基本信息",
}
KINDS = {"grade": "info", "record": "", "list": "warn", "factor": "", "notice": "", "subject": ""}


@dataclass(frozen=True, slots=True)
class Row:
    """One line: when it was entered, the day it is about, who, and before and after."""

    at: datetime
    event_on: date | None
    who: str
    group: str
    words: str
    before: str = ""
    after: str = ""
    reason: str = ""

    @property
    def group_words(self) -> str:
        return GROUPS[self.group]

    @property
    def tag(self) -> str:
        return KINDS[self.group]

    @property
    def looks_back(self) -> str:
        """What the page that looks back is asked to show this change of grade; else nothing."""
        if self.group != "grade":
            return ""
        known = timezone.localtime(self.at + timedelta(minutes=1))
        return urlencode({"day": self.event_on or "", "known": f"{known:%Y-%m-%d %H:%M}"})


def who(version: Any) -> str:
    """Officer and unit of a row of a history table; what nobody did the system did."""
    user = version.history_user
    return f"{user.name} · {user.unit.name}" if user else "系统"


def reason(version: Any, more: str = "") -> str:
    """Why, as given with the change, and what else there is to say."""
    return "；".join(part for part in (version.history_change_reason or "", more) if part)
