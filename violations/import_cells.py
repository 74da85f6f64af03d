"""Reading one cell: text, day, money in 万元, kinds of disposition; exactly or not at all."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal

from core.spreadsheets import Cell
from violations.checks_of_texts import names_a_person_by_number
from violations.enums import DecisionKind, DispositionKind


class CellError(ValueError):
    """A cell cannot be read: ``code`` for programs, ``str()`` in Chinese for people."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


_CJK = r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]"
_BLANKS_BESIDE_CJK = re.compile(rf"(?<={_CJK})\s+|\s+(?={_CJK})")
_DAY = re.compile(
    r"(\d{4})(?:[-/.](\d{1,2})[-/.](\d{1,2})|年(\d{1,2})月(\d{1,2})日|(\d{2})(\d{2}))"
    r"(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
)
_MONEY = re.compile(r"([+-]?)(\d+)(?:\.(\d*))?")
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d*)?")


def shown(line: str) -> str:
    """The beginning of what stands in a cell, for a message; never a person's number."""
    return "（证件号码）" if names_a_person_by_number(line) else line[:20]


def text(cell: Cell) -> str:
    """The cell as one line of text."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        return _number(cell)
    return " ".join(str(cell).split())


def name(cell: Cell) -> str:
    """The cell as a name: blanks beside Chinese characters, typed to fill a column, left out."""
    line = text(cell)
    return _BLANKS_BESIDE_CJK.sub("", line) if " " in line else line


def prose(cell: Cell) -> str:
    """The cell as text that may have several lines."""
    if not isinstance(cell, str):
        return text(cell)
    return cell.replace("\r\n", "\n").replace("\r", "\n").strip()


def _number(value: float) -> str:
    """A number as the sheet shows it: Excel itself holds 15 digits, the rest is noise of floats."""
    return format(Decimal(format(value, ".15g")), "f")


def day(cell: Cell) -> date | None:
    """The day in the cell; None where it is empty. Raises CellError."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    line = text(cell)
    if not line:
        return None
    found = _DAY.fullmatch(unicodedata.normalize("NFKC", line))
    if not found:
        raise CellError("format", f"“{shown(line)}”不是日期。按 2026-03-05 的写法填写。")
    year, month, number = [int(part) for part in found.groups() if part is not None]
    try:
        return date(year, month, number)
    except ValueError:
        raise CellError("no_such_day", f"没有“{shown(line)}”这一天。对照决定书改正。") from None


def money(cell: Cell) -> Decimal | None:
    """万元 in the cell as yuan, exactly; None where it is empty. Raises CellError.

    Worked out on the digits: no float and no rounding context ever touches the amount.
    """
    if isinstance(cell, bool) or not isinstance(cell, str | int | float | None):
        raise CellError("not_a_number", "金额不是数字。填写以万元为单位的数字，如 1.5。")
    line = unicodedata.normalize("NFKC", text(cell)).replace(" ", "")
    if not line:
        return None
    found = _MONEY.fullmatch(line.replace(",", "") if _THOUSANDS.fullmatch(line) else line)
    if not found:
        raise CellError(
            "not_a_number", f"“{shown(line)}”不是数字。填写以万元为单位的数字，如 1.5。"
        )
    sign, whole, fraction = found[1], found[2].lstrip("0"), (found[3] or "").rstrip("0")
    if sign == "-" and (whole or fraction):
        raise CellError("negative", f"金额 {shown(line)} 是负数。填写大于 0 的数字。")
    if len(fraction) > 6:
        raise CellError(
            "too_fine", f"{shown(line)} 万元不足一分的部分无法入账。最多填写 6 位小数。"
        )
    if len(whole) > 8:
        raise CellError("too_large", f"{shown(line)} 万元过大。核对单位是否为万元。")
    return Decimal(int((whole or "0") + fraction.ljust(6, "0"))).scaleb(-2)


_LABELS: dict[str, str] = {kind.label: kind.value for kind in DispositionKind} | {
    "责令改正": DispositionKind.ORDER_TO_CORRECT.value,
    "责令限期改正": DispositionKind.ORDER_TO_CORRECT.value,
    "责令(限期)改正": DispositionKind.ORDER_TO_CORRECT.value,
    "限期改正": DispositionKind.ORDER_TO_CORRECT.value,
    "没收非法所得": DispositionKind.CONFISCATE_GAINS.value,
    "违法所得": DispositionKind.CONFISCATE_GAINS.value,
    "没收非法财产": DispositionKind.CONFISCATE_PROPERTY.value,
    "非法财物": DispositionKind.CONFISCATE_PROPERTY.value,
    "暂扣许可证": DispositionKind.SUSPEND_LICENCE.value,
    "暂扣执照": DispositionKind.SUSPEND_LICENCE.value,
    "暂扣证照": DispositionKind.SUSPEND_LICENCE.value,
    "降低资质": DispositionKind.LOWER_QUALIFICATION.value,
    "限制生产经营活动": DispositionKind.RESTRICT_ACTIVITY.value,
    "停产停业": DispositionKind.STOP_BUSINESS.value,
    "责令停业": DispositionKind.STOP_BUSINESS.value,
    "责令停产": DispositionKind.STOP_BUSINESS.value,
    "责令停业整顿": DispositionKind.STOP_BUSINESS.value,
    "停业整顿": DispositionKind.STOP_BUSINESS.value,
    "吊销许可证": DispositionKind.REVOKE_LICENCE.value,
    "吊销执照": DispositionKind.REVOKE_LICENCE.value,
    "吊销营业执照": DispositionKind.REVOKE_LICENCE.value,
    "吊销证照": DispositionKind.REVOKE_LICENCE.value,
}
_SEPARATORS = re.compile(r"[;、,/+|\s]+|并处以?|同时|以及|[和及并]")
_OTHER = re.compile(r"^其他[-:—_]?")
_WHICH = re.compile(r"暂扣.*吊销|吊销.*暂扣")


def kinds(cell: Cell) -> list[str]:
    """The DispositionKind values in 处罚类别, each once. Raises CellError."""
    line = unicodedata.normalize("NFKC", text(cell))
    parts = [_OTHER.sub("", part) for part in _SEPARATORS.split(line) if part]
    if not [part for part in parts if part]:
        raise CellError("required", "没有填写处罚类别。对照决定书填写，如“警告;罚款”。")
    return list(dict.fromkeys(_kind(part) for part in parts if part))


def _kind(part: str) -> str:
    known = _LABELS.get(part)
    if known:
        return known
    if "拘留" in part:
        raise CellError(
            "detention", "行政拘留只适用于自然人，自然人不是监管对象。核对该决定的当事人。"
        )
    if re.search(r"不予.*处罚|免予.*处罚|不罚", part):
        raise CellError("no_penalty", "不予处罚不是处罚，不计入信用。从表中删去这一行。")
    if "加处罚款" in part:
        raise CellError("enforcement", "加处罚款属于执行措施，不是处罚种类。从处罚类别中删去。")
    if _WHICH.search(part):
        raise CellError(
            "which_licence", "须写明是暂扣还是吊销。改为“暂扣许可证件”或“吊销许可证件”。"
        )
    raise CellError("unknown_kind", f"没有“{shown(part)}”这种处罚类别。按行政处罚法第九条填写。")


_DOCUMENTS = {
    "责令改正": DecisionKind.ORDER,
    "责令限期改正": DecisionKind.ORDER,
    "责令(限期)改正": DecisionKind.ORDER,
    "限期改正": DecisionKind.ORDER,
    "违反许可承诺": DecisionKind.BREACH,
    "违反许可承诺认定": DecisionKind.BREACH,
    "违反承诺": DecisionKind.BREACH,
    "许可承诺违反": DecisionKind.BREACH,
}


def document_kind(cell: Cell) -> DecisionKind:
    """The kind of decision in 文书类型. Raises CellError; penalties have a sheet of their own."""
    line = unicodedata.normalize("NFKC", text(cell)).replace(" ", "")
    if not line:
        raise CellError("required", "没有填写文书类型。填写“责令改正”或“违反许可承诺”。")
    kind = _DOCUMENTS.get(line.removesuffix("书").removesuffix("通知"))
    if kind is None:
        raise CellError(
            "unknown_kind",
            f"文书类型“{shown(line)}”不在本表之内。填写“责令改正”或“违反许可承诺”，"
            "行政处罚用行政处罚表导入。",
        )
    return kind


_PROCEDURES = {"简易程序": "summary", "简易": "summary", "当场处罚": "summary"} | {
    "普通程序": "ordinary",
    "普通": "ordinary",
    "一般程序": "ordinary",
    "一般": "ordinary",
    "": "ordinary",
}


def procedure(cell: Cell) -> str:
    """The procedure; ordinary where the sheet says nothing. Raises CellError."""
    line = text(cell)
    try:
        return _PROCEDURES[line]
    except KeyError:
        raise CellError(
            "unknown", f"没有“{shown(line)}”这种程序。填写“简易程序”或“普通程序”。"
        ) from None
