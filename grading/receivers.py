"""Grading listens to the facts below it."""


def connect() -> None:
    """Connect to the signals of violations; called once when the app is ready."""
