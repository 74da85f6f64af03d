"""Unified social credit codes: form, check character, allowed registers, refusal of persons.

GB 32100-2015: 18 characters of ``ALPHABET`` (no I, O, S, V, Z). Character 1 names the registering
authority, 2 the kind of organisation, 3-8 the district, 9-17 the organisation, 18 is the check
character: the sum of the first 17 values times 3**i, and of the check value, is 0 modulo 31.

The first two characters, by the standard and the registers that joined later: 1 staffing office
(11 organs, 12 public institutions, 13 mass organisations it manages, 19 others), 2 foreign affairs,
3 justice (31 law firms, 32 notaries, ...), 4 culture (foreign cultural centres), 5 civil affairs
(51 associations, 52 private non-enterprise units, 53 foundations, 54 and 55 villagers' and
residents' committees, 59 others), 6 tourism (foreign offices), 7 religion, 8 trade unions,
9 market regulation (91 enterprises, 92 individual businesses, 93 farmers' cooperatives),
A armed forces, N agriculture (N1-N3 rural collectives of group, village and township, N9 others),
Y others. ``REGISTERS`` holds those whose organisations are graded here (clauses.md, Scope); 11, 13
and 19 are left out because organs of state and what belongs to them are answerable elsewhere, and
a doubt goes to the reading that burdens less.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from subjects.enums import SubjectKind

LENGTH = 18
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_VALUES = {character: value for value, character in enumerate(ALPHABET)}
_WEIGHTS = tuple(pow(3, i, 31) for i in range(LENGTH - 1))

REGISTERS: dict[str, SubjectKind] = {
    "12": SubjectKind.INSTITUTION,
    "51": SubjectKind.SOCIAL,
    "52": SubjectKind.SOCIAL,
    "53": SubjectKind.SOCIAL,
    "54": SubjectKind.OTHER,
    "55": SubjectKind.OTHER,
    "59": SubjectKind.SOCIAL,
    "91": SubjectKind.COMPANY,
    "92": SubjectKind.BUSINESS,
    "93": SubjectKind.COOPERATIVE,
    "N1": SubjectKind.COLLECTIVE,
    "N2": SubjectKind.COLLECTIVE,
    "N3": SubjectKind.COLLECTIVE,
    "N9": SubjectKind.COLLECTIVE,
    "Y1": SubjectKind.OTHER,
}

# What the first character says of a code whose register is not graded here.
_REFUSED = {
    "1": "机关、群众团体",
    "2": "外交机构",
    "3": "律师、公证等司法行政登记机构",
    "4": "外国文化机构",
    "6": "境外旅游代表机构",
    "7": "宗教组织",
    "8": "工会组织",
    "A": "军队单位",
}

_MISTAKEN = {"I": "1", "O": "0", "S": "5", "Z": "2", "V": "U 或 Y"}
_SPREADSHEET_NUMBER = re.compile(r"[0-9](\.[0-9]+)?E[+-]?[0-9]+|[0-9]{10,}\.[0-9]*")
_NO_CODE = frozenset({"无", "暂无", "不详", "未知", "没有", "待补", "/", "-", "--", "—", "NULL"})
_INVISIBLE = re.compile(r"[\s\u200b-\u200f\u2060\ufeff\u00ad]+")
_IDENTITY_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_PROVINCES = frozenset(
    str(n)
    for first, last in (
        (11, 15),
        (21, 23),
        (31, 37),
        (41, 46),
        (50, 54),
        (61, 65),
        (71, 71),
        (81, 83),
    )
    for n in range(first, last + 1)
)
_LIKE_IDENTITY = re.compile(r"(?<![0-9A-Za-z])(?:[0-9]{17}[0-9Xx]|[0-9]{15})(?![0-9A-Za-z])")


@dataclass(frozen=True, slots=True)
class CodeFault:
    """What is wrong with a code.

    ``code`` is missing, length, alphabet, register, person, check_character, placeholder or number;
    ``expected`` the right check character where ``code`` is check_character.
    """

    code: str
    message: str
    expected: str = ""


def normalise(text: str) -> str:
    """``text`` as it is compared and stored: half width, upper case, without any blanks."""
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).upper()


def check_character(first17: str) -> str:
    """The 18th character that belongs to the first 17.

    Raises KeyError for a character outside ``ALPHABET``.
    """
    total = sum(_VALUES[c] * w for c, w in zip(first17, _WEIGHTS, strict=True))
    return ALPHABET[-total % 31]


def kind_of(code: str) -> SubjectKind:
    """What kind of organisation a code names. Raises ValueError for a register not graded here."""
    try:
        return REGISTERS[code[:2]]
    except KeyError:
        raise ValueError(f"no register of organisations graded here: {code[:2]!r}") from None


def is_resident_identity_number(text: str) -> bool:
    """Whether ``text`` is a person's identity number (GB 11643): 18 characters, or 15 of old form.

    The birthday must be real. Of 18 characters two of three more signs are asked: a province, a
    right check character (modulo 11), not also a right credit code: a mistyped number is a person's
    all the same, and an organisation whose code happens to look like one is none.
    """
    number = normalise(text)
    in_province = number[:2] in _PROVINCES
    if re.fullmatch(r"[1-9][0-9]{16}[0-9X]", number):
        total = sum(int(c) * w for c, w in zip(number[:17], _IDENTITY_WEIGHTS, strict=True))
        right = "10X98765432"[total % 11] == number[17]
        signs = (in_province, right, _check_form(number) is not None)
        return _is_birthday(number[6:14]) and sum(signs) >= 2
    old_form = re.fullmatch(r"[1-9][0-9]{14}", number) is not None
    return old_form and in_province and _is_birthday("19" + number[6:12])


def holds_identity_number(text: str) -> bool:
    """Whether an identity number stands anywhere in a text such as a name or an address."""
    found = _LIKE_IDENTITY.findall(unicodedata.normalize("NFKC", text))
    return any(is_resident_identity_number(number) for number in found)


def check(code: str) -> CodeFault | None:
    """What is wrong with a normalised ``code``; None where nothing is.

    Persons come before everything that an identity number also is: 12, 51, 52, 53 and 54 begin
    both registers of organisations and the numbers of people born in those provinces.
    """
    if not code:
        return CodeFault(
            "missing", "没有填写统一社会信用代码。请按营业执照或登记证书填写 18 位代码。"
        )
    if _SPREADSHEET_NUMBER.fullmatch(code):
        return CodeFault(
            "number",
            "表格软件把代码变成了数字，后几位已丢失。请把该列设为文本格式，重新填写 18 位代码。",
        )
    if is_resident_identity_number(code):
        return CodeFault(
            "person",
            "这是居民身份证号码。自然人不是监管对象，本系统不评定自然人的信用等级；"
            "请填写单位的统一社会信用代码。",
        )
    if code in _NO_CODE or len(set(code[:17])) == 1 or code.startswith("123456789"):
        return CodeFault(
            "placeholder", "这是占位代码，不是登记机关核发的。请按营业执照填写 18 位代码。"
        )
    return _check_form(code)


def _check_form(code: str) -> CodeFault | None:
    if len(code) != LENGTH:
        return CodeFault(
            "length",
            f"统一社会信用代码应为 {LENGTH} 位，现为 {len(code)} 位。请对照营业执照逐位核对。",
        )
    for position, character in enumerate(code, start=1):
        if character not in _VALUES:
            likely = _MISTAKEN.get(character)
            hint = f"请核对是否为 {likely}" if likely else "请对照营业执照逐位核对"
            return CodeFault(
                "alphabet",
                f"第 {position} 位“{character}”不在代码字符集内（不用 I、O、S、V、Z）。{hint}。",
            )
    if code[:2] not in REGISTERS:
        what = _REFUSED.get(code[0], "")
        why = f"为{what}，不在本系统监管对象之内" if what else "不是本系统监管对象的登记类别"
        return CodeFault("register", f"以“{code[:2]}”开头的代码{why}。请核对前两位。")
    expected = check_character(code[:17])
    if code[17] != expected:
        return CodeFault(
            "check_character",
            f"校验位不符：第 18 位应为 {expected}，现为 {code[17]}。请对照营业执照逐位核对。",
            expected,
        )
    return None


def _is_birthday(text: str) -> bool:
    try:
        day = date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return False
    return 1900 <= day.year < 2100
