"""Experiment 10: one organisation whose grading fails, one whose grading kills the worker."""

from __future__ import annotations

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

from tests.faults.checker import look, the_day
from tests.faults.expected import Connection
from tests.faults.processes import children_of
from tests.faults.product import Product
from tests.faults.records import WARNED, credit_code, fine, half_contended, record
from tests.faults.run import GOAL_SECONDS, Result, Run

PATIENCE = 180.0
TWO_SWEEPS = 32.0
# Five attempts that are counted, and as many again for workers that were killed beside the one that
# was meant, since a connection's port was looked up a moment too late.
MOST_KILLED = 8
# The table of standings refuses one organisation and never answers for the other.
TRIGGER = """
CREATE FUNCTION poison() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE code text;
BEGIN
    SELECT credit_code INTO code FROM subjects_subject WHERE id = NEW.subject_id;
    IF code = '{fails}' THEN RAISE EXCEPTION 'poison'; END IF;
    IF code = '{kills}' THEN PERFORM pg_sleep(600); END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER poison BEFORE INSERT OR UPDATE ON grading_standing
    FOR EACH ROW EXECUTE FUNCTION poison();
"""


def poison(run: Run, product: Product) -> Result:
    """Both are set aside after five attempts, and nobody else waits for them."""
    day, fails, kills = the_day(), credit_code(), credit_code()
    healthy, bad = run.client(product), run.client(product)
    with run.postgres.connect(product.name) as connection:
        connection.execute(TRIGGER.format(fails=fails, kills=kills))
        product.stop_background()
        batches = list(half_contended(640 if run.full else 64, day))
        half = len(batches) // 2
        run.load(healthy, batches[:half])
        bad.run([[record(fails, WARNED, day)], [record(kills, fine("9.00"), day)]])
        run.load(healthy, batches[half:])
        # All messages are lost: those that can be graded stand in one line with the two.
        run.redis.kill()
        run.redis.wipe()
        run.redis.start()
        product.start_worker()
        product.start_beat()
        since = time.monotonic()
        killed, right_after = 0, -1.0
        while not _set_aside(connection, fails, kills) and time.monotonic() < since + PATIENCE:
            killed += _kill_sleepers(connection, product)
            if right_after < 0 and look(connection, healthy.attempts, day).is_settled:
                right_after = time.monotonic() - since
            time.sleep(0.2)
        aside = time.monotonic() - since
        result = run.judge("poison", product, healthy, time.monotonic(), all_acknowledged=True)
        result.seconds = aside + result.seconds if right_after < 0 else right_after
        if result.seconds > GOAL_SECONDS:
            result.missed.append(f"the others are right only after {result.seconds:.0f} s")
        result.notes.append(f"set aside after {aside:.0f} s; {killed} workers killed by it")
        if not _set_aside(connection, fails, kills):
            result.missed.append("not set aside")
        if not 1 <= killed <= MOST_KILLED:
            result.missed.append(f"{killed} workers killed by it")
        others = connection.execute(
            "SELECT count(*) FROM grading_regraderequest r JOIN subjects_subject s"
            " ON s.id = r.subject_id WHERE r.done_at IS NULL AND r.attempts >= 5"
            " AND s.credit_code <> ALL(%s)",
            [[fails, kills]],
        ).fetchone()
        if others != (0,):
            result.missed.append("others were set aside with it")
        time.sleep(TWO_SWEEPS)
        tries = connection.execute("SELECT max(attempts) FROM grading_regraderequest").fetchone()
        if tries != (5,):
            result.missed.append(f"tried again after it was set aside: {tries}")
        connection.execute("DROP TRIGGER poison ON grading_standing; DROP FUNCTION poison")
    return result


def _set_aside(connection: Connection, *codes: str) -> bool:
    row = connection.execute(
        "SELECT count(DISTINCT s.id) FROM grading_regraderequest r JOIN subjects_subject s"
        " ON s.id = r.subject_id WHERE s.credit_code = ANY(%s)"
        " AND r.done_at IS NULL AND r.attempts >= 5",
        [list(codes)],
    ).fetchone()
    return row == (len(codes),)


def _kill_sleepers(connection: Connection, product: Product) -> int:
    """Kill each worker process whose statement never ends, as lack of memory would."""
    rows = connection.execute(
        "SELECT pid, client_port FROM pg_stat_activity"
        " WHERE wait_event = 'PgSleep' AND client_port IS NOT NULL"
    ).fetchall()
    killed = 0
    for backend, port in rows:
        for worker in product.workers:
            for child in children_of(worker.pid):
                if _holds(child, int(port)):
                    with suppress(ProcessLookupError):
                        os.kill(child, signal.SIGKILL)
                        killed += 1
        connection.execute("SELECT pg_terminate_backend(%s)", [backend])
    return killed


def _holds(pid: int, port: int) -> bool:
    """Whether the process has a connection from this local port."""
    sockets = set()
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        parts = line.split()
        if int(parts[1].rpartition(":")[2], 16) == port:
            sockets.add(f"socket:[{parts[9]}]")
    with suppress(OSError):
        for handle in Path(f"/proc/{pid}/fd").iterdir():
            with suppress(OSError):
                if os.readlink(handle) in sockets:
                    return True
    return False
