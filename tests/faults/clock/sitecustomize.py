"""Shifts the clock of a Python process by ``FAULTS_SHIFT`` seconds: it then lives on another day.

Python imports this by its name before anything else, where this directory is on ``PYTHONPATH``.
"""

import datetime
import os

if os.environ.get("FAULTS_SHIFT"):
    import time_machine

    shift = datetime.timedelta(seconds=float(os.environ["FAULTS_SHIFT"]))
    time_machine.travel(datetime.datetime.now(datetime.UTC) + shift, tick=True).start()
