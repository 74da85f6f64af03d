"""What an uploaded file really is: told by its bytes, opened to the end, drawn for a preview."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from violations import attachment_reader
from violations.enums import FileType

SECONDS = 30  # of the clock; the reader itself has fewer of the processor
_TAIL = 70_000
_PNG_END = b"IEND\xaeB`\x82"
_ZIP_END = b"PK\x05\x06"
_BEGINNINGS = (
    (FileType.PDF, b"%PDF-"),
    (FileType.JPEG, b"\xff\xd8\xff"),
    (FileType.PNG, b"\x89PNG\r\n\x1a\n"),
)
_REFUSALS = {
    attachment_reader.TOO_LARGE: "尺寸或页数过大，无法打开。请降低扫描分辨率或拆分后重新上传。",
    attachment_reader.LOCKED: "设有密码，无法打开。请去掉密码后重新上传。",
}
_UNREADABLE = "无法打开，可能已损坏或不完整。请用阅读软件打开核对后重新上传。"


class UnreadableFile(Exception):  # noqa: N818
    """The file cannot be kept or shown; the message says why and what to do, without its name."""


def look(path: Path) -> tuple[FileType, int]:
    """The type and number of pages of the file at ``path``. Raises UnreadableFile."""
    file_type = _by_beginning(path)
    if _is_two_things(path, file_type):
        raise UnreadableFile("夹带了其他格式的内容。请重新扫描或另存后上传。")
    return file_type, int(_read("look", file_type, path))


def draw(path: Path, file_type: str, page: int, *, small: bool = False) -> bytes:
    """One page as PNG, within fixed bounds and without metadata. Raises UnreadableFile."""
    return _read("draw", file_type, path, str(page), "small" if small else "full")


def _by_beginning(path: Path) -> FileType:
    with path.open("rb") as file:
        head = file.read(16)
    for file_type, beginning in _BEGINNINGS:
        if head.startswith(beginning):
            return file_type
    if not head:
        raise UnreadableFile("是空文件。请重新选择。")
    raise UnreadableFile("不是 PDF、JPEG 或 PNG 文件（按内容识别）。请转换格式后重新上传。")


def _is_two_things(path: Path, file_type: FileType) -> bool:
    """Whether another program would take the file for something else, or it ends too early."""
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(1024)
        file.seek(max(size - _TAIL, 0))
        tail = file.read()
    archive = tail.rfind(_ZIP_END)
    if archive >= 0 and len(tail) - archive >= 22:
        comment = int.from_bytes(tail[archive + 20 : archive + 22], "little")
        if archive + 22 + comment == len(tail):
            return True
    if file_type == FileType.PDF:
        if b"%%EOF" not in tail[-1024:]:
            raise UnreadableFile(_UNREADABLE)
        return False
    return b"%PDF-" in head or (file_type == FileType.PNG and not tail.endswith(_PNG_END))


def _read(action: str, file_type: str, path: Path, *more: str) -> bytes:
    program = str(Path(attachment_reader.__file__))
    try:
        done = subprocess.run(
            [sys.executable, "-I", program, action, file_type, str(path), *more],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise UnreadableFile(_REFUSALS[attachment_reader.TOO_LARGE]) from None
    if done.returncode != 0:
        raise UnreadableFile(_REFUSALS.get(done.returncode, _UNREADABLE))
    return done.stdout
