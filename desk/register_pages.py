"""The register page after page, from a key on: the ten-thousandth page costs what the first does.

The latest change comes first; who never changed follows, the last registered first. These two parts
are asked apart, each in the order of its index. Where a filter or a search leaves few, those are
found first, by whatever index finds them, and put in order here: no planner has to guess which way
is the short one. A key names the row that a page begins after (or ends before), so that rows which
move while somebody reads are neither shown twice nor push others out of sight: a row that changes
goes to the top.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import BooleanField, DateTimeField, Exists, F, Func, OuterRef, Q, Value

from desk.register_conditions import Asked
from grading.models import Standing
from subjects.models import Subject, SubjectQuerySet

COUNTED = 1000  # what is counted exactly; more is "1000+"
FEW = 3000  # up to so many are found first and then put in order; where more match, many do

_KEY = re.compile(r"([0-9]{1,17}|x)-([0-9]{1,18})")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NEVER = "x"


@dataclass(frozen=True, slots=True)
class Key:
    """The place of a row in the list: when its standing changed (None: never), and its id."""

    changed_at: datetime | None
    subject_id: int

    def rank(self) -> tuple[bool, datetime, int]:
        """What the list is ordered by, the highest first."""
        return self.changed_at is not None, self.changed_at or _EPOCH, self.subject_id

    def __str__(self) -> str:
        if self.changed_at is None:
            return f"{_NEVER}-{self.subject_id}"
        return f"{(self.changed_at - _EPOCH) // timedelta(microseconds=1)}-{self.subject_id}"

    @classmethod
    def of(cls, subject: Subject) -> Key:
        standing = getattr(subject, "standing", None)
        return cls(standing.changed_at if standing else None, subject.pk)

    @classmethod
    def parse(cls, text: str) -> Key | None:
        """The key in an address; None where it is none."""
        found = _KEY.fullmatch(text)
        if found is None:
            return None
        moment, subject_id = found.groups()
        if moment == _NEVER:
            return cls(None, int(subject_id))
        return cls(_EPOCH + timedelta(microseconds=int(moment)), int(subject_id))


@dataclass(frozen=True, slots=True)
class KeyPage:
    """One page. ``total`` is at most one more than ``COUNTED``; ``pages`` None where not known.

    ``before`` and ``after`` are the keys of the pages beside it, empty where there is none.
    """

    subjects: list[Subject]
    number: int
    total: int
    pages: int | None
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """The organisations asked for, ``per`` a page."""

    asked: Asked
    per: int

    def page(self, address: Mapping[str, str]) -> KeyPage:
        """The page that an address asks for: ``after`` or ``before`` a key, or a ``page`` number.

        A number alone is followed as far as rows are counted; what is no page is the nearest one.
        """
        number = _number(address.get("page", ""))
        before, after = Key.parse(address.get("before", "")), Key.parse(address.get("after", ""))
        if self.asked.is_everybody:
            return self._walked(before, after, number, self._total())
        ids = self._some_ids()
        if len(ids) > FEW:
            return self._walked(before, after, number, COUNTED + 1)
        return self._of_few(ids, before, after, number)

    def rows_after(self, key: Key | None, limit: int) -> list[Subject]:
        """At most ``limit`` organisations after ``key`` (None: from the top), by walking."""
        rows: list[Subject] = []
        if key is None or key.changed_at is not None:
            changed = self._changed().filter(_beyond(key, "<") if key else Q())
            rows += _read(changed.order_by("-standing__changed_at", "-standing__subject_id"), limit)
            key = None
        if len(rows) < limit:
            unchanged = self._unchanged().filter(Q(pk__lt=key.subject_id) if key else Q())
            rows += _read(unchanged.order_by("-pk"), limit - len(rows))
        return rows

    # --- few: found first, then put in order ---------------------------------------------------

    def _some_ids(self) -> list[int]:
        found = Subject.objects.all().surviving().filter(self.asked.any_order)
        return list(dict.fromkeys(found.order_by().values_list("pk", flat=True)[: FEW + 1]))

    def _of_few(
        self, ids: list[int], before: Key | None, after: Key | None, number: int
    ) -> KeyPage:
        changed = Standing.objects.filter(pk__in=ids, changed_at__isnull=False)
        moments = dict(changed.values_list("pk", "changed_at"))
        keys = sorted((Key(moments.get(pk), pk) for pk in ids), key=Key.rank, reverse=True)
        start = (number - 1) * self.per
        if before is not None:
            start = sum(key.rank() > before.rank() for key in keys) - self.per
        elif after is not None:
            start = sum(key.rank() >= after.rank() for key in keys)
        if start >= len(keys):  # what stood here has moved up since
            start = (len(keys) - 1) // self.per * self.per
        start = max(start, 0)
        shown = keys[start : start + self.per]
        by_id = Subject.objects.select_related("standing", "unit_in_charge").in_bulk(
            [key.subject_id for key in shown]
        )
        return KeyPage(
            subjects=[by_id[key.subject_id] for key in shown],
            number=-(-start // self.per) + 1,
            total=min(len(keys), COUNTED + 1),
            pages=_pages(len(keys), self.per),
            before=str(shown[0]) if start else "",
            after=str(shown[-1]) if start + self.per < len(keys) else "",
        )

    # --- many: walked in the order of the list -------------------------------------------------

    def _walked(self, before: Key | None, after: Key | None, number: int, total: int) -> KeyPage:
        if before is not None:
            rows = self._rows_before(before, self.per + 1)
            if len(rows) > self.per:
                return self._built(rows[1:], max(number, 2), total, before=True, after=True)
            number, after = 1, None  # the first page, and a full one
        elif after is None and number > 1:
            number, after = self._jump(number)
        rows = self.rows_after(after, self.per + 1)
        if after is not None and not rows:  # what stood here has moved up since
            return self._walked(after, None, number, total)
        number, more = max(number, 2) if after else 1, len(rows) > self.per
        return self._built(rows[: self.per], number, total, before=bool(after), after=more)

    def _built(
        self, rows: list[Subject], number: int, total: int, *, before: bool, after: bool
    ) -> KeyPage:
        return KeyPage(
            subjects=rows,
            number=number,
            total=min(total, COUNTED + 1),
            pages=_pages(total, self.per),
            before=str(Key.of(rows[0])) if before and rows else "",
            after=str(Key.of(rows[-1])) if after else "",
        )

    def _total(self) -> int:
        everybody = Subject.objects.all().surviving().order_by()
        return everybody[: COUNTED + 1].count()

    def _changed(self) -> SubjectQuerySet:
        return self._found().filter(self.asked.of_changed, standing__changed_at__isnull=False)

    def _unchanged(self) -> SubjectQuerySet:
        changed = Standing.objects.filter(pk=OuterRef("pk"), changed_at__isnull=False)
        return self._found().filter(self.asked.of_rest, ~Q(Exists(changed)))

    def _found(self) -> SubjectQuerySet:
        return Subject.objects.all().surviving().filter(self.asked.row_by_row)

    def _rows_before(self, key: Key, limit: int) -> list[Subject]:
        rows: list[Subject] = []
        if key.changed_at is None:
            rows += _read(self._unchanged().filter(pk__gt=key.subject_id).order_by("pk"), limit)
        if len(rows) < limit:
            changed = self._changed().filter(_beyond(key, ">") if key.changed_at else Q())
            in_order = changed.order_by("standing__changed_at", "standing__subject_id")
            rows += _read(in_order, limit - len(rows))
        return rows[::-1]

    def _jump(self, number: int) -> tuple[int, Key | None]:
        """The number of the page nearest to ``number``, and the key that it begins after."""
        rows = self.rows_after(None, min((number - 1) * self.per + 1, COUNTED))
        number = -(-len(rows) // self.per) or 1
        return number, Key.of(rows[(number - 1) * self.per - 1]) if number > 1 else None


def _pages(total: int, per: int) -> int | None:
    return max(-(-total // per), 1) if total <= COUNTED else None


def _read(rows: SubjectQuerySet, limit: int) -> list[Subject]:
    return list(rows.select_related("standing", "unit_in_charge")[:limit])


def _number(text: str) -> int:
    return int(text) if re.fullmatch(r"[1-9][0-9]{0,8}", text) else 1


def _beyond(key: Key, sign: str) -> Q:
    """The row lies beyond ``key``, as one comparison of two columns that the index follows."""
    columns = _tuple(F("standing__changed_at"), F("standing__subject_id"))
    values = _tuple(Value(key.changed_at, output_field=DateTimeField()), Value(key.subject_id))
    return Q(
        Func(
            columns,
            values,
            template="%(expressions)s",
            arg_joiner=f" {sign} ",
            output_field=BooleanField(),
        )
    )


def _tuple(*expressions: F | Value) -> Func:
    return Func(*expressions, template="(%(expressions)s)", output_field=BooleanField())
