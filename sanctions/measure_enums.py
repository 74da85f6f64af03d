"""The words of measures: what kind each is, who sees it, and how it stands."""

from __future__ import annotations

from django.db import models


class MeasureKind(models.TextChoices):
    INCENTIVE = "incentive", "激励"
    SUPERVISION = "supervision", "监管"
    RESTRICTION = "restriction", "限制"


# These burden the party: none begins before what it rests on was served.
BURDENS = frozenset({MeasureKind.SUPERVISION, MeasureKind.RESTRICTION})


class Sight(models.TextChoices):
    """Whose measures: of the grade inside the bureau, or of the one that others may know."""

    INTERNAL = "internal", "局内"
    DISCLOSABLE = "disclosable", "可公开"


class MeasureState(models.TextChoices):
    """How an open measure stands. ``PENDING`` waits for service; ``SUSPENDED`` for a red list."""

    PENDING = "pending", "待送达"
    IN_FORCE = "in_force", "适用中"
    SUSPENDED = "suspended", "暂停"


class Because(models.TextChoices):
    """Why a measure began or ended."""

    GRADE = "grade", "等级变动"
    SERVED = "served", "送达"
    CATALOGUE = "catalogue", "措施目录变动"
    FILLED = "filled", "按当前等级建立"
    VERIFIED = "verified", "夜间核对"


class HandlingKind(models.TextChoices):
    """What officers do under a measure and write down."""

    GUIDANCE = "guidance", "政策法规宣传、业务辅导"
    TRAINING = "training", "培训"
    COMMENDATION = "commendation", "发文表彰"
    EXPEDITED = "expedited", "绿色通道办理许可"
    DECISION = "decision", "限制事项处理决定"


# The clause under which each is done; a decision names the restriction that it is about.
CLAUSE_OF: dict[str, str] = {
    HandlingKind.GUIDANCE: "4-B-2",
    HandlingKind.TRAINING: "4-B-2",
    HandlingKind.COMMENDATION: "4-A-1",
    HandlingKind.EXPEDITED: "4-A-3",
}


class Outcome(models.TextChoices):
    """What an officer decided where a restriction warned; no measure refuses by itself."""

    GRANTED = "granted", "准予"
    GRANTED_WITH_TERMS = "with_terms", "附条件准予"
    MORE_ASKED = "more_asked", "要求补正或补充审查"
    REFUSED = "refused", "不予"


class StepKind(models.TextChoices):
    """The steps of the checklist after a grade has become better."""

    PARTY = "party", "告知当事人"
    UNITS = "units", "告知有关单位"
    DEPARTMENTS = "departments", "告知其他部门"
