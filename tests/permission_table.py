"""Who may open which address: one row for each URL name; ``test_permissions.py`` tries them all.

A new address needs one row here, or the test fails. A row says which roles get an answer to GET
and to POST (``None``: the view does not know the method, 405), how to fill the address from the
``World``, and whether another unit's object exists for them. Everybody else gets 403, and who is
not signed in is sent to the sign-in page. The admin site (``admin:``) has one rule of its own and
needs no rows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from accounts.models import Officer, Unit
from accounts.roles import ROLE_TABLE, Can, Role
from subjects.models import Subject
from tests import factories
from violations.enums import DecisionState
from violations.models import Decision, EntryDraft, ListEntry

ANONYMOUS = "anonymous"
NO_ROLE = "no_role"
ROLES: tuple[str, ...] = tuple(role.value for role in Role)
SIGNED_IN = frozenset({*ROLES, NO_ROLE})
ANYBODY = SIGNED_IN | {ANONYMOUS}
UNIT_SCOPED: frozenset[str] = frozenset({Role.RECORDER.value, Role.UNIT_REVIEWER.value})


def who_may(*any_of: Can) -> frozenset[str]:
    """The roles that may do at least one of ``any_of``."""
    return frozenset(role.value for role in Role if ROLE_TABLE[role].intersection(any_of))


@dataclass(frozen=True)
class World:
    """What the addresses are filled with. ``home`` is the unit of every officer but the office's.

    ``decision`` is in force, ``submitted`` waits for ``home``'s reviewer, ``draft`` is the
    recorder's; ``foreign*`` are the same of another unit, about the same organisation.
    """

    home: Unit
    other: Unit
    officers: dict[str, Officer]
    subject: Subject
    decision: Decision
    submitted: Decision
    draft: Decision
    entry_draft: EntryDraft
    foreign: Decision
    foreign_submitted: Decision
    foreign_entry_draft: EntryDraft
    list_entry: ListEntry


Kwargs = Callable[[World], dict[str, Any]]


def nothing(world: World) -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class Row:
    """One address.

    ``hidden`` are roles for whom the object of ``kwargs`` does not exist (404, not 403).
    ``foreign`` fills the address with another unit's object: 404 for the roles of ``scoped`` that
    the row otherwise admits. ``data`` is what a POST carries; ``query`` what a GET carries.
    """

    get: frozenset[str] | None
    post: frozenset[str] | None = None
    kwargs: Kwargs = nothing
    hidden: frozenset[str] = frozenset()
    foreign: Kwargs | None = None
    scoped: frozenset[str] = UNIT_SCOPED
    data: dict[str, str] = field(default_factory=dict)
    query: dict[str, str] = field(default_factory=dict)


def build_world() -> World:
    home, other = factories.unit("WG-ZA", "治安管理大队"), factories.unit("WG-YH", "垭口派出所")
    office = factories.unit("WG-OFFICE", "局办公室", is_office=True)
    officers = {
        role: factories.officer(role, unit=office if role == Role.OFFICE else home)
        for role in ROLES
    }
    officers[NO_ROLE] = factories.officer(unit=home)
    recorder = officers[Role.RECORDER]
    elsewhere = factories.officer(Role.RECORDER, unit=other)
    subject = factories.subject()

    def made(unit: Unit, by: Officer, state: str) -> Decision:
        return factories.decision(subject, unit, state=state, recorded_by=by)

    return World(
        home=home,
        other=other,
        officers=officers,
        subject=subject,
        decision=made(home, recorder, DecisionState.IN_FORCE),
        submitted=made(home, recorder, DecisionState.SUBMITTED),
        draft=made(home, recorder, DecisionState.DRAFT),
        entry_draft=EntryDraft.objects.create(officer=recorder, kind="penalty"),
        foreign=made(other, elsewhere, DecisionState.IN_FORCE),
        foreign_submitted=made(other, elsewhere, DecisionState.SUBMITTED),
        foreign_entry_draft=EntryDraft.objects.create(officer=elsewhere, kind="penalty"),
        list_entry=factories.list_entry(subject),
    )


RECORDS = who_may(Can.RECORD_DECISION)
READS_DECISIONS = who_may(Can.RECORD_DECISION, Can.CONFIRM_DECISION, Can.SEE_ALL_DECISIONS)

TABLE: dict[str, Row] = {
    # asked by supervisors and monitoring
    "healthz": Row(get=ANYBODY),
    "readyz": Row(get=ANYBODY),
    "metrics": Row(get=ANYBODY),  # from this machine; see tests/ops/test_metrics.py
    # accounts
    "accounts:sign-in": Row(get=ANYBODY, post=ANYBODY),
    "accounts:sign-out": Row(get=None, post=ANYBODY),
    "accounts:change-password": Row(get=SIGNED_IN, post=SIGNED_IN),
    # desk
    "desk:workbench": Row(get=SIGNED_IN),
    "desk:subjects": Row(get=who_may(Can.SEE_REGISTER)),
    "desk:subjects-export": Row(
        get=who_may(Can.EXPORT_REGISTER),
        post=who_may(Can.EXPORT_REGISTER),
        data={"purpose": "检查抽取名单"},
    ),
    "desk:subject-create": Row(get=who_may(Can.EDIT_SUBJECT), post=who_may(Can.EDIT_SUBJECT)),
    "desk:subject-edit": Row(
        get=who_may(Can.EDIT_SUBJECT),
        post=who_may(Can.EDIT_SUBJECT),
        kwargs=lambda world: {"pk": world.subject.pk},
    ),
    "desk:subject-lookup": Row(get=who_may(Can.RECORD_DECISION, Can.EDIT_SUBJECT)),
    "desk:subject": Row(
        get=who_may(Can.SEE_REGISTER), kwargs=lambda world: {"pk": world.subject.pk}
    ),
    "desk:subject-history": Row(
        get=who_may(Can.SEE_REGISTER), kwargs=lambda world: {"pk": world.subject.pk}
    ),
    "desk:subject-status": Row(
        get=who_may(Can.SEE_REGISTER), kwargs=lambda world: {"pk": world.subject.pk}
    ),
    "desk:set-aside": Row(get=who_may(Can.ADMINISTER)),
    "desk:set-aside-again": Row(
        get=None,
        post=who_may(Can.ADMINISTER),
        kwargs=lambda world: {"pk": world.subject.pk},
    ),
    # desk: entry, confirmation and reading of decisions
    "desk:decisions": Row(get=READS_DECISIONS),
    "desk:decision": Row(
        get=READS_DECISIONS,
        kwargs=lambda world: {"pk": world.decision.pk},
        foreign=lambda world: {"pk": world.foreign.pk},
    ),
    "desk:entry": Row(get=RECORDS, post=RECORDS, kwargs=lambda world: {"kind": "penalties"}),
    "desk:entry-preview": Row(get=None, post=RECORDS, kwargs=lambda world: {"kind": "penalties"}),
    "desk:entry-autosave": Row(
        get=RECORDS,
        post=RECORDS,
        kwargs=lambda world: {"kind": "penalties"},
        data={"draft_key": "0e8d5c3a-3f5b-4d0e-9a53-7f6f2a1c9b10"},
    ),
    "desk:entry-draft": Row(
        get=RECORDS,
        post=RECORDS,
        kwargs=lambda world: {"pk": world.entry_draft.pk},
        foreign=lambda world: {"pk": world.foreign_entry_draft.pk},
    ),
    "desk:entry-discard": Row(
        get=None,
        post=RECORDS,
        kwargs=lambda world: {"pk": world.entry_draft.pk},
        foreign=lambda world: {"pk": world.foreign_entry_draft.pk},
    ),
    "desk:entry-edit": Row(
        get=RECORDS,
        post=RECORDS,
        kwargs=lambda world: {"pk": world.draft.pk},
        foreign=lambda world: {"pk": world.foreign.pk},
    ),
    "desk:entry-check": Row(
        get=RECORDS,
        post=RECORDS,
        kwargs=lambda world: {"pk": world.draft.pk},
        foreign=lambda world: {"pk": world.foreign.pk},
    ),
    "desk:decision-withdraw": Row(
        get=None,
        post=RECORDS,
        kwargs=lambda world: {"pk": world.draft.pk},
        foreign=lambda world: {"pk": world.foreign.pk},
    ),
    # the office confirms only where the unit has nobody free: home has its reviewer
    "desk:decision-confirm": Row(
        get=frozenset({Role.UNIT_REVIEWER.value}),
        post=frozenset({Role.UNIT_REVIEWER.value}),
        kwargs=lambda world: {"pk": world.submitted.pk},
        foreign=lambda world: {"pk": world.foreign_submitted.pk},
    ),
}
