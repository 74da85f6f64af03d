"""Registering a reminder or interview: one form for each way, kept as a draft or reported.

Another way is chosen by a button of the form, so that what was typed goes along.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts.access import check
from accounts.models import Officer
from accounts.roles import Can
from core import audit
from core.clock import today
from desk.deadlines import Due as ShownDue
from desk.deadlines import due as shown_due
from desk.notices.forms import NoticeForm, first_values, key_of
from desk.notices.papers import as_pdf
from desk.notices.subject_card import told_before
from sanctions.notice_checks import offered
from sanctions.notice_due import due_decisions, due_entries, untold_decisions, with_dates
from sanctions.notice_enums import Way
from sanctions.notice_input import COLUMNS
from sanctions.notice_models import Notice
from sanctions.notice_papers import acts_in_words, laws_in_words
from sanctions.notice_register import (
    Chosen,
    chosen_of,
    edit_notice,
    grade_on,
    open_notice,
    report_notice,
    selectable,
)
from sanctions.notice_workflow import TABLE, Step
from subjects.models import Subject
from violations.errors import CaseRefused, InvalidDecision, NotAllowed
from violations.models import Decision, ListEntry

CONFLICT = 409
LATER = {Way.ORAL: "仅限一般失信", Way.WRITTEN: "一般、严重失信", Way.INTERVIEW: "仅限严重失信"}


@dataclass(frozen=True, slots=True)
class Sheet:
    """One form at hand: whose, about whom, and which records could be told of."""

    officer: Officer
    notice: Notice
    records: tuple[Decision | ListEntry, ...]
    first: Chosen

    def chosen(self, keys: list[str]) -> Chosen:
        """The records behind the ticked boxes."""
        ticked = [one for one in self.records if key_of(one) in keys]
        return Chosen(
            [one for one in ticked if isinstance(one, Decision)],
            [one for one in ticked if isinstance(one, ListEntry)],
        )


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponseBase:
    """A new registration about the organisation that the address names."""
    officer = check(request, Can.RECORD_NOTICE)
    subject, key = _asked_for(request, officer)
    if subject is None:
        messages.info(request, "请从待办中选择要提醒或约谈的记录，或者从信用档案进入。")
        return redirect("desk:notices-due")
    grade = grade_on(subject, today())
    ways = offered(grade)
    notice = Notice(
        subject=subject,
        unit=officer.unit,
        recorded_by=officer,
        grade=grade,
        way=(Way.INTERVIEW if Way.INTERVIEW in ways else Way.ORAL).value,
    )
    decisions, entries = selectable(officer, subject, today())
    if not ways or not (decisions or entries):
        return render(request, "desk/notices/nothing.html", {"subject": subject})
    untold = set(untold_decisions(today()).filter(pk__in=[one.pk for one in decisions]))
    wanted = [one for one in decisions if one in untold or key_of(one) == key or grade == "C"]
    sheet = Sheet(officer, notice, (*decisions, *entries), Chosen(wanted, entries))
    return _answer(request, sheet)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Go on with a draft, or correct what the office returned."""
    officer = check(request, Can.RECORD_NOTICE)
    visible = Notice.objects.visible_to(officer).select_related(
        "subject", "unit", "paper", "recorded_by"
    )
    notice = get_object_or_404(visible, pk=pk)
    rule = TABLE[Step.EDIT]
    for guard in rule.persons:
        if refusal := guard(officer, notice):
            raise NotAllowed(refusal)
    if notice.state not in rule.states:
        messages.warning(request, f"该登记{notice.get_state_display()}，不能修改。")
        return redirect("desk:notice", pk=pk)
    if request.method != "POST":
        audit.record(actor=officer, action="notice.view", target=notice)
    standing = chosen_of(notice)
    decisions, entries = selectable(officer, notice.subject, today())
    both = [*standing.records, *Chosen(decisions, entries).records]
    records = {key_of(one): one for one in both}
    sheet = Sheet(officer, notice, tuple(records.values()), standing)
    return _answer(request, sheet)


def _asked_for(request: HttpRequest, officer: Officer) -> tuple[Subject | None, str]:
    """The organisation of ?subject=, ?decision= or ?entry=, and the record that was named."""
    asked = request.GET
    found: Decision | ListEntry | None = None
    if _is_key(asked.get("decision", "")):
        decisions = Decision.objects.visible_to(officer).select_related("subject")
        found = get_object_or_404(decisions, pk=int(asked["decision"]))
    elif _is_key(asked.get("entry", "")):
        entries = ListEntry.objects.visible_to(officer).select_related("subject")
        found = get_object_or_404(entries, pk=int(asked["entry"]))
    if found is not None:
        return Subject.objects.get(pk=found.subject.survivor_id), key_of(found)
    if _is_key(asked.get("subject", "")):
        return get_object_or_404(Subject.objects.surviving(), pk=int(asked["subject"])), ""
    return None, ""


def _is_key(given: str) -> bool:
    return given.isdecimal() and len(given) < 19


def _answer(request: HttpRequest, sheet: Sheet) -> HttpResponseBase:
    if request.method != "POST":
        form = NoticeForm(initial=first_values(sheet.notice, sheet.first))
        return _page(request, sheet, form, sheet.notice.way)
    do = request.POST.get("do", "draft")
    way = _way(request, do, sheet.notice)
    if do.startswith("as-") or do == "words":
        return _page(request, sheet, _again(request, sheet, way, words=do == "words"), way)
    form = NoticeForm(request.POST)
    form.suit(way, _choices(sheet), sheet.notice)
    status = 400
    try:
        if form.is_valid():
            return _done(request, sheet, form, do)
    except InvalidDecision as refused:
        form.add_faults(refused.faults)
    except CaseRefused as late:
        form.add_error(None, late.message)
        status = CONFLICT
    return _page(request, sheet, form, way, status)


def _done(request: HttpRequest, sheet: Sheet, form: NoticeForm, do: str) -> HttpResponseBase:
    """Keep, report or preview; raises what the services raise."""
    officer, notice = sheet.officer, sheet.notice
    data = form.data_of(notice if notice.pk else None)
    if do.startswith("preview-"):
        for name in COLUMNS:
            setattr(notice, name, getattr(data.cleaned(), name))
        chosen = sheet.chosen(form.cleaned_data["causes"])
        return as_pdf(notice, do.removeprefix("preview-"), chosen)
    with transaction.atomic():
        if notice.pk:
            version = form.cleaned_data["version"] or 0
            kept = edit_notice(officer=officer, notice_id=notice.pk, version=version, data=data)
        else:
            kept = open_notice(officer=officer, subject_id=notice.subject_id, data=data)
        if do == "report":
            report_notice(officer=officer, notice_id=kept.pk, version=kept.version)
    said = "已登记，已报局办公室留存。" if do == "report" else "已存为草稿，尚未报送。"
    messages.success(request, said)
    return redirect("desk:notice", pk=kept.pk)


def _way(request: HttpRequest, do: str, notice: Notice) -> str:
    asked = do.removeprefix("as-") if do.startswith("as-") else request.POST.get("way", "")
    return asked if asked in Way.values else notice.way


def _again(request: HttpRequest, sheet: Sheet, way: str, *, words: bool) -> NoticeForm:
    """The form with what was typed, for another way, or with the records put in words anew."""
    typed = NoticeForm(request.POST)
    typed.fields["causes"].choices = _choices(sheet)  # type: ignore[attr-defined]
    first: dict[str, Any] = {name: request.POST.get(name, "") for name in typed.fields}
    for name in ("pointed_out", "explained", "urged"):
        first[name] = request.POST.get(name) == "on"
    keys = request.POST.getlist("causes")
    first |= {"causes": keys, "way": way}
    if words:
        chosen = sheet.chosen(keys)
        first |= {"acts_words": acts_in_words(chosen), "laws_words": laws_in_words(chosen)}
    return NoticeForm(initial=first)


def _choices(sheet: Sheet) -> list[tuple[str, str]]:
    return [(key_of(one), str(one)) for one in sheet.records]


def _page(
    request: HttpRequest, sheet: Sheet, form: NoticeForm, way: str, status: int = 200
) -> HttpResponse:
    if not form.is_bound:
        form.suit(way, _choices(sheet), sheet.notice)
        form.initial["way"] = way
    notice = sheet.notice
    ways = offered(notice.grade) if not notice.reported_at else (Way(notice.way),)
    ticked = form["causes"].value() or []
    context: dict[str, Any] = {
        "form": form,
        "notice": notice,
        "subject": notice.subject,
        "way": Way(way),
        "ways": [(one, one in ways, LATER[one]) for one in Way],
        "records": [(key_of(one), one, key_of(one) in ticked) for one in sheet.records],
        "due": _earliest(notice.subject),
        "told": told_before(notice.subject, sheet.officer, besides=notice.pk),
        "faults": form.summary() if form.is_bound else [],
    }
    return render(request, "desk/notices/form.html", context, status=status)


def _earliest(subject: Subject) -> ShownDue | None:
    """The first of its deadlines that is not met yet."""
    day = today()
    ids = [subject.pk, *subject.merged_from.values_list("pk", flat=True)]
    found = [
        *with_dates(due_decisions(day).filter(subject__in=ids), day),
        *with_dates(due_entries(day).filter(subject__in=ids), day),
    ]
    first = min(found, key=lambda one: one.deadline.day, default=None)
    return shown_due(first.deadline) if first else None
