"""The same paper uploaded by several windows at one moment is kept once, and no file is left over.

PostgreSQL only: SQLite lets one writer in at a time and proves nothing here.
"""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from accounts.roles import Role
from tests import factories
from tests.violations import papers
from violations.attachment_services import attach_file
from violations.enums import DecisionState
from violations.errors import InvalidDecision
from violations.models import Attachment, Decision

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
WINDOWS = 6


def test_one_of_many_uploads_of_a_paper_is_kept() -> None:
    recorder = factories.officer(Role.RECORDER)
    draft = factories.decision(recorded_by=recorder, state=DecisionState.DRAFT)
    content, before = papers.pdf(), papers.on_disk()
    barrier, outcomes = threading.Barrier(WINDOWS), list[str]()

    def upload() -> None:
        try:
            barrier.wait()
            attach_file(
                officer=recorder, decision_id=draft.pk, kind="paper", upload=papers.upload(content)
            )
            outcomes.append("kept")
        except InvalidDecision as refused:
            outcomes.append(refused.faults[0].code)
        except BaseException as error:
            outcomes.append(repr(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=upload) for _ in range(WINDOWS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["duplicate"] * (WINDOWS - 1) + ["kept"]
    assert papers.on_disk() - before == {Attachment.objects.get().stored}
    assert Decision.objects.get().version == draft.version + 1
