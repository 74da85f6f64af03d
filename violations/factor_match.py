"""Which organisation of the register a row of a sheet is about, and what does not agree."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from subjects import credit_codes
from subjects.lookup import subjects_by_code
from subjects.models import Subject, SubjectName
from violations.factor_models import Factor, RowMatch
from violations.factor_sheets import SheetRow

CHUNK = 1000


@dataclass(frozen=True, slots=True)
class Matched:
    """``subject`` is who it probably is; only a MATCHED or KNOWN row needs nobody to say so."""

    match: RowMatch
    subject: Subject | None = None
    note: str = ""


def match_rows(rows: Sequence[SheetRow]) -> list[Matched]:
    """One for each of ``rows``, with a handful of queries for all of them."""
    codes = {row.data.credit_code for row in rows}
    by_code = subjects_by_code(code for code in codes if code.isascii() and code.isalnum())
    former = _former_names({subject.pk for subject in by_code.values()})
    unknown = {row.name for row in rows if row.data.credit_code not in by_code}
    by_name = _by_name(unknown)
    recorded = on_record({subject.pk for subject in by_code.values()})
    return [_match(row, by_code, former, by_name, recorded) for row in rows]


def _match(
    row: SheetRow,
    by_code: dict[str, Subject],
    former: dict[int, set[str]],
    by_name: dict[str, Subject],
    recorded: set[tuple[object, ...]],
) -> Matched:
    code = row.data.credit_code
    subject = by_code.get(code)
    if subject is None:
        return _unknown(row, by_name.get(row.name))
    data = row.data
    if (subject.pk, data.kind, data.scheme, data.value, data.in_force_from) in recorded:
        return Matched(RowMatch.KNOWN, subject)
    if subject.credit_code != code:
        note = f"“{subject.name}”的曾用代码，现代码为 {subject.credit_code}"
        return Matched(RowMatch.CONFLICT, subject, note)
    if row.name != subject.name:
        was = "曾用名称，" if row.name in former.get(subject.pk, ()) else ""
        return Matched(RowMatch.CONFLICT, subject, f"{was}库中该代码的名称为“{subject.name}”")
    return Matched(RowMatch.MATCHED, subject)


def _unknown(row: SheetRow, namesake: Subject | None) -> Matched:
    fault = credit_codes.check(row.data.credit_code)
    notes = [fault.message.removesuffix("。")] if fault else []
    if namesake is not None:
        notes.append(f"库中同名的监管对象代码为 {namesake.credit_code}")
    if notes and (namesake or (fault and fault.code == "check_character")):
        return Matched(RowMatch.CONFLICT, namesake, "；".join(notes)[:300])
    return Matched(RowMatch.UNMATCHED, None, "；".join(notes)[:300])


def _former_names(ids: Iterable[int]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    for part in _parts(ids):
        rows = SubjectName.objects.filter(subject_id__in=part).values_list("subject_id", "name")
        for pk, name in rows:
            found.setdefault(pk, set()).add(name)
    return found


def _by_name(names: Iterable[str]) -> dict[str, Subject]:
    """Surviving organisations by their present name."""
    found: dict[str, Subject] = {}
    for part in _parts(names):
        for subject in Subject.objects.surviving().filter(name__in=part):
            found.setdefault(subject.name, subject)
    return found


def on_record(ids: Iterable[int]) -> set[tuple[object, ...]]:
    """Subject, kind, scheme, value and first day of every factor that is not revoked."""
    found: set[tuple[object, ...]] = set()
    for part in _parts(ids):
        rows = Factor.objects.filter(subject_id__in=part, revoked_on__isnull=True)
        found.update(rows.values_list("subject_id", "kind", "scheme", "value", "in_force_from"))
    return found


def _parts(values: Iterable[int] | Iterable[str]) -> Iterable[list[int] | list[str]]:
    listed: list[int] | list[str] = sorted(values)  # type: ignore[assignment]
    return (listed[start : start + CHUNK] for start in range(0, len(listed), CHUNK))
