"""Where sheets lie that were handed in: outside the web root, under a name that says nothing.

They hold what the office's own forms hold, persons' numbers included: no page ever serves them,
and they are removed when they are needed no more (``import_file_days``).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction

from core.workbook_guard import MAX_FILE, SheetError

FOLDER = "imports"


@dataclass(frozen=True, slots=True)
class KeptFile:
    """What was put away, and under which name."""

    stored: str
    name: str
    size: int
    sha256: str


def keep(file: File[bytes]) -> KeptFile:
    """Put an uploaded file away. Raises SheetError where it is empty or too big.

    If the transaction that it belongs to fails, nobody knows of the file: it is swept.
    """
    size = file.size
    if not size:
        raise SheetError("文件是空的。核对后再上传。")
    if size > MAX_FILE:
        raise SheetError(f"文件超过 {MAX_FILE // (1024 * 1024)} MB。拆成几个文件后再上传。")
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    stored = default_storage.save(f"{FOLDER}/{uuid4().hex}", file)
    name = Path((file.name or "").replace("\\", "/")).name or "导入"
    return KeptFile(stored, name[:200], size, digest.hexdigest())


def path_of(stored: str) -> Path:
    """Where the file lies. Raises SheetError where it was removed."""
    if not stored or not default_storage.exists(stored):
        raise SheetError("原文件已按期删除。请重新上传。")
    return Path(default_storage.path(stored))


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def remove_after_commit(stored: str) -> None:
    """Remove the file once it is certain that nobody needs it."""
    if stored:
        transaction.on_commit(lambda: default_storage.delete(stored))
