"""Entry of a decision: a new one, one in draft again, or a form that was put aside unfinished.

Every button posts the whole form to the page it stands on; with htmx the answer is cut down to the
part that changed. Nothing that was typed is lost by an error: the answer shows it again.
"""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import check, current_officer, requires
from accounts.models import Officer
from accounts.roles import Can
from core.clock import today
from desk.attachments.entry_files import ATTACH, DETACH, files_context, is_for_files, keep_files
from desk.conflict import edit_conflict, no_longer, too_late
from desk.entry_kinds import KINDS
from desk.entry_page import Work, entry_context, first_answers, follow_form, with_known_subject
from desk.entry_replaces import NAME, begun_anew, replaced
from desk.inspections import entry_start
from desk.laws.entry_help import Suggestions, is_help, press
from desk.subject_lookup import Lookup
from desk.trail import decision_seen, subject_found
from subjects.lookup import find_by_code
from violations.attachment_services import take_staged
from violations.checks import check_decision
from violations.cleaning import cleaned
from violations.drafts import discard_draft, not_kept, save_draft
from violations.entry_data import RawEntry
from violations.errors import DuplicateNumber, InvalidDecision, StaleVersion, WrongState
from violations.forms import EntryForm
from violations.inputs import DecisionInput
from violations.models import Decision, EntryDraft
from violations.selectors import entry_drafts_of, same_number
from violations.services import edit_decision, record_decision
from violations.warnings import grounds, unexplained, warnings_of
from violations.workflow import Action, allows


@requires(Can.RECORD_DECISION)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, kind: str = "penalties") -> HttpResponseBase:
    """An empty form for one of the three kinds of decision."""
    if kind not in KINDS:
        raise Http404
    officer = current_officer(request)
    raw = begun_anew(request.GET.get(NAME, ""), officer)
    visit = request.GET.get(entry_start.NAME, "")
    raw = raw or entry_start.begun_at_inspection(visit, officer)
    raw = raw or RawEntry(head=first_answers(request.GET, officer))
    return _answer(request, Work(officer, KINDS[kind], raw))


@requires(Can.RECORD_DECISION)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A decision that is not in force yet; what was submitted goes back to draft by an edit."""
    officer = current_officer(request)
    decision = get_object_or_404(
        Decision.objects.visible_to(officer).filter(unit=officer.unit_id), pk=pk
    )
    raw = RawEntry.from_decision(decision)
    return _answer(request, Work(officer, decision.kind, raw, decision=decision))


@requires(Can.RECORD_DECISION)
@require_http_methods(["GET", "POST"])
def draft(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A form that its officer put aside; 404 where it changes what is not theirs any more."""
    officer = current_officer(request)
    row = get_object_or_404(entry_drafts_of(officer).select_related("decision"), pk=pk)
    raw = RawEntry.from_json(row.data)
    return _answer(request, Work(officer, row.kind, raw, draft=row, decision=row.decision))


@require_POST
def discard(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Throw a draft away; nothing on record changes."""
    officer = check(request, Can.RECORD_DECISION)
    row = get_object_or_404(EntryDraft, pk=pk, officer=officer)
    discard_draft(officer=officer, draft=row)
    messages.success(request, "草稿已删除，已登记的内容不受影响。")
    return redirect("desk:decisions")


def _answer(request: HttpRequest, work: Work) -> HttpResponseBase:
    typed = request.method == "POST"
    if typed:
        work.raw = RawEntry.from_post(request.POST)
        follow_form(work, request.POST)
        if is_for_files(request):
            work.draft = _keep(request, work)
            work.refused = keep_files(request, work)
    if work.decision is not None and not allows(work.decision, Action.EDIT, work.officer):
        return _late(request, work, work.decision, typed=typed)
    if not typed:
        if work.decision is not None:
            decision_seen(work.officer, work.decision)
        return _page(request, work, EntryForm(work.kind, work.raw, check=False))
    do = request.POST.get("do", "check")
    if do == "save" or do == ATTACH or do.startswith(DETACH):
        return _save(request, work, do)
    if do == "check":
        return _check(request, work)
    found, focus = None, work.raw.press(do)
    if is_help(do):
        found, focus = press(work.raw, do)
    form = EntryForm(work.kind, work.raw, check=False)
    form.focus_on(focus or "")
    return _page(request, work, form, found)


def _page(
    request: HttpRequest, work: Work, form: EntryForm, suggestions: Suggestions | None = None
) -> HttpResponse:
    form.lines += work.refused
    context = entry_context(work, form) | files_context(work) | {"suggestions": suggestions}
    found: Lookup = context["found"]
    if found.subject:
        subject_found(request, work.officer, found.subject, code=found.code, form=work.key)
    return render(request, "desk/entry.html", context)


def _save(request: HttpRequest, work: Work, do: str) -> HttpResponseBase:
    """Put the form aside, or go on with it after a button about files."""
    if work.refused:
        return _page(request, work, EntryForm(work.kind, work.raw, check=False))
    kept = work.draft if is_for_files(request) else None
    row = kept or _keep(request, work)
    if do != "save":
        return redirect(f"{reverse('desk:entry-draft', kwargs={'pk': row.pk})}#files")
    messages.success(request, "已存为草稿，尚未提交。可从工作台继续录入。")
    return redirect("desk:entry-draft", pk=row.pk)


def _keep(request: HttpRequest, work: Work) -> EntryDraft:
    """What was typed, as a draft of its officer; a note names the boxes with identity numbers."""
    left_out = "、".join(not_kept(work.kind, work.raw))
    if left_out:
        said = f"身份证号码没有存入草稿，其余内容均已保存：{left_out}。请从这些栏目中删去号码。"
        messages.warning(request, said)
    return save_draft(
        officer=work.officer,
        kind=work.kind,
        raw=work.raw,
        key=work.key,
        draft=work.draft,
        decision=work.decision,
    )


def _check(request: HttpRequest, work: Work) -> HttpResponseBase:
    """Record what was typed if it is right, and go on to the page to check it; else say why."""
    form = EntryForm(work.kind, work.raw, check=True)
    subject = find_by_code(work.raw.head.get("credit_code", ""))
    data = with_known_subject(form.to_input(unit_code=work.officer.unit.code), subject)
    faults = check_decision(data, today=today(), submit=True, known_code=subject is not None)
    clean = cleaned(data)
    form.add_faults([*faults, *unexplained(clean, warnings_of(clean, grounds()))])
    twin = same_number(work.officer.unit, data.number, besides=work.decision)
    if twin is not None:
        form.add_error("number", _duplicate(DuplicateNumber(twin), work.officer))
    if form.lines or work.refused:
        return _page(request, work, form)
    try:
        stored = _store(work, data)
    except InvalidDecision as refused:
        form.add_faults(refused.faults)
        return _page(request, work, form)
    except DuplicateNumber as twice:
        form.add_error("number", _duplicate(twice, work.officer))
        return _page(request, work, form)
    except StaleVersion as stale:
        work.draft = _keep(request, work)
        return edit_conflict(request, work, stale)
    except WrongState as late:
        return _late(request, work, late.decision, typed=True)
    return redirect("desk:entry-check", pk=stored.pk)


@transaction.atomic
def _store(work: Work, data: DecisionInput) -> Decision:
    """The decision with the files of its form, whose draft has done its duty; all or nothing."""
    officer, draft = work.officer, work.draft
    if work.decision is None:
        old = replaced(work.raw.head.get(NAME, ""), officer)
        stored = record_decision(officer=officer, data=data, replaces=old)
    else:
        stored = edit_decision(
            officer=officer, decision_id=work.decision.pk, version=work.version, data=data
        )
    if draft is not None:
        take_staged(officer=officer, draft=draft, decision=stored)
        discard_draft(officer=officer, draft=draft)
    return stored


def _duplicate(twice: DuplicateNumber, officer: Officer) -> str:
    """The message with the way to the record that has the number, where the officer may open it."""
    existing, message = twice.existing, twice.message
    if not Decision.objects.visible_to(officer).filter(pk=existing.pk).exists():
        return message
    url = reverse("desk:decision", kwargs={"pk": existing.pk})
    link = format_html('<a href="{}">打开原记录</a>', url)
    before, _, after = message.partition("打开原记录")
    return format_html("{}{}{}", before, link, after)


def _late(request: HttpRequest, work: Work, current: Decision, *, typed: bool) -> HttpResponseBase:
    """The decision admits no change any more; what was typed is kept and shown beside it."""
    if typed:
        work.draft = _keep(request, work)
    if work.draft is not None:
        return too_late(request, work, current)
    messages.warning(request, no_longer(current))
    return redirect("desk:decision", pk=current.pk)
