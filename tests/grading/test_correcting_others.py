"""Corrections of list entries, factors and what the register says about an organisation."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from accounts.models import Officer, RoleGrant
from grading import corrections
from grading.corrections import StaleCorrection
from subjects.lookup import find_by_code
from subjects.models import Subject, SubjectCode
from subjects.services import DuplicateSubject, register_subject, update_subject
from tests import factories
from tests.grading.correcting import agree, graded, propose, undo
from violations.correction_entries import FactorTarget, ListEntryTarget
from violations.correction_subjects import SubjectTarget
from violations.errors import InvalidDecision, NotAllowed
from violations.models import Factor, ListEntry

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine("2026-11-20 09:00+08:00")]
NEW, OTHER = factories.credit_code(31), factories.credit_code(32)


def about(subject: Subject) -> SubjectTarget:
    return SubjectTarget(Subject.objects.get(pk=subject.pk))


def codes(refused: pytest.ExceptionInfo[InvalidDecision]) -> list[tuple[str, str]]:
    return [(fault.path, fault.code) for fault in refused.value.faults]


@pytest.fixture
def black() -> ListEntry:
    """Its notice ran for four working days instead of five."""
    return factories.list_entry(
        list="black", listed_on=date(2026, 5, 4), expires_on=date(2027, 5, 3)
    )


def test_the_term_of_an_entry_is_shortened_without_and_prolonged_with_its_paper(
    black: ListEntry,
) -> None:
    agree(propose(ListEntryTarget(black), {"expires_on": "2027-01-03"}, document=""))
    assert graded(black.subject_id)["next_change_on"] == "2027-01-04"
    black.refresh_from_db()
    with pytest.raises(InvalidDecision) as refused:
        propose(ListEntryTarget(black), {"expires_on": "2027-06-03"}, document="")
    assert codes(refused) == [("why.document", "paper")]


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"notified_on": "2026-04-30"}, "notified_on"),  # the notice would not have run
        ({"notified_on": None}, "notified_on"),
        ({"expires_on": None}, "expires_on"),
        ({"listed_on": "2026-12-01"}, "listed_on"),
        ({"legal_basis": " "}, "legal_basis"),
    ],
)
def test_an_entry_passes_the_checks_of_lists(
    changes: dict[str, Any], path: str, black: ListEntry
) -> None:
    with pytest.raises(InvalidDecision) as refused:
        propose(ListEntryTarget(black), changes)
    assert path in [fault.path for fault in refused.value.faults]


def test_what_stands_wrong_and_is_not_touched_keeps_nothing_from_being_mended(
    black: ListEntry,
) -> None:
    assert propose(ListEntryTarget(black), {"legal_basis": "河南省社会信用条例 第二十九条"}).pk


def test_which_list_it_is_no_correction_can_say(black: ListEntry) -> None:
    assert "list" not in ListEntryTarget(black).state()
    assert "subject" not in ListEntryTarget(black).state()


@pytest.mark.parametrize("hand", ["proposed_by", "approved_by"])
def test_whoever_listed_it_decides_no_correction_of_it(hand: str) -> None:
    held = factories.officer("office", "approver")
    entry = factories.list_entry(**{hand: held})  # type: ignore[arg-type]
    proposed = propose(ListEntryTarget(entry), {"document": "舞公信列〔2026〕77号"})
    with pytest.raises(NotAllowed, match="提出或批准过"):
        agree(proposed, by=held)


@pytest.mark.parametrize("state", ["proposed", "revoked"])
def test_only_a_published_entry_is_corrected(state: str) -> None:
    entry = factories.list_entry(state=state)
    with pytest.raises(InvalidDecision, match="只有已发布的条目"):
        propose(ListEntryTarget(entry), {"document": "舞公信列〔2026〕77号"})


def test_a_factor_is_corrected_and_its_signal_goes() -> None:
    subject, recorder = factories.subject(), factories.officer("office")
    factor = Factor.objects.create(
        subject=subject,
        kind="discipline_list",
        scheme="失信惩戒名单",
        value="列入",
        source="平顶山市推送",
        in_force_from=date(2026, 1, 1),
        recorded_by=recorder,
    )
    assert graded(subject.pk)["flags"] == "outside_signal"
    proposed = propose(FactorTarget(factor), {"kind": "joint_reward"}, document="")
    with pytest.raises(NotAllowed, match="录入此因素的人"):
        agree(proposed, by=_approving(recorder))
    done = agree(proposed)
    assert graded(subject.pk)["flags"] == ""
    undo(done)
    assert graded(subject.pk)["flags"] == "outside_signal"


def _approving(officer: Any) -> Any:
    RoleGrant.objects.create(officer=officer, role="approver")
    return Officer.objects.get(pk=officer.pk)


def test_a_new_code_keeps_the_old_one_and_both_are_found() -> None:
    subject = factories.subject()
    old = subject.credit_code
    agree(propose(about(subject), {"credit_code": NEW.lower(), "former_codes": [old]}))
    assert find_by_code(old) == find_by_code(NEW) == subject
    row = SubjectCode.objects.get()
    assert (row.code, row.until) == (old, date(2026, 11, 20))


def test_a_mistyped_code_leaves_nothing_behind() -> None:
    subject = factories.subject()
    old = subject.credit_code
    agree(propose(about(subject), {"credit_code": NEW}))
    assert find_by_code(old) is None


def test_a_change_of_code_undone_lets_the_other_code_go() -> None:
    subject = factories.subject()
    old = subject.credit_code
    before = about(subject).state()
    undo(agree(propose(about(subject), {"credit_code": NEW, "former_codes": [old]})))
    assert about(subject).state() == before
    assert find_by_code(NEW) is None
    assert find_by_code(old) == subject
    assert SubjectCode.every.get().is_void
    # taken again, the same row stands again
    agree(propose(about(subject), {"credit_code": NEW, "former_codes": [old]}))
    assert SubjectCode.objects.get().code == old


@pytest.mark.parametrize("held", ["present", "former"])
def test_a_code_that_is_or_was_somebodys_is_refused(held: str) -> None:
    subject, other = factories.subject(), factories.subject()
    code = other.credit_code
    if held == "former":
        SubjectCode.objects.create(subject=other, code=OTHER)
        code = OTHER
    with pytest.raises(InvalidDecision, match="请办理并档") as refused:
        propose(about(subject), {"credit_code": code})
    assert codes(refused) == [("credit_code", "taken")]


def test_a_code_that_somebody_took_meanwhile_is_refused_when_it_is_carried_out() -> None:
    subject = factories.subject()
    proposed = propose(about(subject), {"credit_code": NEW})
    factories.subject(credit_code=NEW)
    with pytest.raises(InvalidDecision, match="请办理并档"):
        agree(proposed)


def test_a_former_code_cannot_be_registered_for_another() -> None:
    subject = factories.subject()
    old = subject.credit_code
    agree(propose(about(subject), {"credit_code": NEW, "former_codes": [old]}))
    with pytest.raises(DuplicateSubject):
        register_subject(
            officer=factories.officer("office"), credit_code=old, name="舞钢市样例甲有限公司"
        )


@pytest.mark.parametrize(
    ("changes", "path", "code"),
    [
        ({"credit_code": "410481199001010018"}, "credit_code", None),
        ({"credit_code": NEW[:17]}, "credit_code", None),
        ({"name": ""}, "name", "missing"),
        ({"principal": "张三 410481199001010018"}, "principal", "person"),
        ({"registry_status": "gone"}, "registry_status", "unknown"),
        ({"industry": "mining"}, "industry", "unknown"),
    ],
)
def test_particulars_pass_the_checks_of_the_register(
    changes: dict[str, Any], path: str, code: str | None
) -> None:
    with pytest.raises(InvalidDecision) as refused:
        propose(about(factories.subject()), changes)
    (fault,) = refused.value.faults
    assert fault.path == path
    assert code in (None, fault.code)


def test_particulars_that_changed_meanwhile_make_it_stale() -> None:
    subject = factories.subject()
    proposed = propose(about(subject), {"principal": "李四"})
    update_subject(
        officer=factories.officer("office"),
        subject=subject,
        address="舞钢市样例路 9 号",
        principal="王五",
        industry="other",
        registry_status="active",
        unit_in_charge=None,
    )
    with pytest.raises(StaleCorrection):
        agree(proposed)
    subject.refresh_from_db()
    assert subject.principal == "王五"


def test_what_was_merged_is_corrected_under_its_survivor() -> None:
    merged = factories.subject(merged_into=factories.subject())
    with pytest.raises(InvalidDecision, match="已并入其他档案"):
        propose(about(merged), {"principal": "李四"})


def test_a_correction_is_shown_in_words() -> None:
    subject = factories.subject()
    draft = corrections.drafted(
        officer=factories.officer("office"),
        target=about(subject),
        wanted=about(subject).state() | {"industry": "hotel", "former_codes": [NEW]},
    )
    assert [(one["label"], one["from_words"], one["to_words"]) for one in draft.changes] == [
        ("行业", "其他行业", "旅馆业"),
        ("曾用代码", "", NEW),
    ]
