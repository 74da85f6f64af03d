"""The papers of a notice: the written reminder (5-2), the invitation, the minutes (5-3, 5-4)."""

from __future__ import annotations

from datetime import date, time
from typing import Any

from django.db import transaction

from accounts.models import Officer
from core.clock import today
from sanctions import papers
from sanctions.notice_checks import people, report_faults
from sanctions.notice_due import first_day
from sanctions.notice_enums import PersonRole, Way
from sanctions.notice_models import Notice
from sanctions.notice_register import Chosen, chosen_of, standing_paper
from sanctions.notice_workflow import Step, apply, locked
from sanctions.paper_content import chinese_day
from sanctions.paper_models import Paper
from sanctions.paper_numbers import signed_by
from sanctions.paper_preview import preview
from violations.enums import DispositionKind
from violations.errors import CaseRefused, InvalidDecision
from violations.inputs import Fault
from violations.models import Violation
from violations.writing import save_as

REMINDER, INVITATION, MINUTES = "reminder", "interview_notice", "interview_record"
KINDS: dict[str, tuple[str, ...]] = {
    Way.WRITTEN: (REMINDER,),
    Way.INTERVIEW: (INVITATION, MINUTES),
}
RULES = "《舞钢市公安局信用分级分类监管制度》（舞公〔2021〕394号）"
_HEAVIEST_FIRST = list(reversed(DispositionKind.values))


@transaction.atomic
def issue_paper(*, officer: Officer, notice_id: int, version: int, kind: str) -> Paper:
    """Number and store a paper of a notice that is in its unit's hands.

    Raises Notice.DoesNotExist, NotAllowed, CaseChanged, CaseRefused, InvalidDecision.
    """
    notice = locked(notice_id)
    apply(notice, Step.ISSUE, officer=officer, version=version)
    if kind not in KINDS.get(notice.way, ()):
        raise CaseRefused(f"{notice.get_way_display()}没有这种文书。请返回登记核对告知方式。")
    there = paper_of(notice, kind)
    if there is not None:
        raise CaseRefused(f"已出具{there}。内容有误的，请在该文书页面重新出具。")
    chosen = chosen_of(notice)
    if faults := missing_for(notice, kind, chosen):
        raise InvalidDecision(faults)
    alone = len(chosen.decisions) + len(chosen.entries) == 1
    paper = papers.issue(
        kind=kind,
        unit=notice.unit,
        subject=notice.subject,
        content=content_of(notice, kind, chosen),
        officer=officer,
        decision=chosen.decisions[0] if alone and chosen.decisions else None,
        list_entry=chosen.entries[0] if alone and chosen.entries else None,
    )
    setattr(notice, "record_paper" if kind == MINUTES else "paper", paper)
    save_as(officer, notice, reason=f"出具{paper}")
    return paper


def preview_paper(notice: Notice, kind: str, chosen: Chosen) -> bytes:
    """The PDF as it would be, without number; the notice need not be saved."""
    return preview(kind, notice.unit, notice.subject, content_of(notice, kind, chosen))


def paper_of(notice: Notice, kind: str) -> Paper | None:
    """The paper of that kind that stands: one issued anew takes the place of the first."""
    paper = notice.record_paper if kind == MINUTES else notice.paper
    return standing_paper(paper) if paper else None


def missing_for(notice: Notice, kind: str, chosen: Chosen) -> list[Fault]:
    """What has to be filled in before the paper can be issued."""
    if kind == REMINDER:
        return []
    wanted = {"person_name", "person_role", "place", "held_at"}
    if kind == MINUTES:
        return list(report_faults(notice, chosen.last_begun(today())))
    faults = [one for one in report_faults(notice, None) if one.path in wanted]
    if notice.held_on is None:
        message = "没有填写约谈日期。请写成 2026-11-20 这样的形式。"
        faults.append(Fault("held_on", "missing", message))
    return faults


def content_of(notice: Notice, kind: str, chosen: Chosen) -> dict[str, Any]:
    """What the paper says, in plain strings; no telephone number stands on any of them."""
    content: dict[str, Any] = {"acts": act_rows(chosen), "entries": entry_rows(chosen)}
    if kind == REMINDER:
        day = today()
        return content | {
            "since": chinese_day(first_day(day) or day),
            "until": chinese_day(day),
            "grade_sentence": grade_sentence(notice.grade, chosen),
        }
    content |= {"invited": _person(notice), "place": notice.place}
    if kind == INVITATION:
        return content | {
            "at": _moment(notice.held_on, notice.held_at),
            "contact": signed_by(notice.unit),
        }
    return content | {
        "from_": _moment(notice.held_on, notice.held_at),
        "to": _hour(notice.held_until),  # of the same day, which stands before it
        "interviewers": "、".join(people(notice.by_whom)),
        "recorder": notice.recorder,
        "laws": notice.laws_words,
        "urged": notice.urged_words,
        "statement": notice.statement,
        "commitment": notice.commitment,
        "follow_up": chinese_day(notice.follow_up_on) if notice.follow_up_on else "",
    }


def grade_sentence(grade: str, chosen: Chosen) -> str:
    """Why the grade is what it is, as the written reminder says it."""
    place = {"B": "（二）", "C": "（三）"}.get(grade, "")
    name, measures = {"C": ("C级（严重失信）", "惩戒")}.get(grade, ("B级（一般失信）", "管理"))
    listed = "".join(
        f"你单位已于{chinese_day(one.listed_on)}被列入舞钢市公安局发布的黑名单。"
        for one in chosen.entries
    )
    return (
        f"{listed}根据{RULES}第三部分第{place}项，信用等级评定为{name}，"
        f"依照第四部分第{place}项采取{measures}措施。"
    )


def act_rows(chosen: Chosen) -> list[list[str]]:
    """Each act that stands: what it was, the number of the decision, how it was treated (3-S)."""
    return [
        [act.type, decision.number, treatment(act)]
        for decision in sorted(chosen.decisions, key=lambda one: (one.decided_on, one.pk))
        for act in decision.violations.all()
        if act.revoked_on is None
    ]


def entry_rows(chosen: Chosen) -> list[list[str]]:
    """Each entry: the list, the paper that put it there, the day."""
    return [
        [str(one.get_list_display()), one.paper, chinese_day(one.listed_on)]
        for one in chosen.entries
    ]


def treatment(act: Violation) -> str:
    """罚款30000元、警告: the heaviest first, as papers write money."""
    rows = sorted(act.dispositions.all(), key=lambda row: _HEAVIEST_FIRST.index(row.kind))
    said = []
    for row in rows:
        words = str(row.get_kind_display())
        if row.amount is not None:
            plain = f"{row.amount:f}".rstrip("0").rstrip(".") if row.amount % 1 else int(row.amount)
            words += f"{plain}元"
        said.append(words)
    return "、".join(said) or "认定违反许可承诺"


def acts_in_words(chosen: Chosen) -> str:
    """What the form begins with: the records in one line each."""
    lines = [
        f"{decision.decided_on} {act.type}，{treatment(act)}（{decision.number}）；"
        for decision in sorted(chosen.decisions, key=lambda one: (one.decided_on, one.pk))
        for act in decision.violations.all()
        if act.revoked_on is None
    ]
    lines += [f"{one.listed_on} 列入黑名单（{one.paper}）；" for one in chosen.entries]
    return "\n".join(lines).removesuffix("；") + "。" if lines else ""


def laws_in_words(chosen: Chosen) -> str:
    """The laws that were broken, each once."""
    laws = dict.fromkeys(
        f"《{act.law.strip('《》')}》{act.article}"
        for decision in chosen.decisions
        for act in decision.violations.all()
        if act.revoked_on is None
    )
    return "、".join(laws) + "。" if laws else ""


def _person(notice: Notice) -> str:
    role = PersonRole(notice.person_role).label if notice.person_role else ""
    return f"{notice.person_name}（{role}）" if role else notice.person_name


def _moment(day: date | None, at: time | None) -> str:
    if day is None:
        return ""
    return f"{chinese_day(day)}{_hour(at)}"


def _hour(at: time | None) -> str:
    return f"{at.hour}时{at.minute:02d}分" if at else ""
