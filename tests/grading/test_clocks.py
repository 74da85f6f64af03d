"""The three clocks of a record: each acts on its day, at month ends, leap days, under contests."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from grading.clocks import Record, clocks_of, earliest_repair, is_shown
from grading.counting import Act, Rules, why_not_counted
from grading.record_clocks import clocks
from grading.tiers import REGULATION, read
from tests import factories
from tests.grading.random_facts import OPEN, SEALED, contests, days
from tests.grading.worked_cases import d
from violations.models import Violation

DAY = timedelta(days=1)
RULES = Rules(1, "制度", date(2022, 1, 1), date(2021, 12, 25), open_laws=frozenset({OPEN}))
TIERS = read(REGULATION)
FINE = [[("fine", 20_000)]]


def record(decided_on: date, *kinds: str, law: str = OPEN, **fields: Any) -> Record:
    """One act; served on the day of its decision."""
    act = Act(1, 1, "penalty", 0, law, decided_on)
    known: dict[str, Any] = {
        "procedure": "ordinary",
        "kinds": kinds,
        "fine_fen": 0,
        "served_on": decided_on,
    }
    return Record(act, **{**known, **fields})


@pytest.mark.parametrize(
    ("decided_on", "kind", "counts", "shown", "repair"),
    [
        ("2026-08-05", "fine", "2027-08-05", "2027-08-05", "2026-11-06"),
        ("2025-11-30", "fine", "2026-11-30", "2026-11-30", "2026-03-01"),  # February has no 30th
        ("2023-11-29", "fine", "2024-11-29", "2024-11-29", "2024-03-01"),  # a leap year's has 29
        ("2023-11-30", "fine", "2024-11-30", "2024-11-30", "2024-03-01"),
        ("2024-02-29", "fine", "2025-02-28", "2025-02-28", "2024-05-30"),
        ("2023-02-28", "close_down", "2024-02-28", "2026-02-28", "2024-02-29"),
        ("2024-02-29", "close_down", "2025-02-28", "2027-02-28", "2025-03-01"),
        ("2026-05-31", "fine", "2027-05-31", "2027-05-31", "2026-09-01"),
    ],
)
def test_the_days(decided_on: str, kind: str, counts: str, shown: str, repair: str) -> None:
    found = clocks_of(record(d(decided_on), kind), d(decided_on), RULES, TIERS)
    assert found.counts_until == d(counts)
    assert (found.shown_from, found.shown_until) == (d(decided_on), d(shown))
    assert found.repair_from == d(repair)


def test_a_light_act_is_not_shown_and_repaired_from_the_first_day() -> None:
    found = clocks_of(record(d("2026-08-05"), "warning"), d("2026-08-05"), RULES, TIERS)
    assert found == (
        "light", d("2027-08-05"), None, None, "light", d("2026-08-05"), "",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"law": SEALED}, "sealed"),
        ({"law": f"{OPEN}|{SEALED}"}, "sealed"),
        ({"law": "无名条例"}, "sealed"),
        ({"served_on": None}, "unserved"),
        ({"revoked_on": date(2026, 9, 1)}, "revoked"),
        ({"served_on": date(2027, 8, 6)}, "too_late"),
    ],
)
def test_why_a_record_is_not_shown(fields: dict[str, Any], why: str) -> None:
    found = clocks_of(record(d("2026-08-05"), "fine", **fields), d("2026-09-01"), RULES, TIERS)
    assert (found.shown_from, found.shown_until, found.not_shown) == (None, None, why)


def test_service_begins_what_is_shown() -> None:
    late = record(d("2026-08-05"), "fine", served_on=d("2026-08-20"))
    assert clocks_of(late, d("2026-08-05"), RULES, TIERS).shown_from == d("2026-08-20")
    assert not is_shown(late, d("2026-08-19"), RULES, TIERS)
    assert is_shown(late, d("2026-08-20"), RULES, TIERS)


records = st.builds(
    lambda decided, kinds, fen, law, served, repaired, contested, summary: Record(
        Act(1, 1, "penalty", 0, law, decided, repaired, contested),
        "summary" if summary else "ordinary",
        tuple(kinds),
        fen,
        None if served is None else decided + timedelta(days=served),
    ),
    days,
    st.lists(st.sampled_from(["warning", "fine", "close_down", "order_to_correct"]), max_size=2),
    st.sampled_from([0, 20_000_00, 500_000_00]),
    st.sampled_from([OPEN, OPEN, SEALED]),
    st.one_of(st.none(), st.integers(0, 400)),
    st.one_of(st.none(), st.none(), days),
    contests(),
    st.booleans(),
)


@given(records)
def test_counting_ends_on_the_day_that_the_clock_names(one: Record) -> None:
    until = clocks_of(one, one.act.decided_on, RULES, TIERS).counts_until
    after = one.act.decided_on if until is None else until + DAY
    if until is not None:
        assert why_not_counted(one.act, until, RULES) == ""
    for n in range(800):
        assert why_not_counted(one.act, after + timedelta(days=n), RULES) != ""


@given(records, days)
def test_what_is_shown_is_shown_within_its_days_and_never_when_sealed_or_unserved(
    one: Record, day: date
) -> None:
    found = clocks_of(one, day, RULES, TIERS)
    shown = is_shown(one, day, RULES, TIERS)
    if found.shown_from is None or found.shown_until is None:
        assert not shown
        assert found.not_shown
        return
    within = found.shown_from <= day <= found.shown_until
    assert shown == (within and found.not_shown == "")
    assert one.act.law_key == OPEN
    assert one.served_on == found.shown_from
    assert one.act.repaired_on is None or found.shown_until < one.act.repaired_on


@given(days, st.sampled_from(["fine", "close_down", "warning"]))
def test_repair_becomes_possible_once_the_minimum_has_run(decided_on: date, kind: str) -> None:
    one = record(decided_on, kind)
    first = earliest_repair(one, TIERS)
    months = TIERS.terms[clocks_of(one, decided_on, RULES, TIERS).tier].min_months
    if months == 0:
        assert first == decided_on
        return
    last = first - DAY  # the last day of the minimum
    passed = (last.year - decided_on.year) * 12 + last.month - decided_on.month
    assert passed == months
    assert last.day == decided_on.day or ((last + DAY).day == 1 and last.day < decided_on.day)


@pytest.mark.django_db
def test_any_number_of_records_takes_four_queries() -> None:
    def asked(number: int) -> int:
        subject = factories.subject()
        for _ in range(number):
            made = factories.decision(subject, decided_on=d("2026-08-05"))
            factories.contest(made, d("2026-09-01"))
        acts = Violation.objects.filter(decision__subject=subject)
        ids = list(acts.values_list("pk", flat=True))
        with CaptureQueriesContext(connection) as queries:
            assert len(clocks(ids, d("2026-11-20"))) == number
        return len(queries)

    assert asked(1) == asked(7) == 4


@pytest.mark.django_db
def test_clocks_are_read_from_the_rows() -> None:
    decision = factories.decision(
        decided_on=d("2026-08-05"), acts=[["warning"], [("fine", 500_000)]], served_on=None
    )
    light, serious = decision.violations.order_by("ordinal")
    draft = factories.decision(state="draft").violations.get()
    found = clocks([light, serious, draft], d("2026-11-20"))
    assert found.keys() == {light.pk, serious.pk}
    assert [found[one.pk].tier for one in (light, serious)] == ["light", "serious"]
    assert found[serious.pk].repair_from == d("2027-08-06")
    assert found[serious.pk].not_shown == "unserved"
    assert clocks([light], d("2021-12-31")) == {}
