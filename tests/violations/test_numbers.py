"""One document number, however it was typed."""

import pytest

from violations.numbers import clean_number, number_key

PAPER = "舞公（治）行罚决字〔2026〕0101号"


@pytest.mark.parametrize(
    "typed",
    [
        "舞公(治)行罚决字[2026]0101号",
        "舞公（治）行罚决字【2026】0101号",
        "舞公（治）行罚决字［2026］0101号",
        "舞公（治）行罚决字(2026)0101号",
        " 舞公（治） 行罚决字〔２０２６〕\u30000101号\t",
        "舞公（治）行罚决字\u200b〔2026〕0101号\ufeff",
        "舞公﹙治﹚行罚决字﹝2026﹞0101号",
    ],
)
def test_spellings_of_one_number_are_one(typed: str) -> None:
    assert number_key(typed) == number_key(PAPER)
    assert clean_number(typed) == PAPER


@pytest.mark.parametrize(
    "other",
    [
        "舞公（治）行罚决字〔2026〕101号",
        "舞公（治）行罚决字〔2025〕0101号",
        "舞公（禁）行罚决字〔2026〕0101号",
    ],
)
def test_other_numbers_stay_other(other: str) -> None:
    assert number_key(other) != number_key(PAPER)


def test_case_and_emptiness() -> None:
    assert number_key("wg-za-01") == number_key("ＷＧ-ZA-01")
    assert clean_number("wg-za-01") == "wg-za-01"
    assert number_key(" \u3000") == clean_number("") == ""
