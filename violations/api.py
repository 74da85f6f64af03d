"""The calls about decisions, outcomes and list entries (interfaces.md, "API").

Each parses, calls one service and shows what came of it; what may be seen begins with
``Decision.objects.visible_to`` as everywhere.
"""

from __future__ import annotations

from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import ScopedView
from accounts.scopes import Scope
from subjects.lookup import find_by_code
from subjects.models import Subject
from violations.api_answers import DecisionAnswer, DecisionPage
from violations.api_bodies import DecisionBody, DecisionQuery, decision_input
from violations.api_errors import ViolationErrors
from violations.connected import post_decision
from violations.models import Decision
from violations.selectors import in_full
from violations.visibility import DecisionQuerySet

LIST = "处理决定"


class DecisionsView(ViolationErrors, ScopedView):
    """Recording decisions, and those that the token's officer reads in full."""

    scopes = {
        "GET": (Scope.DECISIONS_READ,),
        "POST": (Scope.DECISIONS_WRITE, Scope.DECISIONS_IN_FORCE),
    }

    asked: Subject | None = None

    def audit_details(self) -> dict[str, Any]:
        """Whose decisions were asked for: the code on record, never what was typed."""
        return {"credit_code": self.asked.credit_code} if self.asked else {}

    @extend_schema(
        operation_id="decisions_list",
        summary="按条件列出处理决定，新的在前",
        parameters=[DecisionQuery],
        responses=DecisionPage,
        tags=[LIST],
    )
    def get(self, request: Request) -> Response:
        self.audit_action = "decision.list"
        query = DecisionQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        given = query.validated_data
        self.asked = find_by_code(given["subject"]) if "subject" in given else None
        rows = filtered(Decision.objects.visible_to(self.officer), given, self.asked)
        page = list(in_full(rows).order_by("-id")[: given["limit"] + 1])
        more = len(page) > given["limit"]
        page = page[: given["limit"]]
        following = page[-1].pk if more else None
        return Response({"results": DecisionAnswer(page, many=True).data, "next": following})

    @extend_schema(
        operation_id="decisions_create",
        summary="录入一份处理决定；同一文号、同样内容再次提交，答复同一编号",
        request=DecisionBody,
        responses={200: DecisionAnswer, 201: DecisionAnswer},
        tags=[LIST],
    )
    def post(self, request: Request) -> Response:
        self.audit_action = "decision.post"
        body = DecisionBody(data=request.data)
        body.is_valid(raise_exception=True)
        given = body.validated_data
        in_force = given["in_force"]
        self.require(Scope.DECISIONS_IN_FORCE if in_force else Scope.DECISIONS_WRITE)
        posted = post_decision(
            officer=self.officer,
            data=decision_input(given),
            submit=given["submit"],
            in_force=in_force,
            confirmed_by=given.get("confirmed_by") or "",
        )
        self.audit_target = posted.decision
        whole = in_full(Decision.objects.filter(pk=posted.decision.pk)).get()
        return Response(DecisionAnswer(whole).data, status=201 if posted.created else 200)


class DecisionView(ViolationErrors, ScopedView):
    """One decision in full."""

    scopes = {"GET": (Scope.DECISIONS_READ,)}

    @extend_schema(
        operation_id="decisions_retrieve",
        summary="一份处理决定",
        responses=DecisionAnswer,
        tags=[LIST],
    )
    def get(self, request: Request, pk: int) -> Response:
        self.audit_action = "decision.read"
        found = in_full(Decision.objects.visible_to(self.officer)).filter(pk=pk).first()
        if found is None:
            raise Http404
        self.audit_target = found
        return Response(DecisionAnswer(found).data)


def filtered(
    rows: DecisionQuerySet, given: dict[str, Any], subject: Subject | None
) -> DecisionQuerySet:
    """Those of ``rows`` that the parameters ask for; ``subject`` is whose code they name."""
    if "subject" in given:
        ids = [subject.pk, *subject.merged_from.values_list("pk", flat=True)] if subject else []
        rows = rows.filter(subject_id__in=ids)
    if "unit" in given:
        rows = rows.filter(unit__code=given["unit"])
    if "from" in given:
        rows = rows.filter(decided_on__gte=given["from"])
    if "to" in given:
        rows = rows.filter(decided_on__lte=given["to"])
    if "before" in given:
        rows = rows.filter(pk__lt=given["before"])
    return rows
