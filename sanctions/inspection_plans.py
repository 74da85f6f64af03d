"""Plans: the pool is frozen by one person and drawn by another, once (4-A-2, 4-B-1, 4-C-2)."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import Officer, Unit
from accounts.roles import Can
from core import audit
from core.bulk import create_facts
from core.clock import today
from core.fast_insert import insert_rows
from sanctions.inspection_conflicts import conflicts_of
from sanctions.inspection_draw import PER_VISIT, Pool, digest, draw, seed_of
from sanctions.inspection_enums import Group, PlanKind, PlanState, Reason
from sanctions.inspection_models import Inspection
from sanctions.inspection_plan_models import InspectionPlan, PoolInspector, PoolMember
from sanctions.inspection_pool import Gathered, gather
from subjects.enums import Industry
from violations.checks_of_texts import text
from violations.cleaning import one_line
from violations.errors import CaseChanged, CaseRefused, InvalidDecision, NotAllowed
from violations.inputs import Fault
from violations.writing import save_as

LONGEST_PERIOD = timedelta(days=366)
SECRET_BYTES = 32
SHORTEST_WORD, LONGEST_WORD = 4, 64


@dataclass(frozen=True, slots=True)
class PlanInput:
    """A plan as handed in; ``percent`` and ``document`` are asked of a campaign alone."""

    name: str
    kind: str
    unit_code: str
    starts_on: date | None
    ends_on: date | None
    everywhere: bool = False
    industries: tuple[str, ...] = ()
    document: str = ""
    percent: str = ""

    def cleaned(self) -> PlanInput:
        """A routine plan has neither paper nor ratio of its own, whatever was typed."""
        campaign = self.kind == PlanKind.CAMPAIGN
        return replace(
            self,
            name=one_line(self.name),
            document=one_line(self.document) if campaign else "",
            percent=self.percent.strip().rstrip("%％") if campaign else "",
            industries=tuple(sorted(set(self.industries))),
        )


def preview_plan(*, officer: Officer, data: PlanInput) -> Gathered:
    """The pool as it would be frozen now; writes nothing. Raises NotAllowed, InvalidDecision."""
    _require_planner(officer)
    data = data.cleaned()
    unit = Unit.objects.filter(code=data.unit_code, is_active=True).first()
    faults = list(_faults(data, unit))
    if faults or unit is None:
        raise InvalidDecision(faults)
    gathered = gather(
        unit=unit,
        everywhere=data.everywhere,
        industries=list(data.industries),
        kind=data.kind,
        percent=int(data.percent or 0),
        planner=officer,
        day=today(),
    )
    if not gathered.members:
        message = "没有符合范围和行业的存续对象。请扩大范围或另选行业。"
        raise InvalidDecision([Fault("industries", "empty", message)])
    if len(gathered.inspectors) < PER_VISIT:
        message = f"{unit.name}能参加检查的民警不足 {PER_VISIT} 人（制定人除外）。请另选检查单位。"
        raise InvalidDecision([Fault("unit_code", "too_few", message)])
    return gathered


@transaction.atomic
def freeze_plan(*, officer: Officer, data: PlanInput) -> InspectionPlan:
    """Make a plan: its pool stands from now on, and a secret that nobody is shown before the draw.

    Raises NotAllowed, InvalidDecision.
    """
    gathered = preview_plan(officer=officer, data=data)
    data = data.cleaned()
    assert data.starts_on is not None  # checked, as is the next
    assert data.ends_on is not None
    secret = secrets.token_hex(SECRET_BYTES)
    plan = InspectionPlan(
        name=data.name,
        kind=data.kind,
        document=data.document,
        unit=Unit.objects.get(code=data.unit_code),
        everywhere=data.everywhere,
        industries=list(data.industries),
        starts_on=data.starts_on,
        ends_on=data.ends_on,
        percents=dict(gathered.pool.percents),
        conflicts=sorted([code, number] for code, number in gathered.pool.conflicts),
        pool_sha256=gathered.pool.sha256(),
        commitment=digest(secret),
        secret=secret,
        planned_by=officer,
    )
    save_as(officer, plan, reason="封存名册")
    insert_rows(
        PoolMember,
        ["plan_id", "subject_id", "credit_code", "name", "grade", "group"],
        (
            (plan.pk, one.subject_id, one.credit_code, one.name, one.grade, one.group)
            for one in gathered.members
        ),
    )
    insert_rows(
        PoolInspector,
        ["plan_id", "officer_id", "number"],
        ((plan.pk, pk, number) for number, pk in sorted(gathered.inspectors.items())),
    )
    _tell(
        officer,
        "inspection_plan.freeze",
        plan,
        members=len(gathered.members),
        inspectors=len(gathered.inspectors),
        pool_sha256=plan.pool_sha256,
        commitment=plan.commitment,
    )
    return plan


@transaction.atomic
def draw_plan(
    *, officer: Officer, plan_id: int, version: int, word: str, word_source: str
) -> InspectionPlan:
    """Draw a frozen pool with the word of a second person; the inspections stand from now on.

    Raises InspectionPlan.DoesNotExist, NotAllowed, CaseRefused, InvalidDecision.
    """
    _require_planner(officer)
    plan = _locked(plan_id, version)
    if plan.planned_by_id == officer.pk:
        raise NotAllowed("制定人不能抽取自己的计划。请由局办公室另一人见证抽取。")
    word, word_source = one_line(word), one_line(word_source)
    faults = list(_faults_of_word(word, word_source))
    if faults:
        raise InvalidDecision(faults)
    pool = pool_of(plan)
    _require_untouched(plan, pool)
    if officer.number in pool.inspectors:
        raise NotAllowed("您在检查人员名录中，不能抽取。请由不参加检查的人见证抽取。")
    plan.word, plan.word_source = word, word_source
    plan.seed = seed_of(plan.secret, word, plan.pool_sha256)
    plan.state, plan.version = PlanState.DRAWN, plan.version + 1
    plan.drawn_by, plan.drawn_at = officer, timezone.now()
    save_as(officer, plan, reason="抽取")
    made = _inspections(plan, pool)
    create_facts(made, user=officer, reason="抽取")
    _tell(officer, "inspection_plan.draw", plan, drawn=len(made), seed=plan.seed, word=word)
    return plan


@transaction.atomic
def cancel_plan(*, officer: Officer, plan_id: int, version: int, reason: str) -> InspectionPlan:
    """Give up a pool that was not drawn; it stays on record. What was drawn stands.

    Raises InspectionPlan.DoesNotExist, NotAllowed, CaseRefused, InvalidDecision.
    """
    _require_planner(officer)
    plan = _locked(plan_id, version)
    reason = one_line(reason)
    faults = list(text("reason", reason, "作废理由", 500))
    if faults:
        raise InvalidDecision(faults)
    plan.state, plan.version = PlanState.CANCELLED, plan.version + 1
    plan.cancelled_by, plan.cancel_reason = officer, reason
    save_as(officer, plan, reason=reason)
    audit.record(actor=officer, action="inspection_plan.cancel", target=plan, reason=reason)
    return plan


def pool_of(plan: InspectionPlan) -> Pool:
    """The frozen pool as it stands in the tables."""
    return Pool(
        members=dict(plan.members.values_list("credit_code", "group")),
        percents=plan.percents,
        inspectors=frozenset(plan.inspectors.values_list("number", flat=True)),
        conflicts=frozenset((code, number) for code, number in plan.conflicts),
    )


def _inspections(plan: InspectionPlan, pool: Pool) -> list[Inspection]:
    rows = plan.members.values_list("credit_code", "subject_id", "grade", "group")
    members = {code: (about, grade, group) for code, about, grade, group in rows}
    officers = dict(plan.inspectors.values_list("number", "officer_id"))
    made = []
    for one in draw(pool, plan.seed):
        subject_id, grade, group = members[one.code]
        two = [officers[number] for number in one.inspectors]
        made.append(
            Inspection(
                plan=plan,
                subject_id=subject_id,
                unit_id=plan.unit_id,
                reason=_reason(plan, group),
                document=plan.document,
                grade=grade,
                is_exempt=group in (Group.A, Group.KEY_A),
                due_on=plan.ends_on,
                first_id=two[0] if two else None,
                second_id=two[1] if len(two) > 1 else None,
                ordered_by_id=plan.planned_by_id,
                ordered_on=today(),
            )
        )
    return made


def _reason(plan: InspectionPlan, group: str) -> str:
    if plan.kind == PlanKind.CAMPAIGN:
        return Reason.CAMPAIGN.value
    return (Reason.KEY if group in (Group.KEY, Group.KEY_A) else Reason.ROUTINE).value


def _require_untouched(plan: InspectionPlan, pool: Pool) -> None:
    """The tables say what was frozen, and nobody of the list has left or got a conflict since."""
    if pool.sha256() != plan.pool_sha256:
        raise CaseRefused(
            "名册与封存时的摘要不符，不能抽取。请联系系统管理员核查，作废后重新封存。"
        )
    officers = dict(plan.inspectors.values_list("officer_id", "number"))
    working = Officer.objects.filter(pk__in=officers, is_active=True, unit_id=plan.unit_id)
    codes = dict(plan.members.values_list("subject_id", "credit_code"))
    pairs = conflicts_of(officers, today())
    now = {(codes[about], officers[who]) for about, who in pairs if about in codes}
    if working.count() != len(officers) or not now <= pool.conflicts:
        raise CaseRefused(
            "封存后检查人员有调离、停用或新的回避情形，不能抽取。请作废本计划，重新封存名册。"
        )


def _require_planner(officer: Officer) -> None:
    if not officer.may(Can.PLAN_INSPECTION):
        raise NotAllowed("检查计划由局办公室制定和抽取。需要检查的，请联系局办公室。")


def _locked(plan_id: int, version: int) -> InspectionPlan:
    plan: InspectionPlan = InspectionPlan.objects.select_for_update().get(pk=plan_id)
    if plan.version != version:
        raise CaseChanged(plan, "检查计划")
    if not plan.is_frozen:
        raise CaseRefused(
            f"该计划{plan.get_state_display()}，每个名册只抽取一次。请查看现在的内容。"
        )
    return plan


def _faults(data: PlanInput, unit: Unit | None) -> Iterator[Fault]:
    yield from text("name", data.name, "计划名称", 100)
    if data.kind not in PlanKind.values:
        yield Fault("kind", "unknown", "没有选择种类。请从列出的种类中选择。")
    if data.kind == PlanKind.CAMPAIGN:
        yield from text("document", data.document, "专项检查文号", 100)
        if not (data.percent.isascii() and data.percent.isdigit()):
            yield Fault("percent", "unreadable", "抽查比例请写 1 到 100 的整数。")
        elif not 1 <= int(data.percent[:4]) <= 100:
            yield Fault("percent", "out_of_range", "抽查比例请写 1 到 100 的整数。")
    if unit is None:
        yield Fault("unit_code", "unknown", "没有选择检查单位。请从列出的单位中选择。")
    if not set(data.industries) <= set(Industry.values):
        yield Fault("industries", "unknown", "行业不在列出的范围内。请重新选择。")
    yield from _faults_of_period(data.starts_on, data.ends_on)


def _faults_of_period(starts: date | None, ends: date | None) -> Iterator[Fault]:
    if starts is None:
        yield Fault("starts_on", "missing", "没有填写期间的开始。请写成 2026-11-20 这样的形式。")
    if ends is None:
        yield Fault("ends_on", "missing", "没有填写期间的结束。请写成 2026-11-20 这样的形式。")
    elif ends < today():
        yield Fault("ends_on", "past", "期间的结束不能早于今天。请另选日期。")
    elif starts is not None and ends < starts:
        yield Fault("ends_on", "before_begin", f"期间的结束不能早于开始 {starts}。请核对日期。")
    elif starts is not None and ends - starts > LONGEST_PERIOD:
        yield Fault("ends_on", "too_long", "期间最长一年。请分期制定。")


def _faults_of_word(word: str, source: str) -> Iterator[Fault]:
    yield from text("word", word, "见证数", LONGEST_WORD)
    if word and len(word) < SHORTEST_WORD:
        yield Fault("word", "too_short", f"见证数至少 {SHORTEST_WORD} 位。请当场报出后填写。")
    yield from text("word_source", source, "见证数来源", 100)


def _tell(officer: Officer, action: str, plan: InspectionPlan, **details: object) -> None:
    audit.record(actor=officer, action=action, target=plan, details=details)
