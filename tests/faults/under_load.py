"""Experiments 1 to 6: records come in while something is killed, wiped, restarted or repeated."""

from __future__ import annotations

import json
import os
import signal
import statistics
import time
import uuid
from collections.abc import Callable, Sequence
from functools import partial

import redis as redis_client

from tests.faults.checker import the_day
from tests.faults.product import Product
from tests.faults.records import alone, group, half_contended
from tests.faults.run import Result, Run

# How long the product leaves a broker alone that failed (grading.requests).
BROKER_REST_SECONDS = 10.0


def contended(run: Run, product: Product) -> Result:
    """Groups of eight released together: half graded by workers, half within the requests."""
    day, groups = the_day(), 150 if run.full else 12
    client = run.client(product)
    run.load(client, [group(turn, day) for turn in range(groups)])
    run.settle(product, client.attempts, time.monotonic())
    run.redis.kill()
    product.stop_background()
    run.load(client, [group(turn, day) for turn in range(groups)])
    since = time.monotonic()
    run.redis.start()
    product.start_worker()
    product.start_beat()
    return run.judge("contended", product, client, since, all_acknowledged=True)


def redis_killed(run: Run, product: Product) -> Result:
    """Redis killed three times and wiped once: no post fails for it, nothing stays ungraded."""

    def kill(*, wipe: bool) -> None:
        run.redis.kill()
        time.sleep(1.5)
        if wipe:
            run.redis.wipe()
        run.redis.start()

    faults = [partial(kill, wipe=wipe) for wipe in (False, True, False, False)]
    return _faulted(run, product, "redis killed", faults, size=160, all_acknowledged=True, gap=3)


def broker_away(run: Run, product: Product) -> Result:
    """What a post costs one after another with Redis there, gone, and hanging."""
    client, day = run.client(product), the_day()
    medians, slowest = {}, {}

    def measure(what: str) -> None:
        rounds = range(40 if run.full else 12)
        taken = [client.post(alone(day)[0]).slowest for _ in rounds]
        medians[what], slowest[what] = statistics.median(taken), max(taken)

    measure("there")
    run.redis.kill()
    measure("gone")
    run.redis.start()
    time.sleep(BROKER_REST_SECONDS + 1)
    assert run.redis.process is not None
    os.kill(run.redis.process.pid, signal.SIGSTOP)
    measure("hanging")
    os.kill(run.redis.process.pid, signal.SIGCONT)
    since = time.monotonic()
    result = run.judge("broker away", product, client, since, all_acknowledged=True)
    for what, seconds in medians.items():
        result.notes.append(f"Redis {what}: median {seconds:.2f} s, slowest {slowest[what]:.2f} s")
        if seconds > medians["there"] + 1:
            result.missed.append(f"Redis {what}: {seconds - medians['there']:.1f} s more")
    return result


def workers_killed(run: Run, product: Product) -> Result:
    """Pool children and whole trees of workers killed in turn, twenty times."""
    faults = [partial(_kill_worker, product, turn) for turn in range(20)]
    return _faulted(run, product, "workers killed", faults, size=320, all_acknowledged=True)


def together(run: Run, product: Product) -> Result:
    """Ten thousand records while Redis is killed, wiped and workers are killed (full size)."""

    def kill_redis(*, wipe: bool) -> None:
        run.redis.kill()
        time.sleep(2)
        if wipe:
            run.redis.wipe()
        run.redis.start()

    faults: list[Callable[[], None]] = []
    for turn in range(20):
        faults.append(partial(_kill_worker, product, turn))
        if turn in (3, 8, 13, 17):
            faults.append(partial(kill_redis, wipe=turn == 8))
    return _faulted(run, product, "all together", faults, size=480, all_acknowledged=True)


def postgres_restarted(run: Run, product: Product) -> Result:
    """PostgreSQL ended five times, by crash and by order: nothing acknowledged is lost or half."""

    def restart(turn: int) -> None:
        run.postgres.stop(crash=turn % 2 == 0)
        time.sleep(0.5)
        run.postgres.start()

    faults = [partial(restart, turn) for turn in range(5)]
    return _faulted(
        run, product, "postgres restarted", faults, size=240, all_acknowledged=False, gap=3
    )


def web_killed(run: Run, product: Product) -> Result:
    """Web workers killed while each record is posted until it is acknowledged: none comes twice."""

    def kill(turn: int) -> None:
        assert product.web is not None
        product.web.kill_child(turn)

    faults = [partial(kill, turn) for turn in range(12)]
    return _faulted(
        run, product, "web workers killed", faults, size=160, all_acknowledged=True, repeat=True
    )


def delivered_again(run: Run, product: Product) -> Result:
    """Every message three times and in reverse order: one effect."""
    product.stop_background()
    client = run.client(product)
    batches = list(half_contended(800 if run.full else 64, the_day()))
    run.load(client, batches)
    messages = _multiply(run, product)
    since = time.monotonic()
    product.start_worker()
    product.start_worker()
    product.start_beat()
    result = run.judge("delivered three times", product, client, since, all_acknowledged=True)
    result.notes.append(f"{messages} messages delivered")
    if messages < 3 * len(batches):
        result.missed.append("fewer messages than records")
    return result


def _multiply(run: Run, product: Product) -> int:
    """Put three copies of each waiting message into the queue, the last sent first."""
    with redis_client.Redis.from_url(run.redis.url(product.number)) as broker:
        waiting: list[bytes] = broker.lrange("celery", 0, -1)
        broker.delete("celery")
        copies = []
        for raw in waiting:  # the list's head is what was sent last: it is to be taken first
            for _ in range(3):
                message = json.loads(raw)
                message["properties"]["delivery_tag"] = str(uuid.uuid4())
                copies.append(json.dumps(message))
        for copy in copies:
            broker.lpush("celery", copy)
        return len(copies)


def _kill_worker(product: Product, turn: int) -> None:
    """In even turns a child of the pool, in odd ones the whole tree, which is started anew."""
    worker = product.workers[0]
    if turn % 2 == 0 and worker.kill_child(turn):
        return
    worker.kill_tree()
    product.restart_worker(0)


def _faulted(
    run: Run,
    product: Product,
    name: str,
    faults: Sequence[Callable[[], None]],
    *,
    size: int,
    all_acknowledged: bool,
    repeat: bool = False,
    gap: float = 1.5,
) -> Result:
    """Post while the faults happen, and judge."""
    client = run.client(product, repeat=repeat)
    whole = 10_000 if name == "all together" else size * 8
    count = whole if run.full else size
    since = run.load_under(client, the_day(), faults, count=count, gap=gap)
    result = run.judge(name, product, client, since, all_acknowledged=all_acknowledged)
    if result.acknowledged < count / 4:
        result.missed.append("too few were acknowledged to show anything")
    return result
