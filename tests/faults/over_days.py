"""Experiments 7 to 9: days without a run, two schedulers, and writes on both sides of midnight."""

from __future__ import annotations

import time
from datetime import date, datetime, timedelta
from datetime import time as time_of_day

from tests.faults.checker import BUREAU, look, the_day
from tests.faults.client import Attempt
from tests.faults.expected import read_law, read_subjects, turns_between
from tests.faults.product import Product
from tests.faults.records import BREACH, WARNED, credit_code, fine, half_contended, record
from tests.faults.run import Result, Run

# A Thursday within a year of a leap day: one year is not 365 days here.
LAST_RUN = date(2025, 2, 20)
DAYS_OFF = 10


def shift_to(day: date, clock: time_of_day) -> float:
    """Seconds from now to that moment at the bureau."""
    moment = datetime.combine(day, clock, BUREAU)
    return (moment - datetime.now(BUREAU)).total_seconds()


def ten_days_off(run: Run) -> Result:
    """Everything off for ten days, then on: each turn is caught up and dated by its own day."""
    noon = time_of_day(12)
    product = run.product("ten_days", shift_to(LAST_RUN, noon))
    product.start()
    client = run.client(product)
    papers = (WARNED, fine("500.00"), fine("500000.01"), BREACH)
    # Each lapses on one of the days around those without a run; the 29th of February among them.
    first = date(2024, 2, 18)
    days = [first + timedelta(days=n) for n in range(15)]
    batches = []
    for turn in range(60 if run.full else 8):
        code = credit_code()
        for n, paper in enumerate(papers):
            batches.append([record(code, paper, days[(turn + 4 * n) % len(days)])])
    run.load(client, batches)
    found, _ = run.settle(product, client.attempts, time.monotonic())
    product.stop()
    product.shift = shift_to(LAST_RUN + timedelta(days=DAYS_OFF), noon)
    since = time.monotonic()
    product.start()
    result = run.judge("ten days off", product, client, since, all_acknowledged=True)
    if not found.is_settled:
        result.missed.append(f"{found.wrong} wrong before the days off")
    _compare_turns(run, product, client.attempts, result)
    product.stop()
    return result


def _compare_turns(run: Run, product: Product, attempts: list[Attempt], result: Result) -> None:
    """One change for each day on which time turned a grade, dated by that day."""
    codes = sorted({one.record.code for one in attempts})
    last = LAST_RUN + timedelta(days=DAYS_OFF)
    with run.postgres.connect(product.name) as connection:
        law, subjects = read_law(connection), read_subjects(connection, codes)
        rows = connection.execute(
            "SELECT subject_id, effective_on FROM grading_gradechange"
            " WHERE subject_id = ANY(%s) AND effective_on > %s ORDER BY id",
            [list(subjects), LAST_RUN],
        ).fetchall()
    changed: dict[int, list[date]] = {subject_id: [] for subject_id in subjects}
    for subject_id, day in rows:
        changed[int(str(subject_id))].append(day)  # type: ignore[arg-type]
    right = {
        subject_id: turns_between(subject, LAST_RUN, last, law)
        for subject_id, subject in subjects.items()
    }
    unlike = sum(changed[one] != right[one] for one in right)
    result.notes.append(f"{sum(map(len, right.values()))} turns caught up")
    if unlike:
        result.missed.append(f"{unlike} organisations whose turns bear other days")
    if not any(right.values()):
        result.missed.append("no turn in these days")


def two_schedulers(run: Run) -> Result:
    """Two beats and two workers find the same work at the same moment: one effect."""
    product = run.product("two_schedulers", shift_to(LAST_RUN, time_of_day(12)))
    product.start_web()
    client = run.client(product)
    days = [date(2024, 2, 18) + timedelta(days=n) for n in range(15)]
    papers = (WARNED, fine("500.00"), BREACH)
    batches = [
        [record(credit_code(), papers[turn % 3], days[turn % len(days)])]
        for turn in range(300 if run.full else 60)
    ]
    run.load(client, batches)
    product.start_worker()
    run_until_graded(run, product, client.attempts)
    product.stop()
    # Days later both begin: every lapsed grade is due, and new records wait as well.
    product.shift = shift_to(LAST_RUN + timedelta(days=DAYS_OFF), time_of_day(12))
    product.start_web()
    run.load(client, half_contended(64, LAST_RUN + timedelta(days=DAYS_OFF)))
    since = time.monotonic()
    for _ in range(2):
        product.start_worker(wait=False)
        product.start_beat()
    result = run.judge("two schedulers", product, client, since, all_acknowledged=True)
    time.sleep(20)  # at least one more round of both
    found, _ = run.settle(product, client.attempts, time.monotonic())
    result.doubled = max(result.doubled, found.doubled)
    if found.doubled or found.wrong:
        result.missed.append(f"later: {found.doubled} doubled, {found.wrong} wrong")
    product.stop()
    return result


def run_until_graded(run: Run, product: Product, attempts: list[Attempt]) -> None:
    run.settle(product, attempts, time.monotonic())


def midnight(run: Run) -> Result:
    """Records come in before and after the day's end at the bureau; it ends for no other clock."""
    seconds = 20
    eve = LAST_RUN + timedelta(days=1)
    product = run.product("midnight")
    # Starting takes a while; the clock is set when everything but the clock is ready.
    product.shift = shift_to(eve, time_of_day(23, 59, 60 - seconds - 20))
    product.start()
    client = run.client(product)
    year_before = eve.replace(year=eve.year - 1)
    batches = []
    for turn in range(200 if run.full else 60):
        # Some end to count with this very day, some a day later or earlier, some are of today.
        day = (year_before, year_before + timedelta(days=1), eve, year_before + timedelta(days=2))
        batches.append([record(credit_code(), WARNED, day[turn % 4])])
    batches += list(half_contended(32, eve))
    records = sum(map(len, batches))
    run.load(client, batches, pause=(seconds + 20) / records)
    while the_day(product.shift) == eve:
        time.sleep(0.2)
    since = time.monotonic()
    result = run.judge("midnight", product, client, since, all_acknowledged=True)
    with run.postgres.connect(product.name) as connection:
        counts = connection.execute(
            "SELECT count(*) FILTER (WHERE effective_on <= %s), "
            "count(*) FILTER (WHERE effective_on > %s) FROM grading_gradechange",
            [eve, eve],
        ).fetchone()
        found = look(connection, client.attempts, the_day(product.shift))
    assert counts is not None
    result.notes.append(f"changes of the day before {counts[0]}, of the new day {counts[1]}")
    if 0 in counts or found.wrong:
        result.missed.append("the load lay on one side of midnight only")
    product.stop()
    return result
