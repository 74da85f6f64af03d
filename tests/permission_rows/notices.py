"""Who opens the pages of the register of reminders and interviews."""

from __future__ import annotations

from typing import Any

from accounts.models import Unit
from accounts.roles import Can, Role
from core.clock import today
from sanctions.notice_models import Notice, NoticeCause
from tests import factories
from tests.permission_table import Row, World, who_may

RECORDS = who_may(Can.RECORD_NOTICE)
OF_THE_UNIT = frozenset({Role.RECORDER.value, Role.UNIT_REVIEWER.value})
READS = who_may(Can.RECORD_NOTICE, Can.KEEP_NOTICES, Can.SEE_ALL_DECISIONS)
KEEPS = who_may(Can.KEEP_NOTICES)


def _notice(world: World, unit: Unit, state: str = "draft") -> int:
    """An oral reminder of a subject with one served decision: in the unit's hands, or reported."""
    subject = factories.subject()
    decision = factories.decision(subject, unit)
    notice = Notice.objects.create(
        way="oral",
        state=state,
        unit=unit,
        subject=subject,
        grade="B",
        person_name="吴十",
        person_role="principal",
        phone="13800001234",
        held_on=today(),
        channel="face",
        by_whom="李四",
        acts_words="已指出。",
        reported_at=None if state == "draft" else decision.confirmed_at or decision.created_at,
        recorded_by=world.officers[Role.RECORDER],
    )
    NoticeCause.objects.create(notice=notice, decision=decision)
    return notice.pk


def _own(state: str = "draft", **more: Any) -> Any:
    return lambda world: {"pk": _notice(world, world.home, state), **more}


def _foreign(state: str = "draft", **more: Any) -> Any:
    return lambda world: {"pk": _notice(world, world.other, state), **more}


ROWS: dict[str, Row] = {
    "desk:notices": Row(get=READS),
    "desk:notices-due": Row(get=RECORDS),
    "desk:notices-taken-over": Row(get=KEEPS),
    "desk:notice-attempt": Row(get=RECORDS, post=RECORDS, hidden=RECORDS),  # nothing is named
    "desk:notice-new": Row(get=RECORDS, post=RECORDS),
    "desk:notice": Row(get=READS, kwargs=_own("reported"), foreign=_foreign("reported")),
    "desk:notice-edit": Row(
        get=OF_THE_UNIT,
        post=OF_THE_UNIT,
        hidden=frozenset({Role.OFFICE.value}),  # a unit's draft is its own
        kwargs=_own(),
        foreign=_foreign(),
    ),
    "desk:notice-preview": Row(
        get=OF_THE_UNIT,
        hidden=RECORDS,  # an oral reminder has no paper
        kwargs=_own(kind="reminder"),
        foreign=_foreign(kind="reminder"),
    ),
    "desk:notice-act": Row(
        get=None,
        post=OF_THE_UNIT,
        hidden=frozenset({Role.OFFICE.value}),
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
