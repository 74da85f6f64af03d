"""``POST desk/``: many codes at once, for the windows' own systems and connected departments."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import ScopedView
from accounts.scopes import Scope
from core.api.fields import Body, Many, Text
from sanctions.measure_answers import MOST, Answer, answers_for
from subjects import credit_codes

TAG = "窗口查询"


class DeskBody(Body):
    credit_codes = Many(child=Text(max_length=64), max_length=MOST, help_text="统一社会信用代码")


class DeskMeasure(serializers.Serializer[Any]):
    clause = serializers.CharField(help_text="制度条款，如 4-B-1")
    kind = serializers.ChoiceField(choices=["incentive", "supervision", "restriction"])
    words = serializers.CharField(help_text="制度原文")
    guidance = serializers.CharField(help_text="怎样做")
    state = serializers.ChoiceField(choices=["pending", "in_force", "suspended"])
    since = serializers.DateField()


class DeskLine(serializers.Serializer[Any]):
    credit_code = serializers.CharField(help_text="所问的代码")
    name = serializers.CharField(allow_null=True)
    grade = serializers.ChoiceField(choices=["A", "B", "C"], allow_null=True)
    until = serializers.DateField(allow_null=True, help_text="没有新的记录时，等级的最后一天")
    measures = DeskMeasure(many=True)


class DeskFault(serializers.Serializer[Any]):
    field = serializers.CharField()
    code = serializers.CharField()
    message = serializers.CharField()


class DeskAnswer(serializers.Serializer[Any]):
    answers = DeskLine(many=True)
    errors = DeskFault(many=True)  # type: ignore[assignment]  # the name of the answer's part


class DeskView(ScopedView):
    """Grade, measures and term of each code; without ``grades:internal`` what may leave alone."""

    scopes = {"POST": (Scope.GRADES_READ, Scope.GRADES_INTERNAL)}
    audit_action = "desk.ask"
    asked: tuple[str, ...] = ()
    is_internal = False

    def audit_details(self) -> dict[str, Any]:
        if not self.asked:
            return {}
        return {"codes": list(self.asked), "internal": self.is_internal}

    @extend_schema(
        operation_id="desk_ask",
        summary="窗口查询：等级、措施、至何日",
        request=DeskBody,
        responses=DeskAnswer,
        tags=[TAG],
    )
    def post(self, request: Request) -> Response:
        body = DeskBody(data=request.data)
        body.is_valid(raise_exception=True)
        self.is_internal = self.holds(Scope.GRADES_INTERNAL)
        codes: list[str] = body.validated_data["credit_codes"]
        found = answers_for(codes, internal=self.is_internal)
        self.asked = tuple(one.asked for one in found if one.fault is None)
        places: dict[str, int] = {}
        for index, code in enumerate(codes):
            places.setdefault(credit_codes.normalise(code), index)
        errors = [
            {
                "field": f"credit_codes[{places[one.asked]}]",
                "code": one.fault.code,
                "message": one.fault.message,
            }
            for one in found
            if one.fault is not None
        ]
        return Response(
            {"answers": [_line(one) for one in found if one.fault is None], "errors": errors}
        )


def _line(answer: Answer) -> dict[str, Any]:
    return {
        "credit_code": answer.asked,
        "name": answer.subject.name if answer.subject else None,
        "grade": answer.grade or None,
        "until": answer.until,
        "measures": [
            {
                "clause": one.measure.clause,
                "kind": one.measure.kind,
                "words": one.measure.words,
                "guidance": one.measure.guidance,
                "state": one.state,
                "since": one.since,
            }
            for one in answer.measures
        ],
    }
