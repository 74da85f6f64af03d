"""Pages of papers, service, quality and of a decision that came back, with something on each."""

from __future__ import annotations

from datetime import timedelta

from accounts.roles import Role
from core.clock import today
from tests import factories
from tests.browser.world import World
from tests.violations import papers
from violations.attachment_files import drop
from violations.attachment_services import attach_file, stage_file, withdraw_attachment
from violations.models import Attachment, Decision
from violations.services import return_decision, submit_decision

Pages = dict[str, int]
REASON = "送达回证今日收到"


def _attach(decision: Decision, content: bytes, kind: str) -> Attachment:
    return attach_file(
        officer=decision.recorded_by,
        decision_id=decision.pk,
        kind=kind,
        upload=papers.upload(content, f"{kind}.pdf"),
        reason=REASON,
    )


def _unserved(world: World) -> Decision:
    """In force, not served, and one of two for what may be one act."""
    made = factories.decision(
        world.subjects["N"],
        recorded_by=world.officers[Role.RECORDER],
        decided_on=today() - timedelta(days=40),
        served_on=None,
    )
    elsewhere = factories.officer(Role.RECORDER, unit=factories.unit("WG-YH", "垭口派出所"))
    factories.decision(made.subject, recorded_by=elsewhere, decided_on=made.decided_on)
    return made


def recorder_pages(world: World) -> Pages:
    unserved = _unserved(world)
    kept = _attach(world.in_force, papers.pdf(3), "paper")
    wrong = _attach(world.in_force, papers.picture("JPEG", (600, 800)), "evidence")
    withdraw_attachment(
        officer=world.officers[Role.RECORDER], attachment_id=wrong.pk, reason="属于另一份决定"
    )
    lost = _attach(world.in_force, papers.pdf(), "other")
    drop(lost.stored)
    stage_file(
        officer=world.officers[Role.RECORDER],
        draft=world.entry_draft,
        kind="paper",
        upload=papers.upload(papers.picture(), "扫描件.png"),
    )
    return {
        "/": 200,
        f"/violations/{world.in_force.pk}/": 200,
        f"/violations/{unserved.pk}/": 200,
        f"/violations/{unserved.pk}/served/": 200,
        f"/violations/{world.in_force.pk}/attachments/": 200,
        f"/violations/drafts/{world.entry_draft.pk}/": 200,
        f"/attachments/{kept.pk}/": 200,
        f"/attachments/{wrong.pk}/": 200,
        f"/attachments/{lost.pk}/": 200,
        "/quality/": 200,
        "/violations/?figure=unserved&period=2026": 200,
    }


def reviewer_pages(world: World) -> Pages:
    """One that was returned once and came back with another file."""
    decision, recorder = world.submitted, world.officers[Role.RECORDER]
    returned = return_decision(
        officer=world.officers[Role.UNIT_REVIEWER],
        decision_id=decision.pk,
        version=decision.version,
        remark="缺决定书扫描件，请补附。",
    )
    _attach(returned, papers.pdf(2), "paper")
    returned.refresh_from_db()
    submit_decision(
        officer=recorder, decision_id=returned.pk, version=returned.version, truth_stated=True
    )
    return {f"/violations/{decision.pk}/confirm/": 200, "/quality/?period=2026-Q1": 200}


def office_pages(world: World) -> Pages:
    _unserved(world)
    return {"/": 200, f"/quality/?period={today().year}": 200, "/quality/?period=2016": 200}
