"""The state of the chain: what is sealed, what was checked last, and what was found."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Min
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import check
from accounts.roles import Can
from core import audit
from core.models import AuditEntry, AuditSeal

SHOWN = 20
LATE = timedelta(minutes=10)  # sealing runs twice a minute and waits for writers
CHECK_AGE = timedelta(hours=26)


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The last seals and nightly checks; says in red where one of them is missing or late."""
    officer = check(request, Can.READ_AUDIT)
    seals = list(AuditSeal.objects.defer("marks").order_by("-number")[:SHOWN])
    after = AuditEntry.objects.filter(id__gt=seals[0].last_id if seals else 0)
    oldest = after.aggregate(oldest=Min("at"))["oldest"]
    checks = list(AuditEntry.objects.filter(action="audit.verify").order_by("-at")[:SHOWN])
    now = timezone.now()
    context = {
        "seals": seals,
        "unsealed": after.count(),
        "oldest": oldest,
        "is_late": oldest is not None and now - oldest > LATE,
        "checks": checks,
        "check_is_old": not checks or now - checks[0].at > CHECK_AGE,
    }
    audit.record(actor=officer, action="audit.view", details={"part": "chain"})
    return render(request, "desk/audit_trail/chain.html", context)
