"""The Celery application and its timetable, which is code and not a table somebody can edit."""

import os
from typing import Any

from celery import Celery, signals
from celery.schedules import crontab
from django.db import close_old_connections
from kombu.entity import Queue

from wugang_credit import task_log

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wugang_credit.settings")

SWEEP_SECONDS = 15.0
SEAL_SECONDS = 30.0

app = Celery("wugang_credit")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
task_log.connect()
# What comes by the clock has a queue of its own, which every worker serves as well: behind a long
# line of wake-ups a sweep would expire each time before it is heard.
CLOCK = "clock"
app.conf.task_queues = (Queue(app.conf.task_default_queue), Queue(CLOCK))
app.conf.beat_schedule = {
    # So often that what was left over (20 seconds, ``grading.left_over``) is graded well within the
    # minute that officers are promised, with time for a worker or a database to come back. It costs
    # two queries over partial indexes that are nearly empty. A wake-up that nobody heard before the
    # next one is worth nothing.
    "grading-sweep": {
        "task": "grading.tasks.sweep",
        "schedule": SWEEP_SECONDS,
        "options": {"expires": SWEEP_SECONDS, "queue": CLOCK},
    },
    # Changes get their place in the feed within seconds of their commit.
    "grading-feed": {
        "task": "grading.tasks.number_changes",
        "schedule": 3.0,
        "options": {"expires": 3, "queue": CLOCK},
    },
    # Until it is sealed, a row of the trail could be changed unseen by whoever owns the database.
    "audit-seal": {
        "task": "core.tasks.seal_audit",
        "schedule": SEAL_SECONDS,
        "options": {"expires": SEAL_SECONDS, "queue": CLOCK},
    },
    "audit-nightly": {
        "task": "core.tasks.verify_audit",
        "schedule": crontab(hour=1, minute=35),
        "options": {"queue": CLOCK},
    },
    # Sheets whose message or worker was lost; it sends for them and does not work on them itself.
    "imports-sweep": {
        "task": "violations.tasks.sweep_imports",
        "schedule": SWEEP_SECONDS,
        "options": {"expires": SWEEP_SECONDS, "queue": CLOCK},
    },
    "imports-nightly": {
        "task": "violations.tasks.clean_imports",
        "schedule": crontab(hour=2, minute=15),
        "options": {"queue": CLOCK},
    },
    "attachments-sweep": {
        "task": "violations.tasks.sweep_attachments",
        "schedule": crontab(hour=2, minute=45),
        "options": {"queue": CLOCK},
    },
    # Piles of papers whose message or worker was lost.
    "papers-sweep": {
        "task": "sanctions.tasks.sweep_paper_batches",
        "schedule": SWEEP_SECONDS,
        "options": {"expires": SWEEP_SECONDS, "queue": CLOCK},
    },
    "papers-nightly": {
        "task": "sanctions.tasks.clean_papers",
        "schedule": crontab(hour=3, minute=5),
        "options": {"queue": CLOCK},
    },
    # After the grades of the day: clauses end, and what differs from the grades is mended.
    "measures-nightly": {
        "task": "sanctions.tasks.verify_measures",
        "schedule": crontab(hour=0, minute=35),
        "options": {"queue": CLOCK},
    },
    "grading-nightly": {
        "task": "grading.tasks.nightly",
        "schedule": crontab(hour=0, minute=5),
        "options": {"queue": CLOCK},
    },
}


def look_at_connections(task: Any, **kwargs: Any) -> None:
    """Drop a database connection that died since the last task, as each web request does.

    Connections are kept for many tasks (``CELERY_DB_REUSE_MAX``); without this a worker would fail
    task after task when PostgreSQL was started anew.
    """
    if not getattr(task.request, "is_eager", False):
        close_old_connections()


signals.task_prerun.connect(look_at_connections, dispatch_uid="wugang_credit.connections")
