"""Whatever reports open tasks, and whatever hands them over: each topic appends its functions."""

from __future__ import annotations

from accounts.roles import Can
from appeals import case_marks, objection_handing, objection_tasks, repair_handing, repair_tasks
from core.open_tasks import Source
from desk.queue import others, records
from desk.queue.handing import HandOver
from grading import review_tasks
from sanctions import inspection_tasks, measure_tasks, notice_tasks, paper_tasks

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
    review_tasks.open_reviews,
    review_tasks.unit_statements,
    objection_tasks.open_objections,
    case_marks.owed_by_others,
    repair_tasks.open_repairs,
    inspection_tasks.visits,
    inspection_tasks.draws,
    inspection_tasks.free_places,
    inspection_tasks.follow_ups,
    measure_tasks.better_grades,
    measure_tasks.ended_clauses,
    notice_tasks.to_tell,
    notice_tasks.in_hand,
    notice_tasks.at_the_office,
    paper_tasks.papers_to_serve,
    paper_tasks.list_decisions_to_issue,
    others.list_work,
    others.corrections,
    others.factor_sheets,
    others.account_changes,
]

# What an officer holds in person, and how a colleague takes it over.
HAND_OVERS: list[HandOver] = [
    records.DRAFTS,
    records.ENTRY_DRAFTS,
    HandOver("等级复核", review_tasks.held_by, review_tasks.move, Can.PROPOSE_REVIEW),
    HandOver("异议", objection_handing.held_by, objection_handing.move, Can.HANDLE_APPEAL),
    HandOver("信用修复", repair_handing.held_by, repair_handing.move, Can.HANDLE_APPEAL),
]
