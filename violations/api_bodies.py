"""Bodies of the calls about decisions and lists, and the plain values that they become."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from rest_framework import serializers

from core.api.fields import Amount, Body, Day, Flag, Many, Text, Whole
from violations.checks_of_acts import MAX_ACTS, MAX_DISPOSITIONS
from violations.inputs import DecisionInput, DispositionInput, Fault, ViolationInput
from violations.list_entries import ListEntryInput

MAX_PAGE = 200


class DispositionBody(Body):
    kind = Text(max_length=40)
    amount = Amount(required=False, allow_null=True)
    licence = Text(required=False, max_length=400)


class ViolationBody(Body):
    field = Text(max_length=40)
    type = Text(max_length=400)
    facts = Text(max_length=8000)
    law = Text(max_length=400)
    article = Text(required=False, max_length=200)
    committed_on = Day(required=False, allow_null=True)
    correct_by = Day(required=False, allow_null=True)
    deviation_reason = Text(required=False, max_length=1000)
    dispositions = Many(child=DispositionBody(), required=False, max_length=MAX_DISPOSITIONS)


class SubjectBody(Body):
    credit_code = Text(max_length=64)
    name = Text(max_length=400)
    code_exception = Text(required=False, max_length=400)
    address = Text(required=False, max_length=400)
    principal = Text(required=False, max_length=128)
    industry = Text(required=False, max_length=40)


class PaperBody(Body):
    """What a paper says, without where it goes."""

    kind = Text(max_length=40)
    procedure = Text(required=False, max_length=40)
    decided_on = Day()
    served_on = Day(required=False, allow_null=True)
    handler = Text(required=False, max_length=128)


class DecisionBody(PaperBody):
    """A decision; ``submit`` states at once that it is true (2-1)."""

    unit = Text(max_length=64)
    number = Text(max_length=200)
    subject = SubjectBody()
    violations = Many(child=ViolationBody(), max_length=MAX_ACTS)
    submit = Flag(required=False, default=False)
    in_force = Flag(required=False, default=False)
    confirmed_by = Text(required=False, allow_null=True, max_length=128)


class OutcomeBody(Body):
    """Decided elsewhere: by the organ that the document names, or by ``organ``."""

    reason = Text(max_length=2000)
    document = Text(max_length=200)
    on = Day()
    organ = Text(required=False, max_length=40)


class ContestBody(Body):
    document = Text(max_length=200)
    until = Day(required=False, allow_null=True)
    outcome = Text(required=False, max_length=2000)

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """With ``from``, which Python keeps for itself."""
        return {"from": Day(), **super().get_fields()}


class ListEntryBody(Body):
    """``published`` false proposes even where the token might take over."""

    list = Text(max_length=10)
    credit_code = Text(max_length=64)
    name = Text(max_length=400)
    listed_on = Day()
    expires_on = Day()
    document = Text(max_length=200)
    legal_basis = Text(max_length=600)
    reason = Text(max_length=4000)
    notified_on = Day(required=False, allow_null=True)
    published = Flag(required=False)


class DecisionQuery(Body):
    """Which decisions; ``before`` is the ``next`` of the answer before."""

    subject = Text(required=False, max_length=64)
    unit = Text(required=False, max_length=64)
    to = Day(required=False)
    before = Whole(required=False, min_value=0, max_value=2**63 - 1)
    limit = Whole(required=False, min_value=1, max_value=MAX_PAGE, default=50)

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        return {**super().get_fields(), "from": Day(required=False)}


def decision_input(given: dict[str, Any]) -> DecisionInput:
    """A checked body (``DecisionBody`` or what stands in for it) as the services take it."""
    subject = given.get("subject", {})
    return DecisionInput(
        unit_code=given.get("unit", ""),
        number=given.get("number", ""),
        kind=given["kind"],
        procedure=given.get("procedure") or "ordinary",
        credit_code=subject.get("credit_code", ""),
        subject_name=subject.get("name", ""),
        code_exception=subject.get("code_exception", ""),
        subject_address=subject.get("address", ""),
        subject_principal=subject.get("principal", ""),
        subject_industry=subject.get("industry", ""),
        decided_on=given["decided_on"],
        served_on=given.get("served_on"),
        handler=given.get("handler", ""),
        truth_stated=bool(given.get("submit")),
        violations=tuple(_act(act) for act in given["violations"]),
    )


def _act(given: dict[str, Any]) -> ViolationInput:
    return ViolationInput(
        field=given["field"],
        type=given["type"],
        facts=given["facts"],
        law=given["law"],
        article=given.get("article", ""),
        committed_on=given.get("committed_on"),
        correct_by=given.get("correct_by"),
        deviation_reason=given.get("deviation_reason", ""),
        dispositions=tuple(
            DispositionInput(one["kind"], one.get("amount"), one.get("licence", ""))
            for one in given.get("dispositions", [])
        ),
    )


def list_entry_input(given: dict[str, Any]) -> ListEntryInput:
    names = ("list", "credit_code", "name", "listed_on", "expires_on", "document", "legal_basis")
    return ListEntryInput(
        **{name: given[name] for name in names},
        reason=given["reason"],
        notified_on=given.get("notified_on"),
    )


_PATHS = {
    "unit_code": "unit",
    "subject_name": "subject.name",
    "subject_address": "subject.address",
    "subject_principal": "subject.principal",
    "subject_industry": "subject.industry",
    "credit_code": "subject.credit_code",
    "code_exception": "subject.code_exception",
    "contested_from": "from",
    "contested_until": "until",
    "truth_stated": "submit",
}


def in_words_of_body(fault: Fault, *, flat: bool = False) -> Fault:
    """The fault with the path and code that a caller of the API knows.

    ``flat``: the body names its organisation at the top (list entries).
    """
    path = fault.path if flat else _PATHS.get(fault.path, fault.path)
    code = "required" if fault.code == "missing" else fault.code
    return replace(fault, path=path, code=code)
