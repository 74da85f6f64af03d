"""What the clock asks for: sealing the trail after the commits, and checking it each night."""

from __future__ import annotations

import structlog
from celery import shared_task
from django.conf import settings

from core import audit, audit_anchors, audit_chain
from core.audit_verify import verify

logger = structlog.stdlib.get_logger(__name__)
# The latest rows, within the time limit of a task on a busy machine; the command reads all.
ROWS_A_NIGHT = 300_000


@shared_task
def seal_audit() -> None:
    """Seal the rows of the trail that were committed since the last time."""
    audit_chain.seal()


@shared_task
def verify_audit() -> None:
    """Check the chain, its latest rows and the anchors kept in VAR_DIR; add tonight's anchor.

    A fault is an alarm in the log and stands in the trail itself, for the auditor's page.
    """
    with audit.origin("task verify_audit"):
        audit_chain.seal()
        path = settings.VAR_DIR / "audit-anchors.jsonl"
        present = audit_chain.head()
        after = max(present["last_id"] - ROWS_A_NIGHT, 0) if present else 0
        report = verify(audit_anchors.read(path) if path.exists() else (), rows_after=after)
        audit.record(
            actor=None,
            action="audit.verify",
            details={
                "rows": report.rows,
                "seals": report.links,
                "faults": report.faults,
                "lines": report.lines[:20],
            },
        )
        if report.faults:
            logger.error("the audit trail is not as it was sealed", faults=report.faults)
        else:
            audit_anchors.append(path)
