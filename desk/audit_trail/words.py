"""What the dotted verbs of the trail mean in Chinese, and which kind of action each is.

A verb is put together from what it is about and what was done ("decision.confirm"), so that a new
one of known words is understood at once.
"""

from __future__ import annotations

from django.apps import apps
from django.db import models


class Kind(models.TextChoices):
    """The kinds an auditor asks for."""

    CHANGE = "change", "变更"
    LOOK = "look", "查阅"
    REFUSED = "refused", "被拒绝"
    EXPORT = "export", "导出"
    SIGN_IN = "sign_in", "登录"


TAGS = {Kind.REFUSED: "bad", Kind.EXPORT: "warn", Kind.CHANGE: "info"}
NOUNS = {
    "access": "访问",
    "account": "账号",
    "account_change": "账号变更",
    "admin": "后台",
    "api": "接口",
    "attachment": "附件",
    "audit": "审计记录",
    "backup": "备份",
    "black_list": "黑名单",
    "catalogue": "目录",
    "client": "外部用户",
    "condition": "列入条件",
    "contest": "复议诉讼",
    "correction": "更正",
    "decision": "处理决定",
    "demo": "演示数据",
    "desk": "窗口",
    "duplicate": "重复提示",
    "entry.draft": "录入草稿",
    "factor": "评定参考因素",
    "factor_row": "参考因素表的行",
    "factor_sheet": "参考因素表",
    "field": "加密信息",
    "grade_changes": "等级变更",
    "grading": "等级评定",
    "handling": "措施办理",
    "holiday": "节假日安排",
    "import": "批量导入",
    "improvement": "等级好转核对",
    "inspection": "监督检查",
    "inspection_plan": "检查计划",
    "interest": "利害关系",
    "law": "法律目录",
    "list_condition": "列入条件",
    "list_entry": "名单条目",
    "measure": "监管措施",
    "notice": "提醒与约谈",
    "objection": "异议",
    "paper": "文书",
    "paper_batch": "批量打印",
    "paper_text": "文书文本",
    "quality": "数据质量",
    "queue": "待办",
    "repair": "信用修复",
    "remark.draft": "意见草稿",
    "review": "等级复核",
    "setting": "办公室设置",
    "subject": "监管对象",
    "token": "接口令牌",
    "unit": "单位",
    "violation": "失信记录",
    "workday": "工作日",
}
VERBS = {
    "abandon": "放弃",
    "add": "添加",
    "added": "新增",
    "agree": "同意",
    "agree_closing": "同意移出或撤销",
    "agree_undo": "同意撤销整批",
    "announce": "公告",
    "approve": "批准",
    "ask": "查询",
    "ask_cancel": "请求中止",
    "ask_word": "要求单位说明",
    "ask_undo": "请求撤销整批",
    "attempt": "登记未送达",
    "begin": "开始",
    "bulk_register": "批量登记",
    "call": "调用",
    "cancel": "中止",
    "change": "改为新规定",
    "changed": "修改",
    "close": "关闭",
    "confirm": "审核通过",
    "correct_name": "更正姓名",
    "create": "建立",
    "decide": "作出决定",
    "declare": "申报",
    "decide_push": "决定是否推送",
    "disable": "停用",
    "discard": "删除",
    "download": "下载",
    "download_marked": "下载标错的表",
    "drill": "恢复演练",
    "draft": "起草",
    "draw": "抽取",
    "drop": "舍去",
    "edit": "修改",
    "enable": "重新启用",
    "end": "结束",
    "end_early": "提前终止",
    "end_wait": "不再等待",
    "ending_checked": "终止后核对",
    "excuse": "登记不再检查",
    "export": "导出",
    "first": "首批建立",
    "follow_up": "登记回访",
    "freeze": "封存名册",
    "hand_over": "移交",
    "hear": "登记陈述申辩",
    "hindered": "登记未能提醒",
    "import": "导入",
    "imported": "导入",
    "issue": "签发",
    "keep": "保存",
    "keep_year": "保存年度安排",
    "list": "查阅列表",
    "locked": "登录锁定",
    "look_up": "查询",
    "lookup": "查询",
    "make": "制作",
    "match": "核对对象",
    "mend": "改正出错的格",
    "mend_severity": "修正分类",
    "merge": "合并",
    "notice": "事先告知",
    "notify": "登记告知（公示）",
    "object": "登记异议",
    "officer": "建立民警",
    "open": "打开",
    "order": "安排",
    "password_changed": "本人修改密码",
    "password_reset": "重置密码",
    "post": "写入",
    "post_contest": "写入复议诉讼",
    "preview": "试算",
    "propose": "提出",
    "propose_closing": "提出移出或撤销",
    "propose_undo": "提出撤回",
    "publish": "发布",
    "read": "查阅",
    "reassign": "重新抽取人员",
    "record": "录入",
    "record_in_force": "写入已生效决定",
    "refuse": "不同意",
    "refuse_closing": "不同意移出或撤销",
    "refuse_undo": "不同意撤销整批",
    "refused": "被拒绝",
    "register": "登记",
    "regrade": "重新评定",
    "remove": "移出",
    "remove_file": "移除文件",
    "rename": "更名",
    "renew": "延期",
    "reopen": "重新处理",
    "report": "报局办公室",
    "retain": "留存",
    "repair": "信用修复",
    "replace": "换文件",
    "return": "退回更正",
    "reveal": "查看完整内容",
    "revoke": "撤销",
    "roles_changed": "调整角色",
    "save": "保存",
    "search": "检索",
    "secret": "领取密码或令牌",
    "serve": "登记送达",
    "session_ended": "会话到时结束",
    "set_right": "更正录入错误",
    "setting": "设置",
    "settle": "处理冲突",
    "sign_in": "登录",
    "sign_in_failed": "登录失败",
    "sign_out": "退出",
    "stage": "暂存",
    "start": "开始",
    "submit": "提交审核",
    "supersede": "以新件替代",
    "take": "收入",
    "take_over": "接收",
    "tell": "登记告知",
    "try_again": "重新提交",
    "undo": "撤回",
    "unit_changed": "调动单位",
    "unmerge": "撤销合并",
    "unstage": "取消暂存",
    "update": "修改",
    "upload": "上传",
    "verify": "核验",
    "view": "查阅",
    "void": "作废",
    "waive": "登记放弃",
    "withdraw": "撤回",
    "write": "写入",
    "accept": "受理",
    "acknowledge": "出具回执",
    "add_file": "上传材料",
    "ask_material": "一次性告知补正",
    "brought": "登记补正材料",
    "check": "核对条件",
    "extend": "延长期限",
    "receive": "收到申请",
    "answer": "出具答复书",
    "ask_unit": "转原单位核实",
    "explain": "说明逾期原因",
    "file": "登记",
    "mark": "登记后续事项",
    "overtaken": "因其他文书了结",
    "pause": "登记等待",
    "receipt": "出具受理通知书",
    "reject": "不予受理",
    "resume": "结束等待",
    "service_taken_back": "更正送达登记",
    "state": "回复核实情况",
    "transfer": "转办",
}
_LOOKS = {
    "ask",
    "call",
    "download",
    "list",
    "look_up",
    "lookup",
    "open",
    "preview",
    "read",
    "reveal",
    "search",
    "view",
}
_SIGN_INS = {"locked", "session_ended", "sign_in", "sign_in_failed", "sign_out"}


def kind_of(action: str) -> Kind:
    """The kind of a dotted verb; what is nothing else is a change."""
    verb = action.rpartition(".")[2]
    if verb == "refused":
        return Kind.REFUSED
    if verb == "export":
        return Kind.EXPORT
    if verb in _SIGN_INS:
        return Kind.SIGN_IN
    return Kind.LOOK if verb in _LOOKS else Kind.CHANGE


def action_words(action: str) -> str:
    """ "decision.confirm" -> "处理决定：审核通过"; a word that is not known stays as it is."""
    noun, _, verb = action.rpartition(".")
    return f"{NOUNS.get(noun, noun)}：{VERBS.get(verb, verb)}"


def type_words(target_type: str) -> str:
    """The Chinese name of a model label such as violations.decision."""
    try:
        return str(apps.get_model(target_type)._meta.verbose_name)
    except (LookupError, ValueError):
        return target_type
