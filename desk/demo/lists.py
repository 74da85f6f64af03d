"""List entries on their way, one at each step, so that a new demonstration shows the whole way.

Nothing here counts: published entries come with the cases, whose right grades are known.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from accounts.models import Officer
from core.workdays import working_day_after
from desk.demo.people import OFFICE
from grading.services import regrade
from subjects.models import Subject
from violations.enums import Closing, Hearing, ListKind
from violations.list_closing import propose_closing
from violations.list_conditions import ConditionInput, keep_condition
from violations.list_entries import ListEntryInput
from violations.list_hearing import record_hearing, record_notice, record_objection
from violations.list_notice import notice_days
from violations.list_proposals import Grounds, propose_list_entry
from violations.models import ListCondition, ListEntry

BASIS = "河南省社会信用条例 第二十八条（样例）"
CONDITIONS = {
    ListKind.BLACK: (
        "拒不履行已生效的行政处罚决定，经催告仍不履行的",
        "一年内三次以上受到行政处罚的",
    ),
    ListKind.RED: ("连续三年没有失信记录，并在行业内起示范作用的",),
}
REASONS = {
    ListKind.BLACK: "样例：经催告仍不履行处罚决定。",
    ListKind.RED: "样例：连续三年无失信记录。",
}
LONG_AGO, LATELY = timedelta(days=30), timedelta(days=1)


def make_lists(subject_ids: Sequence[int], *, day: date) -> None:
    """Conditions, and what 410003 proposed: each waits for another step or its second person."""
    if not subject_ids:
        return
    maker = _Maker(Officer.objects.get(number=OFFICE), subject_ids, day)
    black, red = ListKind.BLACK, ListKind.RED
    maker.entry(0, black)
    maker.notified(maker.entry(1, black), day - LATELY)
    maker.notified(maker.entry(2, black), day - LONG_AGO)
    maker.heard(maker.notified(maker.entry(3, black), day - LONG_AGO))
    maker.objected(maker.notified(maker.entry(4, red), day - LATELY))
    maker.notified(maker.entry(5, red), day - LONG_AGO)
    maker.closing()


class _Maker:
    """Takes the steps as the office does."""

    def __init__(self, office: Officer, subject_ids: Sequence[int], day: date) -> None:
        self.office, self.ids, self.day = office, subject_ids, day
        self.conditions = {kind: self._conditions(kind) for kind in CONDITIONS}

    def _conditions(self, kind: ListKind) -> ListCondition:
        made = [
            keep_condition(
                officer=self.office,
                data=ConditionInput(
                    kind.value, words, BASIS, "舞公〔样例〕12号", date(self.day.year - 1, 1, 1)
                ),
                reason="演示数据",
            )
            for words in CONDITIONS[kind]
        ]
        return made[0]

    def entry(self, at: int, kind: ListKind) -> ListEntry:
        subject = Subject.objects.get(pk=self.ids[at % len(self.ids)])
        begins = working_day_after(self.day, notice_days(kind.value) + 1)
        return propose_list_entry(
            officer=self.office,
            data=ListEntryInput(
                list=kind.value,
                credit_code=subject.credit_code,
                name=subject.name,
                listed_on=begins,
                expires_on=begins + timedelta(days=364),
                document=f"舞公信拟〔{self.day.year}〕{901 + at}号",
                legal_basis=BASIS,
                reason=REASONS[kind],
                notified_on=None,
            ),
            grounds=Grounds(self.conditions[kind], "样例：检查记录、催告书各 1 份"),
        )

    def notified(self, entry: ListEntry, on: date) -> ListEntry:
        return record_notice(
            officer=self.office,
            entry_id=entry.pk,
            version=entry.version,
            on=on,
            document=entry.document.replace("拟", "告"),
        )

    def heard(self, entry: ListEntry) -> ListEntry:
        return record_hearing(
            officer=self.office,
            entry_id=entry.pk,
            version=entry.version,
            hearing=Hearing.REJECTED.value,
            on=self.day - LATELY,
            statement="样例：称已与执行机关协商分期履行。",
            reason="样例：执行机关核实，没有分期协议，也没有履行。",
        )

    def objected(self, entry: ListEntry) -> None:
        record_objection(
            officer=self.office,
            entry_id=entry.pk,
            version=entry.version,
            received_on=self.day,
            content="样例：反映该单位上月被责令改正，请核实。",
            document="来函 1 份",
        )

    def closing(self) -> None:
        """A removal that waits for its second person."""
        listed = ListEntry.objects.filter(
            state="published", removed_on__isnull=True, expires_on__gte=self.day
        )
        entry = listed.filter(list=ListKind.BLACK, listed_on__lte=self.day).order_by("pk").first()
        if entry is not None:
            propose_closing(
                officer=self.office,
                entry_id=entry.pk,
                version=entry.version,
                closing=Closing.REMOVAL.value,
                on=self.day,
                reason="样例：已履行全部义务。",
                document="舞公信移〔样例〕1号",
            )
            regrade([entry.subject_id])
