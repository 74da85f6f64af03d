"""``among``: the same rows as ``__in``, with one parameter however many ids there are."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from subjects.models import Subject
from tests import factories
from violations.models import Decision

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("many", [0, 1, 3])
def test_it_finds_what_in_finds_by_key_by_relation_and_across(many: int) -> None:
    made = [factories.decision() for _ in range(4)]
    ids = [one.subject_id for one in made[:many]]
    assert set(Subject.objects.filter(pk__among=ids)) == set(Subject.objects.filter(pk__in=ids))
    for column in ("subject_id", "subject"):
        found = Decision.objects.filter(**{f"{column}__among": ids})
        assert set(found) == set(made[:many])
    assert Decision.objects.exclude(subject_id__among=ids).count() == 4 - many
    acts = made[0].violations.model.objects.filter(decision__subject_id__among=ids)
    assert acts.count() == many


def test_one_parameter_however_many() -> None:
    with CaptureQueriesContext(connection) as seen:
        list(Subject.objects.filter(pk__among=range(5000)))
    assert seen[0]["sql"].count("ANY" if connection.vendor == "postgresql" else "json_each") == 1
