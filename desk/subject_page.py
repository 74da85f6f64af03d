"""The credit file of one organisation: why the grade is what it is, what comes next, the records.

Every look-up is put into the audit trail (条例, art. 39).
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_safe

from accounts.access import current_officer, requires
from accounts.roles import Can
from core import audit
from desk import history_row, subject_file, subject_history, way_back
from desk.measures.subject import card as measures_card
from desk.notices.subject_card import told_before
from desk.objections.subject_card import card as objection_card
from desk.objections.subject_card import marks
from desk.repairs.subject_card import card as repair_card
from desk.reviews.subject import reviews_of
from grading import selectors
from grading.models import Standing
from sanctions.notice_enums import OFFERED
from subjects.models import Subject

STOP_POLLING = {"HX-Refresh": "true"}


def _subject(pk: int) -> Subject:
    """404 where there is none."""
    return get_object_or_404(Subject.objects.select_related("unit_in_charge", "merged_into"), pk=pk)


def _moved(request: HttpRequest, subject: Subject) -> HttpResponseBase:
    """What was merged is shown under the entry that survives."""
    messages.info(request, f"{subject.name}（{subject.credit_code}）已并入本档案，记录合并计算。")
    return redirect("desk:subject", pk=subject.survivor_id)


@requires(Can.SEE_REGISTER)
@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file as of today."""
    officer = current_officer(request)
    subject = _subject(pk)
    if subject.merged_into_id:
        return _moved(request, subject)
    audit.record(actor=officer, action="subject.view", target=subject)
    entries = subject_file.list_entries(subject)
    explained = subject_file.explain(subject, entries)
    listed, page = subject_file.records(subject, officer, explained.view, request.GET.get("page"))
    now = explained.view.now
    in_force, past = subject_file.factors(subject, explained.view.day)
    standing = Standing.objects.filter(pk=subject.pk).select_related("rule_set").first()
    context = {
        "subject": subject,
        "tab": "file",
        "explained": explained,
        "way": way_back.words_for(explained.view),
        "now": now,
        "disclosable": explained.view.both.disclosable,
        "standing": standing,
        "regrading": selectors.is_being_regraded(subject.pk),
        "records": listed,
        "page": page,
        "entries": entries,
        "factors": in_force,
        "reviews": reviews_of(subject, officer),
        "past_factors": past,
        "may_record_factor": officer.may(Can.RECORD_FACTOR),
        "may_inspect": officer.may(Can.PLAN_INSPECTION),
        "chart": subject_file.chart(subject, explained, listed, entries),
        "objections": objection_card(subject, officer),
        "disputed": marks(one.violation.pk for one in listed),
        "measures": measures_card(subject, explained.view, officer),
        "repairs": repair_card(subject, officer),
        "may_record": officer.may(Can.RECORD_DECISION),
        "may_edit": officer.may(Can.EDIT_SUBJECT),
        "may_correct": officer.may(Can.PROPOSE_CORRECTION),
        "merged_in": list(subject.merged_from.order_by("pk")),
        "may_audit": officer.may(Can.READ_AUDIT),
        "told": told_before(subject, officer),
        "may_register": officer.may(Can.RECORD_NOTICE) and now.decided.grade in OFFERED,
        "may_issue_paper": officer.may(Can.ISSUE_PAPER),
    }
    return render(request, "desk/subject.html", context)


@requires(Can.SEE_REGISTER)
@require_safe
def history(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Everything that was entered or changed, in the order in which it was entered."""
    officer = current_officer(request)
    subject = _subject(pk)
    if subject.merged_into_id:
        return redirect("desk:subject-history", pk=subject.survivor_id)
    audit.record(actor=officer, action="subject.view", target=subject, details={"part": "history"})
    only = request.GET.get("only", "")
    rows, left_out = subject_history.rows_of(subject, officer, only=only)
    context = {
        "subject": subject,
        "tab": "history",
        "now": selectors.view(subject.pk).now,
        "regrading": selectors.is_being_regraded(subject.pk),
        "rows": rows,
        "left_out": left_out,
        "only": only,
        "groups": history_row.GROUPS.items(),
        "may_record": officer.may(Can.RECORD_DECISION),
        "may_edit": officer.may(Can.EDIT_SUBJECT),
        "may_audit": officer.may(Can.READ_AUDIT),
        "may_issue_paper": officer.may(Can.ISSUE_PAPER),
    }
    return render(request, "desk/subject_history.html", context)


@requires(Can.SEE_REGISTER)
@require_GET
def status(request: HttpRequest, pk: int) -> HttpResponse:
    """Asked every two seconds while a re-grading is open; once it is done the page loads anew."""
    subject = _subject(pk)
    if selectors.is_being_regraded(subject.survivor_id):
        return render(request, "desk/_regrading.html", {"subject": subject})
    return HttpResponse(headers=STOP_POLLING)
