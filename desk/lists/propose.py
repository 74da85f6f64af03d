"""Proposing an entry, changing a proposal, and the entry that renews another (3-A, 3-C)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts.access import check
from accounts.roles import Can
from core import audit
from core.clock import today
from core.workdays import deadline_after
from desk.lists.forms import ProposalForm
from desk.lists.preview import Shown, listing_preview
from subjects.models import Subject
from subjects.services import DuplicateSubject
from violations.enums import ListKind, ListState
from violations.errors import CaseRefused, InvalidDecision
from violations.list_entries import ListEntryInput
from violations.list_notice import notice_days
from violations.list_proposals import (
    Grounds,
    edit_list_entry,
    first_day_of_renewal,
    propose_list_entry,
)
from violations.models import ListCondition, ListEntry
from violations.organisations import known

CONFLICT = 409
_DATA = (
    "list",
    "credit_code",
    "name",
    "listed_on",
    "expires_on",
    "document",
    "legal_basis",
    "reason",
)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponseBase:
    """提出列入: preview first, then the proposal."""
    officer = check(request, Can.PROPOSE_LIST_ENTRY)
    renews = _renewed(request)
    kind = ListKind.RED if renews else _kind(request)
    form = _form(request, kind, _first(request, kind, renews))
    if request.method == "POST" and request.POST.get("do") == "propose" and form.is_valid():
        try:
            entry = propose_list_entry(
                officer=officer, data=_data(form), grounds=_grounds(form, renews)
            )
        except InvalidDecision as refused:
            form.add_faults(refused.faults)
        except DuplicateSubject as twice:
            form.add_error("credit_code", str(twice))
        else:
            messages.success(request, "已提出，待局办公室告知（公示）并登记。")
            return redirect("desk:list-entry", pk=entry.pk)
    return _page(request, form, kind, {"renews": renews})


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Change a proposal; notice has to be repeated then, and the page says so."""
    officer = check(request, Can.PROPOSE_LIST_ENTRY)
    visible = ListEntry.objects.visible_to(officer).select_related("subject", "renews")
    entry = get_object_or_404(visible, pk=pk)
    if entry.state != ListState.PROPOSED:
        messages.warning(request, f"该条目{entry.get_state_display()}，不能修改。")
        return redirect("desk:list-entry", pk=pk)
    if request.method != "POST":
        audit.record(actor=officer, action="list_entry.view", target=entry)
    form = _form(request, entry.list, _present(entry))
    for name in ("list", "credit_code", "name"):
        del form.fields[name]
    status = 200
    if request.method == "POST" and request.POST.get("do") == "propose" and form.is_valid():
        data = _data(form, entry)
        try:
            edit_list_entry(
                officer=officer,
                entry_id=pk,
                version=form.cleaned_data["version"] or 0,
                data=data,
                grounds=_grounds(form, entry.renews),
            )
        except InvalidDecision as refused:
            form.add_faults(refused.faults)
        except CaseRefused as late:
            form.add_error(None, late.message)
            status = CONFLICT
        else:
            messages.success(request, "已修改。内容有变，须重新告知（公示）。")
            return redirect("desk:list-entry", pk=pk)
    return _page(request, form, entry.list, {"entry": entry, "renews": entry.renews}, status)


def _form(request: HttpRequest, kind: str, first: dict[str, Any]) -> ProposalForm:
    form = ProposalForm(request.POST if request.method == "POST" else None, initial=first)
    valid = ListCondition.objects.valid_on(today()).filter(list=kind)
    form.fields["condition"].queryset = valid  # type: ignore[attr-defined]
    form.fields["list"].disabled = True  # chosen before: conditions and periods depend on it
    form.fields["list"].initial = kind
    return form


def _kind(request: HttpRequest) -> str:
    given = request.POST.get("list") or request.GET.get("list", "")
    return given if given in ListKind.values else ListKind.BLACK.value


def _renewed(request: HttpRequest) -> ListEntry | None:
    given = request.POST.get("renews") or request.GET.get("renews", "")
    if not given.isdecimal() or len(given) > 18:
        return None
    published = ListEntry.objects.filter(list=ListKind.RED, state=ListState.PUBLISHED)
    found: ListEntry | None = published.select_related("subject").filter(pk=int(given)).first()
    return found


def _first(request: HttpRequest, kind: str, renews: ListEntry | None) -> dict[str, Any]:
    """What is known already: the organisation, and a first day after the period."""
    first: dict[str, Any] = {"listed_on": _after_notice(kind)}
    subject = renews.subject if renews else _subject(request)
    if subject is not None:
        first |= {"credit_code": subject.credit_code, "name": subject.name}
    if renews is not None:
        begins = first_day_of_renewal(renews)
        first |= {
            "listed_on": max(begins, first["listed_on"]),
            "condition": renews.condition_id,
            "legal_basis": renews.legal_basis,
        }
    return first


def _after_notice(kind: str) -> date:
    """The day on which an entry might begin if notice were given today."""
    ends = deadline_after(today(), notice_days(kind) + 1)
    return ends.day


def _subject(request: HttpRequest) -> Subject | None:
    given = request.GET.get("subject", "")
    if not given.isdecimal() or len(given) > 18:
        return None
    return Subject.objects.surviving().filter(pk=int(given)).first()


def _present(entry: ListEntry) -> dict[str, Any]:
    names = ("legal_basis", "reason", "evidence", "document", "listed_on", "expires_on", "version")
    return {"condition": entry.condition_id, **{name: getattr(entry, name) for name in names}}


def _data(form: ProposalForm, entry: ListEntry | None = None) -> ListEntryInput:
    values = form.values()
    if entry is not None:
        values |= {
            "list": entry.list,
            "credit_code": entry.subject.credit_code,
            "name": entry.subject.name,
        }
    condition = values.get("condition")
    if isinstance(condition, ListCondition) and not values["legal_basis"].strip():
        values["legal_basis"] = condition.legal_basis
    if not values["name"].strip() and (there := known(values["credit_code"])) is not None:
        values["name"] = there.name
    return ListEntryInput(**{name: values[name] for name in _DATA}, notified_on=None)


def _grounds(form: ProposalForm, renews: ListEntry | None) -> Grounds:
    values = form.values()
    return Grounds(values["condition"] or None, values["evidence"], renews)


def _page(
    request: HttpRequest,
    form: ProposalForm,
    kind: str,
    context: dict[str, Any],
    status: int = 200,
) -> HttpResponse:
    entry: ListEntry | None = context.get("entry")
    faults = form.summary() if form.is_bound else []
    shown = {
        **context,
        "form": form,
        "kind": kind,
        "list_name": ListKind(kind).label,
        "kinds": ListKind.choices,
        "days": notice_days(kind),
        "faults": faults,
        "preview": _preview(form, kind, entry),
    }
    return render(
        request,
        "desk/lists/propose.html",
        shown,
        status=400 if faults and status == 200 else status,
    )


def _preview(form: ProposalForm, kind: str, entry: ListEntry | None) -> Shown | None:
    """What the listing would do, once its days can be read; nothing is written."""
    values = form.values() if form.is_bound else form.initial
    begins, ends = values.get("listed_on"), values.get("expires_on")
    if not isinstance(begins, date) or not isinstance(ends, date) or ends < begins:
        return None
    subject = entry.subject if entry else known(values.get("credit_code", ""))
    return listing_preview(subject, list_kind=kind, listed_on=begins, expires_on=ends)
