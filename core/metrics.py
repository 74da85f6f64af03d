"""Figures for monitoring, in the text form of Prometheus.

Counts of requests are kept by each web process and added up when they are asked for (files in
``PROMETHEUS_MULTIPROC_DIR``, which ``wugang_credit/gunicorn_conf.py`` sets); figures about the
work at hand are read from the database at that moment, by collectors that the caller gives.
"""

from __future__ import annotations

import os
from collections.abc import Iterable

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
REQUESTS = Counter(
    "wugang_requests", "Requests by view, method and status", ["view", "method", "status"]
)
SECONDS = Histogram(
    "wugang_request_seconds",
    "Seconds until the answer began, by view",
    ["view"],
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)


def known_method(method: str) -> str:
    """The method, or OTHER: a caller must not make up labels."""
    return method if method in METHODS else "OTHER"


def count(view: str, method: str, status: int, seconds: float) -> None:
    """Add one request."""
    REQUESTS.labels(view, known_method(method), str(status)).inc()
    SECONDS.labels(view).observe(seconds)


def exposition(*more: Collector) -> bytes:
    """All figures as text: those of every web process, and those of ``more``."""
    registry = CollectorRegistry()
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return generate_latest(registry) + _alone(more)
    return generate_latest(REGISTRY) + _alone(more)


def _alone(collectors: Iterable[Collector]) -> bytes:
    registry = CollectorRegistry()
    for collector in collectors:
        registry.register(collector)
    return generate_latest(registry)
