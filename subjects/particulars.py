"""What may stand in the register about an organisation: cleaned, and checked once for every path.

Form, import, entry of a decision and admin all ask here (house.md, habit 2).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace

from subjects import credit_codes
from subjects.enums import Industry

MAX_LENGTHS = {"name": 200, "address": 200, "principal": 64, "code_exception": 200}
LABELS = {
    "name": "名称",
    "address": "住所",
    "principal": "法定代表人（负责人）",
    "code_exception": "校验位例外理由",
}
MIN_EXCEPTION = 10  # characters; the check of a decision asks for the same
# Brackets full width, letters and digits half width.
_NAME = str.maketrans("()", "（）") | {
    wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F) if chr(wide).isalnum()
}


@dataclass(frozen=True, slots=True)
class SubjectFault:
    """Something to mend: the field, what is wrong (a short code), and the Chinese sentence."""

    field: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class SubjectInput:
    """An organisation as somebody hands it in; ``industry`` is an Industry value or empty."""

    credit_code: str
    name: str
    code_exception: str = ""
    address: str = ""
    principal: str = ""
    industry: str = ""
    unit_in_charge_id: int | None = None

    def cleaned(self) -> SubjectInput:
        """The same with code, name and texts as they are stored."""
        return replace(
            self,
            credit_code=credit_codes.normalise(self.credit_code),
            name=clean_name(self.name),
            code_exception=clean_text(self.code_exception),
            address=clean_text(self.address),
            principal=clean_text(self.principal),
            industry=self.industry.strip() or Industry.OTHER,
        )


def clean_text(text: str) -> str:
    """``text`` without control and invisible characters, blanks evened out."""
    if text.isprintable() and "  " not in text:  # the usual case; only U+0020 is a blank here
        return text.strip()
    visible = (" " if c.isspace() else c for c in text if c.isspace() or _is_visible(c))
    return re.sub(" +", " ", "".join(visible)).strip()


def clean_name(text: str) -> str:
    """A name as registers write it: full-width brackets, half-width letters and digits."""
    return clean_text(text.translate(_NAME))


def faults_of(given: SubjectInput) -> list[SubjectFault]:
    """Everything wrong with an organisation to be registered; ``given`` is cleaned already.

    A wrong check character is accepted with a reason (an authority really issued such codes).
    """
    return [*code_faults(given.credit_code, given.code_exception), *text_faults(given)]


def code_faults(code: str, code_exception: str = "") -> Iterator[SubjectFault]:
    """What is wrong with a normalised code, given the reason for an exception if there is one."""
    fault = credit_codes.check(code)
    if fault is None:
        return
    if fault.code != "check_character" or not code_exception:
        yield SubjectFault("credit_code", fault.code, fault.message)
    elif len(code_exception) < MIN_EXCEPTION:
        yield SubjectFault(
            "code_exception",
            "too_short",
            f"校验位例外理由太短，现为 {len(code_exception)} 字。请写明看过什么证照、"
            f"向哪个登记机关核实过，不少于 {MIN_EXCEPTION} 字。",
        )


def text_faults(given: SubjectInput) -> Iterator[SubjectFault]:
    """What is wrong with the name and the other particulars of a cleaned ``given``."""
    if len(given.name) < 2:
        yield SubjectFault(
            "name", "missing", "没有填写监管对象名称。请按营业执照或登记证书填写全称。"
        )
    for field, limit in MAX_LENGTHS.items():
        value, label = getattr(given, field), LABELS[field]
        if len(value) > limit:
            yield SubjectFault(
                field, "too_long", f"{label}超过 {limit} 个字，现为 {len(value)} 个。请缩短。"
            )
        if value and credit_codes.holds_identity_number(value):
            yield SubjectFault(
                field, "person", f"{label}中有居民身份证号码。本系统不登记身份证号码，请删去。"
            )
    if given.industry not in Industry.values:
        yield SubjectFault(
            "industry", "unknown", f"行业“{given.industry[:20]}”不在选项之内。请从列表中选择。"
        )


def _is_visible(character: str) -> bool:
    return unicodedata.category(character)[0] != "C"
