"""Bucket and money stored with each act equal what its dispositions say (3-H)."""

import pytest
from django.db import models

from tests import factories
from violations.models import Disposition, Violation
from violations.selectors import stored_severity_differences

pytestmark = pytest.mark.django_db


def plain(model: type[models.Model]) -> "models.QuerySet[models.Model]":
    """A queryset that does not refuse: what somebody does past the application."""
    return models.QuerySet(model)


def test_what_services_and_factories_write_adds_up() -> None:
    factories.decision(acts=[["warning", ("fine", "0.10")], ["order_to_correct"], ["criticism"]])
    factories.decision(kind="breach")
    factories.decision(kind="order")
    assert stored_severity_differences() == []


def test_a_changed_disposition_a_changed_act_and_a_lost_row_are_found() -> None:
    money, bucket, lost, fine = factories.decision(
        acts=[[("fine", 100)], ["warning"], [("fine", 5), "warning"], [("fine", 7)]]
    ).violations.all()
    plain(Violation).filter(pk=money.pk).update(amount_fen=10_001)
    plain(Violation).filter(pk=bucket.pk).update(bucket="penalty")
    plain(Disposition).filter(violation=lost, kind="fine").delete()
    found = {d.violation_id: d for d in stored_severity_differences()}
    assert set(found) == {money.pk, bucket.pk, lost.pk}
    assert (found[money.pk].stored_fen, found[money.pk].computed_fen) == (10_001, 10_000)
    assert found[bucket.pk].computed_bucket == "warning"
    assert str(found[lost.pk]) == (
        f"失信行为 {lost.pk}：存储 penalty 500 分，按处理计算 warning 0 分"
    )
    assert fine.pk not in found
