"""Papers on screen: shown drawn, sent as a download, to whoever may read the decision."""

from __future__ import annotations

import io

import pytest
from django.test import Client
from PIL import Image

from accounts.models import Officer
from accounts.roles import Role
from core.models import AuditEntry
from tests import factories
from tests.violations import papers
from violations.attachment_files import verified
from violations.attachment_services import attach_file
from violations.enums import DecisionState
from violations.models import Attachment, Decision

pytestmark = pytest.mark.django_db
REASON = "送达回证今日收到"


@pytest.fixture
def recorder() -> Officer:
    return factories.officer(Role.RECORDER)


@pytest.fixture
def decision(recorder: Officer) -> Decision:
    return factories.decision(recorded_by=recorder)


def _kept(decision: Decision, content: bytes | None = None, name: str = "处罚.PDF") -> Attachment:
    return attach_file(
        officer=decision.recorded_by,
        decision_id=decision.pk,
        kind="paper",
        upload=papers.upload(papers.pdf(7) if content is None else content, name),
        reason=REASON,
    )


def _addresses(file: Attachment) -> list[str]:
    base = f"/attachments/{file.pk}/"
    return [base, f"{base}file/", f"{base}page/1/"]


def _statuses(client: Client, file: Attachment) -> list[int]:
    found = []
    for url in _addresses(file):
        answer = client.get(url)
        if answer.streaming:  # read to its end, the file behind it is closed
            b"".join(answer.streaming_content)  # type: ignore[attr-defined]
        found.append(answer.status_code)
    return found


def test_a_download_is_the_file_itself_and_never_shown_in_a_page(
    client: Client, recorder: Officer, decision: Decision
) -> None:
    content = papers.picture("PNG")
    file = _kept(decision, content, "<script>.html")
    client.force_login(recorder)

    answer = client.get(f"/attachments/{file.pk}/file/")

    assert b"".join(answer.streaming_content) == content  # type: ignore[attr-defined]
    assert answer["Content-Type"] == "image/png"
    assert answer["Content-Disposition"].startswith("attachment; ")
    assert ".html" not in answer["Content-Disposition"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "private, no-store"
    assert AuditEntry.objects.filter(action="attachment.download", actor=recorder.number).exists()


def test_the_first_pages_are_drawn_and_the_hash_is_shown(
    client: Client, recorder: Officer, decision: Decision
) -> None:
    file = _kept(decision)
    client.force_login(recorder)

    page = client.get(f"/attachments/{file.pk}/").content.decode()
    drawn = client.get(f"/attachments/{file.pk}/page/5/")

    assert file.sha256 in page
    assert page.count("/page/") == 5
    assert Image.open(io.BytesIO(drawn.content)).format == "PNG"
    assert (drawn["Content-Type"], drawn["X-Content-Type-Options"]) == ("image/png", "nosniff")
    assert client.get(f"/attachments/{file.pk}/page/6/").status_code == 404
    assert client.get(f"/attachments/{file.pk}/page/0/").status_code == 404
    assert AuditEntry.objects.filter(action="attachment.view").count() == 2


@pytest.mark.parametrize("role", [Role.RECORDER, Role.UNIT_REVIEWER])
def test_to_another_unit_s_officers_there_is_no_such_file(
    client: Client, decision: Decision, role: str
) -> None:
    file = _kept(decision)
    client.force_login(factories.officer(role, unit=factories.unit()))

    assert _statuses(client, file) == [404, 404, 404]


@pytest.mark.parametrize("role", [Role.OFFICE, Role.APPROVER, Role.AUDITOR])
def test_who_reads_all_decisions_opens_files_but_not_those_of_drafts(
    client: Client, recorder: Officer, decision: Decision, role: str
) -> None:
    drafted = factories.decision(recorded_by=recorder, state=DecisionState.DRAFT)
    client.force_login(factories.officer(role, unit=factories.unit(is_office=True)))

    assert _statuses(client, _kept(decision)) == [200, 200, 200]
    assert _statuses(client, _kept(drafted)) == [404, 404, 404]


def test_a_damaged_file_is_neither_shown_nor_sent(
    client: Client, recorder: Officer, decision: Decision
) -> None:
    file = _kept(decision)
    path = verified(file)
    path.write_bytes(path.read_bytes().replace(b"%%EOF", b"%%EOT"))
    client.force_login(recorder)

    page, sent, drawn = (client.get(url) for url in _addresses(file))

    assert "文件已损坏或丢失" in page.content.decode()
    assert (sent.status_code, drawn.status_code) == (410, 410)
    assert "文件已损坏或丢失" in sent.content.decode()
    assert drawn.content == b""


def test_files_are_added_together_and_those_refused_are_named(
    client: Client, recorder: Officer
) -> None:
    draft = factories.decision(recorded_by=recorder, state=DecisionState.DRAFT)
    client.force_login(recorder)
    right = [papers.upload(papers.pdf(), "一.pdf"), papers.upload(papers.picture(), "二.png")]
    wrong = papers.upload(b"<html></html>", "三.pdf")

    answer = client.post(
        f"/violations/{draft.pk}/attachments/", {"kind": "evidence", "files": [*right, wrong]}
    )

    page = answer.content.decode()
    assert "已上传 2 个附件" in page
    assert "“三.pdf”不是 PDF、JPEG 或 PNG 文件" in page
    assert list(Attachment.objects.values_list("name", "kind")) == [
        ("一.pdf", "evidence"),
        ("二.png", "evidence"),
    ]


def test_a_late_file_keeps_what_was_typed_where_it_is_refused(
    client: Client, recorder: Officer, decision: Decision
) -> None:
    client.force_login(recorder)

    answer = client.post(
        f"/violations/{decision.pk}/attachments/",
        {"kind": "receipt", "reason": "回证", "files": papers.upload(papers.pdf())},
    )

    page = answer.content.decode()
    assert "补充说明至少 5 字，现为 2 字" in page
    assert 'value="回证"' in page
    assert 'value="receipt" selected' in page
    assert not Attachment.objects.exists()


def test_a_form_without_a_file_says_so(client: Client, recorder: Officer) -> None:
    draft = factories.decision(recorded_by=recorder, state=DecisionState.DRAFT)
    client.force_login(recorder)

    answer = client.post(f"/violations/{draft.pk}/attachments/", {"kind": "paper"})

    assert "没有选择文件" in answer.content.decode()


def test_a_file_is_withdrawn_on_its_page_and_stays_on_the_decision(
    client: Client, recorder: Officer, decision: Decision
) -> None:
    file = _kept(decision)
    client.force_login(recorder)
    url = f"/attachments/{file.pk}/withdraw/"

    short = client.post(url, {"reason": "错"}, follow=True).content.decode()
    done = client.post(url, {"reason": "属于另一份决定"}, follow=True).content.decode()

    assert "撤下理由至少" in short
    assert "已撤下" in done
    assert "属于另一份决定" in done
    assert client.get(f"/attachments/{file.pk}/").status_code == 200


def test_a_reviewer_withdraws_nothing(client: Client, decision: Decision) -> None:
    file = _kept(decision)
    client.force_login(factories.officer(Role.UNIT_REVIEWER))

    answer = client.post(f"/attachments/{file.pk}/withdraw/", {"reason": "属于另一份决定"})

    assert answer.status_code == 403
    assert "撤下附件" not in client.get(f"/attachments/{file.pk}/").content.decode()


def test_the_reviewer_sees_the_papers_drawn(client: Client, recorder: Officer) -> None:
    submitted = factories.decision(recorded_by=recorder, state=DecisionState.SUBMITTED)
    file = _kept(submitted)
    client.force_login(factories.officer(Role.UNIT_REVIEWER))

    page = client.get(f"/violations/{submitted.pk}/confirm/").content.decode()

    assert f'src="/attachments/{file.pk}/page/1/?small"' in page


def test_a_file_added_while_the_reviewer_reads_stops_the_confirmation(
    client: Client, recorder: Officer
) -> None:
    submitted = factories.decision(recorded_by=recorder, state=DecisionState.SUBMITTED)
    client.force_login(factories.officer(Role.UNIT_REVIEWER))
    url = f"/violations/{submitted.pk}/confirm/"
    seen = client.get(url).context["seen"]
    _kept(submitted)

    answer = client.post(url, {"verdict": "agree", "compared": "on", "seen": seen})

    assert answer.status_code == 409
    submitted.refresh_from_db()
    assert submitted.state == DecisionState.SUBMITTED
