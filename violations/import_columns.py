"""The two official sheets: which columns they have, recognised by their labels in any order.

``penalties`` is the national publication standard for organisations (双公示, 行政处罚-法人) with
money in 万元; ``others`` is the bureau's own sheet of orders to correct and breaches.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

PENALTIES = "penalties"
OTHERS = "others"


@dataclass(frozen=True, slots=True)
class Column:
    """``key`` is the name in the code, ``label`` that on the sheet; ``aliases`` read the same."""

    key: str
    label: str
    required: bool = True
    aliases: tuple[str, ...] = ()


NAME = Column("name", "行政相对人名称", aliases=("行政相对人",))
CODE = Column("code", "行政相对人代码_1(统一社会信用代码)", aliases=("统一社会信用代码",))
PROCEDURE = Column("procedure", "程序", False, ("适用程序", "处罚程序", "行政处罚程序"))
COMMITTED = Column("committed_on", "违法行为日期", False, ("违法行为发生日期", "违法日期"))
SERVED = Column("served_on", "送达日期", False)
UNIT = Column("unit", "数据来源单位", False)

# 法定代表人身份证号 is a column of the standard and deliberately none here: it is never read.
FORMS: dict[str, tuple[Column, ...]] = {
    PENALTIES: (
        NAME,
        CODE,
        Column("number", "行政处罚决定书文号"),
        Column("type", "违法行为类型"),
        Column("facts", "违法事实"),
        Column("law", "处罚依据"),
        Column("kinds", "处罚类别"),
        Column("fine", "罚款金额(万元)"),
        Column("confiscated", "没收违法所得、没收非法财物的金额(万元)"),
        Column("licence", "暂扣或吊销证照名称及编号"),
        Column("decided_on", "处罚决定日期"),
        Column("principal", "法定代表人", False),
        UNIT,
        PROCEDURE,
        COMMITTED,
        SERVED,
    ),
    OTHERS: (
        Column("number", "文书号", aliases=("文号",)),
        Column("kind", "文书类型"),
        Column("name", "监管对象名称"),
        Column("code", "统一社会信用代码"),
        Column("type", "违法行为类型"),
        Column("facts", "事实", aliases=("违法事实",)),
        Column("law", "依据", aliases=("法律依据",)),
        Column("decided_on", "认定日期", aliases=("决定日期",)),
        Column("correct_by", "整改期限", False),
        UNIT,
        COMMITTED,
        SERVED,
    ),
}

IDENTITY_COLUMN = "法定代表人身份证号"
_BRACKETS = str.maketrans("[]{}〔〕【】〖〗", "()()()()()")
_POINTS = re.compile(r"[\s_、,，.:：*]+")


def normalised(label: str) -> str:
    """A label without blanks and points, its brackets made one kind."""
    return _POINTS.sub("", unicodedata.normalize("NFKC", label).translate(_BRACKETS))


@dataclass(frozen=True)
class Layout:
    """Where each column of a sheet stands: ``at`` maps the key to the place in the row."""

    kind: str
    at: Mapping[str, int]
    labels: Mapping[str, str]
    missing: tuple[str, ...]
    doubled: tuple[str, ...]

    def key_at(self, place: int) -> str | None:
        """The key of the column at ``place``; None for a column that is not read."""
        return next((key for key, at in self.at.items() if at == place), None)


def lay_out(header: list[str], kind: str) -> Layout:
    """Find the columns of ``kind`` in ``header``."""
    names = [normalised(label) for label in header]
    at: dict[str, int] = {}
    labels: dict[str, str] = {}
    missing, doubled = [], []
    for column in FORMS[kind]:
        labels[column.key] = column.label
        places = list(_places(column, names))
        if places:
            at[column.key] = places[0]
        if len(places) > 1:
            doubled.append(column.label)
        if not places and column.required:
            missing.append(column.label)
    return Layout(kind, at, labels, tuple(missing), tuple(doubled))


def _places(column: Column, names: list[str]) -> Iterator[int]:
    """By the label where that stands in the header, else by the first alias that does."""
    for label in (column.label, *column.aliases):
        places = [place for place, name in enumerate(names) if name == normalised(label)]
        if places:
            yield from places
            return


def recognise(header: list[str]) -> str:
    """Which of the two sheets a header is: the one that misses fewer of its columns."""
    return min(FORMS, key=lambda kind: len(lay_out(header, kind).missing))
