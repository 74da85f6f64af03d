"""An application at the desk: which records, when each may be repaired, what came with it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts.access import check
from accounts.roles import Can
from appeals.repair_clocks import clocks
from appeals.repair_filing import Application, receive, records_to_choose
from appeals.repair_view import imposed
from core import audit
from core.clock import today
from desk.clock_words import clock_words
from desk.repairs.forms import ApplicationForm
from grading.selectors import view
from subjects.models import Subject
from violations.errors import InvalidDecision

LONGEST = 19


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, pk: int) -> HttpResponseBase:
    """登记信用修复申请."""
    officer = check(request, Can.HANDLE_APPEAL)
    subject = get_object_or_404(Subject, pk=pk)
    if subject.merged_into_id:
        return redirect("desk:repair-new", pk=subject.survivor_id)
    posted = request.method == "POST"
    form = ApplicationForm(request.POST if posted else None, initial={"received_on": today()})
    chosen = [
        int(one)
        for one in request.POST.getlist("violation") or request.GET.getlist("violation")
        if one.isdecimal() and len(one) < LONGEST
    ]
    status = 200
    if posted:
        status = 400
        try:
            if form.is_valid():
                values = form.values()
                values["commitment_public"] = bool(values["commitment_public"])
                data = Application(subject_id=subject.pk, violation_ids=chosen, **values)
                repair = receive(officer=officer, data=data)
                messages.success(request, f"已登记 {repair.number}。请在受理期限内决定是否受理。")
                return redirect("desk:repair", pk=repair.pk)
        except InvalidDecision as refused:
            form.add_faults(refused.faults)
    else:
        audit.record(actor=officer, action="subject.view", target=subject)
    acts, day = records_to_choose(subject), today()
    known = clocks(acts, day)
    rows = [
        (
            act,
            imposed(act.dispositions.all()),
            clock_words(known[act.pk], act),
            known[act.pk].repair_from,
        )
        for act in acts
        if act.pk in known
    ]
    context = {
        "subject": subject,
        "form": form,
        "rows": rows,
        "chosen": chosen,
        "today": day,
        "faults": form.summary() if posted else [],
        "grade": view(subject.pk).now.decided.grade,
    }
    return render(request, "desk/repairs/new.html", context, status=status)
