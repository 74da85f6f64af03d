"""What the calls about decisions and lists answer with: one shape for lists and single ones."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from violations.content import content_of
from violations.models import Contest, Decision, Disposition, ListEntry, Violation
from violations.warnings import grounds, warnings_of


class DispositionAnswer(serializers.ModelSerializer[Disposition]):
    class Meta:
        model = Disposition
        fields = ("kind", "amount", "licence")


class ViolationAnswer(serializers.ModelSerializer[Violation]):
    amount = serializers.DecimalField(
        max_digits=20, decimal_places=2, help_text="计入行政处罚的罚没款，元"
    )
    dispositions = DispositionAnswer(many=True)

    class Meta:
        model = Violation
        fields = (
            "id",
            "ordinal",
            "field",
            "type",
            "facts",
            "law",
            "article",
            "committed_on",
            "correct_by",
            "deviation_reason",
            "bucket",
            "amount",
            "revoked_on",
            "repaired_on",
            "dispositions",
        )


class ContestAnswer(serializers.ModelSerializer[Contest]):
    decision = serializers.IntegerField(source="decision_id")
    until = serializers.DateField(source="contested_until", allow_null=True)

    class Meta:
        model = Contest
        fields = ("id", "decision", "until", "document", "outcome")

    def get_fields(self) -> dict[str, Any]:
        """With ``from``, which Python keeps for itself."""
        return {**super().get_fields(), "from": serializers.DateField(source="contested_from")}


class NamedSubject(serializers.Serializer[Any]):
    credit_code = serializers.CharField()
    name = serializers.CharField()


class WarningItem(serializers.Serializer[Any]):
    """What does not stop anything: where, what, and in words."""

    field = serializers.CharField(source="path")
    code = serializers.CharField()
    message = serializers.CharField()


class DecisionAnswer(serializers.ModelSerializer[Decision]):
    unit = serializers.CharField(source="unit.code")
    subject = NamedSubject()
    recorded_by = serializers.CharField(source="recorded_by.number")
    confirmed_by = serializers.CharField(
        source="confirmed_by.number", allow_null=True, default=None
    )
    violations = ViolationAnswer(many=True)
    contests = ContestAnswer(many=True)
    warnings = serializers.SerializerMethodField()

    class Meta:
        model = Decision
        fields = (
            "id",
            "state",
            "unit",
            "number",
            "kind",
            "procedure",
            "subject",
            "decided_on",
            "served_on",
            "handler",
            "recorded_by",
            "confirmed_by",
            "taken_over",
            "version",
            "violations",
            "contests",
            "warnings",
        )

    @extend_schema_field(WarningItem(many=True))
    def get_warnings(self, decision: Decision) -> Any:
        """What unit and reviewer are warned about; its grounds are read once an answer."""
        shared: dict[str, Any] = self.context  # type: ignore[assignment]  # of the whole answer
        if "grounds" not in shared:
            shared["grounds"] = grounds()
        data = content_of(decision, violations=decision.violations.all())
        return WarningItem(warnings_of(data, shared["grounds"]), many=True).data


class DecisionPage(serializers.Serializer[Any]):
    results = DecisionAnswer(many=True)
    next = serializers.IntegerField(
        allow_null=True, help_text="下一页的 before；没有下一页时为 null"
    )


class ListEntryAnswer(serializers.ModelSerializer[ListEntry]):
    credit_code = serializers.CharField(source="subject.credit_code")
    name = serializers.CharField(source="subject.name")

    class Meta:
        model = ListEntry
        fields = (
            "id",
            "state",
            "list",
            "credit_code",
            "name",
            "notified_on",
            "listed_on",
            "expires_on",
            "document",
            "legal_basis",
            "reason",
            "taken_over",
        )
