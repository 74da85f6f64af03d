"""Whatever reports open tasks, and whatever hands them over: each topic appends its functions."""

from __future__ import annotations

from core.open_tasks import Source
from desk.queue import others, records
from desk.queue.handing import HandOver
from grading.review_tasks import open_reviews
from sanctions import inspection_tasks, notice_tasks, paper_tasks

SOURCES: list[Source] = [
    records.to_confirm,
    records.returned,
    records.unsent,
    records.entry_drafts,
    records.handed_in,
    records.imports_to_confirm,
    records.imports_in_hand,
    records.to_serve,
    records.to_attach,
    open_reviews,
    inspection_tasks.visits,
    inspection_tasks.draws,
    inspection_tasks.free_places,
    inspection_tasks.follow_ups,
    notice_tasks.to_tell,
    notice_tasks.in_hand,
    notice_tasks.at_the_office,
    paper_tasks.papers_to_serve,
    others.list_work,
    others.corrections,
    others.factor_sheets,
    others.account_changes,
]

# What an officer holds in person, and how a colleague takes it over.
HAND_OVERS: list[HandOver] = [
    records.DRAFTS,
    records.ENTRY_DRAFTS,
]
