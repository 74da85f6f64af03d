"""What is sent beyond the bound takes no room on the disk, and its size is known all the same."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.core.files.uploadhandler import load_handler
from django.http import HttpRequest

from core import uploads


def test_the_rest_of_a_long_upload_goes_by(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "KEPT_BYTES", 20)
    handler = uploads.BoundedUploadHandler()
    handler.new_file("files", "扫描件.pdf", "application/pdf", 0)

    for start in range(0, 50, 10):
        handler.receive_data_chunk(b"x" * 10, start)
    kept = handler.file_complete(50)

    assert kept is not None
    with kept:
        assert (kept.size, len(kept.read())) == (50, 20)


def test_every_upload_that_does_not_fit_into_memory_is_bounded() -> None:
    handlers = [load_handler(name, HttpRequest()) for name in settings.FILE_UPLOAD_HANDLERS]

    assert isinstance(handlers[-1], uploads.BoundedUploadHandler)
    assert uploads.KEPT_BYTES > settings.FILE_UPLOAD_MAX_MEMORY_SIZE
