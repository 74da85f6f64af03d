"""The choices of plans and inspections (4-A-2, 4-B-1, 4-C-2; 优化营商环境条例 art. 54)."""

from django.db import models


class PlanKind(models.TextChoices):
    ROUTINE = "routine", "日常随机抽查"
    CAMPAIGN = "campaign", "专项执法检查"


class PlanState(models.TextChoices):
    FROZEN = "frozen", "名册已封存"
    DRAWN = "drawn", "已抽取"
    CANCELLED = "cancelled", "已作废"


class Group(models.TextChoices):
    """What decides the ratio with which an organisation of the pool is drawn."""

    A = "a", "A 级（免于日常检查）"
    NONE = "n", "未定级及措施尚未适用的"
    B = "b", "B 级"
    C = "c", "C 级"
    KEY = "key", "重点行业"
    KEY_A = "key_a", "重点行业中的 A 级"


class Reason(models.TextChoices):
    """Why an organisation is visited; 4-A-2 knows the last two as exceptions."""

    ROUTINE = "routine", "日常检查"
    KEY = "key", "重点行业全覆盖"
    CAMPAIGN = "campaign", "专项执法检查"
    COMPLAINT = "complaint", "投诉举报核查"


# These name what they rest on: a campaign's paper, a complaint's number.
NAMED_REASONS = frozenset({Reason.CAMPAIGN, Reason.COMPLAINT})


class VisitState(models.TextChoices):
    OPEN = "open", "待检查"
    DONE = "done", "已检查"
    EXCUSED = "excused", "不再检查"


class Outcome(models.TextChoices):
    CLEAN = "clean", "未发现问题"
    MENDED = "mended", "发现问题，当场改正"
    ORDER = "order", "发现问题，须责令改正"
    CASE = "case", "发现问题，须另案查处"
    CLOSED = "closed", "无法检查"


FOUND = frozenset({Outcome.MENDED, Outcome.ORDER, Outcome.CASE})
# After these a decision is expected: the entry form opens filled in.
FOLLOWED = frozenset({Outcome.ORDER, Outcome.CASE})
# These say how the organisation was found; a closed door says nothing about it.
TOLD = frozenset({Outcome.CLEAN, *FOUND})


class Interest(models.TextChoices):
    """Why an officer does not inspect an organisation; the ground alone, no names of relatives."""

    RELATIVE = "relative", "近亲属在该单位任职或持股"
    FORMER = "former", "本人曾在该单位任职"
    BUSINESS = "business", "与该单位有经济往来"
    OTHER = "other", "其他可能影响公正的关系"
