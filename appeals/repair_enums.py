"""The choices of credit repair, in the words of 信用修复管理办法."""

from django.db import models


class RepairState(models.TextChoices):
    RECEIVED = "received", "待受理"
    CHECKING = "checking", "原单位核实"
    EXAMINING = "examining", "待认定"
    PROPOSED = "proposed", "待复核人审批"
    DECIDED = "decided", "待答复"
    ANSWERED = "answered", "已办结"
    NOT_ACCEPTED = "not_accepted", "不予受理"
    WITHDRAWN = "withdrawn", "申请人已撤回"
    OVERTAKEN = "overtaken", "另有结果，已了结"


# Somebody still has to do something.
OPEN_STATES = (
    RepairState.RECEIVED,
    RepairState.CHECKING,
    RepairState.EXAMINING,
    RepairState.PROPOSED,
    RepairState.DECIDED,
)
# Before anything was decided: material, withdrawal and outcomes from elsewhere are still possible.
UNDECIDED = OPEN_STATES[:4]
# The letter says the outcome, or why the application was not accepted.
TO_ANSWER = (RepairState.DECIDED, RepairState.NOT_ACCEPTED)


class Proof(models.TextChoices):
    """How a condition stands that people confirm."""

    OPEN = "", "待确认"
    MET = "met", "已确认"
    NOT_NEEDED = "not_needed", "无此义务"
    NOT_MET = "not_met", "未完成"


FULFILLED = frozenset({Proof.MET, Proof.NOT_NEEDED})


class Word(models.TextChoices):
    """What the unit that made the record says of it."""

    NONE = "", "未回复"
    AGREES = "agrees", "核实无误，同意修复"
    DISAGREES = "disagrees", "核实有出入，不同意修复"


class Verdict(models.TextChoices):
    """What becomes of one record of an application."""

    NONE = "", "未认定"
    GRANTED = "granted", "准予修复"
    REFUSED = "refused", "不予修复"
    TOO_EARLY = "too_early", "未满最短期限，不予受理"
    NOT_ACCEPTED = "not_accepted", "不予受理"
    WITHDRAWN = "withdrawn", "申请人撤回"
    OVERTAKEN = "overtaken", "另有结果"


DECIDED_VERDICTS = (Verdict.GRANTED, Verdict.REFUSED)


class Channel(models.TextChoices):
    DESK = "desk", "窗口递交"
    POST = "post", "邮寄"
    PLATFORM = "platform", "信用平台转来"
