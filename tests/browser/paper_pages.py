"""The pages of papers for ``test_every_page``, each with something on it."""

from __future__ import annotations

from collections.abc import Callable

from accounts.roles import Role
from core.clock import today
from sanctions.models import PaperBatch
from sanctions.paper_batch_models import BatchState, PaperBatchItem
from sanctions.paper_of_decisions import issue_repair_notice
from sanctions.paper_service import record_service
from sanctions.paper_text_services import draft_text
from tests.browser.world import World
from tests.sanctions.paper_cases import reminder


def _office(world: World) -> dict[str, int]:
    office, organisation = world.officers[Role.OFFICE], world.subjects["C"]
    first = reminder(office, organisation)
    record_service(
        officer=office,
        paper_id=first.pk,
        on=today(),
        way="mail",
        result="returned",
        document="EMS 1",
        remark="退回，原址查无此单位",
    )
    second = reminder(office, organisation, supersedes=first, reason="地址写错，重新出具")
    draft_text(
        officer=office,
        kind="reminder",
        block="closing",
        text="现提醒你单位。",
        reason="按新办法修改",
    )
    batch = PaperBatch.objects.create(officer=office, total=2, done=1, state=BatchState.WORKING)
    PaperBatchItem.objects.create(batch=batch, ordinal=1, paper=second)
    PaperBatchItem.objects.create(batch=batch, ordinal=2, subject=organisation)
    return {
        "/papers/": 200,
        "/papers/?state=waiting&kind=reminder": 200,
        "/papers/?q=zzzz": 200,
        f"/papers/{first.pk}/": 200,
        f"/papers/{second.pk}/": 200,
        f"/papers/subjects/{organisation.pk}/": 200,
        "/papers/texts/": 200,
        "/papers/texts/reminder/closing/": 200,
        f"/papers/batches/{batch.pk}/": 200,
    }


def _recorder(world: World) -> dict[str, int]:
    recorder, decision = world.officers[Role.RECORDER], world.in_force
    paper = issue_repair_notice(officer=recorder, decision=decision)
    return {
        "/papers/": 200,
        f"/papers/{paper.pk}/": 200,
        "/papers/due/": 200,
        f"/violations/{decision.pk}/": 200,
    }


PAPER_CASES: dict[str, tuple[str, Callable[[World], dict[str, int]]]] = {
    "office and its papers": (Role.OFFICE, _office),
    "recorder and repair notices": (Role.RECORDER, _recorder),
}
