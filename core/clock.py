"""The one place that asks what day it is: all days are days in Asia/Shanghai (domain.md §2)."""

from datetime import date

from django.utils import timezone


def today() -> date:
    """The present day in Asia/Shanghai."""
    return timezone.localdate()
