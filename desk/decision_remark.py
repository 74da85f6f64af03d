"""The reviewer's remark saves itself while it is typed, as the entry form does."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.access import check
from accounts.roles import Can
from desk.entry_autosave import CONFLICT
from violations.models import Decision
from violations.remark_drafts import keep_remark


@require_http_methods(["GET", "POST"])
def autosave(request: HttpRequest, pk: int) -> HttpResponse:
    """POST keeps the remark, GET gives a token after a new sign-in (``static/autosave.js``).

    409 where another officer has signed in meanwhile: a remark belongs to who typed it.
    """
    officer = check(request, Can.CONFIRM_DECISION, Can.CONFIRM_FOR_ANY_UNIT)
    decision = get_object_or_404(Decision.objects.visible_to(officer), pk=pk)
    if request.method == "GET":
        return JsonResponse({"token": get_token(request)})
    if request.POST.get("typed_by", officer.number) != officer.number:
        return JsonResponse({"said": "other"}, status=CONFLICT)
    row = keep_remark(officer=officer, decision=decision, remark=request.POST.get("remark", ""))
    said = f"{timezone.localtime(row.updated_at):%H:%M} 意见已自动保存" if row else ""
    page = reverse("desk:decision-confirm", kwargs={"pk": decision.pk})
    return JsonResponse({"said": said, "page": page})
