"""A worker keeps its database connection from task to task, and drops one that died."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from celery import signals
from django.db import connection

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def before_a_task(*, is_eager: bool = False) -> None:
    task = SimpleNamespace(request=SimpleNamespace(is_eager=is_eager))
    for receiver in signals.task_prerun.receivers:
        function = receiver[1]()
        if function is not None and function.__module__ == "wugang_credit.celery":
            function(task=task)


def process_id() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def test_a_connection_that_died_is_opened_anew_before_a_task() -> None:
    first = process_id()
    before_a_task()
    assert process_id() == first

    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [first])
    other.close()

    before_a_task()
    assert process_id() != first
