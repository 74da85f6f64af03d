"""The clauses that carry or change a grade, as they stand on screen: id, place, words."""

from __future__ import annotations

from typing import NamedTuple


class Clause(NamedTuple):
    """``title`` is where it stands in the regulation, ``words`` what it says."""

    id: str
    title: str
    words: str


CLAUSES: dict[str, Clause] = {
    clause.id: clause
    for clause in (
        Clause("3-A", "三（一）A 级", "公安局发布的“红名单”条件"),
        Clause(
            "3-B-1", "三（二）B 级 条件 1", "一年内责令（限期）改正、警告累计次数 3 次（不含）以内"
        ),
        Clause(
            "3-B-2",
            "三（二）B 级 条件 2",
            "一年内行政处罚案件 3 次（不含）以内，且罚没款金额累计不超过 50 万元",
        ),
        Clause("3-B-3", "三（二）B 级 条件 3", "一年内违反许可承诺书 3 次（不含）以内"),
        Clause("3-C", "三（三）C 级", "市公安局发布的“黑名单”条件"),
        Clause("3-H", "三 后段", "同一违法行为的处理包括多个种类和幅度的，以最重的确定严重程度"),
        Clause("3-S", "三 后段", "同一处理决定中包含多个违法行为的，对每个违法行为分别确定"),
        Clause(
            "5-9",
            "五 异议与修复",
            "对失信行为有异议，经认定撤销，或进行信用修复的，局办公室根据办理结果更改信息",
        ),
    )
}
