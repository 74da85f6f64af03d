"""As known then and as known now, from real services, and what moved between them in a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine

from accounts.roles import Role
from grading import replay
from grading.difference_words import sentence
from grading.models import GradeChange, RuleSet
from grading.replay import Compared, Snapshot, compare, snapshots, stored_at
from grading.services import regrade
from subjects.models import Subject
from tests import factories
from tests.grading.worked_cases import d
from violations.enums import DecisionState, ListKind, ListState
from violations.models import Decision, Factor, Violation

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("Asia/Shanghai")


@contextmanager
def on(day: str) -> Iterator[None]:
    with time_machine.travel(
        datetime.fromisoformat(f"{day}T10:00").replace(tzinfo=ZONE), tick=False
    ):
        yield


def moment(day: str, clock: str = "12:00") -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=ZONE)


def name(what: str, pk: int) -> str:
    return {"act": "记录", "entry": "条目", "signal": "因素"}[what]


def said(found: Compared) -> str:
    return sentence(found.before.now, found.after.now, found.reasons, name)


def between(subject: Subject, first: tuple[str, str | None], second: tuple[str, str | None]) -> str:
    asked = [(d(day), moment(known) if known else None) for day, known in (first, second)]
    before, after = snapshots(subject.pk, asked)
    return said(compare(before, after))


def fined(day: str, subject: Subject | None = None) -> Decision:
    with on(day):
        return factories.decision(subject, decided_on=d(day), acts=[[("fine", 20_000)]])


def act_of(decision: Decision) -> Violation:
    found: Violation = decision.violations.get()
    return found


# --- one sentence for each reason ---------------------------------------------------------------


def test_left_the_window() -> None:
    subject = fined("2025-03-05").subject
    assert between(subject, ("2026-03-05", None), ("2026-03-06", None)) == (
        "B 一般失信 → 未定级：记录 2026-03-06 移出一年窗口；其余没有变化"
    )


def test_nothing() -> None:
    subject = fined("2025-03-05").subject
    assert between(subject, ("2025-04-01", "2025-04-01"), ("2025-06-01", None)) == (
        "仍为 B 一般失信：没有变化"
    )


def test_revoked() -> None:
    decision = fined("2025-03-05")
    with on("2025-05-01"):
        act = act_of(decision)
        act.revoked_on = d("2025-05-01")
        act.save()
    same_day = ("2025-04-01", "2025-04-01"), ("2025-04-01", None)
    assert between(decision.subject, *same_day) == ("B 一般失信 → 未定级：记录已撤销；其余没有变化")


def test_repaired() -> None:
    decision = fined("2025-03-05")
    with on("2025-08-01"):
        act = act_of(decision)
        act.repaired_on = d("2025-08-01")
        act.save()
    assert between(decision.subject, ("2025-07-31", None), ("2026-04-01", None)) == (
        "B 一般失信 → 未定级：记录 2025-08-01 信用修复；其余没有变化"
    )


def test_contested_and_the_contest_over() -> None:
    decision = fined("2025-03-05")
    with on("2025-04-10"):
        contest = factories.contest(decision, d("2025-04-08"))
    with on("2025-06-10"):
        contest.contested_until = d("2025-06-01")
        contest.save()
    subject = decision.subject
    assert between(subject, ("2025-04-07", None), ("2025-05-01", None)) == (
        "B 一般失信 → 未定级：记录 2025-04-08 起处于复议诉讼期间；其余没有变化"
    )
    assert between(subject, ("2025-06-05", "2025-06-05"), ("2025-06-05", None)) == (
        "未定级 → B 一般失信：记录复议诉讼结束，恢复计入；其余没有变化"
    )


def test_a_new_record_and_one_recorded_late() -> None:
    decision = fined("2025-03-05")
    subject = decision.subject
    assert between(subject, ("2025-03-01", "2025-03-01"), ("2025-04-01", None)) == (
        "未定级 → B 一般失信：记录新增（2025-03-05 决定）；其余没有变化"
    )
    with on("2025-09-01"):
        late = factories.decision(decided_on=d("2025-06-01"))
    assert between(late.subject, ("2025-07-01", "2025-07-01"), ("2025-07-01", None)) == (
        "未定级 → B 一般失信：记录补录；其余没有变化"
    )


def test_confirmed_late_counts_from_its_own_day() -> None:
    with on("2025-03-06"):
        decision = factories.decision(decided_on=d("2025-03-05"), state=DecisionState.SUBMITTED)
    with on("2025-03-20"):
        decision.state = DecisionState.IN_FORCE
        decision.confirmed_by = factories.officer(Role.UNIT_REVIEWER)
        decision.save()
    assert between(decision.subject, ("2025-03-10", "2025-03-10"), ("2025-03-10", None)) == (
        "未定级 → B 一般失信：记录审核生效；其余没有变化"
    )


def test_corrected_in_kind_and_in_its_date() -> None:
    decision = fined("2025-03-05")
    with on("2025-04-01"):
        act = act_of(decision)
        act.amount_fen = 600_000_00
        act.save()
    same_day = ("2025-03-20", "2025-03-20"), ("2025-03-20", None)
    assert between(decision.subject, *same_day) == (
        "B 一般失信 → B 一般失信（达到上限）：记录经更正；其余没有变化"
    )
    other = fined("2025-03-05")
    with on("2025-04-01"):
        other.decided_on = d("2023-03-05")
        other.save()
    assert between(other.subject, *same_day) == "B 一般失信 → 未定级：记录经更正；其余没有变化"


def test_withdrawn() -> None:
    decision = fined("2025-03-05")
    with on("2025-05-01"):
        decision.state = DecisionState.WITHDRAWN
        decision.save()
    assert between(decision.subject, ("2025-04-01", "2025-04-01"), ("2025-04-01", None)) == (
        "B 一般失信 → 未定级：记录所在决定已作废；其余没有变化"
    )


def test_list_entries_and_factors() -> None:
    with on("2025-03-01"):
        entry = factories.list_entry(
            None, ListKind.BLACK, d("2025-03-01"), d("2026-02-28"), state=ListState.PUBLISHED
        )
        subject = entry.subject
        factor = Factor.objects.create(
            subject=subject, kind="discipline_list", scheme="失信惩戒名单", value="列入",
            source="市信用办", in_force_from=d("2025-03-01"), recorded_by=factories.officer(),
        )  # fmt: skip
    with on("2025-06-01"):
        entry.removed_on = d("2025-06-01")
        entry.closing, entry.closing_proposed_by = "removal", entry.proposed_by
        entry.closing_approved_by = factories.officer(Role.APPROVER)
        entry.save()
        factor.revoked_on = d("2025-06-01")
        factor.save()
    assert between(subject, ("2025-05-31", "2025-05-31"), ("2025-06-02", None)) == (
        "C 严重失信 → 未定级：条目 2025-06-01 移出；因素不在有效期内；其余没有变化"
    )
    assert between(subject, ("2025-02-01", "2025-02-01"), ("2025-03-10", "2025-05-31")) == (
        "未定级 → C 严重失信：条目 2025-03-01 列入；因素在有效期内；其余没有变化"
    )
    with on("2025-07-01"):
        entry.state = ListState.REVOKED
        entry.save()
    assert between(subject, ("2025-04-01", "2025-05-31"), ("2025-04-01", None)) == (
        "C 严重失信 → 未定级：条目已撤销；因素不在有效期内；其余没有变化"
    )


def test_merged_and_parted_again() -> None:
    decision = fined("2025-03-05")
    merged = decision.subject
    with on("2025-01-01"):
        survivor = factories.subject()
    with on("2025-05-01"):
        merged.merged_into = survivor
        merged.save()
    assert between(survivor, ("2025-04-01", "2025-04-01"), ("2025-04-01", None)) == (
        "未定级 → B 一般失信：记录因并档计入本档案；其余没有变化"
    )
    then, _ = snapshots(
        merged.pk, [(d("2025-04-01"), moment("2025-04-01")), (d("2025-04-01"), None)]
    )
    assert then.now.decided.grade == "B"
    with on("2025-08-01"):
        merged.merged_into = None
        merged.save()
    assert between(survivor, ("2025-06-01", "2025-06-01"), ("2025-06-01", None)) == (
        "B 一般失信 → 未定级：记录归另一档案计算；其余没有变化"
    )


def test_another_rule_set() -> None:
    decision = fined("2025-03-05")
    with on("2025-05-20"):
        RuleSet.objects.create(
            name="2025 修订", effective_from=d("2025-06-01"), approved_on=d("2025-05-20"),
            penalty_limit=1,
        )  # fmt: skip
    subject = decision.subject
    assert between(subject, ("2025-05-31", None), ("2025-06-01", None)) == (
        "B 一般失信 → B 一般失信（达到上限）：规则版本由“舞公〔2021〕394号”改为“2025 修订”；"
        "其余没有变化"
    )
    # Of a forecast made before the approval, of that very day too, it is not known.
    day = d("2025-06-01")
    asked = [moment("2025-05-20", "09:00"), moment("2025-05-20", "11:00")]
    early, late = snapshots(subject.pk, [(day, known) for known in asked])
    assert early.now.rules is not None
    assert late.now.rules is not None
    assert (early.now.rules.name, late.now.rules.name) == ("舞公〔2021〕394号", "2025 修订")


def test_before_the_regulation_and_before_the_first_history() -> None:
    subject = fined("2025-03-05").subject
    assert between(subject, ("2021-06-01", "2021-06-01"), ("2022-06-01", None)).startswith(
        "未定级（制度尚未施行） → 未定级：2022-01-01 起施行规则版本"
    )
    before = snapshots(subject.pk, [(d("2024-01-01"), moment("2024-01-01"))])[0]
    assert before.now.decided.grade == ""
    assert before.records.acts == {}


# --- what was written down then -----------------------------------------------------------------


def test_the_replay_gives_what_was_written_down_then() -> None:
    subject = fined("2025-03-05").subject
    with on("2025-03-05"):
        regrade([subject.pk])
    fined("2025-04-05", subject)
    with on("2025-04-05"):
        regrade([subject.pk])
    with on("2025-05-01"):
        act = act_of(subject.decisions.order_by("pk")[0])
        act.revoked_on = d("2025-05-01")
        act.save()
        regrade([subject.pk])
    assert GradeChange.objects.count() == 3
    for change in GradeChange.objects.all():
        then = snapshots(subject.pk, [(change.effective_on, change.at)])[0]
        assert stored_at(subject.pk, change.at) == change
        decided = then.now.decided
        assert (change.grade, change.clauses.split()) == (decided.grade, list(decided.clauses))
        assert change.counted == list(then.now.counted)
        assert (change.penalties, change.amount_fen) == (
            then.now.counts.penalties,
            then.now.counts.amount_fen,
        )


def test_a_moment_is_read_once_however_many_days(django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    subject = fined("2025-03-05").subject
    for month in range(4, 9):
        fined(f"2025-{month:02}-05", subject)
    known = moment("2025-12-01")
    asked: list[tuple[date, datetime | None]] = [(d("2025-09-01"), known), (d("2025-10-01"), known)]
    with django_assert_max_num_queries(26):
        found: list[Snapshot] = replay.snapshots(
            subject.pk, [*asked, (d("2025-09-01"), None), (d("2025-11-01"), None)]
        )
    assert [one.now.counts.penalties for one in found] == [6, 6, 6, 6]
