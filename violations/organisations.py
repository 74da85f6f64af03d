"""The organisation that a record names: found in the register, or entered into it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from accounts.models import Officer
from subjects import credit_codes
from subjects.lookup import find_by_code
from subjects.models import Subject
from subjects.services import InvalidSubject, register_subject
from violations.errors import InvalidDecision
from violations.inputs import Fault


def known(credit_code: str) -> Subject | None:
    """The organisation that has or had the code, followed to the one it was merged into.

    Never asked for what cannot be a code, a person's number above all.
    """
    fault = credit_codes.check(credit_code)
    if fault is not None and fault.code != "check_character":
        return None
    return find_by_code(credit_code)


def entered(
    *,
    officer: Officer,
    credit_code: str,
    name: str,
    paths: Mapping[str, str] | None = None,
    **particulars: Any,
) -> Subject:
    """Enter the organisation of a record into the register.

    ``paths`` says what the record calls the fields of the register. Raises InvalidDecision, and
    DuplicateSubject where somebody else registers the code at this moment.
    """
    try:
        return register_subject(officer=officer, credit_code=credit_code, name=name, **particulars)
    except InvalidSubject as refused:
        named = paths or {}
        raise InvalidDecision(
            [Fault(named.get(f.field, f.field), f.code, f.message) for f in refused.faults]
        ) from refused
