"""The calls about what was decided elsewhere: revocations, repairs, contests, list entries."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import transaction
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import ScopedView
from accounts.scopes import Scope
from core.api.errors import refusal
from subjects.services import DuplicateSubject
from violations import services
from violations.api_answers import ContestAnswer, ListEntryAnswer, ViolationAnswer
from violations.api_bodies import ContestBody, ListEntryBody, OutcomeBody, list_entry_input
from violations.api_errors import ViolationErrors
from violations.cleaning import one_line
from violations.list_entries import ListEntryInput, take_over_list_entry
from violations.list_proposals import (
    made_twice,
    propose_list_entry,
    says_the_same,
    standing_entry,
)
from violations.models import Contest, Decision, ListEntry, Violation
from violations.outcome_basis import Organ, elsewhere

TAG = "决定之后"


class _OutcomeView(ViolationErrors, ScopedView):
    """Revoke or repair one act; the same call again answers the same."""

    scopes = {"POST": (Scope.OUTCOMES,)}
    verb: ClassVar[str] = ""  # "revoked" or "repaired"

    def outcome(self, pk: int) -> Response:
        self.audit_action = f"violation.post_{self.verb}"
        body = OutcomeBody(data=self.request.data)
        body.is_valid(raise_exception=True)
        given = body.validated_data
        visible = Decision.objects.visible_to(self.officer)
        found: Violation | None = Violation.objects.filter(pk=pk, decision__in=visible).first()
        if found is None:
            raise Http404
        self.audit_target = found
        self._once(found, given)
        again = Violation.objects.prefetch_related("dispositions").get(pk=pk)
        return Response(ViolationAnswer(again).data)

    @transaction.atomic
    def _once(self, found: Violation, given: dict[str, Any]) -> None:
        """The decision is locked first, so that of two equal calls the second sees the first."""
        Decision.objects.select_for_update().get(pk=found.decision_id)
        if self._is_done(Violation.objects.get(pk=found.pk), given):
            return
        is_revocation = self.verb == "revoked"
        service = services.revoke_violation if is_revocation else services.repair_violation
        service(
            officer=self.officer,
            violation_id=found.pk,
            on=given["on"],
            reason=given["reason"],
            document=given["document"],
            basis=elsewhere(given.get("organ") or Organ.OTHER),
        )

    def _is_done(self, violation: Violation, given: dict[str, Any]) -> bool:
        """Whether exactly this stands already; 409 where something else does."""
        standing = getattr(violation, f"{self.verb}_on")
        if standing is None:
            return False
        said = (given["on"], given["reason"].strip(), one_line(given["document"]))
        stored = (
            standing,
            getattr(violation, f"{self.verb}_reason"),
            getattr(violation, f"{self.verb}_document"),
        )
        if said == stored:
            return True
        words = "撤销" if self.verb == "revoked" else "修复"
        message = f"该失信行为已于 {standing} {words}，内容不同。请核对文书。"
        raise refusal(409, self.verb, message, field="on")


class RevokeView(_OutcomeView):
    verb = "revoked"

    @extend_schema(
        operation_id="violations_revoke",
        summary="撤销一个失信行为",
        request=OutcomeBody,
        responses=ViolationAnswer,
        tags=[TAG],
    )
    def post(self, request: Request, pk: int) -> Response:
        return self.outcome(pk)


class RepairView(_OutcomeView):
    verb = "repaired"

    @extend_schema(
        operation_id="violations_repair",
        summary="登记一个失信行为的信用修复",
        request=OutcomeBody,
        responses=ViolationAnswer,
        tags=[TAG],
    )
    def post(self, request: Request, pk: int) -> Response:
        return self.outcome(pk)


class ContestView(ViolationErrors, ScopedView):
    """A review or suit about a decision; ``until`` given later ends it."""

    scopes = {"POST": (Scope.OUTCOMES,)}

    @extend_schema(
        operation_id="decisions_contest",
        summary="登记复议或诉讼；同一文书补报 until 即为结束",
        request=ContestBody,
        responses={200: ContestAnswer, 201: ContestAnswer},
        tags=[TAG],
    )
    def post(self, request: Request, pk: int) -> Response:
        self.audit_action = "decision.post_contest"
        body = ContestBody(data=request.data)
        body.is_valid(raise_exception=True)
        found = Decision.objects.visible_to(self.officer).filter(pk=pk).first()
        if found is None:
            raise Http404
        self.audit_target = found
        contest, made = self._contest(found, body.validated_data)
        return Response(ContestAnswer(contest).data, status=201 if made else 200)

    @transaction.atomic
    def _contest(self, decision: Decision, given: dict[str, Any]) -> tuple[Contest, bool]:
        Decision.objects.select_for_update().get(pk=decision.pk)
        document, until = one_line(given["document"]), given.get("until")
        standing = decision.contests.filter(document=document, contested_from=given["from"]).first()
        if standing is None:
            made = services.contest_decision(
                officer=self.officer,
                decision_id=decision.pk,
                contested_from=given["from"],
                contested_until=until,
                document=document,
            )
            return made, True
        if standing.contested_until == until:
            return standing, False
        if standing.contested_until is not None:
            message = f"该文书已登记至 {standing.contested_until}，内容不同。请核对文书。"
            raise refusal(409, "other_content", message, field="until")
        if until is None:
            return standing, False
        outcome = given.get("outcome") or f"见文书 {document}"
        ended = services.end_contest(
            officer=self.officer, contest_id=standing.pk, until=until, outcome=outcome
        )
        return ended, False


class ListEntriesView(ViolationErrors, ScopedView):
    """Proposing a list entry, or taking over a published one."""

    scopes = {"POST": (Scope.LISTS_PROPOSE, Scope.LISTS_PUBLISHED)}
    flat_body = True

    @extend_schema(
        operation_id="list_entries_create",
        summary="提出名单条目；有 lists:published 的，接收已发布的条目",
        request=ListEntryBody,
        responses={200: ListEntryAnswer, 201: ListEntryAnswer},
        tags=["名单"],
    )
    def post(self, request: Request) -> Response:
        self.audit_action = "list_entry.post"
        body = ListEntryBody(data=request.data)
        body.is_valid(raise_exception=True)
        given = body.validated_data
        published = given.get("published", self.holds(Scope.LISTS_PUBLISHED))
        self.require(Scope.LISTS_PUBLISHED if published else Scope.LISTS_PROPOSE)
        data = list_entry_input(given)
        try:
            entry, made = self._once(data, published)
        except DuplicateSubject:  # registered at this very moment: now the entry may be there too
            entry, made = self._once(data, published)
        self.audit_target = entry
        return Response(ListEntryAnswer(entry).data, status=201 if made else 200)

    @transaction.atomic
    def _once(self, data: ListEntryInput, published: bool) -> tuple[ListEntry, bool]:
        """The entry, and whether this call made it; 409 where it stands with other content."""
        entry = standing_entry(data)
        if entry is None:
            service = take_over_list_entry if published else propose_list_entry
            entry = service(officer=self.officer, data=data)
            if made_twice(entry, data):
                raise DuplicateSubject(entry.subject)  # and nothing of this one stays
            return entry, True
        if not says_the_same(entry, data) or entry.taken_over != published:
            message = f"该名单条目（{entry.document}）已登记，内容不同。请核对文书。"
            raise refusal(409, "other_content", message, field="document")
        return entry, False
