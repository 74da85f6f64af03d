"""The choices of the register of reminders and interviews (5-1 to 5-6)."""

from django.db import models

from grading.models import Grade


class Way(models.TextChoices):
    ORAL = "oral", "口头信用提醒"
    WRITTEN = "written", "书面信用提醒"
    INTERVIEW = "interview", "诚信约谈"


# 5-1: what the regulation offers for a grade; for any other nobody is reminded of anything.
OFFERED: dict[str, tuple[Way, ...]] = {
    Grade.B.value: (Way.ORAL, Way.WRITTEN),
    Grade.C.value: (Way.WRITTEN, Way.INTERVIEW),
}


class PersonRole(models.TextChoices):
    """Who may be spoken to for an organisation (5-3)."""

    PRINCIPAL = "principal", "主要负责人"
    IN_CHARGE = "in_charge", "分管负责人"
    RESPONSIBLE = "responsible", "直接责任人"


class Channel(models.TextChoices):
    """How an oral reminder was given."""

    FACE = "face", "当面"
    PHONE = "phone", "电话"


class NoticeState(models.TextChoices):
    DRAFT = "draft", "草稿"
    REPORTED = "reported", "已报局办公室"
    RETURNED = "returned", "退回补正"
    KEPT = "kept", "已留存"
    CANCELLED = "cancelled", "已作废"


# The party was told: what it was told of opens no task any more.
HELD = frozenset({NoticeState.REPORTED, NoticeState.RETURNED, NoticeState.KEPT})
# In the hands of the unit that registers it.
OPEN = frozenset({NoticeState.DRAFT, NoticeState.RETURNED})


class Push(models.TextChoices):
    """What the office decided about the city credit platform, case by case (5-6)."""

    YES = "yes", "推送"
    NO = "no", "不推送"


class Hindrance(models.TextChoices):
    """Why nobody could be told so far."""

    ABSENT = "absent", "无法联系"
    REFUSED = "refused", "拒绝接受"
    NOT_SERVED = "not_served", "提醒书未能送达"
    POSTPONED = "postponed", "当事人申请改期"
    OTHER = "other", "其他"
