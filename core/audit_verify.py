"""Whether the trail is as it was sealed: edits, deletions, insertions, reordering, a cut tail.

Rows and links are read side by side in the order of their ids, a few thousand at a time: memory
does not grow with the trail.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from core.audit_chain import BATCH, MARK, NO_HASH, Print, digest_of, hash_of, prints
from core.models import AuditEntry, AuditSeal

SHOWN = 200  # faults that are named; the others are counted
_LINKS = 200
Anchor = dict[str, Any]


@dataclass
class Report:
    """What was read, and in Chinese what is wrong, the first faults by name."""

    rows: int = 0
    links: int = 0
    unsealed: int = 0
    faults: int = 0
    lines: list[str] = field(default_factory=list)

    def fault(self, line: str) -> None:
        self.faults += 1
        if self.faults <= SHOWN:
            self.lines.append(line)


def verify(anchors: Iterable[Anchor] = (), *, rows_after: int = 0) -> Report:
    """Compare the whole trail with its chain, and the chain with ``anchors`` kept elsewhere.

    With ``rows_after`` only rows above that id are read again; the links are checked all the same.
    """
    report, rows = Report(), _Rows(rows_after)
    held = {int(anchor["seal"]): anchor for anchor in anchors}
    last: AuditSeal | None = None
    sealed = 0
    for link in _links():
        report.links += 1
        sealed += link.count
        _check_link(report, last, link)
        if link.number in held:
            _check_anchor(report, held.pop(link.number), link, sealed)
        _check_rows(report, rows, last, link, rows_after)
        last = link
    for anchor in held.values():
        report.fault(
            f"锚点记载第 {anchor['seal']} 号封存（至审计记录 {anchor['last_id']}），"
            "现在没有这一号：链的尾部被截去，或整条链被换过。"
        )
    report.unsealed = sum(1 for _ in rows.up_to(None))
    report.rows += report.unsealed
    return report


class _Rows:
    """The rows in the order of their ids, read on as they are asked for."""

    def __init__(self, after: int) -> None:
        self._stream = self._read(after)
        self._next = next(self._stream, None)

    def _read(self, after: int) -> Iterator[Print]:
        # Below the first id there is nothing, unless somebody put it there.
        chosen = AuditEntry.objects.order_by("id")
        page = list(prints((chosen.filter(id__gt=after) if after else chosen)[:BATCH]))
        while page:
            yield from page
            page = list(prints(chosen.filter(id__gt=page[-1][0])[:BATCH]))

    def up_to(self, last: int | None) -> Iterator[Print]:
        while self._next is not None and (last is None or self._next[0] <= last):
            yield self._next
            self._next = next(self._stream, None)


def _links() -> Iterator[AuditSeal]:
    chosen = AuditSeal.objects.order_by("number", "id")
    page = list(chosen[:_LINKS])
    while page:
        yield from page
        page = list(chosen.filter(number__gt=page[-1].number)[:_LINKS])


def _check_link(report: Report, last: AuditSeal | None, link: AuditSeal) -> None:
    expected = last.number + 1 if last else 1
    if link.number != expected:
        missing = f"{expected}" if link.number == expected + 1 else f"{expected}-{link.number - 1}"
        report.fault(f"第 {missing} 号封存缺失：被删除。")
    elif link.previous != (last.hash if last else NO_HASH):
        report.fault(f"第 {link.number} 号封存与上一号接不上：其中一号被改写。")
    elif link.first_id != (last.last_id + 1 if last else 1):
        report.fault(f"第 {link.number} 号封存的范围与上一号接不上：被改写。")
    if link.hash != hash_of(link):
        report.fault(f"第 {link.number} 号封存的校验值不符：被改写。")


def _check_anchor(report: Report, anchor: Anchor, link: AuditSeal, sealed: int) -> None:
    same = (link.hash, link.last_id, sealed) == (anchor["hash"], anchor["last_id"], anchor["count"])
    if not same:
        report.fault(f"第 {link.number} 号封存与 {anchor['at']} 的锚点不符：链被重写。")


def _check_rows(
    report: Report, rows: _Rows, last: AuditSeal | None, link: AuditSeal, rows_after: int
) -> None:
    if link.last_id <= rows_after:
        return
    for number, _ in rows.up_to(link.first_id - 1):
        report.rows += 1
        if number > (last.last_id if last else 0):
            continue  # of a link that is missing and has been named
        report.fault(f"审计记录 {number} 不在任何封存之内：事后插入。")
    found = [one for one in rows.up_to(link.last_id) if one[0] > rows_after]
    report.rows += len(found)
    whole = link.first_id > rows_after
    if whole and len(found) == link.count and digest_of(found) == link.digest:
        return
    before = report.faults
    _name_rows(report, link, dict(found), rows_after)
    if whole and report.faults == before:
        report.fault(f"第 {link.number} 号封存的摘要与其范围内的审计记录不符。")


def _name_rows(report: Report, link: AuditSeal, found: dict[int, bytes], rows_after: int) -> None:
    """Say of each row what was done to it, by the marks that the link keeps."""
    marks = _marks(bytes(link.marks))
    marks = {number: mark for number, mark in marks.items() if number > rows_after}
    owner = {mark: number for number, mark in marks.items()}
    for number in sorted(marks.keys() | found.keys()):
        where = f"审计记录 {number}（第 {link.number} 号封存）"
        content = found[number][:MARK] if number in found else None
        if content == marks.get(number):
            continue
        if content is None:
            report.fault(f"{where}：被删除，或被改了编号。")
        elif owner.get(content, number) != number:
            report.fault(f"{where}：内容原属审计记录 {owner[content]}，顺序被改动。")
        elif number in marks:
            report.fault(f"{where}：内容被改动。")
        else:
            report.fault(f"{where}：事后插入。")


def _marks(packed: bytes) -> dict[int, bytes]:
    step = 8 + MARK
    return {
        int.from_bytes(packed[at : at + 8], "big", signed=True): packed[at + 8 : at + step]
        for at in range(0, len(packed), step)
    }
