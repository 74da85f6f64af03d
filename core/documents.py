"""Papers as PDF: a template of ``templates/documents`` on A4 in the layout of GB/T 9704.

WeasyPrint is loaded with the first paper: it takes seconds and most processes never need it.
Nothing is fetched: a template may name files of ``static/`` (``static:name``) and data of its own;
all else is refused.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string

STYLE = "documents/a4.css"
# Pango's fonts are shared by the process: one paper at a time.
_one_at_a_time = threading.Lock()


def render_pdf(template: str, context: dict[str, Any]) -> bytes:
    """The template filled with ``context`` as a PDF."""
    html = render_to_string(template, context)
    with _one_at_a_time:
        return _pdf(html)


def _pdf(html: str) -> bytes:
    import weasyprint

    fonts, style = _style()
    document = weasyprint.HTML(string=html, url_fetcher=_fetcher())
    data: bytes = document.write_pdf(stylesheets=[style], font_config=fonts)
    return data


@lru_cache(maxsize=1)
def _style() -> tuple[Any, Any]:
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration

    fonts = FontConfiguration()
    text = _static_file(STYLE).read_text(encoding="utf-8")
    return fonts, CSS(string=text, font_config=fonts, url_fetcher=_fetcher())


@lru_cache(maxsize=1)
def _fetcher() -> Any:
    """What WeasyPrint asks for every address in a template or a style sheet."""
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    class OwnFilesOnly(URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: Any = None) -> Any:
            parts = urlsplit(url)
            if parts.scheme == "data":
                return super().fetch(url, headers)
            if parts.scheme == "static" and not parts.netloc:
                return URLFetcherResponse(url, body=_static_file(unquote(parts.path)).read_bytes())
            # Fatal: WeasyPrint would print the paper without what other errors concern.
            raise FatalURLFetchingError(f"papers fetch nothing: {url[:200]}")

    return OwnFilesOnly(allowed_protocols=["data"])


def _static_file(name: str) -> Path:
    """A file of ``static/``; Django's finders refuse a name that leads out of it."""
    found = finders.find(name.lstrip("/"))
    if not isinstance(found, str):
        raise FileNotFoundError(name[:200])
    return Path(found)


def page_count(data: bytes) -> int:
    """How many pages a PDF has."""
    from pypdfium2 import PdfDocument  # type: ignore[import-untyped]

    document = PdfDocument(data)
    try:
        return len(document)
    finally:
        document.close()


def merged(papers: Sequence[bytes]) -> bytes:
    """Several PDFs one after the other in one file, for one print job."""
    from pypdfium2 import PdfDocument

    whole = PdfDocument.new()
    try:
        for data in papers:
            part = PdfDocument(data)
            whole.import_pages(part)
            part.close()
        out = BytesIO()
        whole.save(out)
    finally:
        whole.close()
    return out.getvalue()
