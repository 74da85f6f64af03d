"""The pages of outcomes and corrections, with something to show on each."""

from __future__ import annotations

from collections.abc import Callable

from accounts.roles import Role
from grading.corrections import agree_to_correction, propose_correction
from tests import factories
from tests.browser.world import World
from tests.grading.correcting import PAPER, REASON
from violations.correction_decision import DecisionTarget
from violations.correction_models import Correction
from violations.correction_subjects import MergeTarget, SubjectTarget
from violations.correction_targets import State, Target

Pages = dict[str, int]


def _proposed(about: Target, wanted: State) -> Correction:
    return propose_correction(
        officer=factories.officer(Role.OFFICE),
        target=about,
        wanted=wanted,
        reason=REASON,
        document=PAPER,
    )


def _decision(world: World) -> Correction:
    """The second act becomes a criticism: the grade stays, the counts move."""
    about = DecisionTarget(world.in_force)
    changes = {
        "handler": "王五",
        "violations[1].dispositions": [["criticism", None, ""]],
        "violations[1].deviation_reason": "与决定书原件一致。",
    }
    return _proposed(about, about.state() | changes)


def _carried_out(world: World) -> Correction:
    about = SubjectTarget(world.subjects["N"])
    done = _proposed(about, about.state() | {"principal": "李四"})
    return agree_to_correction(officer=factories.officer(Role.APPROVER), correction_id=done.pk)


def _office(world: World) -> Pages:
    pk, act = world.in_force.pk, world.in_force.violations.first()
    assert act is not None
    contest = world.in_force.contests.get()
    waiting, done = _decision(world), _carried_out(world)
    entry = world.subjects["C"].list_entries.get()
    subject, survivor = world.subjects["N"], world.subjects["B"]
    return {
        "/": 200,
        f"/violations/{pk}/": 200,
        f"/outcomes/decisions/{pk}/contest/": 200,
        f"/outcomes/contests/{contest.pk}/end/": 200,
        f"/outcomes/acts/{act.pk}/revoke/": 200,
        f"/outcomes/decisions/{pk}/revoke/": 200,
        "/corrections/": 200,
        "/corrections/?show=closed": 200,
        f"/corrections/{waiting.pk}/": 200,
        f"/corrections/{done.pk}/": 200,
        f"/corrections/decisions/{pk}/": 200,
        f"/corrections/list-entries/{entry.pk}/": 200,
        f"/corrections/subjects/{subject.pk}/": 200,
        f"/corrections/subjects/{subject.pk}/merge/?code={survivor.credit_code}": 200,
        f"/corrections/subjects/{subject.pk}/merge/?code=XYZ": 400,
    }


def _administrator(world: World) -> Pages:
    about = MergeTarget(world.subjects["A"], world.subjects["B"])
    merger = _proposed(about, about.wanted())
    _carried_out(world)
    agree_to_correction(officer=factories.officer(Role.APPROVER), correction_id=merger.pk)
    survivor = world.subjects["B"].pk
    return {
        f"/corrections/decisions/{world.in_force.pk}/record/": 200,
        f"/corrections/{merger.pk}/": 200,
        f"/subjects/{survivor}/": 200,
        f"/subjects/{survivor}/history/": 200,
        f"/corrections/subjects/{world.subjects['A'].pk}/unmerge/": 200,
    }


CORRECTION_CASES: dict[str, tuple[str, Callable[[World], Pages]]] = {
    "office corrects": (Role.OFFICE, _office),
    "approver decides corrections": (
        Role.APPROVER,
        lambda world: {f"/corrections/{_decision(world).pk}/": 200, "/": 200, "/corrections/": 200},
    ),
    "administrator corrects": (Role.ADMINISTRATOR, _administrator),
}
