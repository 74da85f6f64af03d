"""Papers as officers scan them, made on the spot; and such as must be refused."""

from __future__ import annotations

import io
import itertools
import zipfile
import zlib
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

_shades = itertools.count(1)


def pdf(pages: int = 1) -> bytes:
    """A PDF of empty sheets, each call with other bytes."""
    document = pypdfium2.PdfDocument.new()
    for _ in range(pages):
        document.new_page(595, 842 + next(_shades) / 100)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def picture(kind: str = "PNG", size: tuple[int, int] = (60, 80), **save: object) -> bytes:
    """A picture of one colour, each call another."""
    shade = next(_shades)
    out = io.BytesIO()
    Image.new("RGB", size, (shade % 256, shade // 256 % 256, 90)).save(out, kind, **save)
    return out.getvalue()


def archive(content: bytes = b"<script>alert(1)</script>") -> bytes:
    """A ZIP file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("x.html", content)
    return out.getvalue()


def huge_png(side: int) -> bytes:
    """A PNG of ``side`` by ``side`` whose rows are all zero: small as a file, huge when opened."""

    def chunk(name: bytes, data: bytes) -> bytes:
        body = name + data
        return len(data).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")

    size = side.to_bytes(4, "big")
    packer = zlib.compressobj(9)
    row = bytes(1 + side // 8)
    rows = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    head = chunk(b"IHDR", size + size + bytes([1, 0, 0, 0, 0]))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def upload(content: bytes, name: str = "决定书.pdf") -> SimpleUploadedFile:
    """As it comes from a form; what the browser says of its type is of no use."""
    return SimpleUploadedFile(name, content, content_type="text/html")


def on_disk() -> set[str]:
    """The files that lie in the store."""
    root = Path(default_storage.path("attachments"))
    return {f"attachments/{path.parent.name}/{path.name}" for path in root.glob("*/*")}
