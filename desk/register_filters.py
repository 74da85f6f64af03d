"""The filters of the register: they live in the address, and a value that is none is named.

One table (``CHOICES``) says which there are, their words and their conditions; list, chips and
export all read it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.db.models import F, Q

from accounts.models import Officer, Unit
from desk import register_conditions as conditions
from desk.register_conditions import Asked, Condition
from desk.register_pages import Listing
from grading.models import Flag, Grade
from subjects.enums import Industry, RegistryStatus, SubjectKind
from subjects.models import Subject, SubjectQuerySet
from subjects.search import Query, understand
from subjects.search import condition as conditions_of
from violations.checks_of_texts import names_a_person_by_number
from violations.enums import Field

PAGE_SIZES = (20, 50, 100)
MAX_TEXT = 100
FIELD_HINT = "只按您有权查看的处理决定筛选"


@dataclass(frozen=True, slots=True)
class Choice:
    """One filter: its name in the address, its word, its values with words, what it asks for.

    The condition may depend on who asks; ``hint`` says so where it does. ``row_by_row`` is the same
    condition for a walk through the register, where it has another form there.
    """

    name: str
    label: str
    values: list[tuple[str, str]]
    condition: Condition
    is_main: bool = False
    hint: str = ""
    row_by_row: Condition | None = None


CHOICES = (
    Choice(
        "grade",
        "等级",
        [*((g.value, f"{g.value} {g.label}") for g in Grade), (conditions.UNGRADED, "未定级")],
        conditions.of_grade,
        is_main=True,
    ),
    Choice(
        "field",
        "领域",
        list(Field.choices),
        conditions.of_field,
        is_main=True,
        hint=FIELD_HINT,
        row_by_row=conditions.of_field_row_by_row,
    ),
    Choice("flag", "标记", list(Flag.choices), conditions.of_flag),
    Choice(
        "industry",
        "行业",
        [(conditions.SPECIAL, "特种行业（全部）"), *Industry.choices],
        conditions.of_industry,
    ),
    Choice("kind", "类别", list(SubjectKind.choices), lambda value, _: Q(kind=value)),
    Choice(
        "status",
        "登记状态",
        list(RegistryStatus.choices),
        lambda value, _: Q(registry_status=value),
    ),
)


@dataclass(frozen=True, slots=True)
class Chip:
    """A chosen filter in words, and the query string without it."""

    text: str
    without: str


@dataclass
class Filters:
    """What the address asks for. ``notes`` says which values were none and are left out."""

    text: str = ""
    chosen: dict[str, str] = field(default_factory=dict)
    unit: Unit | None = None
    units: list[Unit] = field(default_factory=list)
    per: int = PAGE_SIZES[0]
    notes: list[str] = field(default_factory=list)

    @property
    def query(self) -> Query:
        return understand(self.text)

    @property
    def count(self) -> int:
        """How many filters are chosen, the search text not counted."""
        return len(self.chosen) + (self.unit is not None)

    @property
    def has_more(self) -> bool:
        """Whether one of the filters behind 更多条件 is chosen."""
        return any(not choice.is_main and choice.name in self.chosen for choice in CHOICES)

    def parameters(self) -> dict[str, str]:
        """The filters as they stand in the address, without the page."""
        parameters = {"q": self.text} if self.text else {}
        parameters |= self.chosen
        if self.unit:
            parameters["unit"] = self.unit.code
        if self.per != PAGE_SIZES[0]:
            parameters["per"] = str(self.per)
        return parameters

    def address(self) -> str:
        """The query string of these filters, with its question mark where there is any."""
        parameters = self.parameters()
        return f"?{urlencode(parameters)}" if parameters else ""

    def chips(self) -> list[Chip]:
        parameters = self.parameters()

        def without(name: str) -> str:
            return "?" + urlencode({k: v for k, v in parameters.items() if k != name})

        chips = [
            Chip(f"{choice.label}：{dict(choice.values)[self.chosen[choice.name]]}",
                 without(choice.name))
            for choice in CHOICES
            if choice.name in self.chosen
        ]  # fmt: skip
        if self.unit:
            chips.append(Chip(f"归口单位：{self.unit.name}", without("unit")))
        return chips

    def hints(self) -> list[str]:
        """What must be known about the chosen filters to read the list rightly."""
        return [
            f"{choice.label}：{choice.hint}。"
            for choice in CHOICES
            if choice.hint and choice.name in self.chosen
        ]

    def in_words(self) -> str:
        """For the trail and for the sheet: “样例”；等级：B 一般失信.

        An identity number that was searched for is kept nowhere.
        """
        words = [f"“{self._text_to_keep()}”"] if self.text else []
        return "；".join(words + [chip.text for chip in self.chips()]) or "全部监管对象"

    def _text_to_keep(self) -> str:
        plain = unicodedata.normalize("NFKC", self.text)
        return "含身份证号码，已隐去" if names_a_person_by_number(plain) else self.text

    def asked(self, officer: Officer) -> Asked:
        """All that the address asks of an organisation."""
        any_order = conditions_of(self.query)
        row_by_row = conditions_of(self.query, row_by_row=True)
        if looks_like_number(self.text):
            by_number = conditions.of_number(self.text, officer)
            any_order, row_by_row = any_order | by_number, row_by_row | by_number
        of_changed, of_rest = Q(), Q()
        for choice in CHOICES:
            if choice.name not in self.chosen:
                continue
            value = self.chosen[choice.name]
            any_order &= choice.condition(value, officer)
            if value == conditions.UNGRADED:
                of_changed, of_rest = Q(standing__grade=""), conditions.ungraded_of_rest()
            else:
                row_by_row &= (choice.row_by_row or choice.condition)(value, officer)
        if self.unit:
            any_order &= Q(unit_in_charge=self.unit)
            row_by_row &= Q(unit_in_charge=self.unit)
        return Asked(any_order, row_by_row, of_changed, of_rest)

    def listing(self, officer: Officer) -> Listing:
        """The organisations asked for, to be read page after page."""
        return Listing(self.asked(officer), self.per)

    def subjects(self, officer: Officer) -> SubjectQuerySet:
        """The organisations asked for, the latest change first; with standing and unit."""
        found = Subject.objects.all().surviving().filter(self.asked(officer).any_order)
        return found.select_related("standing", "unit_in_charge").order_by(
            F("standing__changed_at").desc(nulls_last=True), "-pk"
        )


def parse(given: Mapping[str, str]) -> Filters:
    """The filters of an address (or of the hidden boxes of the export form); never raises."""
    text = given.get("q", "").replace("\0", "").strip()
    filters = Filters(text=text[:MAX_TEXT], units=list(Unit.objects.filter(is_active=True)))
    if len(text) > MAX_TEXT:
        filters.notes.append(f"查找内容超过 {MAX_TEXT} 个字，只用了前 {MAX_TEXT} 个。")
    for choice in CHOICES:
        value = given.get(choice.name, "").strip()
        if value in dict(choice.values):
            filters.chosen[choice.name] = value
        elif value:
            filters.notes.append(_unknown(choice.label, value))
    code = given.get("unit", "").strip()
    filters.unit = next((unit for unit in filters.units if unit.code == code), None)
    if code and filters.unit is None:
        filters.notes.append(_unknown("归口单位", code))
    per = given.get("per", "").strip()
    if per in map(str, PAGE_SIZES):
        filters.per = int(per)
    elif per:
        filters.notes.append(_unknown("每页个数", per))
    return filters


def looks_like_number(text: str) -> bool:
    """Whether ``text`` may be (part of) the number of a decision, as in 罚决字〔2026〕0101号."""
    has_digit = any(character.isdigit() for character in text)
    return has_digit and any(mark in text for mark in "字号〔〕[]［］")


def controls(filters: Filters, *, main: bool) -> list[dict[str, Any]]:
    """The boxes to choose from, for the template: name, label, values, the value chosen."""
    return [
        {
            "name": choice.name,
            "label": choice.label,
            "values": choice.values,
            "value": filters.chosen.get(choice.name, ""),
            "hint": choice.hint,
        }
        for choice in CHOICES
        if choice.is_main == main
    ]


def _unknown(label: str, value: str) -> str:
    return f"{label}“{value[:30]}”不在选项之内，这一条件没有使用。请从列表中重选。"
