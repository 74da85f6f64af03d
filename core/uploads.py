"""How much of an upload reaches the disk before anybody has looked at it."""

from __future__ import annotations

from django.core.files.uploadhandler import TemporaryFileUploadHandler

# More than any page takes (a sheet to import may have 50 MB): each page has a limit of its own.
KEPT_BYTES = 52 * 1024 * 1024


class BoundedUploadHandler(TemporaryFileUploadHandler):
    """Writes the beginning of a file and lets the rest go by.

    The file then says the size that was sent (``size``), so that a page can refuse it in words,
    and has taken no more room than this.
    """

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if start < KEPT_BYTES:
            super().receive_data_chunk(raw_data, start)
