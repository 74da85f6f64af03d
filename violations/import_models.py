"""A sheet on its way in: what was handed in, what is wrong with it, and what became of it.

A run is no fact: decisions are. It is kept, so that a batch can be found, explained and undone. How
far its work has come stands in a row of its own (``ImportProgress``): the run itself is locked
while it is written.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import Officer, Unit
from accounts.roles import ROLE_TABLE, Can
from subjects.models import Subject

REVIEWING_ROLES = sorted(role for role, may in ROLE_TABLE.items() if Can.CONFIRM_DECISION in may)


class ImportKind(models.TextChoices):
    """Which of the two official sheets."""

    PENALTIES = "penalties", "行政处罚"
    OTHERS = "others", "责令改正、违反许可承诺"


class ImportState(models.TextChoices):
    UPLOADED = "uploaded", "等待校验"
    CHECKING = "checking", "校验中"
    FAULTY = "faulty", "需更正"
    CHECKED = "checked", "待提交"
    SUBMITTED = "submitted", "待审核"
    WRITING = "writing", "写入中"
    DONE = "done", "已写入"
    CANCELLED = "cancelled", "已取消"
    UNDOING = "undoing", "撤回中"
    UNDONE = "undone", "已撤回"
    FAILED = "failed", "未能处理"


# Work for the background; whoever is in one of these is picked up by the sweep.
WORKING = (ImportState.UPLOADED, ImportState.CHECKING, ImportState.WRITING, ImportState.UNDOING)
# The uploader has to go on.
IN_HAND = (ImportState.FAULTY, ImportState.CHECKED, ImportState.FAILED)
# Nothing follows; the file is needed no more.
ENDED = (ImportState.DONE, ImportState.CANCELLED, ImportState.UNDONE)


class ImportRunQuerySet(models.QuerySet["ImportRun"]):
    def visible_to(self, officer: Officer) -> ImportRunQuerySet:
        """Those of the own unit, handed in by it or about its decisions; the office sees all.

        Others do not exist for an officer (404).
        """
        if officer.may(Can.SEE_ALL_DECISIONS):
            return self.all()
        if officer.may(Can.RECORD_DECISION) or officer.may(Can.CONFIRM_DECISION):
            return self.filter(Q(unit=officer.unit_id) | Q(rows_unit=officer.unit_id))
        return self.none()

    def waiting_for(self, officer: Officer) -> ImportRunQuerySet:
        """What this officer has to decide as the second person; never an own one (2-1).

        Submitted runs, and written ones of which somebody else asked that they be undone.
        """
        undo = Q(state=ImportState.DONE, undo_asked_by__isnull=False) & ~Q(undo_asked_by=officer)
        return self.filter(Q(state=ImportState.SUBMITTED) | undo).second_person(officer)

    def in_hand_of(self, officer: Officer) -> ImportRunQuerySet:
        """What this officer handed in and has to go on with."""
        return self.filter(uploaded_by=officer, state__in=IN_HAND)

    def second_person(self, officer: Officer) -> ImportRunQuerySet:
        """Those that this officer answers for as the second person.

        The reviewer of the unit whose decisions they are; the office where they are of several
        units, where they are taken over from the past, or where that unit has nobody free.
        """
        whose = Q(pk__in=[])
        if officer.may(Can.CONFIRM_DECISION):
            whose |= Q(rows_unit=officer.unit_id, takeover=False)
        if officer.may(Can.CONFIRM_FOR_ANY_UNIT):
            free = Officer.objects.filter(
                is_active=True, unit=OuterRef("rows_unit"), role_grants__role__in=REVIEWING_ROLES
            )
            free = free.exclude(pk=OuterRef("uploaded_by"))
            free = free.exclude(pk=Coalesce(OuterRef("undo_asked_by"), 0))
            whose |= Q(takeover=True) | Q(rows_unit__isnull=True) | Q(~Exists(free))
        return self.filter(whose).exclude(uploaded_by=officer)


class ImportRun(models.Model):
    """One sheet handed in by one officer: checked, mended, confirmed by a second person, written.

    ``version`` counts what changes the content: a new file, a cell that was mended. ``unit`` is
    the uploader's; ``rows_unit`` the one unit whose decisions the rows are, None for several.
    ``stored`` is where the file lies, empty once it was removed.
    """

    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="import_runs", verbose_name="导入单位"
    )
    default_unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="+", verbose_name="未写单位的行归入"
    )
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="import_runs",
        verbose_name="导入人",
    )
    uploaded_at = models.DateTimeField("上传时间", default=timezone.now, editable=False)
    takeover = models.BooleanField("接收历史记录", default=False)
    kind = models.CharField("表格种类", max_length=10, choices=ImportKind.choices, blank=True)
    file_name = models.CharField("文件名", max_length=200)
    stored = models.CharField("存放位置", max_length=100, blank=True, editable=False)
    size = models.PositiveBigIntegerField("大小（字节）")
    sha256 = models.CharField("SHA-256", max_length=64)
    version = models.PositiveIntegerField("版本", default=1, editable=False)
    state = models.CharField(
        "状态", max_length=10, choices=ImportState.choices, default=ImportState.UPLOADED
    )
    message = models.TextField("说明", blank=True)
    attempts = models.PositiveSmallIntegerField("尝试次数", default=0, editable=False)

    rows = models.PositiveIntegerField("数据行", default=0)
    new_rows = models.PositiveIntegerField("新增行", default=0)
    new_decisions = models.PositiveIntegerField("新增决定", default=0)
    new_subjects = models.PositiveIntegerField("新登记监管对象", default=0)
    skipped = models.PositiveIntegerField("已有行", default=0)
    skipped_rows = models.TextField("已有的行号", blank=True)
    left_out_rows = models.TextField("删去的行号", blank=True)
    faults_found = models.PositiveIntegerField("错误", default=0)
    faulty_rows = models.PositiveIntegerField("有错误的行", default=0)
    warnings_found = models.PositiveIntegerField("提示", default=0)
    fault_columns = models.JSONField("各列的错误", default=list)
    columns = models.JSONField("列对应", default=list)
    changed_grades = models.PositiveIntegerField("等级变化", default=0)
    opened_reviews = models.PositiveIntegerField("转入复核", default=0)
    rows_unit = models.ForeignKey(
        Unit,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="决定作出单位",
    )
    checked_at = models.DateTimeField("校验时间", null=True, blank=True)

    truth_stated = models.BooleanField("真实性声明", default=False)
    submitted_at = models.DateTimeField("提交时间", null=True, blank=True)
    returned_remark = models.TextField("退回意见", blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="confirmed_import_runs",
        verbose_name="审核人",
    )
    confirmed_at = models.DateTimeField("审核时间", null=True, blank=True)
    finished_at = models.DateTimeField("办结时间", null=True, blank=True)

    undo_asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="申请撤回人",
    )
    undo_reason = models.TextField("撤回理由", blank=True)
    undo_asked_at = models.DateTimeField("申请撤回时间", null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="同意撤回人",
    )

    objects = ImportRunQuerySet.as_manager()

    class Meta:
        verbose_name = "批量导入"
        verbose_name_plural = "批量导入"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["unit", "id"], name="import_run_unit"),
            models.Index(fields=["rows_unit", "id"], name="import_run_rows_unit"),
            models.Index(fields=["sha256"], name="import_run_sha256"),
            models.Index(
                fields=["state"],
                name="import_run_open",
                condition=~Q(state__in=("done", "cancelled", "undone")),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("uploaded_by")),
                name="import_run_two_persons",
                violation_error_message="导入人不能审核自己的导入。",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("writing", "done", "undoing", "undone"))
                | Q(confirmed_by__isnull=False),
                name="import_run_written_is_confirmed",
                violation_error_message="写入前须由第二人审核。",
            ),
            models.CheckConstraint(
                condition=Q(undone_by__isnull=True) | ~Q(undone_by=F("undo_asked_by")),
                name="import_run_undone_by_two",
                violation_error_message="申请撤回的人不能同意自己的申请。",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("undoing", "undone"))
                | Q(undone_by__isnull=False, undo_asked_by__isnull=False),
                name="import_run_undone_is_agreed",
                violation_error_message="撤回须有申请人和同意人。",
            ),
        ]

    def __str__(self) -> str:
        return f"批量导入 {self.pk} · {self.file_name}"

    @property
    def is_working(self) -> bool:
        return self.state in WORKING


class ImportProgress(models.Model):
    """How far the work on a run has come, and whether somebody wants it stopped.

    ``beat_at`` is the last sign of life: a run whose worker was lost is taken up again.
    """

    run = models.OneToOneField(
        ImportRun, on_delete=models.CASCADE, primary_key=True, related_name="progress"
    )
    phase = models.CharField("阶段", max_length=40, blank=True)
    done = models.PositiveIntegerField("已完成", default=0)
    total = models.PositiveIntegerField("共", default=0)
    beat_at = models.DateTimeField("最近进展", default=timezone.now)
    cancel_asked = models.BooleanField("已要求取消", default=False)

    class Meta:
        verbose_name = "导入进度"
        verbose_name_plural = "导入进度"

    def __str__(self) -> str:
        return f"{self.phase} {self.done}/{self.total}"


class ImportFault(models.Model):
    """One thing wrong with (or to be said about) one cell of the sheet as it stands."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="faults")
    row = models.PositiveIntegerField("行")
    key = models.CharField("列（内部）", max_length=20, blank=True)
    column = models.CharField("列", max_length=60, blank=True)
    value = models.CharField("文件中的值", max_length=200, blank=True)
    code = models.CharField("种类", max_length=40)
    message = models.TextField("原因与改法")
    warning = models.BooleanField("提示", default=False)

    class Meta:
        verbose_name = "导入错误"
        verbose_name_plural = "导入错误"
        ordering = ["id"]
        indexes = [models.Index(fields=["run", "warning", "key", "id"], name="import_fault_list")]

    def __str__(self) -> str:
        return f"行 {self.row} {self.column} {self.message}"


class ImportOverride(models.Model):
    """A cell that was mended in the page; with an empty ``key`` the whole row is left out."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="overrides")
    row = models.PositiveIntegerField("行")
    key = models.CharField("列（内部）", max_length=20, blank=True)
    value = models.TextField("更正为", blank=True)
    at = models.DateTimeField("更正时间", default=timezone.now)

    class Meta:
        verbose_name = "页面更正"
        verbose_name_plural = "页面更正"
        constraints = [
            models.UniqueConstraint(fields=["run", "row", "key"], name="import_override_once")
        ]

    def __str__(self) -> str:
        return f"行 {self.row} {self.key}"


class ImportEffect(models.Model):
    """One organisation whose grade or flags the run would change, as its check foresaw it."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="effects")
    subject = models.ForeignKey(
        Subject, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    credit_code = models.CharField("统一社会信用代码", max_length=18)
    name = models.CharField("名称", max_length=200)
    old_grade = models.CharField("原等级", max_length=1, blank=True)
    grade = models.CharField("新等级", max_length=1, blank=True)
    old_flags = models.CharField("原标记", max_length=100, blank=True)
    flags = models.CharField("新标记", max_length=100, blank=True)
    clauses = models.CharField("依据", max_length=100, blank=True)
    decisions = models.PositiveIntegerField("新增决定", default=0)

    class Meta:
        verbose_name = "等级影响"
        verbose_name_plural = "等级影响"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.credit_code} {self.old_grade}→{self.grade}"
