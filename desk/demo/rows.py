"""From the papers and entries of a case to rows of the database, not yet written."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random

from django.utils import timezone

from accounts.models import Officer, Unit
from desk.demo.facts import ActMade, Listed, Paper
from desk.demo.names import ACTS, SEALED_ACT, Trade
from desk.demo.people import (
    APPROVER,
    OFFICE,
    RECORDER,
    REVIEWER,
    STATION_RECORDER,
    STATION_REVIEWER,
)
from violations.acts import derived
from violations.enums import Closing, DecisionState, Hearing, ListKind, ListState
from violations.inputs import DispositionInput, ViolationInput
from violations.models import Contest, Decision, ListEntry, Violation
from violations.numbers import number_key

_MARKS = {"penalty": "行罚决字", "order": "责改字", "breach": "承诺认字"}


# What is older was there before the system, and its parties were reminded then.
TOLD_SINCE = timedelta(days=30)


class Rows:
    """Builds rows one by one; numbers papers as it goes. The officers of ``people`` must exist."""

    def __init__(self, seed: int) -> None:
        self.chance = Random(seed + 1)
        self.officers = {one.number: one for one in Officer.objects.all()}
        self.units = {unit.code: unit for unit in Unit.objects.all()}
        self.now: datetime = timezone.now()
        self.number = 0

    def decision(self, subject_id: int, paper: Paper) -> Decision:
        self.number += 1
        at_station = self.number % 4 == 0
        recorder, reviewer = (
            (STATION_RECORDER, STATION_REVIEWER) if at_station else (RECORDER, REVIEWER)
        )
        office = "垭" if at_station else "治"
        year = paper.decided_on.year
        number = f"舞公（{office}）{_MARKS[paper.kind]}〔{year}〕{self.number:05d}号"
        return Decision(
            number=number,
            number_key=number_key(number),
            kind=paper.kind,
            unit_id=self.officers[recorder].unit_id,
            subject_id=subject_id,
            handler="样例民警",
            decided_on=paper.decided_on,
            served_on=paper.decided_on,
            state=DecisionState.IN_FORCE.value,
            recorded_by_id=self.officers[recorder].pk,
            confirmed_by_id=self.officers[reviewer].pk,
            truth_stated=True,
            taken_over=paper.decided_on < timezone.localdate(self.now) - TOLD_SINCE,
            submitted_at=self._entered(paper.decided_on),
            confirmed_at=self._entered(paper.decided_on, more=1),
            created_at=self._entered(paper.decided_on),
        )

    def _entered(self, decided_on: date, more: int = 0) -> datetime:
        """A few days after the decision, for every ninth paper too many; never in the future."""
        days = 14 if self.number % 9 == 0 else 1 + self.number % 7
        noon = datetime.combine(decided_on + timedelta(days=days + more), time(12))
        return min(timezone.make_aware(noon), self.now)

    def violation(
        self, decision: Decision, ordinal: int, act: ActMade, *, name: str, trade: Trade
    ) -> Violation:
        what = SEALED_ACT if act.sealed else ACTS[self.chance.choice(trade.acts)]
        given = ViolationInput(
            field=what.field,
            type=what.type,
            facts=f"经查，{name}{what.type}（样例事实 {ordinal}）。",
            law=what.law,
            article=what.article,
            committed_on=decision.decided_on - timedelta(days=12),
            dispositions=tuple(
                DispositionInput(kind, amount) for kind, amount in treatments_of(act)
            ),
        )
        return Violation(
            decision_id=decision.pk,
            ordinal=ordinal,
            field=given.field,
            type=given.type,
            facts=given.facts,
            law=given.law,
            article=given.article,
            committed_on=given.committed_on,
            repaired_on=act.repaired_on,
            repaired_reason="样例：已纠正，符合修复条件。" if act.repaired_on else "",
            repaired_document="舞公信修〔样例〕号" if act.repaired_on else "",
            repaired_basis="credit_platform:样例" if act.repaired_on else "",
            revoked_on=act.revoked_on,
            revoked_reason="样例：复议决定撤销该项。" if act.revoked_on else "",
            revoked_document="舞政复决〔样例〕号" if act.revoked_on else "",
            revoked_basis="review_organ:样例" if act.revoked_on else "",
            **derived(decision.kind, given),
        )

    def contest(self, decision: Decision, since: date, until: date | None) -> Contest:
        return Contest(
            decision_id=decision.pk,
            contested_from=since,
            contested_until=until,
            document=f"舞政复〔{since.year}〕{decision.pk}号",
            outcome="维持" if until else "",
        )

    def entry(self, subject_id: int, entry: Listed) -> ListEntry:
        self.number += 1
        ended = entry.removed_on is not None
        return ListEntry(
            list=entry.list,
            subject_id=subject_id,
            state=ListState.PUBLISHED.value,
            notified_on=entry.listed_on - timedelta(days=30),
            notice_ends_on=entry.listed_on - timedelta(days=10),
            approved_on=entry.listed_on,
            hearing=Hearing.NONE.value if entry.list == ListKind.BLACK else "",
            listed_on=entry.listed_on,
            expires_on=entry.expires_on,
            removed_on=entry.removed_on,
            document=f"舞公信〔{entry.listed_on.year}〕{self.number}号",
            legal_basis="河南省社会信用条例（样例依据）",
            reason="样例事由",
            # Every third waits for its decision to be issued and served; the rest came with it.
            taken_over=self.number % 3 != 0,
            closing=Closing.REMOVAL.value if ended else "",
            closing_on=entry.removed_on,
            closing_reason="样例：已履行义务，移出名单。" if ended else "",
            closing_document=f"舞公信移〔样例〕{self.number}号" if ended else "",
            closing_proposed_by_id=self.officers[OFFICE].pk if ended else None,
            closing_approved_by_id=self.officers[APPROVER].pk if ended else None,
            proposed_by_id=self.officers[OFFICE].pk,
            approved_by_id=self.officers[APPROVER].pk,
            created_at=self.now,
        )


def treatments_of(act: ActMade) -> Iterator[tuple[str, Decimal | None]]:
    """Each treatment as (kind, amount in yuan)."""
    for treatment in act.treatments:
        yield (treatment, None) if isinstance(treatment, str) else treatment
