"""Chapter four of 舞公〔2021〕394号 as the catalogue of measures begins with it.

The migration puts ``SEEDS`` into the table ``Measure``; from there on the office keeps the bases,
terms and guidance, and everybody reads the table. A clause that only points to "other measures by
law" (4-A-5, 4-B-3) names no measure: it begins without a basis and starts for nobody until the
office enters the law that there is.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from sanctions.measure_enums import MeasureKind

ISSUED_ON = date(2021, 12, 25)
INCENTIVE, SUPERVISION, RESTRICTION = (
    MeasureKind.INCENTIVE.value,
    MeasureKind.SUPERVISION.value,
    MeasureKind.RESTRICTION.value,
)


class Chapter(NamedTuple):
    """What a grade brings: its name on screen and where it stands."""

    name: str
    place: str


CHAPTERS: dict[str, Chapter] = {
    "A": Chapter("激励措施", "四（一）"),
    "B": Chapter("管理措施", "四（二）"),
    "C": Chapter("惩戒措施", "四（三）"),
}


class Seed(NamedTuple):
    """``clause`` is the id of clauses.md, ``words`` those of the regulation."""

    clause: str
    kind: str
    words: str
    guidance: str
    has_basis: bool = True

    @property
    def grade(self) -> str:
        return self.clause[2]

    @property
    def legal_basis(self) -> str:
        place = CHAPTERS[self.grade].place
        return f"舞公〔2021〕394号{place}" if self.has_basis else ""


SEEDS: tuple[Seed, ...] = (
    Seed(
        "4-A-1",
        INCENTIVE,
        "符合条件的，予以发文表彰",
        "按国家、省、市表彰规定核对条件，符合的由归口单位提出，发文后在此登记文号。",
    ),
    Seed(
        "4-A-2",
        INCENTIVE,
        "除投诉举报和专项执法检查外，免于日常巡查检查",
        "不安排日常巡查。因投诉举报或专项检查上门的，在检查任务中写明来由。",
    ),
    Seed(
        "4-A-3",
        INCENTIVE,
        "办理行政许可可实施“绿色通道”等便利服务",
        "收件后优先办理，材料可以容缺的先行受理。办结后登记受理号和办结日期。",
    ),
    Seed(
        "4-A-4",
        INCENTIVE,
        "政府采购、招投标、资格审查等优惠政策中优先考虑",
        "招标、采购、资格审查征求意见时，答复其为 A 级并写明有效期。",
    ),
    Seed(
        "4-A-5",
        INCENTIVE,
        "法律、法规、规章和规范性文件规定的其他激励措施",
        "须先在目录中写明具体依据，才对 A 级对象适用。",
        has_basis=False,
    ),
    Seed(
        "4-B-1",
        SUPERVISION,
        "适当增加日常检查频次，在随机抽查中列为检查对象",
        "列入随机抽查名录，按检查计划的比例抽取，检查结果登记在检查任务中。",
    ),
    Seed(
        "4-B-2",
        SUPERVISION,
        "加强政策法规宣传、业务辅导，帮助提升依法执业水平",
        "由归口单位上门或集中宣讲与其违法行为有关的法规，每次在此登记内容。",
    ),
    Seed(
        "4-B-3",
        SUPERVISION,
        "法律、法规、规章规定的其他管理措施",
        "须先在目录中写明具体依据，才对 B 级对象适用。",
        has_basis=False,
    ),
    Seed(
        "4-C-1",
        SUPERVISION,
        "依法加强行政性约束和惩戒，引导提高法律遵从度",
        "由归口单位书面指出问题和整改要求，跟踪到整改完成。",
    ),
    Seed(
        "4-C-2",
        SUPERVISION,
        "加大日常检查频次和随机抽查力度，实行动态监管",
        "列入重点检查，按检查计划的比例安排，结果登记在检查任务中。",
    ),
    Seed(
        "4-C-3",
        RESTRICTION,
        "从严审核行政许可审批项目",
        "逐项核对法定条件，必要时实地核查。是否准予由办理民警依法决定，写明理由。",
    ),
    Seed(
        "4-C-4",
        RESTRICTION,
        "限制新增项目审批、核准",
        "收到新增项目申请的，提请法制部门会同审查。是否核准由办理民警依法决定，写明理由。",
    ),
    Seed(
        "4-C-5",
        RESTRICTION,
        "严格限制申请特种行业经营",
        "对照特种行业许可的法定条件从严审查。是否准予由办理民警依法决定，写明理由。",
    ),
    Seed(
        "4-C-6",
        RESTRICTION,
        "以统一社会信用代码为索引，及时公开披露相关信息",
        "由局办公室按公示程序办理，封存的记录不得公开。",
    ),
    Seed(
        "4-C-7",
        RESTRICTION,
        "支持征信机构采集严重失信行为信息，纳入信用记录和信用报告",
        "征信机构申请采集的，由局办公室提供可公开的信息。",
    ),
)


def chapter_for(grade: str) -> Chapter | None:
    """The part of chapter four for a grade; None for 未定级, which brings no measures."""
    return CHAPTERS.get(grade)
