"""The choices of decisions, acts, dispositions, list entries and factors, in the field's terms."""

from django.db import models


class DecisionKind(models.TextChoices):
    PENALTY = "penalty", "行政处罚决定"
    ORDER = "order", "责令（限期）改正"
    BREACH = "breach", "违反许可承诺认定"


class Procedure(models.TextChoices):
    SUMMARY = "summary", "简易程序"
    ORDINARY = "ordinary", "普通程序"


class DecisionState(models.TextChoices):
    DRAFT = "draft", "草稿"
    SUBMITTED = "submitted", "待审核"
    IN_FORCE = "in_force", "已生效"
    WITHDRAWN = "withdrawn", "已作废"


class Field(models.TextChoices):
    """The field an act belongs to (2-2)."""

    PUBLIC_ORDER = "public_order", "治安"
    DRUG_CONTROL = "drug_control", "禁毒"
    TRAFFIC = "traffic", "交通"
    CYBER_SECURITY = "cyber_security", "网络安全"
    OTHER = "other", "其他"


class DispositionKind(models.TextChoices):
    """Kinds of disposition, lightest first (行政处罚法, art. 9).

    An order to correct is no penalty.
    """

    ORDER_TO_CORRECT = "order_to_correct", "责令（限期）改正"
    WARNING = "warning", "警告"
    CRITICISM = "criticism", "通报批评"
    FINE = "fine", "罚款"
    CONFISCATE_GAINS = "confiscate_gains", "没收违法所得"
    CONFISCATE_PROPERTY = "confiscate_property", "没收非法财物"
    SUSPEND_LICENCE = "suspend_licence", "暂扣许可证件"
    LOWER_QUALIFICATION = "lower_qualification", "降低资质等级"
    RESTRICT_ACTIVITY = "restrict_activity", "限制开展生产经营活动"
    STOP_BUSINESS = "stop_business", "责令停产停业"
    REVOKE_LICENCE = "revoke_licence", "吊销许可证件"
    CLOSE_DOWN = "close_down", "责令关闭"
    RESTRICT_PRACTICE = "restrict_practice", "限制从业"


# 3-H: what keeps an act in the warning bucket; any other kind is a penalty.
WARNING_KINDS = frozenset({DispositionKind.ORDER_TO_CORRECT, DispositionKind.WARNING})
# A positive amount is required with these, ...
AMOUNT_REQUIRED_KINDS = frozenset({DispositionKind.FINE, DispositionKind.CONFISCATE_GAINS})
# ... and allowed with these; all others have none.
AMOUNT_KINDS = AMOUNT_REQUIRED_KINDS | {DispositionKind.CONFISCATE_PROPERTY}
# These must name the licence.
LICENCE_KINDS = frozenset({DispositionKind.SUSPEND_LICENCE, DispositionKind.REVOKE_LICENCE})


class Bucket(models.TextChoices):
    """What an act counts as: its heaviest disposition decides (3-H)."""

    WARNING = "warning", "警告、责令改正"
    PENALTY = "penalty", "行政处罚"
    BREACH = "breach", "违反许可承诺"


class ListKind(models.TextChoices):
    RED = "red", "红名单"
    BLACK = "black", "黑名单"


class ListState(models.TextChoices):
    PROPOSED = "proposed", "拟列入"
    PUBLISHED = "published", "已发布"
    REVOKED = "revoked", "已撤销"
    WITHDRAWN = "withdrawn", "未列入"  # proposed and given up; it was never published


# On record: published once, whatever became of it. A proposal is no fact yet.
LISTED_STATES = frozenset({ListState.PUBLISHED, ListState.REVOKED})
# No hindrance to another entry of the same document.
GONE = frozenset({ListState.REVOKED, ListState.WITHDRAWN})


class Hearing(models.TextChoices):
    """How the party's statement about a notice was heard (条例 art. 28)."""

    NONE = "none", "期内未陈述申辩"
    REJECTED = "rejected", "不予采纳"
    PARTLY = "partly", "部分采纳"
    ADOPTED = "adopted", "采纳"  # then the proposal is given up


# What leaves a proposal standing.
HEARD = frozenset({Hearing.NONE, Hearing.REJECTED, Hearing.PARTLY})


class Settlement(models.TextChoices):
    """How an objection to an announcement was settled."""

    DISMISSED = "dismissed", "不成立"
    SUSTAINED = "sustained", "成立"  # then the proposal is given up


class Closing(models.TextChoices):
    """How a published entry ends before its term."""

    REMOVAL = "removal", "移出"
    REVOCATION = "revocation", "撤销"  # it should never have been: it counts on no day


class FactorKind(models.TextChoices):
    """The other inputs of 1-3; shown to reviewers, they never change a grade by themselves."""

    QUANTIFIED = "quantified", "量化分级"
    LICENCE = "licence", "许可管理"
    INSPECTION = "inspection", "监督检查结果"
    COMPLAINT = "complaint", "经核实的投诉举报"
    PUBLIC_EVALUATION = "public_evaluation", "公众评价"
    NATIONAL = "national", "国家公共信用综合评价"
    DISCIPLINE_LIST = "discipline_list", "上级推送失信惩戒名单"
    JOINT_REWARD = "joint_reward", "联合激励通报"
    JOINT_PUNISHMENT = "joint_punishment", "联合惩戒通报"


# In force, these open an outside_signal (domain.md §3); so does a national evaluation of the
# worst class.
SIGNAL_KINDS = frozenset({FactorKind.DISCIPLINE_LIST, FactorKind.JOINT_PUNISHMENT})


class AttachmentKind(models.TextChoices):
    """What a kept file is."""

    PAPER = "paper", "决定书"
    RECEIPT = "receipt", "送达回证"
    EVIDENCE = "evidence", "证据"
    OTHER = "other", "其他"


class FileType(models.TextChoices):
    """What may be kept, told by what stands in the file and never by its name."""

    PDF = "pdf", "PDF"
    JPEG = "jpeg", "JPEG"
    PNG = "png", "PNG"
