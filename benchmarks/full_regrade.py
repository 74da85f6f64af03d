"""P1, P2, P9, P12: a full re-grade beside its floor, the nightly run beside a full re-grade."""

from __future__ import annotations

import resource
from collections.abc import Callable
from datetime import date, timedelta

from django.db import connection, transaction

from benchmarks.floor import STATEMENT
from benchmarks.register import TODAY, tidy
from benchmarks.timing import Side, compare
from grading import services
from grading.bulk_sql import prepare
from grading.counting import first_decision_day
from grading.facts import rule_versions
from grading.locks import ranges
from grading.models import Cause, Standing

DAY = date.fromisoformat(TODAY)


def undone(run: Callable[[], object]) -> Callable[[], None]:
    """Run in a transaction that is rolled back, so that every round begins alike."""

    def once() -> None:
        with transaction.atomic():
            run()
            transaction.set_rollback(True)

    return once


def ours() -> None:
    for low, high in ranges():
        services.regrade_range(low, high, cause=Cause.COMMAND, day=DAY)


def floor() -> None:
    rules = rule_versions()[-1]
    prepare()  # the same room to work in
    with connection.cursor() as cursor:
        cursor.execute(
            STATEMENT,
            {
                "open": sorted(rules.open_laws),
                "since": first_decision_day(DAY).isoformat(),
                "today": TODAY,
                "rules": rules.id,
            },
        )


def _touch(share: int) -> int:
    """One yuan more on one act of every ``share``-th graded organisation, past all signals."""
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE violations_violation v SET amount_fen = amount_fen + 100
                 FROM (SELECT DISTINCT ON (d.subject_id) v.id FROM violations_violation v
                         JOIN violations_decision d ON d.id = v.decision_id
                        WHERE v.bucket = 'penalty' AND d.decided_on > %s
                          AND d.subject_id %% %s = 0
                        ORDER BY d.subject_id, v.id) one
                WHERE v.id = one.id""",
            [first_decision_day(DAY), share],
        )
        return int(cursor.rowcount)


def _same(run_ours: Callable[[], object], run_floor: Callable[[], object]) -> None:
    """Both sides must write the same standings, or the comparison means nothing."""
    answers = []
    for run in (run_ours, run_floor):
        with transaction.atomic(), connection.cursor() as cursor:
            run()
            # Worked out by the server: a million rows here would count as the product's memory.
            cursor.execute(
                """SELECT count(*), sum(hashtextextended(ROW(
                          subject_id, grade, clauses, flags, amount_fen, next_change_on,
                          disclosable_grade, disclosable_clauses, disclosable_next_change_on
                          )::text, 0)::numeric) FROM grading_standing"""
            )
            answers.append(cursor.fetchone())
            transaction.set_rollback(True)
    assert answers[0] == answers[1], f"floor and product differ: {answers}"


def run(rounds: int) -> dict[str, float]:
    """The ratios by goal."""
    with connection.cursor() as cursor:
        # What a parallel worker of the server uses is not counted with this connection's CPU.
        cursor.execute("SET max_parallel_workers_per_gather = 0")
    ours()
    tidy()
    found: dict[str, float] = {}
    for goal, share, title in (("P1", 100, "1 % changed"), ("P2", 1, "every graded one changed")):
        touched = _touch(share)
        tidy()
        print(f"full re-grade, {title}: {touched} organisations")
        _same(ours, floor)
        found[goal] = compare(
            goal, Side("product"), Side("one SQL statement"), undone(ours), undone(floor), rounds
        )
        ours()
        tidy()
    found["P9"] = _nightly(rounds)
    found["P12"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"P12: resident memory at most {found['P12']:.0f} MB\n")
    return found


def _nightly(rounds: int) -> float:
    """About one in a hundred of the graded turns on the same day; the rest stays."""
    tomorrow = DAY + timedelta(days=1)
    moved = Standing.objects.filter(next_change_on__isnull=False)
    many = moved.count() // 100
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE violations_decision SET decided_on = %s
                WHERE id IN (SELECT d.id FROM violations_decision d
                               JOIN grading_standing s ON s.subject_id = d.subject_id
                              WHERE d.decided_on = s.earliest_on LIMIT %s)""",
            [first_decision_day(DAY), many],
        )
    ours()
    tidy()
    print(f"nightly run, {len(services.due_subject_ids(tomorrow))} organisations have moved")
    return compare(
        "P9",
        Side("nightly run"),
        Side("full re-grade"),
        undone(lambda: services.regrade(services.due_subject_ids(tomorrow), day=tomorrow)),
        undone(lambda: [
            services.regrade_range(low, high, cause=Cause.COMMAND, day=tomorrow)
            for low, high in ranges()
        ]),
        rounds,
    )  # fmt: skip
