"""Papers for tests: what a reminder says, and who may issue it."""

from __future__ import annotations

from typing import Any

from accounts.models import Officer, Unit
from accounts.roles import Role
from sanctions.paper_models import Paper
from sanctions.papers import issue
from subjects.models import Subject
from tests import factories

REMINDER: dict[str, Any] = {
    "since": "2025年11月24日",
    "until": "2026年11月23日",
    "acts": [
        ["未如实记载当物信息", "舞公（治）行罚决字〔2026〕0166号", "罚款30000元"],
        ["未查验当户有效证件", "舞公（治）行罚决字〔2026〕0287号", "罚款150000元"],
    ],
    "grade_sentence": (
        "你单位已于2026年11月20日被列入舞钢市公安局发布的黑名单。根据《舞钢市公安局信用分级分类监管"
        "制度》（舞公〔2021〕394号）第三部分第（三）项，信用等级评定为C级（严重失信），"
        "依照第四部分第（三）项实施惩戒措施。"
    ),
}


def office() -> Unit:
    found = Unit.objects.filter(is_office=True).first()
    return found or factories.unit("WG-OFFICE", "局办公室", is_office=True)


def office_officer(**fields: Any) -> Officer:
    return factories.officer(Role.OFFICE, unit=office(), **fields)


def reminder(officer: Officer | None = None, subject: Subject | None = None, **more: Any) -> Paper:
    """A written reminder, issued by the unit of ``officer``."""
    officer = officer or office_officer()
    return issue(
        kind="reminder",
        unit=more.pop("unit", officer.unit),
        subject=subject or factories.subject(),
        content=more.pop("content", REMINDER),
        officer=officer,
        **more,
    )
