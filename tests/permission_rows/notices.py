"""Who opens the pages of the register of reminders and interviews."""

from __future__ import annotations

from datetime import time
from typing import Any

from accounts.models import Unit
from accounts.roles import Can, Role
from core.clock import today
from sanctions.notice_files import FILES
from sanctions.notice_models import Notice, NoticeCause
from tests import factories
from tests.permission_table import Row, World, who_may
from tests.violations import papers
from violations.case_files import add_file

RECORDS = who_may(Can.RECORD_NOTICE)
OF_THE_UNIT = frozenset({Role.RECORDER.value, Role.UNIT_REVIEWER.value})
READS = who_may(Can.RECORD_NOTICE, Can.KEEP_NOTICES, Can.SEE_ALL_DECISIONS)
KEEPS = who_may(Can.KEEP_NOTICES)


def _notice(world: World, unit: Unit, state: str) -> int:
    """An interview about one served decision: reported, or returned to its unit."""
    subject = factories.subject()
    decision = factories.decision(subject, unit)
    notice = Notice.objects.create(
        way="interview",
        state=state,
        unit=unit,
        subject=subject,
        grade="C",
        person_name="吴十",
        person_role="principal",
        phone="13800001234",
        held_on=today(),
        held_at=time(9, 30),
        place="201 室",
        by_whom="李四、周九",
        acts_words="已指出。",
        laws_words="已宣传。",
        urged_words="已督促。",
        pointed_out=True,
        explained=True,
        urged=True,
        statement="无",
        reported_at=decision.created_at,
        returned_at=decision.created_at,
        returned_remark="请写明职务",
        recorded_by=world.officers[Role.RECORDER],
    )
    NoticeCause.objects.create(notice=notice, decision=decision)
    return notice.pk


def _own(state: str = "returned", **more: Any) -> Any:
    return lambda world: {"pk": _notice(world, world.home, state), **more}


def _foreign(state: str = "returned", **more: Any) -> Any:
    return lambda world: {"pk": _notice(world, world.other, state), **more}


def _file(unit: str) -> Any:
    def kwargs(world: World) -> dict[str, Any]:
        home = getattr(world, unit)
        pk = _notice(world, home, "reported")
        officer = factories.officer(Role.RECORDER, unit=home)
        upload = papers.upload(papers.pdf())
        return {"pk": add_file(FILES, officer=officer, case_id=pk, upload=upload).pk}

    return kwargs


ROWS: dict[str, Row] = {
    "desk:notices": Row(get=READS),
    "desk:notices-due": Row(get=RECORDS),
    "desk:notices-taken-over": Row(get=KEEPS),
    "desk:notice-attempt": Row(get=RECORDS, post=RECORDS),
    "desk:notice-new": Row(get=RECORDS, post=RECORDS),
    "desk:notice": Row(get=READS, kwargs=_own("reported"), foreign=_foreign("reported")),
    "desk:notice-edit": Row(
        get=OF_THE_UNIT,
        post=OF_THE_UNIT,
        kwargs=_own(),
        foreign=_foreign(),
    ),
    "desk:notice-file-add": Row(get=None, post=RECORDS, kwargs=_own(), foreign=_foreign()),
    "desk:notice-file": Row(get=READS, kwargs=_file("home"), foreign=_file("other")),
    "desk:notice-preview": Row(
        get=RECORDS,
        kwargs=_own(kind="interview_notice"),
        foreign=_foreign(kind="interview_notice"),
    ),
    "desk:notice-act": Row(
        get=None,
        post=OF_THE_UNIT,
        kwargs=_own(step="report"),
        foreign=_foreign(step="report"),
        data={"version": "1"},
    ),
    "desk:notice-verdict": Row(
        get=None,
        post=KEEPS,
        kwargs=_own("reported", step="keep"),
        data={"version": "1"},
    ),
}
