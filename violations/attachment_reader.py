"""Opens a paper that somebody uploaded, in a process of its own, with little time and memory.

A damaged or malicious file may crash, hang or swell a reader of PDF or pictures: then this process
ends, and the web server goes on. It is a program and imports nothing of the product:

    reader.py look TYPE PATH            prints the number of pages
    reader.py draw TYPE PATH PAGE SIZE  writes the page as PNG to stdout, "full" or "small"

Exit status 3: it cannot be opened; 4: a picture too large to be opened; 5: it asks for a password.
"""

from __future__ import annotations

import io
import resource
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image

CPU_SECONDS = 15
MEMORY_BYTES = 1_500 * 1024 * 1024
MAX_PIXELS = 50_000_000  # A4 at 600 dpi has 35 million
MAX_PAGES = 1_000
SIZES = {"full": (1100, 1600), "small": (240, 340)}  # width and height at most
UNREADABLE, TOO_LARGE, LOCKED = 3, 4, 5


def main(action: str, file_type: str, path: str, page: str = "0", size: str = "full") -> int:
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # it writes no file at all
    read = _pdf if file_type == "pdf" else _picture
    try:
        answer = read(path, file_type, int(page) if action == "draw" else 0, SIZES[size])
    except _RefusedError as refusal:
        return refusal.status
    except Exception:  # whatever a reader may raise about bytes from outside
        return UNREADABLE
    sys.stdout.buffer.write(answer)
    sys.stdout.buffer.flush()
    return 0


class _RefusedError(Exception):
    def __init__(self, status: int) -> None:
        self.status = status
        super().__init__(status)


def _pdf(path: str, file_type: str, page: int, bounds: tuple[int, int]) -> bytes:
    import pypdfium2  # type: ignore[import-untyped]

    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        raise _RefusedError(LOCKED if "password" in str(error).lower() else UNREADABLE) from None
    pages = len(document)
    if not 0 < pages <= MAX_PAGES:
        raise _RefusedError(UNREADABLE if pages < 1 else TOO_LARGE)
    if page == 0:
        document[0].get_size()
        return str(pages).encode()
    sheet = document[page - 1]
    width, height = sheet.get_size()
    scale = min(bounds[0] / max(width, 1), bounds[1] / max(height, 1), 4)
    return _png(sheet.render(scale=scale).to_pil(), bounds)


def _picture(path: str, file_type: str, page: int, bounds: tuple[int, int]) -> bytes:
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = None  # our own limit, asked before anything is unpacked
    with Image.open(path, formats=[file_type.upper()]) as picture:
        if picture.width * picture.height > MAX_PIXELS:
            raise _RefusedError(TOO_LARGE)
        if page == 0:
            picture.load()  # to the last byte: a truncated one is refused
            return b"1"
        picture.draft("RGB", bounds)
        picture.thumbnail((max(bounds), max(bounds)))  # it may lie on its side
        return _png(ImageOps.exif_transpose(picture), bounds)


def _png(picture: Image.Image, bounds: tuple[int, int]) -> bytes:
    """The picture alone, within the bounds, without anything that was said about it."""
    picture = picture.convert("RGB")
    picture.thumbnail(bounds)
    picture.info = {}
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
