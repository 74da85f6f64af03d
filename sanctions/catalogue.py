"""The measures that chapter four of 舞公〔2021〕394号 attaches to a grade, clause by clause."""

from __future__ import annotations

from typing import NamedTuple


class Measure(NamedTuple):
    """``clause`` is the id of clauses.md, ``words`` those of the regulation."""

    clause: str
    words: str


class Chapter(NamedTuple):
    """What a grade brings: its name on screen, where it stands, and the measures in its order."""

    name: str
    place: str
    measures: tuple[Measure, ...]


CATALOGUE: dict[str, Chapter] = {
    "A": Chapter(
        "激励措施",
        "四（一）",
        (
            Measure("4-A-1", "符合条件的，予以发文表彰"),
            Measure("4-A-2", "除投诉举报和专项执法检查外，免于日常巡查检查"),
            Measure("4-A-3", "办理行政许可可实施“绿色通道”等便利服务"),
            Measure("4-A-4", "政府采购、招投标、资格审查等优惠政策中优先考虑"),
            Measure("4-A-5", "法律、法规、规章和规范性文件规定的其他激励措施"),
        ),
    ),
    "B": Chapter(
        "管理措施",
        "四（二）",
        (
            Measure("4-B-1", "适当增加日常检查频次，在随机抽查中列为检查对象"),
            Measure("4-B-2", "加强政策法规宣传、业务辅导，帮助提升依法执业水平"),
            Measure("4-B-3", "法律、法规、规章规定的其他管理措施"),
        ),
    ),
    "C": Chapter(
        "惩戒措施",
        "四（三）",
        (
            Measure("4-C-1", "依法加强行政性约束和惩戒，引导提高法律遵从度"),
            Measure("4-C-2", "加大日常检查频次和随机抽查力度，实行动态监管"),
            Measure("4-C-3", "从严审核行政许可审批项目"),
            Measure("4-C-4", "限制新增项目审批、核准"),
            Measure("4-C-5", "严格限制申请特种行业经营"),
            Measure("4-C-6", "以统一社会信用代码为索引，及时公开披露相关信息"),
            Measure("4-C-7", "支持征信机构采集严重失信行为信息，纳入信用记录和信用报告"),
        ),
    ),
}


def chapter_for(grade: str) -> Chapter | None:
    """The measures of a grade; None for 未定级, which brings none."""
    return CATALOGUE.get(grade)
