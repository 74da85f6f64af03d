"""Files of repairs and interviews: kept once, handed out as downloads, refused to others."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse

from accounts.models import Officer
from accounts.roles import Role
from appeals.case_files import REPAIRS
from appeals.repair_models import Repair
from appeals.repair_parts import RepairFile
from core.clock import today
from core.models import AuditEntry
from sanctions.notice_files import NoticeFile
from tests import factories
from tests.appeals.repair_cases import Case, accepted, decided, received
from tests.sanctions import notice_cases
from tests.violations import papers
from violations.case_files import MAX_FILES, add_file
from violations.errors import CaseRefused, InvalidDecision, NotAllowed

pytestmark = pytest.mark.django_db


def sent(client: Client, officer: Officer, url: str, *contents: bytes, **data: str) -> str:
    client.force_login(officer)
    files = [papers.upload(one, f"证明{n}.pdf") for n, one in enumerate(contents)]
    answer = client.post(url, {"files": files, **data}, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_proofs_stand_on_the_case_with_their_side_and_come_down_again(client: Client) -> None:
    case = Case()
    repair = accepted(case)
    url = reverse("desk:repair-file-add", args=[repair.pk])
    one, two = papers.pdf(), papers.pdf(2)
    html = sent(client, case.office, url, one, two, b"nothing", side="party")
    assert "已上传 2 个文件" in html
    assert "不是 PDF、JPEG 或 PNG 文件" in html
    assert "已经上传" in sent(client, case.office, url, one, side="party")
    sent(client, case.reviewer, url, papers.pdf(), side="party")
    assert list(RepairFile.objects.order_by("pk").values_list("side", flat=True)) == [
        "party",
        "party",
        "unit",  # whatever a unit's reviewer says of it
    ]
    file = RepairFile.objects.earliest("pk")
    answer = client.get(reverse("desk:repair-file", args=[file.pk]))
    assert answer.getvalue() == one
    assert answer["Content-Disposition"].startswith("attachment")
    trail = AuditEntry.objects.filter(action="repair.download", target_id=str(repair.pk))
    assert trail.count() == 1


def test_a_file_changed_on_the_disk_is_not_handed_out(client: Client) -> None:
    repair = received(Case())
    file = add_file(
        REPAIRS,
        officer=repair.handler,
        case_id=repair.pk,
        upload=papers.upload(papers.pdf()),
        side="party",
    )
    with open(default_storage.path(file.stored), "ab") as stored:
        stored.write(b"more")
    client.force_login(repair.handler)
    answer = client.get(reverse("desk:repair-file", args=[file.pk]), follow=True)
    assert "已损坏或丢失" in answer.content.decode()


def _add(officer: Officer, repair: Repair, content: bytes | None = None) -> Any:
    upload = papers.upload(content or papers.pdf())
    return add_file(REPAIRS, officer=officer, case_id=repair.pk, upload=upload, side="party")


def test_who_and_when(monkeypatch: pytest.MonkeyPatch) -> None:
    case = Case()
    repair = accepted(case)
    colleague = factories.officer(Role.OFFICE, unit=case.office.unit)
    with pytest.raises(NotAllowed, match="经办"):
        _add(colleague, repair)
    with pytest.raises(NotAllowed):
        _add(factories.officer(Role.UNIT_REVIEWER, unit=factories.unit()), repair)
    with pytest.raises(NotAllowed):
        _add(factories.officer(Role.RECORDER), repair)
    monkeypatch.setattr("violations.case_files.MAX_FILES", 1)
    assert MAX_FILES == 20
    _add(case.office, repair)
    kept = papers.on_disk()
    with pytest.raises(InvalidDecision, match="最多 1 个文件"):
        _add(case.office, repair)
    done = decided(Case())
    with pytest.raises(CaseRefused, match="不能再上传"):
        _add(done.handler, done)
    # What was refused under the lock is not left on the disk.
    assert papers.on_disk() == kept


def test_signed_minutes_stand_with_the_interview(client: Client) -> None:
    case = notice_cases.Case(black=True)
    notice = case.open(case.interview())
    url = reverse("desk:notice-file-add", args=[notice.pk])
    assert "已上传 1 个文件" in sent(client, case.recorder, url, papers.pdf())
    other = factories.officer(Role.RECORDER, unit=factories.unit())
    client.force_login(other)
    assert client.post(url, {"files": [papers.upload(papers.pdf())]}).status_code == 404
    file = NoticeFile.objects.get()
    assert client.get(reverse("desk:notice-file", args=[file.pk])).status_code == 404
    client.force_login(case.recorder)
    answer = client.get(reverse("desk:notice-file", args=[file.pk]))
    assert answer.getvalue().startswith(b"%PDF")


def test_what_others_owe_after_a_repair_is_a_list_with_its_days(client: Client) -> None:
    case = Case()
    repair = decided(case)
    client.force_login(case.office)
    html = client.get(reverse("desk:repair", args=[repair.pk])).content.decode()
    assert "通知共享单位删除" in html
    assert "撤回公示并说明理由" in html
    early = {"step": "mark", "version": repair.version, "kind": "shared", "words": "已通知"}
    act = reverse("desk:repair-act", args=[repair.pk])
    answer = client.post(act, early | {"done_on": str(today() - timedelta(days=1))})
    assert answer.status_code == 400
    assert "日期须在认定日期" in answer.content.decode()
    for kind in ("shared", "published"):
        repair.refresh_from_db()
        answer = client.post(
            act, early | {"kind": kind, "done_on": str(today()), "version": repair.version}
        )
        assert answer.status_code == 302
    html = client.get(reverse("desk:repair", args=[repair.pk])).content.decode()
    assert "登记后续事项</summary>" not in html


def test_where_nothing_was_granted_nothing_is_owed(client: Client) -> None:
    case = Case()
    repair = decided(case, verdict="refused")
    client.force_login(case.office)
    assert (
        "办结后的事项" not in client.get(reverse("desk:repair", args=[repair.pk])).content.decode()
    )
    data = {"step": "mark", "version": repair.version, "kind": "shared", "words": "已通知"}
    answer = client.post(
        reverse("desk:repair-act", args=[repair.pk]), data | {"done_on": str(today())}
    )
    assert answer.status_code == 409
    assert "没有准予修复的记录" in answer.content.decode()
