"""Texts of papers: versions, two persons, a day from which they stand."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine
from django.db import IntegrityError, transaction

from accounts.models import Officer
from accounts.roles import Role
from sanctions.paper_text_models import PaperText, TextState
from sanctions.paper_text_services import discard_text, draft_text, publish_text
from tests import factories
from tests.sanctions.paper_cases import office_officer, reminder
from violations.errors import InvalidDecision, NotAllowed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("blank_pdf")]
NEW = "现提醒{监管对象}纠正上述行为。\n有异议的，可以提出异议。"


def _draft(officer: Officer, text: str = NEW) -> PaperText:
    return draft_text(
        officer=officer, kind="reminder", block="closing", text=text, reason="按新办法修改"
    )


@time_machine.travel("2026-11-23 10:00 +0800", tick=False)
def test_a_version_stands_from_its_day_and_old_papers_keep_theirs() -> None:
    author, other = office_officer(), office_officer()
    old = reminder(author)
    row = _draft(author)
    assert "现提醒你单位" in reminder(author).texts["closing"][0]
    publish_text(officer=other, text_id=row.pk, valid_from=date(2026, 11, 25))
    assert "现提醒你单位" in reminder(author).texts["closing"][0]
    with time_machine.travel("2026-11-25 00:00 +0800", tick=False):
        organisation = factories.subject(name="舞钢市样例有限公司")
        paper = reminder(author, organisation)
    assert paper.texts["closing"] == [
        "现提醒舞钢市样例有限公司纠正上述行为。",
        "有异议的，可以提出异议。",
    ]
    assert paper.text_versions == {"closing": 1}
    old.refresh_from_db()
    assert old.text_versions == {}


def test_the_author_does_not_publish_and_nobody_publishes_backwards() -> None:
    author, other = office_officer(), office_officer()
    row = _draft(author)
    with pytest.raises(NotAllowed, match="起草人"):
        publish_text(officer=author, text_id=row.pk, valid_from=date(2099, 1, 1))
    with pytest.raises(InvalidDecision, match="启用日期"):
        publish_text(officer=other, text_id=row.pk, valid_from=date(2026, 1, 1))
    row.state, row.published_by, row.valid_from = TextState.PUBLISHED, author, date(2026, 1, 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_one_draft_at_a_time_which_its_author_may_write_anew() -> None:
    author, other = office_officer(), office_officer()
    first = _draft(author)
    again = _draft(author, "另一种写法。")
    assert (again.pk, again.version, again.history.count()) == (first.pk, 1, 2)
    with pytest.raises(InvalidDecision, match="已有一份草稿"):
        _draft(other)
    discard_text(officer=other, text_id=first.pk)
    assert _draft(other).version == 2
    with pytest.raises(InvalidDecision, match="已弃用"):
        publish_text(officer=author, text_id=first.pk, valid_from=date(2099, 1, 1))


@pytest.mark.parametrize("text", ["", "请{负责人}到场。", "请{监管对象到场。", "x" * 2001])
def test_texts_that_are_refused(text: str) -> None:
    with pytest.raises(InvalidDecision):
        _draft(office_officer(), text)


def test_who_may_not_keep_texts() -> None:
    row = _draft(office_officer())
    for role in (Role.RECORDER, Role.UNIT_REVIEWER, Role.APPROVER, Role.AUDITOR):
        who = factories.officer(role)
        with pytest.raises(NotAllowed):
            _draft(who)
        with pytest.raises(NotAllowed):
            publish_text(officer=who, text_id=row.pk, valid_from=date(2099, 1, 1))
        with pytest.raises(NotAllowed):
            discard_text(officer=who, text_id=row.pk)
