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


INTERVIEW: dict[str, Any] = {
    "acts": REMINDER["acts"],
    "invited": "张三（主要负责人）",
    "at": "2026年11月27日9时30分",
    "place": "舞钢市公安局三楼会议室",
    "contact": "舞钢市公安局办公室",
}
MINUTES: dict[str, Any] = {
    "acts": REMINDER["acts"],
    "invited": "张三（主要负责人）",
    "from_": "2026年11月27日9时30分",
    "to": "2026年11月27日10时20分",
    "place": "舞钢市公安局三楼会议室",
    "interviewers": "李四、王五",
    "recorder": "赵六",
    "laws": "《典当管理办法》第五十一条、第五十二条。",
    "urged": "立即纠正未如实记载当物信息的行为，健全查验制度，严格自律、诚信守法。",
    "statement": "对所指出的行为没有异议，是员工不熟悉规定造成的。",
    "commitment": "七日内完成整改，组织全员学习，今后不再发生同类行为。",
    "follow_up": "2026年12月11日",
}
LISTED: dict[str, Any] = {
    "list": "黑名单",
    "reason": "一年内两次未如实记载当物信息、未查验当户有效证件，经责令改正后再次发生。",
    "legal_basis": "《河南省社会信用条例》第二十八条",
    "condition": "一年内因同类行为两次以上受到行政处罚且拒不改正的",
    "evidence": "行政处罚决定书二份、现场检查笔录一份",
    "listed_on": "2026年12月1日",
    "expires_on": "2027年11月30日",
}
# One sample of what each kind is made of.
SAMPLES: dict[str, dict[str, Any]] = {
    "reminder": REMINDER,
    "interview_notice": INTERVIEW,
    "interview_record": MINUTES,
    "list_notice": {**LISTED, "days": "5"},
    "list_decision": {
        **LISTED,
        "is_black": "1",
        "grade": "C级（严重失信）",
        "item": "（三）",
        "measures": "惩戒措施",
        "notified_on": "2026年11月16日",
        "heard": "你单位在期限内未提出陈述申辩。",
    },
    "repair_notice": {
        "number": "舞公（治）行罚决字〔2026〕0166号",
        "decided_on": "2026年11月16日",
        "acts": [
            ["未如实记载当物信息", "罚款30000元", "一般失信", "2027年2月17日"],
            ["未查验当户有效证件", "警告", "轻微失信", "2026年11月16日"],
        ],
    },
    "credit_file": {
        "purpose": "了解本单位信用状况",
        "turn": "2026年度第1次，免费",
        "as_of": "2026年11月23日",
        "grade": "B级（一般失信）",
        "since": "2026年3月5日",
        "records": [
            [
                "舞公（治）行罚决字〔2026〕0166号",
                "未如实记载当物信息",
                "罚款30000元",
                "治安管理大队",
                "2026年3月5日",
                "计入",
            ]
        ],
        "lists": [],
        "users": [["治安管理大队", "3次", "2026年11月20日"], ["局办公室", "1次", "2026年11月2日"]],
    },
    "grade_certificate": {
        "purpose": "参加政府采购投标",
        "as_of": "2026年11月23日",
        "grade": "A级（信用优良）",
        "since": "2026年1月10日",
    },
}
