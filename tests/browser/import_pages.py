"""The pages of the import, each with a run in the state that it is about."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from accounts.roles import Role
from core.clock import today
from tests.browser.world import World
from tests.violations.runs import checked, submitted, uploaded, written
from tests.violations.sheets import penalty
from violations import import_runs

Pages = dict[str, int]


def _row(number: int, **cells: Any) -> dict[str, Any]:
    return penalty(number, 处罚决定日期=str(today() - timedelta(days=20)), **cells)


def recorder_pages(world: World) -> Pages:
    recorder, reviewer = world.officers[Role.RECORDER], world.officers[Role.UNIT_REVIEWER]
    bad = [_row(n, 处罚类别="罚站") for n in range(1, 36)]
    runs = {
        "waiting": uploaded(recorder, [_row(1)]),
        "faulty": checked(recorder, [*bad, _row(50), _row(50), _row(51, 处罚依据="无名条例")]),
        "broken": checked(recorder, b"PK\x03\x04"),
        "checked": checked(recorder, [_row(n) for n in range(60, 75)]),
        "done": written(recorder, reviewer, [_row(90)]),
    }
    gone = checked(recorder, [_row(95)])
    import_runs.cancel(officer=recorder, run_id=gone.pk)
    pages = {f"/imports/{run.pk}/": 200 for run in [*runs.values(), gone]}
    faulty = runs["faulty"].pk
    return {
        "/imports/": 200,
        "/": 200,
        f"/imports/{faulty}/?kind=warning": 200,
        f"/imports/{faulty}/?page=2": 200,
        **pages,
    }


def reviewer_pages(world: World) -> Pages:
    recorder, reviewer = world.officers[Role.RECORDER], world.officers[Role.UNIT_REVIEWER]
    run = submitted(recorder, [_row(n) for n in range(1, 4)])
    done = written(recorder, reviewer, [_row(90)])
    import_runs.ask_undo(officer=recorder, run_id=done.pk, reason="整批单位填错，须更正后重新导入")
    return {"/": 200, "/imports/": 200, f"/imports/{run.pk}/": 200, f"/imports/{done.pk}/": 200}


IMPORT_CASES: dict[str, tuple[str, Callable[[World], Pages]]] = {
    "recorder imports": (Role.RECORDER, recorder_pages),
    "reviewer confirms imports": (Role.UNIT_REVIEWER, reviewer_pages),
    "office imports": (Role.OFFICE, lambda world: {"/imports/": 200}),
}
