"""The good-news letter: the grade has become better, and which measures are lifted."""

from __future__ import annotations

from datetime import date

from accounts.models import Officer
from grading.counting import first_decision_day
from grading.models import Cause, Grade, GradeChange
from sanctions.measure_handling_models import Improvement
from sanctions.measure_improvements import lifted
from sanctions.paper_content import chinese_day
from sanctions.paper_models import Paper
from sanctions.papers import issue
from violations.enums import DecisionState, ListKind, ListState
from violations.errors import InvalidDecision
from violations.inputs import Fault
from violations.models import ListEntry, Violation

GOOD_NEWS = "good_news"
REVOKED = "原计入的失信记录已撤销，不再计入"
REPAIRED = "原计入的失信记录已经信用修复，不再计入"
CONTESTED = "有关处理决定在复议、诉讼期间暂不计入"
LAPSED = "原失信记录已满一年，一年内没有新的失信记录计入"
LAPSED_IN_PART = "部分失信记录已满一年，不再计入"
LIST_REVOKED = "原黑名单列入已撤销"
LIST_LEFT = "已移出黑名单"
CORRECTED = "有关记录已更正"
# Where the records themselves no longer tell.
_BY_CAUSE = {
    Cause.REVOCATION: REVOKED,
    Cause.REPAIR: REPAIRED,
    Cause.CORRECTION: CORRECTED,
}
# The office's own opening praises: it stands where the organisation itself mended its ways.
NEUTRAL = "你单位的信用等级有变动，现告知如下："


def letters_of(improvement: Improvement) -> list[Paper]:
    """Those written since the grade changed, the latest first."""
    rows = Paper.objects.standing().filter(
        kind=GOOD_NEWS,
        subject=improvement.subject_id,
        issued_on__gte=improvement.improved_on,
        content__change=str(improvement.change_id),
    )
    return list(rows.order_by("-pk"))


def issue_letter(*, officer: Officer, improvement: Improvement) -> Paper:
    """In the name of the officer's unit; one a checklist. Raises NotAllowed, InvalidDecision."""
    if letters_of(improvement):
        message = "喜报已出具。需要更正的，请在文书页面重新出具。"
        raise InvalidDecision([Fault("", "issued", message)])
    if lifted(improvement).still_open:
        message = "还有原等级的措施没有解除，不能出具喜报。请联系系统管理员核对措施。"
        raise InvalidDecision([Fault("", "still_open", message)])
    new, why = improvement.new_grade, causes_of(improvement.change)
    return issue(
        kind=GOOD_NEWS,
        unit=officer.unit,
        subject=improvement.subject,
        content={
            "changed_on": chinese_day(improvement.improved_on),
            "old_grade": _words(improvement.old_grade),
            "new_grade": _words(new) if new else "未定级（没有计入的失信记录）",
            "opening": "" if why == [REPAIRED] else NEUTRAL,
            "why": "；".join(why),
            "measures": [row.measure.words for row in lifted(improvement).ended],
            "change": str(improvement.change_id),
        },
        officer=officer,
    )


def causes_of(change: GradeChange) -> list[str]:
    """Why the grade is better, each cause said once: by what counted before and did not after."""
    earlier = GradeChange.objects.filter(subject=change.subject_id, pk__lt=change.pk)
    before = earlier.order_by("-pk").first()
    found = _of_records(before, change) + _of_lists(before, change) if before else []
    return list(dict.fromkeys(found or _of_causes(change)))


def _of_records(before: GradeChange, change: GradeChange) -> list[str]:
    months = change.rule_set.window_months if change.rule_set else 12
    counts_from = first_decision_day(change.effective_on, months)
    gone = Violation.objects.filter(pk__in=set(before.counted) - set(change.counted))
    found = [
        _fate(act, change, counts_from)
        for act in gone.select_related("decision").prefetch_related("decision__contests")
    ]
    return sorted(filter(None, found))


def _fate(act: Violation, change: GradeChange, counts_from: date) -> str:
    day = change.effective_on
    if act.is_revoked or act.decision.state == DecisionState.WITHDRAWN:
        return REVOKED
    if act.repaired_on is not None and act.repaired_on <= day:
        return REPAIRED
    for contest in act.decision.contests.all():
        ends = contest.contested_until
        if contest.contested_from <= day and (ends is None or day < ends):
            return CONTESTED
    if act.decision.decided_on < counts_from:
        return _lapsed(change)
    return ""


def _lapsed(change: GradeChange) -> str:
    counts = change.penalties or change.warnings or change.breaches
    return LAPSED_IN_PART if counts else LAPSED


def _of_lists(before: GradeChange, change: GradeChange) -> list[str]:
    gone = ListEntry.objects.filter(
        pk__in=set(before.entries) - set(change.entries), list=ListKind.BLACK
    )
    return [LIST_REVOKED if one.state == ListState.REVOKED else LIST_LEFT for one in gone]


def _of_causes(change: GradeChange) -> list[str]:
    causes = {one["cause"] for one in change.causes}
    found = [words for cause, words in _BY_CAUSE.items() if cause in causes]
    if not found and causes == {Cause.TIME} and change.old_grade == Grade.B:
        found = [_lapsed(change)]
    return found


def _words(grade: str) -> str:
    return f"{grade}级（{Grade(grade).label}）"
