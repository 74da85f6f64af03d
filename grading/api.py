"""The calls about organisations and grades (interfaces.md, "API").

Without ``grades:internal`` whoever asks is answered as somebody outside the bureau, whoever it is.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import ScopedView
from accounts.scopes import Scope
from core.api.errors import refusal
from core.clock import today
from grading import answers
from grading.api_shapes import (
    ChangePage,
    FeedQuery,
    GradeAnswer,
    GradeQuery,
    PreviewAnswer,
    PreviewBody,
    SubjectAnswer,
)
from grading.feed import changes_after
from grading.feed_outside import shown_outside
from grading.models import GradeChange
from grading.preview import preview
from grading.selectors import is_being_regraded
from subjects import credit_codes
from subjects.lookup import find_by_code
from violations.api_bodies import decision_input
from violations.api_errors import ViolationErrors
from violations.checks import check_decision
from violations.cleaning import cleaned
from violations.errors import InvalidDecision
from violations.inputs import DecisionInput

TAG = "等级"
CODE = [OpenApiParameter("credit_code", str, OpenApiParameter.PATH, description="统一社会信用代码")]


class _OfSubject(ScopedView):
    """A look-up of one organisation; the trail names it, known or not."""

    scopes = {"GET": (Scope.GRADES_READ, Scope.GRADES_INTERNAL)}
    audit_action = "subject.look_up"

    @property
    def is_internal(self) -> bool:
        return self.holds(Scope.GRADES_INTERNAL)

    def code(self) -> str:
        """The code asked for; whatever is none is treated like one that nobody has."""
        normal = credit_codes.normalise(self.kwargs["credit_code"][:64])
        fault = credit_codes.check(normal)
        return normal if fault is None or fault.code == "check_character" else ""

    def audit_details(self) -> dict[str, Any]:
        return {"credit_code": self.code()}

    def found(self, **asked: Any) -> answers.Answer:
        """404 in the same words whether nobody knows the code or nothing may be said."""
        answer = answers.answer(self.code(), internal=self.is_internal, **asked)
        if answer is None:
            raise Http404
        self.audit_target = answer.subject
        return answer


class SubjectView(_OfSubject):
    """Who it is, and its grade now."""

    @extend_schema(
        operation_id="subjects_retrieve",
        summary="监管对象及其现在的等级",
        parameters=CODE,
        responses=SubjectAnswer,
        tags=[TAG],
    )
    def get(self, request: Request, credit_code: str) -> Response:
        found = self.found()
        body: dict[str, Any] = {
            "credit_code": found.subject.credit_code,
            "name": found.subject.name,
            "kind": found.subject.kind,
            "grade": found.now.decided.grade or None,
            "since": answers.since(found),
        }
        if self.is_internal:
            body["is_being_regraded"] = is_being_regraded(found.subject.pk)
        return Response(body)


class GradeView(_OfSubject):
    """The grade as of a day, with all that it rests on."""

    @extend_schema(
        operation_id="subjects_grade",
        summary="某一天的等级及其依据",
        parameters=[*CODE, GradeQuery],
        responses=GradeAnswer,
        tags=[TAG],
    )
    def get(self, request: Request, credit_code: str) -> Response:
        query = GradeQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        given = query.validated_data
        known_at = given.get("known_at")
        if known_at is not None and not self.is_internal:
            # What was revoked or sealed since then must not leave the bureau once more.
            message = "known_at 只供局内使用（grades:internal）。请去掉这个参数。"
            raise refusal(403, "scope", message, field="known_at")
        found = self.found(day=given.get("as_of"), **({"known_at": known_at} if known_at else {}))
        return Response(answers.graded(found, known_at=known_at))


class PreviewView(ViolationErrors, ScopedView):
    """What the grade would become; writes nothing but its row in the trail."""

    scopes = {"POST": (Scope.PREVIEW,)}
    audit_action = "subject.preview"
    audit_target: models.Model | None = None

    @extend_schema(
        operation_id="subjects_preview",
        summary="试算：这份决定生效后的等级",
        parameters=CODE,
        request=PreviewBody,
        responses=PreviewAnswer,
        tags=[TAG],
    )
    def post(self, request: Request, credit_code: str) -> Response:
        body = PreviewBody(data=request.data)
        body.is_valid(raise_exception=True)
        data = self._checked(body.validated_data, credit_code)
        seen = preview(data.credit_code, data)
        self.audit_target = seen.subject
        after = seen.after
        return Response(
            {
                "credit_code": data.credit_code,
                "is_registered": seen.subject is not None,
                "as_of": after.internal.day,
                **answers.evaluated(after.internal, internal=True),
                "next_change_on": after.next_change_on,
                "disclosable_grade": after.disclosable.decided.grade or None,
                "disclosable_next_change_on": after.disclosable_next_change_on,
                "before": answers.evaluated(seen.now, internal=True),
            }
        )

    def _checked(self, given: dict[str, Any], credit_code: str) -> DecisionInput:
        """The decision to weigh, about the organisation of the address. 400 where it is wrong."""
        subject = {"name": "试算", **given.get("subject", {})}
        said = subject.setdefault("credit_code", credit_code)
        if credit_codes.normalise(said) != credit_codes.normalise(credit_code):
            message = "与地址中的代码不一致。请写同一个代码，或者不写 subject。"
            raise refusal(400, "other_subject", message, field="subject.credit_code")
        unit = given.get("unit") or self.officer.unit.code
        data = cleaned(decision_input({**given, "subject": subject, "unit": unit}))
        known = find_by_code(data.credit_code) is not None
        faults = [
            fault
            for fault in check_decision(data, today=today(), known_code=known)
            if fault.path != "number"  # a preview may come before there is a number
        ]
        if faults:
            raise InvalidDecision(faults)
        return data


class GradeChangesView(ScopedView):
    """The feed of changes, resumable: nothing is skipped, nothing comes twice."""

    scopes = {"GET": (Scope.GRADES_READ, Scope.GRADES_INTERNAL)}
    audit_action = "grade_changes.read"

    @extend_schema(
        operation_id="grade_changes_list",
        summary="等级变更，按编号先后；以上次的 next 作为 after 续读",
        description=(
            "无 grades:internal 的，所依据的记录此后已撤销、修复、封存或超过五年的变更不再提供，"
            "编号照常前进；前一等级因此不再提供的，old_grade 为空。"
        ),
        parameters=[FeedQuery],
        responses=ChangePage,
        tags=[TAG],
    )
    def get(self, request: Request) -> Response:
        query = FeedQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        after, limit = query.validated_data["after"], query.validated_data["limit"]
        if self.holds(Scope.GRADES_INTERNAL):
            changes = changes_after(after, limit, disclosable=False)
            results = [change_shown(change, internal=True) for change in changes]
            following = results[-1]["cursor"] if results else after
        else:
            shown, following = shown_outside(after, limit)
            results = [
                change_shown(one.change, internal=False, tells_old=one.tells_old) for one in shown
            ]
        return Response({"results": results, "next": following})


def change_shown(change: GradeChange, *, internal: bool, tells_old: bool = True) -> dict[str, Any]:
    """One change; outside, every field is that of the disclosable evaluation.

    Without ``tells_old`` the grade before is left blank.
    """
    prefix = "" if internal else "disclosable_"

    def of(name: str) -> Any:
        return getattr(change, prefix + name)

    old_grade = change.old_grade if internal else change.old_disclosable_grade
    return {
        "cursor": change.feed_number if internal else change.disclosable_number,
        "credit_code": change.subject.credit_code,
        "name": change.subject.name,
        "at": timezone.localtime(change.at),
        "effective_on": change.effective_on,
        "old_grade": (old_grade if tells_old else "") or None,
        "grade": of("grade") or None,
        "clauses": of("clauses").split(),
        "exceeded": of("exceeded").split(),
        "flags": change.flags.split() if internal else [],
        "counts": {
            "warnings": of("warnings"),
            "penalties": of("penalties"),
            "breaches": of("breaches"),
            "amount": answers.yuan(of("amount_fen")),
        },
        "rule_set": change.rule_set.name if change.rule_set else None,
        "disclosable_grade": change.disclosable_grade or None,
    }
