"""Proofs of an application for credit repair, and what the units bring."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from accounts.access import check
from accounts.roles import Can
from appeals.case_files import REPAIRS, side_of
from appeals.repair_parts import RepairFile
from desk.case_files import add_uploads, handed_out
from desk.repairs.acts import READERS, found


@require_POST
def add(request: HttpRequest, pk: int) -> HttpResponseBase:
    officer = check(request, Can.HANDLE_APPEAL, Can.STATE_FOR_UNIT)
    side = side_of(officer, request.POST.get("side", ""))
    add_uploads(request, officer, REPAIRS, found(officer, pk), side=side)
    return redirect("desk:repair", pk=pk)


@require_safe
def download(request: HttpRequest, pk: int) -> HttpResponseBase:
    officer = check(request, *READERS)
    rows = RepairFile.objects.visible_to(officer).select_related("repair")
    file: RepairFile = get_object_or_404(rows, pk=pk)

    def back() -> HttpResponseBase:
        return redirect("desk:repair", pk=file.repair_id)

    return handed_out(request, officer, REPAIRS, file, file.repair, back)
