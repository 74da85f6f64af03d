"""The other inputs of 1-3: recorded by units, revoked with a paper, ended; and who may not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from accounts.models import Officer
from accounts.roles import Role
from core.models import AuditEntry
from subjects.models import Subject
from tests import factories
from violations.enums import FactorKind
from violations.errors import InvalidDecision, NotAllowed
from violations.factor_checks import FactorInput
from violations.factor_services import StaleFactor, end_factor, record_factor, revoke_factor
from violations.models import Factor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]
REASON, PAPER = "上级来函更正，原列入有误。", "豫信用办函〔2026〕3号"


@pytest.fixture
def subject() -> Subject:
    return factories.subject(credit_code=factories.credit_code(5))


@pytest.fixture
def recorder() -> Officer:
    return factories.officer(Role.RECORDER)


def given(**changes: Any) -> FactorInput:
    right = FactorInput(
        credit_code=factories.credit_code(5),
        kind="national",
        scheme="全国公共信用综合评价",
        value="良",
        source="市平台 2026 年 10 月推送",
        in_force_from=date(2026, 10, 1),
    )
    return replace(right, **changes)


def codes(error: pytest.ExceptionInfo[InvalidDecision]) -> list[tuple[str, str]]:
    assert all(fault.message.endswith("。") for fault in error.value.faults)
    return [(fault.path, fault.code) for fault in error.value.faults]


def test_a_factor_names_the_unit_that_answers_for_it(subject: Subject, recorder: Officer) -> None:
    made = record_factor(officer=recorder, data=given())
    assert (made.subject, made.unit, made.recorded_by) == (subject, recorder.unit, recorder)
    latest = made.history.get()
    assert (latest.history_user, latest.history_change_reason) == (recorder, "录入")
    row = AuditEntry.objects.get(action="factor.record")
    assert row.details == {"kind": "national", "credit_code": subject.credit_code}


@pytest.mark.parametrize("kind", FactorKind.values)
def test_every_kind_is_recorded(subject: Subject, recorder: Officer, kind: str) -> None:
    assert record_factor(officer=recorder, data=given(kind=kind)).kind == kind


@pytest.mark.parametrize(
    ("changes", "path", "code"),
    [
        ({"credit_code": ""}, "credit_code", "missing"),
        ({"credit_code": "410481199003070011"}, "credit_code", "person"),
        ({"credit_code": factories.credit_code(6)}, "credit_code", "unregistered"),
        ({"kind": "opinion"}, "kind", "unknown"),
        ({"scheme": " "}, "scheme", "missing"),
        ({"value": ""}, "value", "missing"),
        ({"value": "长" * 101}, "value", "too_long"),
        ({"source": ""}, "source", "missing"),
        ({"source": "举报人 410481199003070011"}, "source", "person"),
        ({"in_force_from": None}, "in_force_from", "missing"),
        ({"in_force_from": date(2026, 11, 21)}, "in_force_from", "future"),
        ({"in_force_from": date(1999, 12, 31)}, "in_force_from", "too_early"),
        ({"in_force_until": date(2026, 9, 30)}, "in_force_until", "before_begin"),
        ({"in_force_until": date(2200, 1, 1)}, "in_force_until", "too_late"),
        ({"kind": "discipline_list", "is_worst": True}, "is_worst", "not_national"),
    ],
)
def test_what_is_wrong_is_said_at_its_box(
    subject: Subject, recorder: Officer, changes: dict[str, Any], path: str, code: str
) -> None:
    with pytest.raises(InvalidDecision) as error:
        record_factor(officer=recorder, data=given(**changes))
    assert codes(error) == [(path, code)]
    assert not Factor.objects.exists()


def test_a_former_code_and_a_merged_entry_lead_to_the_survivor(recorder: Officer) -> None:
    survivor = factories.subject()
    factories.subject(credit_code=factories.credit_code(5), merged_into=survivor)
    assert record_factor(officer=recorder, data=given()).subject == survivor


def test_the_same_again_is_refused_until_it_is_revoked(subject: Subject, recorder: Officer) -> None:
    made = record_factor(officer=recorder, data=given())
    with pytest.raises(InvalidDecision) as error:
        record_factor(officer=recorder, data=given(source="另一来源"))
    assert codes(error) == [("value", "duplicate")]
    revoke_factor(officer=recorder, factor_id=made.pk, version=1, reason=REASON, document=PAPER)
    record_factor(officer=recorder, data=given())


def test_revoking_takes_a_reason_and_a_paper(subject: Subject, recorder: Officer) -> None:
    made = record_factor(officer=recorder, data=given())
    with pytest.raises(InvalidDecision) as error:
        revoke_factor(officer=recorder, factor_id=made.pk, version=1, reason="误", document=" ")
    assert codes(error) == [("reason", "too_short"), ("document", "missing")]
    done = revoke_factor(
        officer=recorder, factor_id=made.pk, version=1, reason=REASON, document=PAPER
    )
    assert (done.revoked_on, done.closing_reason, done.closing_document) == (
        date(2026, 11, 20),
        REASON,
        PAPER,
    )
    assert done.history.first().history_change_reason == REASON
    with pytest.raises(InvalidDecision, match="已于 2026-11-20 撤销"):
        end_factor(
            officer=recorder,
            factor_id=made.pk,
            version=2,
            last_day=date(2026, 12, 1),
            reason=REASON,
        )


def test_ending_takes_a_day_not_before_it_began(subject: Subject, recorder: Officer) -> None:
    made = record_factor(officer=recorder, data=given())

    def end(last_day: date | None) -> Factor:
        return end_factor(
            officer=recorder, factor_id=made.pk, version=1, last_day=last_day, reason=REASON
        )

    for day, code in ((None, "missing"), (date(2026, 9, 30), "before_begin")):
        with pytest.raises(InvalidDecision) as error:
            end(day)
        assert codes(error) == [("last_day", code)]
    assert end(date(2026, 10, 1)).in_force_until == date(2026, 10, 1)


def test_whoever_read_an_older_version_changes_nothing(subject: Subject, recorder: Officer) -> None:
    made = record_factor(officer=recorder, data=given())
    end_factor(
        officer=recorder, factor_id=made.pk, version=1, last_day=date(2026, 12, 1), reason=REASON
    )
    with pytest.raises(StaleFactor):
        revoke_factor(officer=recorder, factor_id=made.pk, version=1, reason=REASON, document=PAPER)


@pytest.mark.parametrize(
    "role", [Role.UNIT_REVIEWER, Role.APPROVER, Role.AUDITOR, Role.TIP_HANDLER, Role.ADMINISTRATOR]
)
def test_others_record_and_revoke_nothing(subject: Subject, recorder: Officer, role: Role) -> None:
    made = record_factor(officer=recorder, data=given())
    other = factories.officer(role)
    with pytest.raises(NotAllowed):
        record_factor(officer=other, data=given(value="差"))
    with pytest.raises(NotAllowed):
        revoke_factor(officer=other, factor_id=made.pk, version=1, reason=REASON, document=PAPER)


def test_another_unit_s_recorder_changes_nothing_and_the_office_does(
    subject: Subject, recorder: Officer
) -> None:
    made = record_factor(officer=recorder, data=given())
    stranger = factories.officer(Role.RECORDER, unit=factories.unit())
    with pytest.raises(NotAllowed, match="归口"):
        revoke_factor(officer=stranger, factor_id=made.pk, version=1, reason=REASON, document=PAPER)
    assert list(Factor.objects.visible_to(stranger)) == []
    assert list(Factor.objects.visible_to(recorder)) == [made]
    office = factories.officer(Role.OFFICE, unit=factories.unit("WG-OFFICE"))
    assert list(Factor.objects.visible_to(office)) == [made]
    revoke_factor(officer=office, factor_id=made.pk, version=1, reason=REASON, document=PAPER)
    assert made.history.first().history_user == office
