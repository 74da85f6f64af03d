"""Who opens the pages of papers."""

from __future__ import annotations

from typing import Any

from accounts.models import Officer
from accounts.roles import Can, Role
from sanctions.models import Paper, PaperBatch, PaperText
from sanctions.paper_batch_models import BatchState
from tests import factories
from tests.permission_table import Row, World, who_may
from tests.sanctions.paper_cases import reminder
from violations.enums import ListKind, ListState

ISSUES = who_may(Can.ISSUE_PAPER)
READS = who_may(Can.ISSUE_PAPER, Can.SEE_ALL_DECISIONS)
LISTS = who_may(Can.PROPOSE_LIST_ENTRY)
TEXTS = who_may(Can.KEEP_TEXTS)
BLOCK = {"kind": "reminder", "block": "closing"}


def _paper(world: World) -> Paper:
    """Of ``home``; one of each world is enough, rendering takes its time."""
    issuer = world.officers[Role.RECORDER]
    found = Paper.objects.filter(unit=world.home).first()
    return found or reminder(issuer, world.subject)


def _own(world: World, **more: Any) -> dict[str, Any]:
    return {"pk": _paper(world).pk, **more}


def _foreign(world: World, **more: Any) -> dict[str, Any]:
    found = Paper.objects.filter(unit=world.other).first()
    if found is None:
        issuer = factories.officer(Role.RECORDER, unit=world.other)
        found = reminder(issuer, world.subject)
    return {"pk": found.pk, **more}


def _batch(world: World) -> dict[str, Any]:
    return {"pk": _print_job(world.officers[Role.RECORDER], _paper(world)).pk}


def _foreign_batch(world: World) -> dict[str, Any]:
    stranger = factories.officer(Role.RECORDER, unit=world.other)
    return {"pk": _print_job(stranger, _paper(world)).pk}


def _print_job(officer: Officer, paper: Paper) -> PaperBatch:
    return PaperBatch.objects.create(
        officer=officer,
        state=BatchState.DONE,
        total=1,
        stored=paper.stored,
        sha256=paper.sha256,
    )


def _decision(world: World) -> dict[str, Any]:
    return {"pk": world.decision.pk}


def _entry(world: World) -> dict[str, Any]:
    entry = factories.list_entry(world.subject, ListKind.BLACK, state=ListState.PROPOSED)
    return {"pk": entry.pk, "kind": "list_notice"}


def _draft(world: World) -> dict[str, Any]:
    author = world.officers[Role.OFFICE]
    row = PaperText.objects.filter(state="draft").first()
    return {"pk": (row or _kept_draft(author)).pk}


def _kept_draft(author: Any) -> PaperText:
    from sanctions.paper_text_services import draft_text

    return draft_text(officer=author, **BLOCK, text="现提醒你单位。", reason="按新办法修改")


_print_jobs = Row(get=ISSUES, kwargs=_batch, foreign=_foreign_batch)

ROWS: dict[str, Row] = {
    "desk:papers": Row(get=READS),
    "desk:paper": Row(get=READS, kwargs=_own, foreign=_foreign),
    "desk:paper-file": Row(get=READS, kwargs=_own, foreign=_foreign),
    "desk:paper-page": Row(
        get=READS,
        kwargs=lambda world: _own(world, page=1),
        foreign=lambda world: _foreign(world, page=1),
    ),
    "desk:paper-serve": Row(get=None, post=ISSUES, kwargs=_own, foreign=_foreign),
    "desk:paper-service-take-back": Row(get=None, post=ISSUES, kwargs=_own, foreign=_foreign),
    "desk:paper-reissue": Row(get=None, post=ISSUES, kwargs=_own, foreign=_foreign),
    "desk:paper-reissue-preview": Row(get=ISSUES, kwargs=_own, foreign=_foreign),
    "desk:paper-repair-notice": Row(
        get=None,
        post=ISSUES,
        kwargs=_decision,
        foreign=lambda world: {"pk": world.foreign.pk},
    ),
    "desk:paper-for-entry": Row(get=None, post=LISTS, kwargs=_entry),
    "desk:paper-for-subject": Row(
        get=ISSUES, post=ISSUES, kwargs=lambda world: {"pk": world.subject.pk}
    ),
    "desk:papers-due": Row(get=ISSUES),
    "desk:paper-batch-new": Row(get=None, post=ISSUES),
    "desk:paper-batch": _print_jobs,
    "desk:paper-batch-progress": _print_jobs,
    "desk:paper-batch-file": _print_jobs,
    "desk:paper-texts": Row(get=TEXTS),
    "desk:paper-text": Row(get=TEXTS, post=TEXTS, kwargs=lambda world: BLOCK),
    "desk:paper-text-preview": Row(get=None, post=TEXTS, kwargs=lambda world: BLOCK),
    "desk:paper-text-publish": Row(get=None, post=TEXTS, kwargs=_draft),
    "desk:paper-text-discard": Row(get=None, post=TEXTS, kwargs=_draft),
}
