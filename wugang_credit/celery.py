"""The Celery application and its timetable, which is code and not a table somebody can edit."""

import os

from celery import Celery
from celery.schedules import crontab

from wugang_credit import task_log

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wugang_credit.settings")

app = Celery("wugang_credit")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
task_log.connect()
app.conf.beat_schedule = {
    # A wake-up that nobody heard within its minute is worth nothing: the next one is on its way.
    "grading-sweep": {
        "task": "grading.tasks.sweep",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
    "grading-nightly": {"task": "grading.tasks.nightly", "schedule": crontab(hour=0, minute=5)},
}
