"""Fields about people are cipher text in the database, and open only where they belong."""

from __future__ import annotations

import pytest
from django.test import override_settings

from core.crypto import UndecryptableError, decrypt, encrypt, masked

PHONE = "13812340001"
KEYS = {"k1": "a" * 32}


def test_what_is_encrypted_comes_back_and_never_looks_the_same_twice() -> None:
    first, second = (encrypt(PHONE, place="t.phone") for _ in range(2))

    assert first != second
    assert PHONE not in first
    assert decrypt(first, place="t.phone") == decrypt(second, place="t.phone") == PHONE


def test_a_value_of_another_column_does_not_open() -> None:
    stored = encrypt(PHONE, place="t.phone")
    with pytest.raises(UndecryptableError):
        decrypt(stored, place="t.contact")


@pytest.mark.parametrize("damage", [lambda s: s[:-4] + "AAA=", lambda s: "no" + s, lambda s: "x"])
def test_an_altered_value_does_not_open(damage) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(UndecryptableError):
        decrypt(damage(encrypt(PHONE, place="t.phone")), place="t.phone")


def test_a_new_key_writes_and_the_old_one_still_reads() -> None:
    with override_settings(FIELD_KEYS=KEYS):
        old = encrypt(PHONE, place="t.phone")
    with override_settings(FIELD_KEYS={"k2": "b" * 32, **KEYS}):
        assert encrypt(PHONE, place="t.phone").startswith("k2:")
        assert decrypt(old, place="t.phone") == PHONE
    with override_settings(FIELD_KEYS={"k2": "b" * 32}), pytest.raises(UndecryptableError):
        decrypt(old, place="t.phone")


def test_screens_show_the_ends_alone() -> None:
    assert masked(PHONE) == "138****0001"
    assert masked("12345") == "*****"
