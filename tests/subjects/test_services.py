"""Registering, renaming and mending organisations: what is kept, refused, written beside it."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import Officer
from accounts.roles import Role
from core.models import AuditEntry
from subjects import services
from subjects.enums import Industry, RegistryStatus, SubjectKind
from subjects.lookup import find_by_code
from subjects.models import Subject, SubjectCode
from subjects.particulars import SubjectInput
from subjects.services import DuplicateSubject, InvalidSubject
from tests import factories

pytestmark = pytest.mark.django_db
CODE = "91410481YL0000012N"


@pytest.fixture
def recorder() -> Officer:
    return factories.officer(Role.RECORDER)


def register(officer: Officer, **changes: str) -> Subject:
    values = {"credit_code": CODE, "name": "舞钢市样例云栖宾馆有限公司", **changes}
    return services.register_subject(officer=officer, **values)  # type: ignore[arg-type]


def test_an_organisation_is_registered_with_kind_initials_history_and_trail(
    recorder: Officer,
) -> None:
    subject = register(
        recorder,
        credit_code="91410481yl00000 12n",
        name=" 舞钢市样例云栖宾馆(集团)有限公司\u200b",
        industry=Industry.HOTEL,
    )

    assert subject.credit_code == CODE
    assert subject.name == "舞钢市样例云栖宾馆（集团）有限公司"
    assert subject.kind == SubjectKind.COMPANY
    assert subject.name_initials == "wgsylyqbgjtyxgs"
    assert subject.is_special_industry
    history = subject.history.get()
    assert (history.history_type, history.history_user_id) == ("+", recorder.pk)
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor, entry.target_id) == (
        "subject.register",
        recorder.number,
        str(subject.pk),
    )


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"credit_code": "91410481YL0000012M"}, "credit_code", "check_character"),
        ({"credit_code": "410481199003070011"}, "credit_code", "person"),
        ({"credit_code": "71410481MB0000012X"}, "credit_code", "register"),
        ({"name": ""}, "name", "missing"),
        ({"name": "张三410481199003070011"}, "name", "person"),
        ({"principal": "张三 11010519491231002X"}, "principal", "person"),
        ({"address": "（11010519491231002X）"}, "address", "person"),
        ({"name": "样" * 201}, "name", "too_long"),
        ({"industry": "banking"}, "industry", "unknown"),
    ],
)
def test_what_cannot_stand_in_the_register_is_refused(
    recorder: Officer, changes: dict[str, str], field: str, code: str
) -> None:
    with pytest.raises(InvalidSubject) as caught:
        register(recorder, **changes)

    assert [(fault.field, fault.code) for fault in caught.value.faults] == [(field, code)]
    assert not Subject.objects.exists()
    assert not AuditEntry.objects.exists()


def test_a_wrong_check_character_is_accepted_with_a_reason_alone(recorder: Officer) -> None:
    wrong = CODE[:-1] + "M"
    with pytest.raises(InvalidSubject, match="理由太短"):
        register(recorder, credit_code=wrong, code_exception="看过")

    subject = register(recorder, credit_code=wrong, code_exception="营业执照原件如此，已电话核实。")

    assert subject.code_exception
    assert AuditEntry.objects.get().reason == subject.code_exception


def test_a_reason_opens_no_other_door(recorder: Officer) -> None:
    with pytest.raises(InvalidSubject, match="自然人不是监管对象"):
        register(recorder, credit_code="410481199003070011", code_exception="已电话核实过的。")


def test_a_reason_that_was_not_needed_is_not_kept(recorder: Officer) -> None:
    assert register(recorder, code_exception="已电话核实过的。").code_exception == ""


def test_a_code_is_registered_once_former_codes_included(recorder: Officer) -> None:
    first = register(recorder)
    SubjectCode.objects.create(subject=first, code=factories.credit_code(7))

    for code in (CODE, CODE.lower(), factories.credit_code(7)):
        with pytest.raises(DuplicateSubject) as caught:
            register(recorder, credit_code=code)
        assert caught.value.existing == first


@pytest.mark.parametrize("role", [Role.UNIT_REVIEWER, Role.APPROVER, Role.TIP_HANDLER])
def test_who_may_not_edit_the_register_is_refused(role: str) -> None:
    officer = factories.officer(role)
    subject = factories.subject()
    with pytest.raises(PermissionDenied):
        register(officer)
    with pytest.raises(PermissionDenied):
        services.rename_subject(officer=officer, subject=subject, name="新名称有限公司")
    assert not AuditEntry.objects.exists()


def test_a_new_name_keeps_the_old_one(recorder: Officer) -> None:
    subject = register(recorder)

    renamed = services.rename_subject(officer=recorder, subject=subject, name="舞钢市样例新宾馆")

    assert (renamed.name, renamed.name_initials) == ("舞钢市样例新宾馆", "wgsylxbg")
    former = renamed.former_names.get()
    assert (former.name, former.name_initials) == (subject.name, subject.name_initials)
    assert former.history.get().history_user_id == recorder.pk
    assert renamed.history.count() == 2
    assert AuditEntry.objects.first().action == "subject.rename"  # type: ignore[union-attr]


def test_the_same_name_again_changes_nothing(recorder: Officer) -> None:
    subject = register(recorder)
    services.rename_subject(officer=recorder, subject=subject, name=f" {subject.name} ")

    assert not subject.former_names.exists()
    assert AuditEntry.objects.count() == 1


def test_particulars_are_mended_and_what_changed_is_told(recorder: Officer) -> None:
    subject = register(recorder)
    values = {
        "address": "样例路 1 号",
        "principal": "张三",
        "industry": Industry.PAWN,
        "registry_status": RegistryStatus.SUSPENDED,
        "unit_in_charge": recorder.unit,
    }
    for _ in range(2):
        services.update_subject(officer=recorder, subject=subject, **values)  # type: ignore[arg-type]

    subject.refresh_from_db()
    assert (subject.address, subject.industry) == ("样例路 1 号", "pawn")
    assert subject.history.count() == 2
    assert AuditEntry.objects.filter(action="subject.update").get().details == {
        "fields": ["address", "industry", "principal", "registry_status", "unit_in_charge_id"]
    }


def test_many_are_registered_at_once_with_history(
    recorder: Officer, django_assert_max_num_queries: object
) -> None:
    known = register(recorder)
    away = factories.subject(merged_into=known)
    former = SubjectCode.objects.create(subject=away, code=factories.credit_code(8))
    rows = [
        SubjectInput(credit_code=factories.credit_code(n), name=f"舞钢市样例{n}有限公司")
        for n in range(100, 160)
    ]
    rows += [
        SubjectInput(credit_code=rows[0].credit_code.lower(), name="后来的名称"),
        SubjectInput(credit_code=CODE, name="别的名称"),
        SubjectInput(credit_code=away.credit_code, name="别的名称"),
        SubjectInput(credit_code=former.code, name="别的名称"),
    ]
    with django_assert_max_num_queries(10):  # type: ignore[operator]
        found = services.bulk_register(officer=recorder, rows=rows, reason="导入 penalties.xlsx")

    assert len(found) == 63
    assert found[CODE] == found[away.credit_code] == found[former.code] == known
    first = Subject.objects.get(credit_code=rows[0].credit_code)
    assert first.name == "舞钢市样例100有限公司"
    assert first.history.get().history_user_id == recorder.pk
    assert AuditEntry.objects.filter(action="subject.bulk_register").get().details["count"] == 60


def test_in_bulk_a_wrong_row_stops_all(recorder: Officer) -> None:
    rows = [
        SubjectInput(credit_code=factories.credit_code(1), name="舞钢市样例有限公司"),
        SubjectInput(credit_code="410481199003070011", name="张三"),
    ]
    with pytest.raises(InvalidSubject, match="自然人"):
        services.bulk_register(officer=recorder, rows=rows)
    assert not Subject.objects.exists()


def test_a_code_is_found_present_former_and_through_mergers(
    django_assert_num_queries: object,
) -> None:
    kept = factories.subject(name="存续有限公司")
    away = factories.subject(merged_into=kept)
    SubjectCode.objects.create(subject=away, code=factories.credit_code(5))

    with django_assert_num_queries(1):  # type: ignore[operator]
        assert find_by_code(f" {kept.credit_code.lower()} ") == kept
    assert find_by_code(away.credit_code) == kept
    with django_assert_num_queries(2):  # type: ignore[operator]
        assert find_by_code(factories.credit_code(5)) == kept
    assert find_by_code(factories.credit_code(6)) is None


def test_what_somebody_changed_since_it_was_read_is_not_overwritten(recorder: Officer) -> None:
    subject = factories.subject(name="旧名有限公司")
    seen = services.version_of(subject)
    values: dict[str, Any] = {
        "address": "样例路 1 号",
        "principal": "",
        "industry": "hotel",
        "registry_status": "active",
        "unit_in_charge": None,
    }
    services.update_subject(officer=recorder, subject=subject, seen=seen, **values)

    with pytest.raises(services.StaleSubject) as refused:
        services.update_subject(
            officer=recorder, subject=subject, seen=seen, **{**values, "address": "样例路 2 号"}
        )
    assert refused.value.subject.address == "样例路 1 号"
