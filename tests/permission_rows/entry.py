"""Papers of a decision, its service, what a reviewer types, and the quality of records."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from accounts.roles import Can
from tests.permission_table import READS_DECISIONS, RECORDS, Row, World, who_may
from tests.violations import papers
from violations.attachment_files import keep
from violations.enums import AttachmentKind
from violations.models import Attachment, Decision


def attachment(decision: Decision) -> Attachment:
    """A file of ``decision``, the same at each call."""
    made = Attachment.objects.filter(decision=decision).first()
    if made is None:
        kept = keep(papers.upload(papers.pdf()))
        made = Attachment.objects.create(
            decision=decision,
            kind=AttachmentKind.PAPER,
            name="决定书.pdf",
            uploaded_by=decision.recorded_by,
            **asdict(kept),
        )
    return made


def _of(world: World) -> dict[str, Any]:
    return {"pk": attachment(world.decision).pk}


def _foreign(world: World) -> dict[str, Any]:
    return {"pk": attachment(world.foreign).pk}


def _unserved(world: World) -> dict[str, Any]:
    world.decision.served_on = None
    world.decision.save()
    return {"pk": world.decision.pk}


CONFIRMS = who_may(Can.CONFIRM_DECISION, Can.CONFIRM_FOR_ANY_UNIT)

ROWS: dict[str, Row] = {
    "desk:quality": Row(get=who_may(Can.SEE_DATA_QUALITY), query={"period": "2026-Q4"}),
    "desk:decision-remark": Row(
        get=CONFIRMS,
        post=CONFIRMS,
        kwargs=lambda world: {"pk": world.submitted.pk},
        foreign=lambda world: {"pk": world.foreign_submitted.pk},
        data={"remark": "金额与决定书不符。"},
    ),
    "desk:attachment": Row(get=READS_DECISIONS, kwargs=_of, foreign=_foreign),
    "desk:attachment-file": Row(get=READS_DECISIONS, kwargs=_of, foreign=_foreign),
    "desk:attachment-page": Row(
        get=READS_DECISIONS,
        kwargs=lambda world: _of(world) | {"page": 1},
        foreign=lambda world: _foreign(world) | {"page": 1},
    ),
    "desk:attachment-withdraw": Row(get=None, post=RECORDS, kwargs=_of, foreign=_foreign),
    "desk:attachment-add": Row(
        get=RECORDS,
        post=RECORDS,
        kwargs=lambda world: {"pk": world.draft.pk},
        foreign=lambda world: {"pk": world.foreign.pk},
    ),
    "desk:decision-serve": Row(
        get=RECORDS, post=RECORDS, kwargs=_unserved, foreign=lambda world: {"pk": world.foreign.pk}
    ),
}
