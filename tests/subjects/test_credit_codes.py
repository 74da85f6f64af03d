"""Codes: form, check character, registers, and persons that are refused (clauses.md, Scope)."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subjects.credit_codes import (
    ALPHABET,
    REGISTERS,
    check,
    check_character,
    holds_identity_number,
    is_resident_identity_number,
    kind_of,
    normalise,
)
from subjects.enums import SubjectKind

SAMPLES = Path(__file__).parent / "codes_in_use.csv"
bodies = st.builds(
    lambda register, rest: register + rest,
    st.sampled_from(sorted(REGISTERS)),
    st.text(ALPHABET, min_size=15, max_size=15),
)


def fault_of(text: str) -> str:
    fault = check(normalise(text))
    return fault.code if fault else ""


def with_check(first17: str) -> str:
    return first17 + check_character(first17)


@given(bodies, st.integers(0, 17), st.sampled_from(ALPHABET))
def test_every_change_of_one_character_is_caught(body: str, position: int, other: str) -> None:
    code = with_check(body)
    changed = code[:position] + other + code[position + 1 :]

    assert (fault_of(changed) == "") <= (changed == code or is_resident_identity_number(code))


@given(bodies)
def test_a_code_made_by_the_rule_is_right(body: str) -> None:
    code = with_check(body)

    assert fault_of(code) in ("", "person")
    assert kind_of(code) is REGISTERS[code[:2]]


def test_the_check_character_is_0_where_the_sum_is_0_modulo_31() -> None:
    weights = [pow(3, i, 31) for i in range(17)]
    found = 0
    for n in range(2000):
        body = f"91410481{n:09d}"
        if sum(ALPHABET.index(c) * w for c, w in zip(body, weights, strict=True)) % 31 == 0:
            found += 1
            assert check_character(body) == "0"
            assert fault_of(body + "0") == ""
    assert found


def test_codes_known_to_be_right_pass() -> None:
    with SAMPLES.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))

    assert len(rows) > 8
    assert {row["credit_code"]: fault_of(row["credit_code"]) for row in rows} == {
        row["credit_code"]: "" for row in rows
    }
    assert {row["credit_code"]: kind_of(row["credit_code"]).value for row in rows} == {
        row["credit_code"]: row["kind"] for row in rows
    }


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "missing"),
        ("  　", "missing"),
        ("9141048189CBPNY33A", "check_character"),
        ("9141048189CBPNY33", "length"),
        ("9141048189CBPNY33DD", "length"),
        ("914104818OCBPNY33D", "alphabet"),
        ("914104818样CBPNY33D", "alphabet"),
        ("410481199003070011", "person"),
        ("11010519491231002X", "person"),
        ("11010519491231002x", "person"),
        ("410481900307001", "person"),
        ("9.1410481e+17", "number"),
        ("914104810000000000.0", "number"),
        ("00000000000000000X", "placeholder"),
        ("111111111111111111", "placeholder"),
        ("123456789012345678", "placeholder"),
        ("无", "placeholder"),
        ("410481000012345", "length"),
    ],
)
def test_what_is_wrong_is_named(text: str, code: str) -> None:
    assert fault_of(text) == code


@pytest.mark.parametrize(
    "first2", ["11", "13", "19", "21", "31", "32", "41", "61", "71", "81", "A1", "A9", "95", "Y9"]
)
def test_organisations_of_other_registers_are_refused(first2: str) -> None:
    code = with_check(f"{first2}410481MB0000012")

    assert fault_of(code) == "register"
    with pytest.raises(ValueError, match="register"):
        kind_of(code)


@pytest.mark.parametrize("first2", ["12", "51", "52", "53", "59", "N1", "N2", "N3", "Y1"])
def test_registers_that_are_graded_are_accepted(first2: str) -> None:
    assert fault_of(with_check(f"{first2}410481MB0000012")) == ""


def test_the_right_check_character_is_told() -> None:
    fault = check("91410481YL0000012M")

    assert fault is not None
    assert fault.expected == "N"
    assert fault.message == ("校验位不符：第 18 位应为 N，现为 M。请对照营业执照逐位核对。")


def test_full_width_blanks_and_lower_case_are_evened_out() -> None:
    assert normalise(" ９1４１０481　yl00000 12n\u200b\n") == "91410481YL0000012N"


def test_a_person_of_sichuan_is_a_person_though_51_is_a_register() -> None:
    """Such a number is now and then a right credit code as well."""
    both = []
    for n in range(2000):
        body = f"51010019{80 + n % 15:02d}0{1 + n % 9}1{n % 10}{n % 1000:03d}"
        total = sum(
            int(c) * w
            for c, w in zip(
                body, (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2), strict=True
            )
        )
        number = body + "10X98765432"[total % 11]
        assert fault_of(number) == "person"
        both.append(check_character(body) == number[17])
    assert any(both)


def test_a_company_whose_code_holds_a_date_is_no_person() -> None:
    code = with_check("91310120121123401")

    assert code[6:14] == "20121123"
    assert fault_of(code) == ""
    assert kind_of(code) is SubjectKind.COMPANY


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("张三410481199003070011", True),
        ("住所（身份证 11010519491231002X）", True),
        ("舞钢市湖滨街道样例路 1 号", False),
        ("91410481YL0000012N", False),
        ("注册号410481000012345", False),
    ],
)
def test_identity_numbers_are_found_within_texts(text: str, found: bool) -> None:
    assert holds_identity_number(text) is found
