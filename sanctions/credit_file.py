"""What leaves the bureau about an organisation on its own request: credit file and certificate.

Both rest on the disclosable evaluation alone (``grading.answers``): sealed and repaired records are
dropped before anything is worked out, and an organisation of which nothing may be said gets the
same words as one that nobody knows.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Max
from django.utils import timezone

from accounts.models import Officer, Unit
from core.clock import today
from core.models import AuditEntry
from grading.answers import Answer, answer, not_counted, since
from grading.explanations import WHY_NOT
from sanctions.notice_papers import treatment
from sanctions.paper_content import chinese_day
from sanctions.paper_models import Paper
from sanctions.papers import issue
from subjects.models import Subject
from violations.checks_of_texts import text
from violations.cleaning import one_line
from violations.errors import InvalidDecision
from violations.inputs import Fault
from violations.models import ListEntry, Violation

FILE, CERTIFICATE = "credit_file", "grade_certificate"
FREE_A_YEAR = 2  # 条例 art. 40
MIN_PURPOSE, MAX_PURPOSE = 4, 200
LOOKS = ("subject.view", "subject.lookup")
GRADE_WORDS = {"A": "A级（信用优良）", "B": "B级（一般失信）", "C": "C级（严重失信）"}
NOTHING = "没有可以对外提供的信用等级评定结果"
WITHHELD = "—"  # the number of a paper that also holds what may not leave


def files_this_year(subject: Subject, year: int) -> int:
    """How many credit files the organisation was given in a year; replaced ones do not count."""
    rows = Paper.objects.standing().filter(kind=FILE, year=year, subject__in=_family(subject))
    return rows.count()


def issue_credit_file(*, officer: Officer, subject: Subject, purpose: str) -> Paper:
    """The organisation's own file; a third within the year says that it is beyond the free two.

    Raises NotAllowed, InvalidDecision.
    """
    purpose = _purpose(purpose)
    turn = files_this_year(subject, today().year) + 1
    return issue(
        kind=FILE,
        unit=officer.unit,
        subject=subject,
        content=credit_file(subject, purpose, turn),
        officer=officer,
    )


def issue_certificate(*, officer: Officer, subject: Subject, purpose: str) -> Paper:
    """The grade that may be known outside. Raises NotAllowed, InvalidDecision."""
    return issue(
        kind=CERTIFICATE,
        unit=officer.unit,
        subject=subject,
        content=certificate(subject, _purpose(purpose)),
        officer=officer,
    )


def certificate(subject: Subject, purpose: str) -> dict[str, Any]:
    """The strings of the certificate."""
    found = answer(subject.credit_code, internal=False)
    grade = found.now.decided.grade if found else ""
    return {
        "purpose": purpose,
        "as_of": chinese_day(today()),
        "grade": GRADE_WORDS.get(grade, ""),
        "since": _since(found),
    }


def credit_file(subject: Subject, purpose: str, turn: int) -> dict[str, Any]:
    """The strings of the file: grade, records with their sources, lists, and who used it."""
    found = answer(subject.credit_code, internal=False)
    grade = found.now.decided.grade if found else ""
    return {
        "purpose": purpose,
        "turn": _turn(turn),
        "as_of": chinese_day(today()),
        "grade": GRADE_WORDS.get(grade, NOTHING),
        "since": _since(found),
        "records": _records(found) if found else [],
        "lists": _lists(found) if found else [],
        "users": _users(subject),
    }


def _turn(turn: int) -> str:
    year = today().year
    if turn <= FREE_A_YEAR:
        return f"{year}年度第{turn}次，免费"
    return f"{year}年度第{turn}次，超出每年{FREE_A_YEAR}次的免费次数"


def _since(found: Answer | None) -> str:
    day = since(found) if found else None
    return chinese_day(day) if day else ""


def _records(found: Answer) -> list[list[str]]:
    """Each act: number, act, treatment, unit, day, how it stands."""
    waiting = not_counted(found)
    ids = {*found.now.counted, *waiting}
    rows = Violation.objects.filter(pk__in=ids).select_related("decision__unit")
    acts = list(rows.prefetch_related("dispositions").order_by("decision__decided_on", "pk"))
    mixed = _mixed({act.decision_id for act in acts}, found)
    return [
        [
            WITHHELD if act.decision_id in mixed else act.decision.number,
            act.type,
            treatment(act),
            act.decision.unit.name,
            chinese_day(act.decision.decided_on),
            WHY_NOT[waiting[act.pk]] if act.pk in waiting else "计入",
        ]
        for act in acts
    ]


def _mixed(decision_ids: set[int], found: Answer) -> set[int]:
    """Those that also hold an act which may not leave: they leave without their number."""
    rules = found.now.rules
    laws = Violation.objects.filter(decision__in=decision_ids).values_list("decision_id", "law_key")
    return {one for one, law in laws if rules is None or not rules.discloses(law)}


def _lists(found: Answer) -> list[list[str]]:
    """Each entry in force: which list, the paper, from when until when."""
    rows: Any = ListEntry.objects.filter(pk__in=found.now.entries)
    return [
        [
            entry.get_list_display(),
            entry.paper,
            f"{chinese_day(entry.listed_on)}至{chinese_day(entry.expires_on)}",
        ]
        for entry in rows.order_by("listed_on", "pk")
    ]


def _users(subject: Subject) -> list[list[str]]:
    """Units that opened the file within a year: name, how often, the last day."""
    first = timezone.now() - timedelta(days=365)
    ids = [str(one.pk) for one in _family(subject)]
    rows = (
        AuditEntry.objects.filter(
            target_type=Subject._meta.label_lower, target_id__in=ids, action__in=LOOKS
        )
        .filter(at__gte=first)
        .exclude(unit="")
        .values_list("unit")
        .annotate(Count("pk"), Max("at"))
        .order_by("unit")
    )
    names = dict(Unit.objects.values_list("code", "name"))
    return [
        [names.get(code, code), f"{times}次", chinese_day(_local_day(last))]
        for code, times, last in rows
    ]


def _local_day(moment: Any) -> date:
    return timezone.localdate(moment)


def _family(subject: Subject) -> list[Subject]:
    """The entry and those merged into the same survivor."""
    survivor = subject.survivor_id
    return [*Subject.objects.filter(pk=survivor), *Subject.objects.filter(merged_into=survivor)]


def _purpose(purpose: str) -> str:
    purpose = one_line(purpose)
    faults = list(text("purpose", purpose, "用途", MAX_PURPOSE))
    if purpose and len(purpose) < MIN_PURPOSE:
        faults.append(Fault("purpose", "too_short", "用途太短。请写明用于办理哪项事务。"))
    if faults:
        raise InvalidDecision(faults)
    return purpose
