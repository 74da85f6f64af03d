"""Files in the entry form: kept at once with the draft, lost by no error, on record in the end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import Officer
from accounts.roles import Role
from tests import factories
from tests.desk.entry_posts import penalty
from tests.violations import papers
from violations.enums import DecisionState
from violations.models import Attachment, Decision, EntryDraft, StagedFile

pytestmark = pytest.mark.django_db
NEW = "/violations/penalties/new/"


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    with time_machine.travel(
        datetime(2026, 11, 23, 10, tzinfo=ZoneInfo("Asia/Shanghai")), tick=False
    ):
        yield


@pytest.fixture
def recorder(client: Client) -> Officer:
    officer = factories.officer(Role.RECORDER)
    client.force_login(officer)
    return officer


def _post(*files: SimpleUploadedFile, **changes: str) -> dict[str, object]:
    post: dict[str, object] = {**penalty(**changes), "file_kind": "paper"}
    post.setdefault("draft_key", str(uuid4()))
    return post | ({"files": list(files)} if files else {})


def test_files_go_on_record_with_the_decision(client: Client, recorder: Officer) -> None:
    two = [papers.upload(papers.pdf(2), "一.pdf"), papers.upload(papers.picture(), "二.png")]

    answer = client.post(NEW, _post(*two))

    made = Decision.objects.get()
    assert answer["Location"] == f"/violations/{made.pk}/check/"
    assert list(made.attachments.values_list("name", "pages")) == [("一.pdf", 2), ("二.png", 1)]
    assert not StagedFile.objects.exists()
    assert not EntryDraft.objects.exists()
    assert "一.pdf" in client.get(answer["Location"]).content.decode()


def test_a_chosen_file_outlives_an_error_in_a_box(client: Client, recorder: Officer) -> None:
    post = _post(papers.upload(papers.pdf(), "决定.pdf"), decided_on="2026-13-01")

    page = client.post(NEW, post).content.decode()
    assert "有 1 处需要更正" in page
    assert "决定.pdf" in page
    assert not Decision.objects.exists()

    again = {k: v for k, v in post.items() if k != "files"} | {"decided_on": "2026-11-20"}
    client.post(NEW, again)

    assert Decision.objects.get().attachments.get().name == "决定.pdf"


def test_the_button_uploads_and_keeps_what_was_typed(client: Client, recorder: Officer) -> None:
    post = _post(papers.upload(papers.pdf(), "决定.pdf"), do="attach", handler="赵六")

    answer = client.post(NEW, post)

    draft = EntryDraft.objects.get()
    assert answer["Location"] == f"/violations/drafts/{draft.pk}/#files"
    page = client.get(f"/violations/drafts/{draft.pk}/").content.decode()
    assert "赵六" in page
    assert "决定.pdf" in page
    assert 'value="receipt" selected' in page  # the paper is there: next comes its receipt


def test_a_file_is_taken_out_of_the_form_again(client: Client, recorder: Officer) -> None:
    post = _post(papers.upload(papers.pdf()), do="attach")
    client.post(NEW, post)
    staged = StagedFile.objects.get()

    client.post(NEW, {**post, "files": [], "do": f"detach-{staged.pk}"})

    assert not StagedFile.objects.exists()
    assert EntryDraft.objects.count() == 1
    for nonsense in ("detach-", "detach-x", f"detach-{staged.pk}", "detach-" + "9" * 30):
        answer = client.post(NEW, {**post, "files": [], "do": nonsense})
        assert answer.status_code == 302


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "空文件"), (b"<svg/>", "不是 PDF、JPEG 或 PNG"), (b"%PDF-1.7 x", "无法打开")],
)
def test_a_refused_file_stops_the_form_and_says_why(
    client: Client, recorder: Officer, content: bytes, said: str
) -> None:
    page = client.post(NEW, _post(papers.upload(content, "坏.pdf"))).content.decode()

    assert said in page
    assert 'href="#id_files"' in page
    assert not Decision.objects.exists()
    assert not StagedFile.objects.exists()


def test_upload_without_a_file_says_so(client: Client, recorder: Officer) -> None:
    page = client.post(NEW, _post(do="attach")).content.decode()

    assert "没有选择文件" in page


def test_an_edit_adds_its_files_and_keeps_those_on_record(
    client: Client, recorder: Officer
) -> None:
    client.post(NEW, _post(papers.upload(papers.pdf(), "一.pdf")))
    made = Decision.objects.get()
    url = f"/violations/{made.pk}/edit/"
    assert "一.pdf" in client.get(url).content.decode()

    post = _post(papers.upload(papers.pdf(), "二.pdf"), version=str(made.version))
    client.post(url, post)

    assert list(made.attachments.values_list("name", flat=True)) == ["一.pdf", "二.pdf"]
    assert Decision.objects.get().state == DecisionState.DRAFT


def test_nothing_is_recorded_where_the_files_cannot_be_taken_over(
    client: Client, recorder: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**kwargs: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr("desk.entry.take_staged", broken)
    client.raise_request_exception = False

    answer = client.post(NEW, _post(papers.upload(papers.pdf())))

    assert answer.status_code == 500
    assert not Decision.objects.exists()
    assert not Attachment.objects.exists()
    assert StagedFile.objects.count() == EntryDraft.objects.count() == 1


def test_files_of_a_draft_are_its_officer_s_alone(client: Client, recorder: Officer) -> None:
    post = _post(papers.upload(papers.pdf(), "决定.pdf"), do="attach")
    client.post(NEW, post)
    client.force_login(factories.officer(Role.RECORDER))

    draft, staged = EntryDraft.objects.get(), StagedFile.objects.get()
    assert client.get(f"/violations/drafts/{draft.pk}/").status_code == 404
    client.post(NEW, {**post, "files": [], "do": f"detach-{staged.pk}"})

    assert StagedFile.objects.filter(pk=staged.pk).exists()


def test_a_discarded_draft_takes_its_files_along(client: Client, recorder: Officer) -> None:
    client.post(NEW, _post(papers.upload(papers.pdf()), do="attach"))

    client.post(f"/violations/drafts/{EntryDraft.objects.get().pk}/discard/")

    assert not StagedFile.objects.exists()
