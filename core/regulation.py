"""The clauses of 舞公〔2021〕394号 in the words that stand on screen, by clause id (clauses.md)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Clause:
    """``place`` is where it stands in the paper, ``words`` what it says, ``short`` a label."""

    place: str
    short: str
    words: str


CLAUSES: dict[str, Clause] = {
    "3-A": Clause("三（一）A 级", "红名单", "公安局发布的“红名单”"),
    "3-B-1": Clause(
        "三（二）B 级 条件 1",
        "警告、责令改正",
        "一年内责令（限期）改正、警告累计次数 3 次（不含）以内",
    ),
    "3-B-2": Clause(
        "三（二）B 级 条件 2",
        "行政处罚",
        "一年内行政处罚案件 3 次（不含）以内，且罚没款金额累计不超过 50 万元",
    ),
    "3-B-3": Clause("三（二）B 级 条件 3", "违反许可承诺", "一年内违反许可承诺书 3 次（不含）以内"),
    "3-C": Clause("三（三）C 级", "黑名单", "市公安局发布的“黑名单”"),
}


def place_of(clause: str) -> str:
    """Where the clause stands in the regulation; the id itself where it is not known."""
    known = CLAUSES.get(clause)
    return known.place if known else clause
