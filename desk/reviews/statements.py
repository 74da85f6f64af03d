"""What the office asks a unit about a review, and the unit's word; other units' do not exist."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts.access import current_officer, requires
from accounts.roles import Can
from core import audit
from desk.deadlines import due
from desk.reviews.forms import AnswerForm
from grading.models import ReviewRequest
from grading.review_clock import answer_by
from grading.review_services import answer_for_unit, requests_for
from grading.review_workflow import counted_decisions
from violations.errors import CaseRefused, InvalidDecision

CONFLICT = 409


@requires(Can.STATE_FOR_UNIT)
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, pk: int) -> HttpResponseBase:
    officer = current_officer(request)
    asked = get_object_or_404(requests_for(officer), pk=pk)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 400
        try:
            answer_for_unit(
                officer=officer, request_id=asked.pk, answer=form.values().get("answer", "")
            )
        except InvalidDecision as refused:
            form.add_faults(refused.faults)
        except CaseRefused as late:
            form.add_error(None, late.message)
            status = CONFLICT
        else:
            messages.success(request, "已提交局办公室。")
            return redirect("desk:review-statement", pk=asked.pk)
    else:
        audit.record(actor=officer, action="review.view", target=asked.review)
    return _page(request, asked, form, status)


def _page(
    request: HttpRequest, asked: ReviewRequest, form: AnswerForm, status: int
) -> HttpResponse:
    review = asked.review
    own = counted_decisions(review).filter(unit=asked.unit_id).order_by("-decided_on", "-pk")
    context = {
        "asked": asked,
        "review": review,
        "subject": review.subject,
        "decisions": own[:50],
        "due": due(answer_by(asked)) if asked.is_waiting else None,
        "may_answer": asked.is_waiting and review.is_open,
        "form": form,
        "faults": form.summary() if form.is_bound else [],
    }
    return render(request, "desk/reviews/statement.html", context, status=status)
