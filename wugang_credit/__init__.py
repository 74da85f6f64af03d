"""The project package: the only place that knows every app."""

from wugang_credit.celery import app as celery_app

__all__ = ["celery_app"]
