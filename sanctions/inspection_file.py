"""The published file of a draw: pool list, seed and result, and how anybody repeats it.

Plain text that a spreadsheet opens: lines that begin with "#" say what the pool consists of, the
rest is a CSV table of the members. ``repeat`` needs nothing but the file.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field

from sanctions.inspection_draw import VERSION, Pool, digest, draw, seed_of
from sanctions.inspection_plan_models import InspectionPlan
from sanctions.inspection_plans import pool_of

COLUMNS = ("统一社会信用代码", "名称", "组别", "抽中", "检查人员", "检查人员")
DRAWN = "是"


def written(plan: InspectionPlan) -> str:
    """The file of a plan; before the draw without secret, word, seed and result."""
    pool = pool_of(plan)
    out = io.StringIO()
    head = [
        ("version", VERSION),
        ("plan", f"{plan.pk} {plan.name}"),
        ("pool_sha256", plan.pool_sha256),
        ("commitment", plan.commitment),
    ]
    if plan.is_drawn:
        head += [("secret", plan.secret), ("word", plan.word), ("seed", plan.seed)]
    head += [("percent", f"{group} {percent}") for group, percent in sorted(pool.percents.items())]
    head += [("inspector", number) for number in sorted(pool.inspectors)]
    head += [("conflict", f"{code} {number}") for code, number in sorted(pool.conflicts)]
    for name, value in head:
        out.write(f"# {name}: {value}\n")
    drawn = {one.code: one.inspectors for one in draw(pool, plan.seed)} if plan.is_drawn else {}
    table = csv.writer(out, lineterminator="\n")
    table.writerow(COLUMNS)
    for code, name, group in plan.members.values_list("credit_code", "name", "group"):
        two = (*drawn.get(code, ()), "", "")[:2]
        table.writerow([code, _safe(name), group, DRAWN if code in drawn else "", *two])
    return out.getvalue()


def _safe(text: str) -> str:
    """A name that a spreadsheet would take for a formula becomes text."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠")) else text


@dataclass(frozen=True, slots=True)
class Repeated:
    """What came out of repeating a draw; ``faults`` is empty where all is as the file says."""

    members: int
    drawn: int
    faults: list[str] = field(default_factory=list)


class UnreadableFile(Exception):  # noqa: N818
    """It is no file of a draw; the message says why."""


def repeat(text: str) -> Repeated:
    """Work everything out again from the file alone, and compare. Raises UnreadableFile."""
    head, rows = _read(text)
    pool = Pool(
        members={row[0]: row[2] for row in rows},
        percents={group: int(percent) for group, percent in _pairs(head, "percent")},
        inspectors=frozenset(head.get("inspector", [])),
        conflicts=frozenset(_pairs(head, "conflict")),
    )
    secret, word, seed = (_one(head, name) for name in ("secret", "word", "seed"))
    faults = []
    if len(pool.members) != len(rows):
        faults.append("名册中有重复的代码")
    if pool.sha256() != _one(head, "pool_sha256"):
        faults.append(f"名册摘要不符：按名册算出 {pool.sha256()}")
    if digest(secret) != _one(head, "commitment"):
        faults.append("随机数与封存时公布的承诺不符")
    if seed_of(secret, word, pool.sha256()) != seed:
        faults.append("种子不是由随机数、见证数和名册算出的")
    result = {one.code: one.inspectors for one in draw(pool, seed)}
    for row in rows:
        said = tuple(one for one in row[4:6] if one) if row[3] == DRAWN else None
        if said != result.get(row[0]):
            faults.append(f"{row[0]}：结果不符")
    return Repeated(len(rows), len(result), faults)


def _read(text: str) -> tuple[dict[str, list[str]], list[list[str]]]:
    head: dict[str, list[str]] = {}
    lines = text.lstrip("\ufeff").splitlines()
    table = [line for line in lines if line and not line.startswith("#")]
    for line in lines:
        if line.startswith("# ") and ": " in line:
            name, _, value = line[2:].partition(": ")
            head.setdefault(name, []).append(value)
    if head.get("version") != [VERSION]:
        raise UnreadableFile("这不是抽查文件，或者版本不同。")
    rows = list(csv.reader(table))[1:]
    if any(len(row) != len(COLUMNS) for row in rows):
        raise UnreadableFile("名册的列数不对，文件可能被改动过。")
    return head, rows


def _one(head: dict[str, list[str]], name: str) -> str:
    found = head.get(name, [])
    if len(found) != 1:
        raise UnreadableFile(f"文件中没有 {name}，或者不止一个；抽取后的文件才能复算。")
    return found[0]


def _pairs(head: dict[str, list[str]], name: str) -> list[tuple[str, str]]:
    pairs = [tuple(value.split(" ")) for value in head.get(name, [])]
    if any(len(pair) != 2 for pair in pairs):
        raise UnreadableFile(f"{name} 的写法不对，文件可能被改动过。")
    return [(pair[0], pair[1]) for pair in pairs]
