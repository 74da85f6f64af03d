"""Deadlines of cases: ``core.case_clock``, under the name by which this app knows it."""

from core.case_clock import Wait, covers, deadline

__all__ = ["Wait", "covers", "deadline"]
