"""Defects to be planted in a copy of the tree, and the experiments that must show each of them."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.faults.product import ROOT

MISSED = 3  # the exit of a run that missed a figure; a run that broke has another


@dataclass(frozen=True)
class Plant:
    """``edits``: (file, text that must stand there, what stands there with the defect)."""

    what: str
    edits: tuple[tuple[str, str, str], ...]
    shown_by: tuple[str, ...]


_UNLOCKED = (
    ("grading/narrow.py", "Standing.objects.select_for_update()", "Standing.objects"),
    ("grading/services.py", "Standing.objects.select_for_update()", "Standing.objects"),
    ("grading/bulk.py", "Standing.objects.select_for_update()", "Standing.objects"),
)

PLANTS: dict[str, Plant] = {
    "no-lock": Plant("standings are read without a lock", _UNLOCKED, ("contended",)),
    "no-lock-twice": Plant(
        "standings are read without a lock, by two schedulers", _UNLOCKED, ("schedulers",)
    ),
    "no-sweep": Plant(
        "nothing looks for requests that were left over",
        (("grading/tasks.py", "        left_over.take_up_requests()\n", ""),),
        ("redis",),
    ),
    "no-sweep-workers": Plant(
        "nothing looks for requests that were left over, while workers are killed",
        (("grading/tasks.py", "        left_over.take_up_requests()\n", ""),),
        ("workers",),
    ),
    "broker-raises": Plant(
        "a broker that is down is the caller's trouble",
        (
            (
                "grading/requests.py",
                "    except Exception as error:\n        broker_rest.begin()",
                "    except ZeroDivisionError as error:\n        broker_rest.begin()",
            ),
        ),
        ("redis",),
    ),
    "no-transaction": Plant(
        "a decision is written row by row, each for itself",
        (
            (
                "violations/in_force.py",
                "@transaction.atomic\ndef record_in_force",
                "def record_in_force",
            ),
        ),
        ("postgres",),
    ),
    "number-not-unique": Plant(
        "nothing tells that a number was entered before",
        (
            (
                "violations/recording.py",
                "decision.number_key = number_key(data.number)",
                'decision.number_key = __import__("uuid").uuid4().hex',
            ),
        ),
        ("web",),
    ),
    "not-idempotent": Plant(
        "each evaluation writes a change, also where nothing changed",
        (
            (
                "grading/storing.py",
                "if all(before[name] == after[name] for name in COMPARED):",
                "if False:",
            ),
        ),
        ("again",),
    ),
    "365-days": Plant(
        "one year is 365 days",
        (
            (
                "grading/counting.py",
                "    return date(year, month, min(decided_on.day, monthrange(year, month)[1]))",
                "    return decided_on + (365 if months > 0 else -365) * ONE_DAY",
            ),
        ),
        ("days",),
    ),
    "last-day-excluded": Plant(
        "the last day of the year does not count",
        (
            (
                "grading/counting.py",
                "if day > last_counted_day(act.decided_on, rules.window_months)",
                "if day >= last_counted_day(act.decided_on, rules.window_months)",
            ),
        ),
        ("days",),
    ),
    "only-todays-turns": Plant(
        "only standings that change on this very day are looked for",
        (
            (
                "grading/services.py",
                "Q(next_change_on__lte=day) | Q(disclosable_next_change_on__lte=day)",
                "Q(next_change_on=day) | Q(disclosable_next_change_on=day)",
            ),
        ),
        ("days",),
    ),
    "utc-day": Plant(
        "the day is that of Greenwich",
        (
            (
                "core/clock.py",
                "return timezone.localdate()",
                "return timezone.now().date()",
            ),
        ),
        ("midnight",),
    ),
    "never-set-aside": Plant(
        "a subject that fails is tried for ever",
        (("grading/left_over.py", "ATTEMPTS = 5\n", "ATTEMPTS = 30000\n"),),
        ("poison",),
    ),
    "counted-together": Plant(
        "an attempt is counted for all that wait, before it is made",
        (
            (
                "grading/left_over.py",
                "    for subject_id in subject_ids:\n        _attempt([subject_id])",
                "    _attempt(list(subject_ids))",
            ),
        ),
        ("poison",),
    ),
    "connections-kept": Plant(
        "a worker never looks whether its connection still lives",
        (("wugang_credit/celery.py", "        close_old_connections()", "        pass"),),
        ("postgres",),
    ),
}


def run(name: str, size: str) -> int:
    """0 when the planted defect is shown by one of its experiments, 1 when none notices it."""
    plant = PLANTS[name]
    with tempfile.TemporaryDirectory(prefix="planted-") as directory:
        tree = Path(directory) / "tree"
        _copy(tree)
        for file, before, after in plant.edits:
            text = (tree / file).read_text()
            if before not in text:
                raise SystemExit(f"{name}: {file} no longer has {before!r}")
            (tree / file).write_text(text.replace(before, after))
        print(f"planted: {plant.what}", flush=True)
        done = subprocess.run(
            [sys.executable, "-m", "tests.faults", "--size", size, "--only", *plant.shown_by],
            cwd=tree,
        )
    shown = done.returncode == MISSED
    print(f"{name}: {'shown' if shown else 'NOT SHOWN'}")
    return 0 if shown else 1


def _copy(tree: Path) -> None:
    """The files that git knows (or, without git, all but what a run leaves behind)."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode:
        shutil.copytree(ROOT, tree, ignore=shutil.ignore_patterns(".*", "var", "__pycache__"))
        return
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, tree / name)
