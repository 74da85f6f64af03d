"""Where the PDFs lie: random names below ``VAR_DIR/files``, on the disk before their row is."""

from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path
from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from sanctions.paper_batch_models import PaperBatch
from sanctions.paper_models import Paper

FOLDER = "papers"
SWEEP_AFTER = 24 * 3600


class DamagedPaper(Exception):  # noqa: N818
    """What lies on the disk is not what was issued, or nothing lies there."""


def keep(data: bytes) -> str:
    """Store ``data`` and give its place."""
    name = uuid4().hex
    stored = default_storage.save(f"{FOLDER}/{name[:2]}/{name}", ContentFile(data))
    _to_disk(Path(default_storage.path(stored)))
    return stored


def drop(stored: str) -> None:
    """Remove a file that got no row."""
    default_storage.delete(stored)


def verified(file: Paper | PaperBatch) -> bytes:
    """Its bytes, after they were compared with the hash. Raises DamagedPaper."""
    try:
        with default_storage.open(file.stored) as stream:
            data: bytes = stream.read()
    except (OSError, ValueError):
        raise DamagedPaper(file.stored) from None
    if hashlib.sha256(data).hexdigest() != file.sha256:
        raise DamagedPaper(file.stored)
    return data


def sweep(older_than: float = SWEEP_AFTER) -> int:
    """Remove files older than so many seconds that no row names; how many."""
    before = time.time() - older_than
    root = Path(default_storage.path(FOLDER))
    found = {
        f"{FOLDER}/{path.parent.name}/{path.name}"
        for path in root.glob("*/*")
        if path.stat().st_mtime < before
    }
    left = sorted(found)
    gone = 0
    for start in range(0, len(left), 500):
        names = left[start : start + 500]
        known = set(Paper.objects.filter(stored__in=names).values_list("stored", flat=True))
        known |= set(PaperBatch.objects.filter(stored__in=names).values_list("stored", flat=True))
        for stored in set(names) - known:
            drop(stored)
            gone += 1
    return gone


def _to_disk(path: Path) -> None:
    """The file and its name survive a power cut that comes after the row was committed."""
    for part in (path, path.parent):
        handle = os.open(part, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
