"""What gunicorn needs beyond its command line: its worker, the log lines, and figures added up.

Each worker counts its requests in a file of its own; the directory is emptied when the server
starts, so that the figures are those since the last start.
"""

from __future__ import annotations

import os
import shutil
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wugang_credit.settings")

from django.conf import settings

_FIGURES = settings.VAR_DIR / "metrics"
_FIGURES.mkdir(exist_ok=True)
# Read when prometheus_client is first imported, in the workers.
os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(_FIGURES)

worker_class = "wugang_credit.web_worker.ClosingWorker"
logconfig_dict: dict[str, Any] = settings.LOGGING


def on_starting(server: Any) -> None:
    """Once, in the arbiter, before the first worker."""
    shutil.rmtree(_FIGURES, ignore_errors=True)
    _FIGURES.mkdir(exist_ok=True)
