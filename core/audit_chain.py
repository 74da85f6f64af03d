"""The chain over the trail: one sealer follows the commits and seals what can no longer change.

Writers never wait for it: they insert their row and nothing else. An id is taken when a row is
inserted and seen when its transaction commits, so a sealer that goes on after the highest id it saw
would skip whoever commits later with a lower one. It therefore notes the highest id, then the
transactions that are writing to the trail at that moment, and seals up to that id only when they
have all ended: whoever holds a lower id and has not committed is among them.

SHA-256 and not SM3: Python has it on every platform, SM3 only where OpenSSL was built with it, and
a chain that one machine cannot check is worth nothing there.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from django.db import connection, models, transaction
from django.utils import timezone

from core.models import AuditEntry, AuditSeal

NO_HASH = "0" * 64
BATCH = 5000  # rows of one seal at most
BATCHES_AT_ONCE = 20
MARK = 8  # bytes of a row's digest that a seal keeps to say which row was touched
_LOCK = 394_008
_COLUMNS = tuple(
    field.attname for field in AuditEntry._meta.concrete_fields if field.attname != "id"
)
Print = tuple[int, bytes]  # an id and the SHA-256 of everything else in its row


def seal(*, patience: float = 5.0) -> int:
    """Seal every row that is surely committed; returns how many.

    Two that run at once have the effect of one. Where a transaction writes for longer than
    ``patience`` seconds, the rows are left to the next run.
    """
    if not _unsealed(_last()).exists():
        return 0
    upto = _settled(patience)
    sealed = 0
    for _ in range(BATCHES_AT_ONCE):
        count = _seal_batch(upto)
        sealed += count
        if count < BATCH:
            break
    return sealed


def prints(rows: models.QuerySet[AuditEntry]) -> Iterator[Print]:
    """Id and digest of each row of ``rows``, in their order: canonical JSON of every column."""
    for number, *values in rows.values_list("id", *_COLUMNS).iterator(chunk_size=BATCH):
        yield number, hashlib.sha256(_canonical(values)).digest()


def digest_of(rows: Iterable[Print]) -> str:
    """The one digest over the rows of a seal."""
    whole = hashlib.sha256()
    for number, content in rows:
        whole.update(number.to_bytes(8, "big", signed=True) + content)
    return whole.hexdigest()


def marks_of(rows: Iterable[Print]) -> bytes:
    """What a seal keeps of each row."""
    return b"".join(
        number.to_bytes(8, "big", signed=True) + content[:MARK] for number, content in rows
    )


def hash_of(link: AuditSeal) -> str:
    """The hash that ``link`` must carry: over all it says, the hash before it included."""
    said = [
        link.number,
        link.first_id,
        link.last_id,
        link.count,
        link.digest,
        hashlib.sha256(bytes(link.marks)).hexdigest(),
        link.previous,
        link.sealed_at,
    ]
    return hashlib.sha256(_canonical(said)).hexdigest()


def head() -> dict[str, Any] | None:
    """The last link in a few words, to be kept where nobody who writes here can reach; or None."""
    link = _last()
    if link is None:
        return None
    return {
        "seal": link.number,
        "hash": link.hash,
        "last_id": link.last_id,
        "count": AuditSeal.objects.aggregate(sum=models.Sum("count"))["sum"],
        "at": timezone.localtime().isoformat(timespec="seconds"),
    }


def _canonical(values: list[Any]) -> bytes:
    text = json.dumps(
        values, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_moment
    )
    return text.encode()


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="microseconds")


def _last() -> AuditSeal | None:
    return AuditSeal.objects.defer("marks").order_by("-number").first()


def _unsealed(last: AuditSeal | None) -> models.QuerySet[AuditEntry]:
    return AuditEntry.objects.filter(id__gt=last.last_id if last else 0).order_by("id")


@transaction.atomic
def _seal_batch(upto: int) -> int:
    if not _has_turn():
        return 0
    last = _last()
    rows = list(prints(_unsealed(last).filter(id__lte=upto)[:BATCH]))
    if not rows:
        return 0
    link = AuditSeal(
        number=last.number + 1 if last else 1,
        first_id=last.last_id + 1 if last else 1,
        last_id=rows[-1][0],
        count=len(rows),
        digest=digest_of(rows),
        marks=marks_of(rows),
        previous=last.hash if last else NO_HASH,
        sealed_at=timezone.now(),
    )
    link.hash = hash_of(link)
    link.save()
    return len(rows)


def _has_turn() -> bool:
    """Whether nobody else seals now. On SQLite a transaction is alone from its beginning."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        return bool(cursor.fetchone()[0])


def _settled(patience: float) -> int:
    """An id up to which nothing can appear any more; 0 where writers outlast ``patience``.

    On SQLite every id is: whoever writes has the only lock there is.
    """
    highest: int = AuditEntry.objects.aggregate(max=models.Max("id"))["max"]
    if connection.vendor != "postgresql":
        return highest
    waiting, until = _writers(), time.monotonic() + patience
    while waiting:
        if time.monotonic() > until:
            return 0
        time.sleep(0.02)
        waiting &= _writers()
    return highest


def _writers() -> set[str]:
    """The running transactions, but the own one, that have written to the trail or are about to.

    The lock on the table is taken before the id and held until the end of the transaction.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT virtualtransaction FROM pg_locks WHERE locktype = 'relation'"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            " AND relation = %s::regclass AND pid <> pg_backend_pid()"
            " AND mode IN ('RowExclusiveLock', 'ShareRowExclusiveLock', 'ExclusiveLock',"
            " 'AccessExclusiveLock')",
            [AuditEntry._meta.db_table],
        )
        return {row[0] for row in cursor.fetchall()}
