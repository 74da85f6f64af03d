"""The entry form after a visit that asks for a decision: it opens with what the visit found.

Nothing is recorded by it; the officer checks every box against the paper and hands it in.
"""

from __future__ import annotations

from django.http import Http404

from accounts.models import Officer
from sanctions.inspection_enums import Outcome
from sanctions.inspection_models import Inspection
from violations.entry_data import RawAct, RawEntry
from violations.enums import DispositionKind
from violations.fields import field_of

NAME = "inspection"
_HANDLER = 64


def begun_at_inspection(text: str, officer: Officer) -> RawEntry | None:
    """The boxes that the visit named by ``text`` fills. Raises Http404 for one of another unit."""
    if not text:
        return None
    rows = Inspection.objects.visible_to(officer).filter(unit=officer.unit_id)
    rows = rows.select_related("subject", "unit", "first", "second")
    known = text.isascii() and text.isdigit() and len(text) < 19
    visit = rows.filter(pk=int(text)).first() if known else None
    if visit is None or not visit.is_followed or visit.visited_on is None:
        raise Http404
    people = "、".join(one.name for one in (visit.first, visit.second) if one is not None)
    head = {
        "credit_code": visit.subject.credit_code,
        "subject_name": visit.subject.name,
        "handler": people[:_HANDLER],
    }
    ordered = visit.outcome == Outcome.ORDER
    values = {
        "field": field_of("", visit.unit.name).value,
        "facts": f"{visit.visited_on} 监督检查发现：{visit.found}",
        "committed_on": f"{visit.visited_on}",
        "correct_by": f"{visit.correct_by}" if visit.correct_by else "",
    }
    kinds = [{"kind": DispositionKind.ORDER_TO_CORRECT.value}] if ordered else [{}]
    return RawEntry(head, [RawAct(values, kinds)])
