"""The workbench: what waits for this officer, what came back, what changed this week."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.access import current_officer


def show(request: HttpRequest) -> HttpResponse:
    return render(request, "desk/workbench.html", {"officer": current_officer(request)})
