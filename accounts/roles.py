"""Who may do what: the roles of domain.md §5 in one table.

A view, a service or the admin asks ``officer.may(Can.X)``; nobody asks for a role by name.
"""

from __future__ import annotations

from enum import StrEnum

from django.db import models


class Role(models.TextChoices):
    RECORDER = "recorder", "录入民警"
    UNIT_REVIEWER = "unit_reviewer", "单位审核人"
    OFFICE = "office", "局办公室"
    APPROVER = "approver", "局领导 / 法制"
    TIP_HANDLER = "tip_handler", "举报专办员"
    AUDITOR = "auditor", "审计员"
    ADMINISTRATOR = "administrator", "系统管理员"
    WINDOW = "window", "窗口"


class Can(StrEnum):
    """The things there are to be allowed."""

    SEE_REGISTER = "see_register"  # every subject's file and standing
    EXPORT_REGISTER = "export_register"
    EDIT_SUBJECT = "edit_subject"  # register an organisation, mend its particulars
    RECORD_DECISION = "record_decision"  # of the own unit
    CONFIRM_DECISION = "confirm_decision"  # of the own unit, never an own one
    CONFIRM_FOR_ANY_UNIT = "confirm_for_any_unit"  # where a unit has no free reviewer
    SEE_ALL_DECISIONS = "see_all_decisions"  # in full, of every unit
    RECORD_OUTCOME = "record_outcome"  # contest, revoke, repair; never of an own decision
    PROPOSE_LIST_ENTRY = "propose_list_entry"
    APPROVE_LIST_ENTRY = "approve_list_entry"
    RECORD_FACTOR = "record_factor"  # the other inputs of 1-3
    KEEP_CATALOGUES = "keep_catalogues"  # working days, law catalogue, conditions of the lists
    PROPOSE_CORRECTION = "propose_correction"  # of a record in force or an organisation
    AGREE_TO_CORRECTION = "agree_to_correction"  # of somebody else
    ASK_DESK = "ask_desk"  # the box for licence windows: grade, measures, until when
    RECORD_HANDLING = "record_handling"  # guidance, commendations, expedited licences (4-A, 4-B)
    KEEP_MEASURES = "keep_measures"  # the catalogue of chapter four, its bases and terms
    RECORD_NOTICE = "record_notice"  # reminders and interviews of the own unit (5-1 to 5-5)
    KEEP_NOTICES = "keep_notices"  # those of all units: return incomplete ones, decide on pushing
    ISSUE_PAPER = "issue_paper"  # number, print and serve papers
    KEEP_TEXTS = "keep_texts"  # the text blocks of papers
    PLAN_INSPECTION = "plan_inspection"  # plans and draws
    RECORD_INSPECTION = "record_inspection"  # results of the own unit's inspections
    PROPOSE_REVIEW = "propose_review"  # an outcome where the text leaves the grade open
    DECIDE_REVIEW = "decide_review"  # of somebody else's proposal
    HANDLE_APPEAL = "handle_appeal"  # objections and repairs: receive, accept, examine, propose
    DECIDE_APPEAL = "decide_appeal"  # never of an own proposal, an own record or the own unit's
    STATE_FOR_UNIT = "state_for_unit"  # the unit's word on a review, an objection, a repair
    SEE_DATA_QUALITY = "see_data_quality"  # of the own unit; of all with SEE_ALL_DECISIONS
    READ_AUDIT = "read_audit"
    ADMINISTER = "administer"  # users, units, corrections in the admin site


_OFFICER = {Can.SEE_REGISTER, Can.EXPORT_REGISTER, Can.ASK_DESK}
_OF_A_UNIT = {Can.RECORD_NOTICE, Can.ISSUE_PAPER, Can.RECORD_INSPECTION, Can.RECORD_HANDLING}

ROLE_TABLE: dict[str, frozenset[Can]] = {
    Role.RECORDER: frozenset(
        _OFFICER
        | _OF_A_UNIT
        | {Can.RECORD_DECISION, Can.EDIT_SUBJECT, Can.RECORD_FACTOR, Can.SEE_DATA_QUALITY}
    ),
    Role.UNIT_REVIEWER: frozenset(
        _OFFICER | _OF_A_UNIT | {Can.CONFIRM_DECISION, Can.SEE_DATA_QUALITY, Can.STATE_FOR_UNIT}
    ),
    Role.OFFICE: frozenset(
        _OFFICER
        | _OF_A_UNIT
        | {
            Can.KEEP_MEASURES,
            Can.KEEP_NOTICES,
            Can.KEEP_TEXTS,
            Can.PLAN_INSPECTION,
            Can.PROPOSE_REVIEW,
            Can.HANDLE_APPEAL,
            Can.DECIDE_APPEAL,
            Can.EDIT_SUBJECT,
            Can.CONFIRM_FOR_ANY_UNIT,
            Can.SEE_ALL_DECISIONS,
            Can.RECORD_OUTCOME,
            Can.PROPOSE_LIST_ENTRY,
            Can.RECORD_FACTOR,
            Can.KEEP_CATALOGUES,
            Can.PROPOSE_CORRECTION,
            Can.AGREE_TO_CORRECTION,
            Can.SEE_DATA_QUALITY,
        }
    ),
    Role.APPROVER: frozenset(
        _OFFICER
        | {
            Can.SEE_ALL_DECISIONS,
            Can.APPROVE_LIST_ENTRY,
            Can.DECIDE_REVIEW,
            Can.DECIDE_APPEAL,
            Can.AGREE_TO_CORRECTION,
            Can.SEE_DATA_QUALITY,
        }
    ),
    Role.TIP_HANDLER: frozenset(),
    Role.AUDITOR: frozenset(
        {Can.SEE_REGISTER, Can.SEE_ALL_DECISIONS, Can.SEE_DATA_QUALITY, Can.READ_AUDIT}
    ),
    Role.ADMINISTRATOR: frozenset(
        {Can.SEE_REGISTER, Can.ADMINISTER, Can.PROPOSE_CORRECTION, Can.AGREE_TO_CORRECTION}
    ),
    Role.WINDOW: frozenset({Can.ASK_DESK}),
}


def permissions_of(roles: frozenset[str]) -> frozenset[Can]:
    """Everything that at least one of ``roles`` may do."""
    return frozenset().union(*(ROLE_TABLE.get(role, frozenset()) for role in roles))
