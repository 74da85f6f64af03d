"""What the office sets: dated values with history (domain.md §5, law.md "System defaults").

Each key is declared here with its meaning and default; the table holds only what the office chose
otherwise. Grading figures are no settings: they stand in rule sets.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from core.clock import today
from core.models import OfficeSetting


@dataclass(frozen=True)
class Key:
    """One setting: its meaning in Chinese, its default as text, and what kind of text it is."""

    label: str
    default: str
    kind: str  # "int" or "date"


KEYS: dict[str, Key] = {
    "takeover_until": Key("历史记录接收截止日（留空为不接收）", "", "date"),
    "confirm_working_days": Key("单位审核期限（工作日）", "2", "int"),
    "black_notice_working_days": Key("列入黑名单前的告知期（工作日）", "5", "int"),
    "red_notice_working_days": Key("列入红名单前的公示期（工作日）", "7", "int"),
    "late_entry_working_days": Key("录入期限：决定后（工作日）", "7", "int"),
    "serve_working_days": Key("送达期限：决定后（工作日）", "7", "int"),
    "paper_working_days": Key("补附决定书期限：录入后（工作日）", "5", "int"),
    "import_file_days": Key("批量导入原文件保存期限（天）", "30", "int"),
    "list_approval_working_days": Key("名单审批期限（期满或听取后，工作日）", "5", "int"),
    "improvement_working_days": Key("等级好转核对期限：变动后（工作日）", "3", "int"),
    "review_working_days": Key("等级复核期限（工作日）", "10", "int"),
    "review_statement_working_days": Key("等级复核单位说明期限（工作日）", "3", "int"),
    "review_material_working_days": Key("等级复核补充材料期限（工作日）", "5", "int"),
    "repair_accept_working_days": Key("信用修复受理期限（工作日）", "3", "int"),
    "repair_unit_working_days": Key("信用修复原单位核实期限（工作日）", "5", "int"),
    "repair_result_working_days": Key("信用修复办理期限：受理后（工作日）", "10", "int"),
    "repair_extension_working_days": Key("信用修复一次延长的期限（工作日）", "10", "int"),
    "reminder_working_days": Key("信用提醒、约谈期限：送达或列入后（工作日）", "5", "int"),
    "report_working_days": Key("提醒、约谈报局办公室期限：进行后（工作日）", "3", "int"),
    "push_working_days": Key("决定是否推送期限：留存后（工作日）", "7", "int"),
    "public_service_days": Key("公告送达期限：公告满后视为送达（日）", "30", "int"),
    "paper_serve_working_days": Key("文书送达期限：出具后（工作日）", "7", "int"),
    "inspection_percent_n": Key("日常抽查比例：未定级（%）", "5", "int"),
    "inspection_percent_b": Key("日常抽查比例：B 级（%）", "20", "int"),
    "inspection_percent_c": Key("日常抽查比例：C 级（%）", "100", "int"),
    "inspection_percent_key": Key("日常抽查比例：重点行业（%）", "100", "int"),
    "inspection_percent_key_a": Key("日常抽查比例：重点行业中的 A 级（%）", "100", "int"),
    "inspection_follow_working_days": Key("检查后录入决定的期限（工作日）", "7", "int"),
    "objection_working_days": Key("异议办理期限：局办公室自行核实（工作日）", "3", "int"),
    "objection_checked_working_days": Key("异议办理期限：须原单位核实（工作日）", "7", "int"),
    "objection_unit_working_days": Key("异议原单位核实期限（工作日）", "3", "int"),
    "outcome_share_working_days": Key("撤销、更正、修复后通知共享单位删除（工作日）", "1", "int"),
    "outcome_withdraw_working_days": Key("撤销、更正、修复后撤回公示（工作日）", "3", "int"),
}


def text(key: str, on: date | None = None) -> str:
    """The value of ``key`` in force on ``on`` (default: today) as text.

    Raises KeyError for a key that is not declared.
    """
    declared = KEYS[key]
    row = (
        OfficeSetting.objects.filter(key=key, effective_from__lte=on or today())
        .order_by("-effective_from")
        .values_list("value", flat=True)
        .first()
    )
    return declared.default if row is None else row


def integer(key: str, on: date | None = None) -> int:
    """The value of ``key`` as a whole number."""
    return int(text(key, on))


def day(key: str, on: date | None = None) -> date | None:
    """The value of ``key`` as a day, or None where it is left empty."""
    value = text(key, on)
    return date.fromisoformat(value) if value else None
