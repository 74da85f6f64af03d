"""What may be kept is told by its bytes: three types, whole, and one thing only."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from tests.violations import papers
from violations import attachment_content, attachment_reader
from violations.attachment_content import UnreadableFile, draw, look


def _file(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "upload"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (papers.pdf(3), ("pdf", 3)),
        (papers.picture("JPEG"), ("jpeg", 1)),
        (papers.picture("PNG"), ("png", 1)),
    ],
)
def test_the_three_types_are_told_by_content(
    tmp_path: Path, content: bytes, expected: tuple[str, int]
) -> None:
    assert look(_file(tmp_path, content)) == expected


def _appended(content: bytes) -> bytes:
    """A picture that is a ZIP archive as well, with its offsets right."""
    return content + papers.archive()


REFUSED: dict[str, Callable[[], bytes]] = {
    "empty": lambda: b"",
    "svg": lambda: b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "html": lambda: b"<!doctype html><script>alert(1)</script>",
    "zip": papers.archive,
    "gif": lambda: papers.picture("GIF"),
    "html before a pdf": lambda: b"<html>" + papers.pdf(),
    "pdf cut off": lambda: papers.pdf(2)[:400],
    "pdf head alone": lambda: b"%PDF-1.7\n",
    "pdf head and tail alone": lambda: b"%PDF-1.7\nnothing\n%%EOF\n",
    "jpeg cut off": lambda: papers.picture("JPEG", (400, 400))[:-200],
    "png cut off": lambda: papers.picture("PNG", (400, 400))[:-30],
    "png head alone": lambda: b"\x89PNG\r\n\x1a\n",
    "png and zip": lambda: _appended(papers.picture("PNG")),
    "jpeg and zip": lambda: _appended(papers.picture("JPEG")),
    "pdf and zip": lambda: _appended(papers.pdf()),
    "png and html": lambda: papers.picture("PNG") + b"<script>alert(1)</script>",
    "jpeg with a pdf inside": lambda: papers.picture("JPEG", comment=b"%PDF-1.7"),
    "png that unpacks to 400 million points": lambda: papers.huge_png(20_000),
}


@pytest.mark.parametrize("case", REFUSED)
def test_anything_else_is_refused_with_a_reason(tmp_path: Path, case: str) -> None:
    with pytest.raises(UnreadableFile) as refusal:
        look(_file(tmp_path, REFUSED[case]()))

    assert str(refusal.value).endswith("。")


def test_a_file_that_keeps_its_reader_busy_is_refused_after_a_while(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sleeper = tmp_path / "sleeper.py"
    sleeper.write_text("import time; time.sleep(60)")
    monkeypatch.setattr(attachment_content, "SECONDS", 0.3)
    monkeypatch.setattr(attachment_reader, "__file__", str(sleeper))

    with pytest.raises(UnreadableFile):
        look(_file(tmp_path, papers.pdf()))


@pytest.mark.parametrize(
    ("content", "file_type"),
    [
        (papers.picture("JPEG", (6000, 4000)), "jpeg"),
        (papers.picture("PNG", (6000, 4000)), "png"),
        (papers.pdf(), "pdf"),
    ],
)
def test_a_preview_is_a_png_within_bounds(tmp_path: Path, content: bytes, file_type: str) -> None:
    path = _file(tmp_path, content)

    for size, small in (("full", False), ("small", True)):
        drawn = Image.open(io.BytesIO(draw(path, file_type, 1, small=small)))
        width, height = attachment_reader.SIZES[size]
        assert drawn.format == "PNG"
        assert width // 2 < drawn.width <= width
        assert drawn.height <= height


def test_a_preview_drops_what_was_said_about_the_picture(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x010E] = "张三 拍摄"
    exif[0x0112] = 6  # lies on its side
    content = papers.picture("JPEG", (80, 60), exif=exif, comment=b"secret comment")

    shown = draw(_file(tmp_path, content), "jpeg", 1)

    drawn = Image.open(io.BytesIO(shown))
    assert (drawn.size, dict(drawn.info), dict(drawn.getexif())) == ((60, 80), {}, {})
    assert b"secret" not in shown


def test_a_page_that_is_not_there_cannot_be_drawn(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile):
        draw(_file(tmp_path, papers.pdf(2)), "pdf", 3)
