"""What an objection can be, and the sets of its states, each with a sentence why."""

from __future__ import annotations

from django.db import models


class ObjectionState(models.TextChoices):
    RECEIVED = "received", "已收到，待受理"
    ACCEPTED = "accepted", "已受理，核实中"
    WITH_UNIT = "with_unit", "待原单位核实"
    PROPOSED = "proposed", "待复核人认定"
    DECIDED = "decided", "已认定，待答复"
    ANSWERED = "answered", "已答复"
    NOT_ACCEPTED = "not_accepted", "不予受理"
    WITHDRAWN = "withdrawn", "已撤回"
    OVERTAKEN = "overtaken", "已了结"


# The records carry 异议处理中, and the deadline runs.
OPEN_STATES = (
    ObjectionState.RECEIVED,
    ObjectionState.ACCEPTED,
    ObjectionState.WITH_UNIT,
    ObjectionState.PROPOSED,
)
# A decider stands behind them.
DECIDED_STATES = (ObjectionState.DECIDED, ObjectionState.ANSWERED)
# Ended without a decision: a reason says why.
CLOSED_STATES = (
    ObjectionState.NOT_ACCEPTED,
    ObjectionState.WITHDRAWN,
    ObjectionState.OVERTAKEN,
)


class Origin(models.TextChoices):
    """How it came; the office raises one itself where it finds a fault without being told."""

    DESK = "desk", "当事人窗口提交"
    LETTER = "letter", "当事人来信"
    ONLINE = "online", "当事人网上提交"
    OFFICE = "office", "局办公室依职权"


# Somebody asked, and is to be answered on paper.
BY_PARTY = (Origin.DESK, Origin.LETTER, Origin.ONLINE)


class GradeSight(models.TextChoices):
    """Which of the two grades is contested where no record is."""

    INTERNAL = "internal", "内部等级"
    DISCLOSABLE = "disclosable", "可公开等级"


class Verdict(models.TextChoices):
    UPHELD = "upheld", "异议成立，撤销记录"
    CORRECTED = "corrected", "异议成立，更正记录"
    PARTLY = "partly", "部分成立，更正记录"
    DISMISSED = "dismissed", "异议不成立，维持"
    OVERTAKEN = "overtaken", "已由其他文书了结"


# What can be proposed; the last of the above comes by itself.
PROPOSABLE = (Verdict.UPHELD, Verdict.CORRECTED, Verdict.PARTLY, Verdict.DISMISSED)
# These change a record through the correction service.
BY_CORRECTION = (Verdict.CORRECTED, Verdict.PARTLY)
# After these the record is no longer what others were told.
CHANGING = (Verdict.UPHELD, *BY_CORRECTION)


class Ground(models.TextChoices):
    """Why a claim was decided so; words say the rest."""

    NOT_COMMITTED = "not_committed", "违法事实不成立"
    WRONG_PARTY = "wrong_party", "处理对象认定有误"
    SET_ASIDE = "set_aside", "原决定已被原单位撤销"
    ENTRY_ERROR = "entry_error", "录入与决定书不符，须重新录入"
    DUPLICATE = "duplicate", "重复记录"
    NO_BASIS = "no_basis", "评定或列入没有依据"
    AMOUNT = "amount", "金额有误"
    DAY = "day", "日期有误"
    KIND = "kind", "处理种类有误"
    PARTICULARS = "particulars", "其他登记内容有误"
    PROVEN = "proven", "事实清楚，记录与决定书一致"
    NO_EVIDENCE = "no_evidence", "提供的材料不足以证明主张"
    OTHER_REMEDY = "other_remedy", "对决定本身不服，应当申请复议或提起诉讼"


GROUNDS: dict[str, tuple[Ground, ...]] = {
    Verdict.UPHELD: (
        Ground.NOT_COMMITTED,
        Ground.WRONG_PARTY,
        Ground.SET_ASIDE,
        Ground.ENTRY_ERROR,
        Ground.DUPLICATE,
        Ground.NO_BASIS,
    ),
    Verdict.CORRECTED: (Ground.AMOUNT, Ground.DAY, Ground.KIND, Ground.PARTICULARS),
    Verdict.PARTLY: (Ground.AMOUNT, Ground.DAY, Ground.KIND, Ground.PARTICULARS),
    Verdict.DISMISSED: (Ground.PROVEN, Ground.NO_EVIDENCE, Ground.OTHER_REMEDY),
}


class Advice(models.TextChoices):
    """What the providing unit thinks; it decides nothing."""

    REVOKE = "revoke", "建议撤销"
    CORRECT = "correct", "建议更正"
    KEEP = "keep", "建议维持"


class PauseKind(models.TextChoices):
    MATERIAL = "material", "等待申请人补充材料"
    EXPERT = "expert", "等待鉴定或专家评审"
