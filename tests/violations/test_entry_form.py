"""The entry form parses what people type, keeps it, and shows faults beside their boxes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from violations.entry_data import RawAct, RawEntry
from violations.form_fields import parse_day, parse_yuan
from violations.forms import EntryForm
from violations.inputs import DispositionInput, Fault

POST = {
    "credit_code": "91410481000000001X",
    "number": "舞公（治）行罚决字〔2026〕0101号",
    "decided_on": "2026/11/20",
    "v-0-type": "未按规定备案",
    "v-0-field": "public_order",
    "v-0-committed_on": "20261101",
    "v-0-d-0-kind": "fine",
    "v-0-d-0-amount": "２０,０００",
    "v-0-d-2-kind": "warning",
    "v-3-type": "第二个",
    "v-3-d-0-kind": "",
}


@pytest.mark.parametrize(
    "typed",
    ["2026-11-20", "2026/11/20", "20261120", "2026年11月20日", " 2026-11-20 ", "２０２６-11-20"],
)
def test_a_day_is_read_in_every_usual_spelling(typed: str) -> None:
    assert parse_day(typed) == date(2026, 11, 20)


@pytest.mark.parametrize("typed", ["2026-13-02", "20.11.2026", "昨天", "2026-02-30", "0000-01-01"])
def test_what_is_no_day_is_named_with_the_way_to_write_it(typed: str) -> None:
    with pytest.raises(ValueError, match="不是有效日期，请写成 2026-11-20 这样的形式"):
        parse_day(typed)


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("20,000", "20000"),
        ("20000.50", "20000.50"),
        ("２００００", "20000"),
        ("20，000元", "20000"),
        ("¥1,000", "1000"),
        ("0", "0"),
    ],
)
def test_money_is_read_exactly(typed: str, amount: str) -> None:
    assert parse_yuan(typed) == Decimal(amount)


@pytest.mark.parametrize("typed", ["2万", "abc", "1.234", "1e5", "NaN", "20.000,5", "9" * 40])
def test_what_is_no_money_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="“"):
        parse_yuan(typed)


def test_gaps_in_the_names_close_up_and_empty_rows_are_no_dispositions() -> None:
    form = EntryForm("penalty", RawEntry.from_post(POST), check=True)
    data = form.to_input(unit_code="WG-ZA")

    assert data.decided_on == date(2026, 11, 20)
    assert [act.type for act in data.violations] == ["未按规定备案", "第二个"]
    assert data.violations[0].committed_on == date(2026, 11, 1)
    assert data.violations[0].dispositions == (
        DispositionInput("fine", Decimal("20000")),
        DispositionInput("warning"),
    )
    assert data.violations[1].dispositions == ()


def test_a_fault_stands_beside_its_box_even_after_an_untouched_row() -> None:
    raw = RawEntry(acts=[RawAct({}, [{"kind": ""}, {"kind": "fine"}])])
    form = EntryForm("penalty", raw, check=True)
    form.to_input(unit_code="WG-ZA")
    form.add_faults([Fault("violations[0].dispositions[0].amount", "required", "请填写金额。")])

    assert form.lines[0].id == "id_v-0-d-1-amount"
    assert form.lines[0].label == "违法行为 1 · 金额（元）"


def test_what_could_not_be_read_is_shown_as_typed_with_one_error() -> None:
    form = EntryForm("penalty", RawEntry.from_post({**POST, "decided_on": "后天"}), check=True)
    data = form.to_input(unit_code="WG-ZA")
    form.add_faults([Fault("decided_on", "required", "请填写决定日期。")])

    assert data.decided_on is None
    assert 'value="后天"' in str(form.head["decided_on"])
    assert [line.text for line in form.lines] == [
        "“后天”不是有效日期，请写成 2026-11-20 这样的形式。"
    ]


def test_faults_come_in_the_order_of_the_page_and_unknown_places_first() -> None:
    form = EntryForm("penalty", RawEntry.from_post(POST), check=True)
    form.to_input(unit_code="WG-ZA")
    form.add_faults(
        [
            Fault("violations[1].dispositions", "required", "C"),
            Fault("violations[0].law", "required", "B"),
            Fault("number", "required", "A"),
            Fault("somewhere", "odd", "0"),
            Fault("violations[9].law", "odd", "00"),
            Fault("violations[0].law", "unknown_law", "提示", warning=True),
        ]
    )
    assert [line.text for line in form.lines] == ["0", "00", "A", "B", "C"]
    assert [line.text for line in form.warnings] == ["提示"]


def test_an_order_and_a_breach_carry_the_order_to_correct() -> None:
    order = EntryForm("order", RawEntry.from_post({"v-0-type": "x"}), check=True)
    breach = EntryForm("breach", RawEntry.from_post({"v-0-type": "x"}), check=True)
    ordered = EntryForm("breach", RawEntry.from_post({"v-0-ordered": "on"}), check=True)

    kinds = [
        [d.kind for d in form.to_input(unit_code="U").violations[0].dispositions]
        for form in (order, breach, ordered)
    ]
    assert kinds == [["order_to_correct"], [], ["order_to_correct"]]


@pytest.mark.parametrize(
    ("button", "acts", "rows", "focus"),
    [
        ("add-act", 3, 2, "id_v-2-type"),
        ("remove-act-1", 1, 2, "id_v-0-type"),
        ("add-disposition-0", 2, 3, "id_v-0-d-2-kind"),
        ("remove-disposition-0-1", 2, 1, "id_v-0-d-0-kind"),
        ("remove-disposition-0-9", 2, 2, None),
        ("remove-act-7", 2, 2, None),
        ("add-act-1", 2, 2, None),
        ("check", 2, 2, None),
    ],
)
def test_a_button_changes_the_boxes(button: str, acts: int, rows: int, focus: str | None) -> None:
    raw = RawEntry.from_post(POST)
    assert raw.press(button) == focus
    assert (len(raw.acts), len(raw.acts[0].dispositions)) == (acts, rows)


def test_the_boxes_survive_a_draft() -> None:
    raw = RawEntry.from_post(POST)
    assert RawEntry.from_json(raw.to_json()) == raw
    assert RawEntry.from_json({}) == RawEntry()
