"""The good-news letter: the grade has become better, and which measures are lifted."""

from __future__ import annotations

from accounts.models import Officer
from grading.models import Grade
from sanctions.measure_handling_models import Improvement
from sanctions.measure_improvements import lifted
from sanctions.paper_content import chinese_day
from sanctions.paper_models import Paper
from sanctions.papers import issue
from violations.errors import InvalidDecision
from violations.inputs import Fault

GOOD_NEWS = "good_news"


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
    new = improvement.new_grade
    return issue(
        kind=GOOD_NEWS,
        unit=officer.unit,
        subject=improvement.subject,
        content={
            "changed_on": chinese_day(improvement.improved_on),
            "old_grade": _words(improvement.old_grade),
            "new_grade": _words(new) if new else "未定级（没有计入的失信记录）",
            "measures": [row.measure.words for row in lifted(improvement).ended],
            "change": str(improvement.change_id),
        },
        officer=officer,
    )


def _words(grade: str) -> str:
    return f"{grade}级（{Grade(grade).label}）"
