"""Where the files lie: random names below ``VAR_DIR/files``, outside the web root.

A file is written, and on the disk, before its row; what a failure leaves behind is a file without a
row, and that is swept a day later.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.apps import apps
from django.core.files.base import File
from django.core.files.storage import default_storage

from violations.attachment_content import UnreadableFile, look
from violations.attachment_models import StagedFile, StoredFile

FOLDER = "attachments"
MAX_BYTES = 20 * 1024 * 1024
SWEEP_AFTER = 24 * 3600
_CHUNK = 256 * 1024


class DamagedFile(Exception):  # noqa: N818
    """What lies on the disk is not what was uploaded, or nothing lies there."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A file on the disk that has no row yet."""

    stored: str
    file_type: str
    pages: int
    size: int
    sha256: str


class _Measured(File):  # type: ignore[type-arg]
    """Passes an upload on piece by piece, hashing and counting it on the way."""

    def __init__(self, upload: File[Any]) -> None:
        super().__init__(upload.file, upload.name)
        self.upload = upload
        self.digest = hashlib.sha256()
        self.count = 0

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        for chunk in self.upload.chunks(_CHUNK):
            self.count += len(chunk)
            if self.count > MAX_BYTES:
                raise _too_large(self.upload.size)
            self.digest.update(chunk)
            yield chunk


def keep(upload: File[Any]) -> Kept:
    """Store ``upload`` under a random name and look what it is; nothing stays if it is refused.

    Raises UnreadableFile.
    """
    if upload.size > MAX_BYTES:
        raise _too_large(upload.size)
    name = uuid4().hex
    stored = f"{FOLDER}/{name[:2]}/{name}"
    measured = _Measured(upload)
    try:
        default_storage.save(stored, measured)
        path = Path(default_storage.path(stored))
        _to_disk(path)
        file_type, pages = look(path)
    except BaseException:
        drop(stored)
        raise
    return Kept(stored, file_type.value, pages, measured.count, measured.digest.hexdigest())


def drop(stored: str) -> None:
    """Remove a file that got no row."""
    default_storage.delete(stored)


def verified(file: StoredFile) -> Path:
    """Where the file lies, after its bytes were compared with its hash. Raises DamagedFile."""
    path = Path(default_storage.path(file.stored))
    digest = hashlib.sha256()
    try:
        with path.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
    except OSError:
        raise DamagedFile(file.stored) from None
    if digest.hexdigest() != file.sha256:
        raise DamagedFile(file.stored)
    return path


def sweep(older_than: float = SWEEP_AFTER) -> int:
    """Remove files that no row names and that are older than so many seconds; how many."""
    before = time.time() - older_than
    root = Path(default_storage.path(FOLDER))
    found = [
        f"{FOLDER}/{path.parent.name}/{path.name}"
        for path in root.glob("*/*")
        if path.stat().st_mtime < before
    ]
    waiting, left = iter(found), set[str]()
    while names := list(islice(waiting, 500)):
        known: set[str] = set()
        for model in _keepers():
            rows = model._base_manager.filter(stored__in=names)
            known |= set(rows.values_list("stored", flat=True))
        left |= set(names) - known
    for stored in left:
        drop(stored)
    return len(left)


def _keepers() -> list[type[StoredFile]]:
    """Every kind of row that names a file, of whatever app above.

    Files in a draft come first: one that moves from a draft to its record is in one of the two.
    """
    kinds = [model for model in apps.get_models() if issubclass(model, StoredFile)]
    return sorted(kinds, key=lambda model: model is not StagedFile)


def _too_large(size: int) -> UnreadableFile:
    megabytes = size / 1024 / 1024
    return UnreadableFile(f"有 {megabytes:.1f} MB，超过 20 MB。请压缩或拆分后重新上传。")


def _to_disk(path: Path) -> None:
    """The file and its name survive a power cut that comes after the row was committed."""
    for part in (path, path.parent):
        handle = os.open(part, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
