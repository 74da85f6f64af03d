"""The papers of a decision as a card shows them."""

from __future__ import annotations

from typing import Any

from accounts.models import Officer
from violations.attachment_services import MAX_FILES
from violations.enums import AttachmentKind
from violations.models import Attachment, Decision
from violations.workflow import Action, allows


def files_of(decision: Decision, officer: Officer) -> list[Attachment]:
    """What this officer may open, withdrawn ones last."""
    rows = Attachment.objects.visible_to(officer).filter(decision=decision)
    found = rows.select_related("uploaded_by", "withdrawn_by").order_by("id")
    return sorted(found, key=lambda row: row.is_withdrawn)


def may_attach(decision: Decision, officer: Officer) -> bool:
    return any(allows(decision, a, officer) for a in (Action.ATTACH, Action.ATTACH_LATER))


def card_context(decision: Decision, officer: Officer) -> dict[str, Any]:
    """For ``desk/attachments/_card.html``."""
    return {
        "files": files_of(decision, officer),
        "may_attach": may_attach(decision, officer),
        "may_serve": decision.served_on is None and allows(decision, Action.SERVE, officer),
        "file_kinds": AttachmentKind.choices,
        "max_files": MAX_FILES,
    }
