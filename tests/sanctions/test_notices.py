"""Registering reminders and interviews: who, which way, what must stand there, who may not."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.template.loader import render_to_string

from accounts.roles import Role
from core.models import AuditEntry
from grading.models import RegradeRequest
from sanctions.notice_after import record_follow_up
from sanctions.notice_enums import NoticeState
from sanctions.notice_input import NoticeInput
from sanctions.notice_models import Notice
from sanctions.notice_office import decide_push, keep_notice, return_notice
from sanctions.notice_papers import content_of, issue_paper
from sanctions.notice_register import chosen_of, edit_notice, report_notice
from sanctions.notice_signals import push_decided
from sanctions.paper_service import record_service
from tests import factories
from tests.sanctions.notice_cases import DAY, SERVED, Case, on
from violations.errors import CaseChanged, CaseRefused, InvalidDecision, NotAllowed

pytestmark = pytest.mark.django_db


def refused(case: Case, data: NoticeInput, **more: Any) -> dict[str, str]:
    """path -> code of what the service says about ``data``."""
    with pytest.raises(InvalidDecision) as said:
        case.report(data, **more)
    return {fault.path: fault.code for fault in said.value.faults}


def test_an_oral_reminder_is_registered_and_reported() -> None:
    case = Case()
    notice = case.report(case.oral())
    assert (notice.state, notice.grade, notice.unit) == (NoticeState.REPORTED, "B", case.unit)
    assert notice.reported_at is not None
    row = AuditEntry.objects.get(action="notice.report")
    assert row.details["decisions"] == [case.decision.pk]
    assert not RegradeRequest.objects.filter(source__contains="提醒").exists()


@pytest.mark.parametrize(
    ("black", "way"), [(True, "oral"), (False, "interview"), (False, "letter"), (False, "")]
)
def test_the_way_is_one_of_the_two_that_the_grade_leaves(black: bool, way: str) -> None:
    """5-1: oral is not offered for C, an interview not for B."""
    case = Case(black=black)
    assert "way" in refused(case, case.interview(way=way))
    assert not Notice.objects.exists()


def test_the_database_holds_the_way_too() -> None:
    case = Case()
    notice = case.open(case.oral())
    for way, grade in (("oral", "C"), ("interview", "B")):
        notice.way, notice.grade = way, grade
        with pytest.raises(IntegrityError, match="notice_way_fits_grade"), transaction.atomic():
            notice.save()


def test_nobody_is_told_before_service() -> None:
    case = Case(served_on=None)
    with pytest.raises(InvalidDecision) as said:
        case.report(case.oral())
    assert {fault.path for fault in said.value.faults} == {"causes"}
    assert not Notice.objects.exists()


def test_not_on_a_day_before_service_nor_in_the_future() -> None:
    case = Case()
    before = SERVED - timedelta(days=1)
    assert refused(case, case.oral(held_on=before)) == {"held_on": "before_service"}
    assert refused(case, case.oral(held_on=DAY + timedelta(days=1))) == {"held_on": "future"}


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"person_role": ""}, "person_role"),
        ({"person_role": "shareholder"}, "person_role"),
        ({"person_name": ""}, "person_name"),
        ({"by_whom": " "}, "by_whom"),
        ({"held_on": None}, "held_on"),
        ({"channel": ""}, "channel"),
        ({"acts_words": ""}, "acts_words"),
        ({"decision_ids": frozenset()}, "causes"),
        ({"decision_ids": frozenset({0})}, "causes"),
        ({"phone": "无"}, "phone"),
        ({"phone": "11010519491231002X"}, "phone"),
        ({"statement": "身份证 11010519491231002X"}, "statement"),
        ({"commitment": "按期整改"}, "follow_up_on"),
        ({"commitment": "按期整改", "follow_up_on": DAY}, "follow_up_on"),
    ],
)
def test_what_an_oral_reminder_needs(change: dict[str, Any], path: str) -> None:
    case = Case()
    assert path in refused(case, case.oral(**change))


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"by_whom": "李四"}, "by_whom"),
        ({"by_whom": "李四、李四"}, "by_whom"),
        ({"pointed_out": False}, "pointed_out"),
        ({"explained": False}, "explained"),
        ({"urged": False}, "urged"),
        ({"laws_words": ""}, "laws_words"),
        ({"urged_words": ""}, "urged_words"),
        ({"statement": ""}, "statement"),
        ({"place": ""}, "place"),
        ({"held_at": None}, "held_at"),
        ({"person_role": ""}, "person_role"),
    ],
)
def test_an_interview_covers_all_of_5_4_and_has_two_interviewers(
    change: dict[str, Any], path: str
) -> None:
    case = Case(black=True)
    assert refused(case, case.interview(**change)) == {path: refused_code(path, change)}


def refused_code(path: str, change: dict[str, Any]) -> str:
    return "too_few" if path == "by_whom" else "missing"


def test_a_complete_interview_is_reported_and_the_database_holds_the_checklist() -> None:
    case = Case(black=True)
    notice = case.report(case.interview())
    assert notice.state == NoticeState.REPORTED
    assert {str(one) for one in notice.causes.all()} == {str(case.decision), str(case.entry)}
    notice.urged = False
    with pytest.raises(IntegrityError, match="notice_interview_covers_all"), transaction.atomic():
        notice.save()


def test_the_grade_is_the_one_of_the_day_on_which_it_took_place() -> None:
    """Told by word of mouth while it was B, put on the black list the day after."""
    case = Case()
    draft = case.open(case.oral())
    later = DAY + timedelta(days=1)
    with on(later):
        factories.list_entry(case.subject, "black", listed_on=later)
        notice = report_notice(officer=case.recorder, notice_id=draft.pk, version=draft.version)
    assert (notice.grade, notice.state) == ("B", NoticeState.REPORTED)


def test_the_acts_of_one_decision_are_pointed_out_once() -> None:
    case = Case()
    first, second = case.open(case.oral()), case.open(case.oral())
    with on(DAY):
        report_notice(officer=case.recorder, notice_id=first.pk, version=first.version)
        with pytest.raises(InvalidDecision) as said:
            report_notice(officer=case.recorder, notice_id=second.pk, version=second.version)
    assert [(one.path, one.code) for one in said.value.faults] == [("causes", "told")]


def test_who_may_not_register() -> None:
    case = Case()
    for role in (Role.APPROVER, Role.AUDITOR, Role.TIP_HANDLER, Role.WINDOW, Role.ADMINISTRATOR):
        with pytest.raises(NotAllowed):
            case.open(case.oral(), officer=factories.officer(role, unit=case.unit))
    stranger = factories.officer(Role.RECORDER, unit=factories.unit())
    with pytest.raises(InvalidDecision):  # of another unit's decisions nobody is told by this one
        case.open(case.oral(), officer=stranger)
    notice = case.report(case.oral())
    with on(DAY), pytest.raises(NotAllowed):
        keep_notice(officer=case.recorder, notice_id=notice.pk, version=notice.version)
    with on(DAY), pytest.raises(NotAllowed):
        return_notice(
            officer=case.recorder, notice_id=notice.pk, version=notice.version, remark="补"
        )


def test_the_office_returns_what_is_incomplete_and_it_is_reported_again() -> None:
    case = Case()
    notice = case.report(case.oral())
    with on(DAY):
        with pytest.raises(InvalidDecision):
            return_notice(
                officer=case.office, notice_id=notice.pk, version=notice.version, remark=" "
            )
        back = return_notice(
            officer=case.office, notice_id=notice.pk, version=notice.version, remark="未写职务"
        )
        assert back.state == NoticeState.RETURNED
        with pytest.raises(NotAllowed):  # the office does not mend what the unit answers for
            edit_notice(
                officer=case.office,
                notice_id=back.pk,
                version=back.version,
                data=case.oral(),
            )
        mended = edit_notice(
            officer=case.recorder,
            notice_id=back.pk,
            version=back.version,
            data=case.oral(person_role="in_charge", phone=None),
        )
        again = report_notice(officer=case.recorder, notice_id=back.pk, version=mended.version)
        kept = keep_notice(officer=case.office, notice_id=back.pk, version=again.version)
    assert (kept.state, kept.kept_by, kept.phone) == (NoticeState.KEPT, case.office, "13800001234")


def test_nobody_works_on_what_somebody_else_changed_meanwhile() -> None:
    case = Case()
    notice = case.report(case.oral())
    with on(DAY), pytest.raises(CaseChanged):
        keep_notice(officer=case.office, notice_id=notice.pk, version=notice.version - 1)


def test_the_push_is_decided_case_by_case_with_a_reason() -> None:
    case = Case()
    heard: list[tuple[int, bool]] = []

    def hear(sender: object, notice_id: int, push: bool, **_: object) -> None:
        heard.append((notice_id, push))

    push_decided.connect(hear)
    try:
        notice = case.report(case.oral())
        with on(DAY):
            with pytest.raises(CaseRefused):  # not before it is kept
                decide_push(
                    officer=case.office,
                    notice_id=notice.pk,
                    version=notice.version,
                    push="yes",
                    reason="影响较大",
                )
            kept = keep_notice(officer=case.office, notice_id=notice.pk, version=notice.version)
            assert kept.push == ""
            for push, reason in (("", "影响较大"), ("yes", " ")):
                with pytest.raises(InvalidDecision):
                    decide_push(
                        officer=case.office,
                        notice_id=kept.pk,
                        version=kept.version,
                        push=push,
                        reason=reason,
                    )
            with pytest.raises(NotAllowed):
                decide_push(
                    officer=case.recorder,
                    notice_id=kept.pk,
                    version=kept.version,
                    push="no",
                    reason="影响较小",
                )
            done = decide_push(
                officer=case.office,
                notice_id=kept.pk,
                version=kept.version,
                push="no",
                reason="影响较小",
            )
    finally:
        push_decided.disconnect(hear)
    assert (done.push, done.push_decided_by) == ("no", case.office)
    assert heard == [(notice.pk, False)]


def test_what_is_sealed_is_not_pushed() -> None:
    case = Case(law="治安管理处罚法")
    kept = case.kept()
    with on(DAY), pytest.raises(InvalidDecision) as said:
        decide_push(
            officer=case.office,
            notice_id=kept.pk,
            version=kept.version,
            push="yes",
            reason="应推",
        )
    assert [fault.code for fault in said.value.faults] == ["sealed"]


def test_a_commitment_is_followed_up() -> None:
    case = Case()
    day = date(2026, 11, 20)
    kept = case.kept(case.oral(commitment="按期整改", follow_up_on=day))
    with on(day):
        done = record_follow_up(
            officer=case.recorder, notice_id=kept.pk, version=kept.version, on=day, result="已整改"
        )
        with pytest.raises(CaseRefused):
            record_follow_up(
                officer=case.recorder,
                notice_id=kept.pk,
                version=done.version,
                on=day,
                result="已整改",
            )
    assert done.followed_up_on == day


def test_the_phone_is_encrypted_and_stands_neither_in_history_nor_in_the_trail() -> None:
    case = Case()
    notice = case.report(case.oral())
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone FROM sanctions_notice WHERE id = %s", [notice.pk])
        (stored,) = cursor.fetchone()
        assert "13800001234" not in stored
        cursor.execute("SELECT * FROM sanctions_historicalnotice")
        assert "13800001234" not in str(cursor.fetchall())
        assert "phone" not in [column[0] for column in cursor.description]
        cursor.execute("SELECT * FROM core_auditentry")
        assert "13800001234" not in str(cursor.fetchall())
    assert Notice.objects.get().phone == "13800001234"


def test_a_written_reminder_is_numbered_served_and_only_then_reported() -> None:
    """5-2: its day is the day of service, and its paper states the acts."""
    case = Case()
    data = case.oral(way="written", held_on=None, channel="")
    draft = case.open(data)
    with on(DAY):
        with pytest.raises(InvalidDecision) as said:
            report_notice(officer=case.recorder, notice_id=draft.pk, version=draft.version)
        assert [(one.path, one.code) for one in said.value.faults] == [("paper", "missing")]
        paper = issue_paper(
            officer=case.recorder, notice_id=draft.pk, version=draft.version, kind="reminder"
        )
        assert paper.content["acts"] == [
            ["保安从业单位违规提供服务", case.decision.number, "罚款20000元"]
        ]
        assert "13800001234" not in str(paper.content)
        draft.refresh_from_db()
        with pytest.raises(CaseRefused):  # one number, one paper
            issue_paper(
                officer=case.recorder, notice_id=draft.pk, version=draft.version, kind="reminder"
            )
        with pytest.raises(InvalidDecision) as said:
            report_notice(officer=case.recorder, notice_id=draft.pk, version=draft.version)
        assert [one.code for one in said.value.faults] == ["not_served"]
        with pytest.raises(InvalidDecision) as said:  # what the paper says stays what was told
            edit_notice(
                officer=case.recorder, notice_id=draft.pk, version=draft.version, data=case.oral()
            )
        assert "issued" in {one.code for one in said.value.faults}
        record_service(
            officer=case.recorder,
            paper_id=paper.pk,
            on=DAY,
            way="direct",
            document="送达回证",
            recipient="吴十，经理",
            servers="李四、周九",
        )
        done = report_notice(officer=case.recorder, notice_id=draft.pk, version=draft.version)
    assert (done.state, done.held_on) == (NoticeState.REPORTED, DAY)


def test_the_minutes_need_the_whole_checklist_and_hold_no_phone() -> None:
    case = Case(black=True)
    draft = case.open(case.interview(urged=False))
    with on(DAY):
        with pytest.raises(InvalidDecision) as said:
            issue_paper(
                officer=case.recorder,
                notice_id=draft.pk,
                version=draft.version,
                kind="interview_record",
            )
        assert [one.path for one in said.value.faults] == ["urged"]
        draft.urged = True
        content = content_of(draft, "interview_record", chosen_of(draft))
    assert content["invited"] == "吴十（主要负责人）"
    assert content["interviewers"] == "李四、周九"
    assert len(content["acts"]) == 1
    assert case.entry is not None
    assert content["entries"] == [["黑名单", case.entry.paper, "2026年11月2日"]]
    assert "13800001234" not in str(content)


def test_the_minutes_say_the_day_once_and_an_entry_has_headings_of_its_own() -> None:
    case = Case(black=True)
    draft = case.open(case.interview(held_until=time(10, 30)))
    content = content_of(draft, "interview_record", chosen_of(draft))
    assert (content["from_"], content["to"]) == ("2026年11月4日9时30分", "10时30分")
    for template in ("interview_record", "interview_notice", "reminder"):
        said = render_to_string(f"documents/{template}.html", {"content": content, "code": "91"})
        for heading in ("违法行为", "处理结果", "名单", "列入决定书", "列入日期"):
            assert f">{heading}</th>" in said
    alone = {**content, "acts": []}
    said = render_to_string("documents/interview_record.html", {"content": alone, "code": "91"})
    assert ">处理结果</th>" not in said
    assert "<td>1</td><td>黑名单</td>" in said
