"""Parameters and answers of the calls about grades, for checking and for the schema."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils import timezone
from rest_framework import serializers

from core.api.fields import Body, Day, Many, Moment, Text, Whole
from violations.api_bodies import PaperBody, SubjectBody, ViolationBody
from violations.checks_of_acts import MAX_ACTS

# Days far from any record; further ones would leave the calendar while counting a year.
FIRST_AS_OF, LAST_AS_OF = date(2000, 1, 1), date(2100, 12, 31)
MAX_PAGE = 500


class AsOf(Day):
    def to_internal_value(self, data: Any) -> date:
        day = super().to_internal_value(data)
        if not FIRST_AS_OF <= day <= LAST_AS_OF:
            message = f"须在 {FIRST_AS_OF} 到 {LAST_AS_OF} 之间。请更正日期。"
            raise serializers.ValidationError(message, code="out_of_range")
        return day


class KnownAt(Moment):
    def to_internal_value(self, data: Any) -> datetime:
        at: datetime = super().to_internal_value(data)
        if at > timezone.now():
            message = "不能晚于现在，以后知道什么还不知道。请更正时间，或去掉这个参数。"
            raise serializers.ValidationError(message, code="out_of_range")
        return at


class GradeQuery(Body):
    as_of = AsOf(required=False, help_text="评定日，默认今天")
    known_at = KnownAt(required=False, help_text="按当时已知的记录评定；只供 grades:internal")


class FeedQuery(Body):
    after = Whole(
        required=False, min_value=0, max_value=2**63 - 1, default=0, help_text="上次答复的 next"
    )
    limit = Whole(required=False, min_value=1, max_value=MAX_PAGE, default=100)


class PreviewBody(PaperBody):
    """A decision as posted to ``decisions/``; unit, number and organisation may be missing."""

    unit = Text(required=False, max_length=64)
    number = Text(required=False, max_length=200)
    subject = SubjectBody(required=False)
    violations = Many(child=ViolationBody(), max_length=MAX_ACTS)


class Counts(serializers.Serializer[Any]):
    warnings = serializers.IntegerField()
    penalties = serializers.IntegerField()
    breaches = serializers.IntegerField()
    amount = serializers.CharField(help_text="元，两位小数")


class Evaluated(serializers.Serializer[Any]):
    grade = serializers.ChoiceField(choices=["A", "B", "C"], allow_null=True)
    clauses = serializers.ListField(child=serializers.CharField())
    exceeded = serializers.ListField(child=serializers.CharField())
    flags = serializers.ListField(child=serializers.CharField())
    counts = Counts()
    rule_set = serializers.CharField(allow_null=True)


class NotCounted(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    why = serializers.CharField(
        help_text="revoked、repaired、contested、not_yet、lapsed 或 no_rule_set"
    )


class GradeAnswer(Evaluated):
    credit_code = serializers.CharField()
    as_of = serializers.DateField()
    counted = serializers.ListField(child=serializers.IntegerField())
    not_counted = NotCounted(many=True)
    next_change_on = serializers.DateField(allow_null=True)
    disclosable_grade = serializers.CharField(allow_null=True)
    disclosable_next_change_on = serializers.DateField(allow_null=True)


class SubjectAnswer(serializers.Serializer[Any]):
    credit_code = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.CharField()
    grade = serializers.CharField(allow_null=True)
    since = serializers.DateField(allow_null=True)
    is_being_regraded = serializers.BooleanField(
        required=False, help_text="是否正在重新评定；只供 grades:internal"
    )


class PreviewAnswer(Evaluated):
    """What the grade would be; ``before`` what it is."""

    credit_code = serializers.CharField()
    is_registered = serializers.BooleanField()
    as_of = serializers.DateField()
    next_change_on = serializers.DateField(allow_null=True)
    disclosable_grade = serializers.CharField(allow_null=True)
    disclosable_next_change_on = serializers.DateField(allow_null=True)
    before = Evaluated()


class ChangeAnswer(Evaluated):
    cursor = serializers.IntegerField()
    credit_code = serializers.CharField()
    name = serializers.CharField()
    at = serializers.DateTimeField()
    effective_on = serializers.DateField()
    old_grade = serializers.CharField(
        allow_null=True, help_text="局外查询：前一等级已不再提供的为空"
    )
    disclosable_grade = serializers.CharField(allow_null=True)


class ChangePage(serializers.Serializer[Any]):
    results = ChangeAnswer(many=True)
    next = serializers.IntegerField(help_text="下次请求的 after")
