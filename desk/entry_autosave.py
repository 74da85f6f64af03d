"""The entry form saves itself while it is being typed; that is no activity of the officer.

The page asks with ``X-Background: 1``, so that it keeps no idle session alive, and as a fragment,
so that an ended session is answered with 204 and the address of the sign-in page.
"""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.access import check
from accounts.models import Officer
from accounts.roles import Can
from desk.entry_key import read_key
from desk.entry_kinds import KINDS
from desk.entry_page import Work, follow_form
from violations.drafts import not_kept, save_draft
from violations.entry_data import RawEntry
from violations.models import Decision

CONFLICT = 409


@require_http_methods(["GET", "POST"])
def autosave(request: HttpRequest, kind: str) -> HttpResponse:
    """POST keeps the form as a draft of its officer; GET gives a token after a new sign-in.

    409 where another officer has signed in meanwhile: a draft belongs to who typed it.
    """
    officer = check(request, Can.RECORD_DECISION)
    if kind not in KINDS:
        raise Http404
    if request.method == "GET":
        return JsonResponse({"token": get_token(request)})
    if request.POST.get("typed_by", officer.number) != officer.number:
        return JsonResponse({"said": "other"}, status=CONFLICT)
    if read_key(request.POST) is None:
        return HttpResponseBadRequest()
    raw = RawEntry.from_post(request.POST)
    work = Work(officer, KINDS[kind], raw, decision=_edited(request, officer))
    follow_form(work, request.POST)
    row = save_draft(
        officer=officer,
        kind=work.kind,
        raw=raw,
        key=work.key,
        draft=work.draft,
        decision=work.decision,
        by_itself=True,
    )
    said = f"{timezone.localtime(row.updated_at):%H:%M} 已自动保存"
    left_out = not_kept(work.kind, raw)
    if left_out:
        said += f"，身份证号码除外，请从这里删去：{'、'.join(left_out)}"
    return JsonResponse(
        {
            "said": said,
            "page": reverse("desk:entry-draft", kwargs={"pk": row.pk}),
        }
    )


def _edited(request: HttpRequest, officer: Officer) -> Decision | None:
    """The stored decision that the form changes; 404 for one that is not the officer's to change.

    Its state is not asked for: what was typed is kept, also where it came too late.
    """
    pk = request.POST.get("editing", "")
    if not pk:
        return None
    if not (pk.isascii() and pk.isdigit() and len(pk) < 19):
        raise Http404
    own = Decision.objects.visible_to(officer).filter(unit=officer.unit_id)
    return get_object_or_404(own, pk=pk)
