"""The kinds of papers, and the texts that the office may change in each.

A topic adds its kind as a row of ``KINDS`` and a template ``templates/documents/<code>.html`` that
extends ``documents/base.html``. ``blocks`` are the texts that the office may change; in them
``{监管对象}``, ``{统一社会信用代码}``, ``{出具单位}``, ``{文书日期}`` and the kind's own ``fields``
(name in the text -> key of the content, a plain string) are filled in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

REMEDY = "对失信行为有异议的，可以向舞钢市公安局办公室提出异议"


@dataclass(frozen=True, slots=True)
class Block:
    """One text of a paper: ``default`` stands until the office publishes a version of its own.

    Lines are paragraphs.
    """

    code: str
    label: str
    default: str


@dataclass(frozen=True, slots=True)
class PaperKind:
    """One kind of paper; ``number_word`` is what tells its numbers from those of other kinds.

    ``to_serve`` says whether it is served on the party, so that it stays open until it was;
    ``fields`` names strings of the content that texts may quote.
    """

    code: str
    label: str
    number_word: str
    template: str
    blocks: tuple[Block, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)
    to_serve: bool = True


KINDS: tuple[PaperKind, ...] = (
    # content: since, until (days in Chinese), acts: [[type, number, disposition], ...] (3 strings
    # each), grade_sentence (why the grade is what it is, one sentence).
    PaperKind(
        "reminder",
        "信用提醒书",
        "信提",
        "documents/reminder.html",
        (
            Block("opening", "开头", "经查，你单位自{起始日期}至{截止日期}有下列失信行为："),
            Block(
                "closing",
                "结尾",
                "现提醒你单位纠正和规范上述行为，严格自律、诚信守法。"
                f"{REMEDY}；已经纠正并履行完毕的，可以申请信用修复。",
            ),
        ),
        {"起始日期": "since", "截止日期": "until"},
    ),
    # content: invited (name and function), at (day and hour in Chinese), place, acts as above.
    PaperKind(
        "interview_notice",
        "约谈通知书",
        "信约",
        "documents/interview_notice.html",
        (
            Block(
                "opening",
                "开头",
                "因你单位有下列失信行为，根据《舞钢市公安局信用分级分类监管制度》"
                "（舞公〔2021〕394号）第五部分的规定，决定对你单位进行诚信约谈：",
            ),
            Block(
                "closing",
                "结尾",
                "请被约谈人携带身份证件和单位授权材料按时到场，可以陈述申辩、提交有关材料。"
                "确有正当理由不能到场的，请事先告知我单位另行安排。",
            ),
        ),
    ),
    # content: from_, to (day and hour), place, interviewers, recorder, invited (name, function),
    # acts as above, laws, urged, statement, commitment, follow_up (day in Chinese or "").
    PaperKind(
        "interview_record",
        "约谈笔录",
        "信录",
        "documents/interview_record.html",
        (
            Block(
                "told",
                "告知",
                "已向被约谈人表明身份，告知约谈的事由和依据，告知其有陈述和申辩的权利，"
                "并可以对失信行为提出异议、依法申请信用修复。",
            ),
        ),
        to_serve=False,
    ),
    PaperKind(
        "list_notice",
        "列入告知书",
        "信告",
        "documents/list_notice.html",
        (
            Block(
                "opening",
                "开头",
                "经查，你单位有下列情形，我局拟将你单位列入舞钢市公安局{名单}，现将有关事项告知如下：",
            ),
            Block(
                "consequences",
                "惩戒措施",
                "列入后，信用等级评定为C级（严重失信），依照《舞钢市公安局信用分级分类监管制度》"
                "（舞公〔2021〕394号）第四部分第（三）项实施惩戒措施。",
            ),
            Block(
                "rights",
                "权利告知",
                "你单位有权陈述和申辩，可以在收到本告知书之日起{告知期}个工作日内向舞钢市公安局"
                "办公室提出书面意见和证据材料。逾期未提出的，不影响我局依法作出决定。",
            ),
        ),
        {"名单": "list", "告知期": "days"},
    ),
    PaperKind(
        "list_decision",
        "列入决定书",
        "信列",
        "documents/list_decision.html",
        (
            Block("opening", "开头", "经查，你单位有下列情形："),
            Block("heard", "听取意见", "本局已于{告知日期}告知你单位事由、依据和权利。{听取情况}"),
            Block(
                "remedies",
                "救济途径",
                "如不服本决定，可以在收到本决定书之日起六十日内依法申请行政复议，"
                "或者在六个月内依法提起行政诉讼；也可以向舞钢市公安局办公室提出异议。"
                "已经纠正并履行完毕、符合条件的，可以申请移出或者信用修复。",
            ),
        ),
        {"名单": "list", "告知日期": "notified_on", "听取情况": "heard"},
    ),
    # Served together with the decision (国办发〔2025〕22号).
    PaperKind(
        "repair_notice",
        "信用修复告知书",
        "信修告",
        "documents/repair_notice.html",
        (
            Block(
                "opening",
                "开头",
                "你单位因下列行为于{决定日期}受到处理（{决定书文号}），有关信息记入信用记录。"
                "现将信用修复的有关事项告知如下：",
            ),
            Block(
                "conditions",
                "修复条件",
                "申请信用修复应当同时具备：（一）达到最短公示期；（二）已纠正失信行为；"
                "（三）已履行处理决定的义务；（四）公开作出信用承诺。",
            ),
            Block(
                "how",
                "申请方式",
                "符合条件的，可以向舞钢市公安局办公室或者通过“信用中国”网站提出申请，"
                "收到申请后3个工作日内决定是否受理，受理后10个工作日内告知结果，不收取费用。",
            ),
            Block("effect", "修复后果", "修复后终止公示，停止共享、使用和采取失信惩戒措施。"),
        ),
        {"决定书文号": "number", "决定日期": "decided_on"},
    ),
    # content: receipt, received, accept_by, materials, records: [[number, act, what is missing]],
    # missing (the commitment, or "").
    PaperKind(
        "repair_receipt",
        "信用修复申请回执",
        "修受",
        "documents/repair_receipt.html",
        (
            Block("opening", "开头", "你单位于{收到日期}提交的信用修复申请（编号{编号}）收悉。"),
            Block(
                "closing",
                "结尾",
                "材料不齐的，我局将一次性告知须补正的全部内容，等待补正的时间不计入办理期限。"
                "信用修复不收取任何费用。",
            ),
        ),
        {"收到日期": "received", "编号": "receipt"},
    ),
    # content: receipt, received, records: [[record, treatment, outcome, reason]], effect.
    PaperKind(
        "repair_answer",
        "信用修复答复书",
        "修答",
        "documents/repair_answer.html",
        (
            Block(
                "opening",
                "开头",
                "你单位于{收到日期}提交的信用修复申请（编号{编号}），经审查，现答复如下：",
            ),
            Block(
                "remedies",
                "救济",
                "不予受理、不予修复的，具备条件后可以再次申请；对本答复有异议的，"
                "可以向舞钢市公安局办公室提出异议。",
            ),
        ),
        {"收到日期": "received", "编号": "receipt"},
    ),
    # content: records: [[record, treatment, tier, repair possible from]].
    PaperKind(
        "repair_invitation",
        "信用修复提示函",
        "修提",
        "documents/repair_invitation.html",
        (
            Block(
                "opening",
                "开头",
                "你单位的下列失信记录已经或者即将达到申请信用修复的最短期限，特此提示：",
            ),
            Block(
                "conditions",
                "条件和材料",
                "已纠正失信行为、履行处理决定义务并公开作出信用承诺的，可以提出申请。"
                "申请时提交信用修复申请表、履行和纠正的证明、信用承诺书。",
            ),
            Block(
                "closing",
                "结尾",
                "申请向舞钢市公安局办公室提出，或者通过“信用中国”网站提出，不收取任何费用。"
                "是否申请由你单位自行决定，不申请没有不利后果。",
            ),
        ),
        to_serve=False,
    ),
    # content: changed_on (day in Chinese), old_grade, new_grade, measures: [words, ...] that are
    # lifted, change (the id of the change of the grade).
    PaperKind(
        "good_news",
        "信用等级好转告知书",
        "信喜",
        "documents/good_news.html",
        (
            Block("opening", "开头", "你单位纠正失信行为、依法经营，信用状况好转，现告知如下："),
            Block(
                "closing",
                "结尾",
                "对仍按原等级采取措施的，可以持本告知书要求停止，并可以向舞钢市公安局办公室反映。"
                "希望你单位继续诚信守法。",
            ),
        ),
    ),
    PaperKind(
        "review_outcome",
        "等级复核结果告知书",
        "复告",
        "documents/review_outcome.html",
        (
            Block(
                "opening",
                "开头",
                "对你单位信用等级的复核（编号{编号}，{复核日期}开始）已经办结，现告知如下：",
            ),
            Block(
                "remedies",
                "救济",
                "对复核结果或者所依据的失信记录有异议的，可以向舞钢市公安局办公室提出异议。",
            ),
        ),
        {"编号": "review", "复核日期": "opened"},
    ),
    PaperKind(
        "credit_file",
        "信用报告",
        "信报",
        "documents/credit_file.html",
        (
            Block(
                "notes",
                "说明",
                "（一）本报告依据舞钢市公安局各单位作出的处理决定和发布的名单生成，仅供本单位了解自身"
                "信用状况，不作其他用途的证明。\n"
                "（二）依照法律规定不得向任何单位和个人提供或者公开的记录，以及超过五年的记录，"
                "不载入报告。\n"
                "（三）认为记录有误的，可以向舞钢市公安局办公室提出异议；查询自身信用报告每年两次免费。",
            ),
        ),
        to_serve=False,
    ),
    PaperKind(
        "grade_certificate",
        "信用等级证明",
        "信证",
        "documents/grade_certificate.html",
        (
            Block(
                "notes",
                "说明",
                "本证明只反映上述日期依照《舞钢市公安局信用分级分类监管制度》（舞公〔2021〕394号）"
                "可以对外提供的评定结果，此后的变化以届时查询为准。"
                "没有评定结果不是对该单位信用状况的评价。",
            ),
        ),
        to_serve=False,
    ),
    # content: receipt, received, accepted, answer_by (days in Chinese), claims: [[record, claim]].
    PaperKind(
        "objection_receipt",
        "异议受理通知书",
        "异受",
        "documents/objection_receipt.html",
        (
            Block(
                "opening",
                "开头",
                "你单位于{收到日期}提出的信用异议（回执号{回执号}）收悉。经审查，决定予以受理。"
                "你单位对下列事项提出异议：",
            ),
            Block(
                "closing",
                "结尾",
                "办理期间，有关记录标注“异议处理中”。须由你单位补充材料或者须经鉴定评审的，"
                "所需时间不计入办理期限。请保留回执号，凭回执号查询办理情况。",
            ),
        ),
        {"收到日期": "received", "回执号": "receipt"},
    ),
    # content: receipt, received, claims: [[record, claim, finding, outcome]], effect (a sentence),
    # second_stage ("yes" or "").
    PaperKind(
        "objection_answer",
        "异议答复书",
        "异答",
        "documents/objection_answer.html",
        (
            Block(
                "opening",
                "开头",
                "你单位于{收到日期}提出的信用异议（回执号{回执号}），经核查，现答复如下：",
            ),
            Block(
                "second_stage",
                "再次核查",
                "对本答复不服的，可以持本答复书向舞钢市公安局办公室申请再次核查，"
                "由未办理和认定过本异议的人员认定。",
            ),
            Block(
                "remedies",
                "其他救济",
                "对处理决定本身不服的，可以依法申请行政复议或者提起行政诉讼；"
                "异议和再次核查不影响复议、诉讼期限的计算。",
            ),
        ),
        {"收到日期": "received", "回执号": "receipt"},
    ),
)


def paper_kind(code: str) -> PaperKind:
    """The kind of that code. Raises KeyError."""
    return _by_code()[code]


def _by_code() -> dict[str, PaperKind]:
    return {kind.code: kind for kind in KINDS}
