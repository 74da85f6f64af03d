"""One objection: where it stands, both sides, the effect on both grades, and the step that is next.

A step that is refused shows the same page again, with what was typed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.access import current_officer, requires
from accounts.models import Officer
from accounts.roles import Can
from appeals.case_files import OBJECTIONS, may_add
from appeals.case_marks import still_owes
from appeals.objection_deadlines import clock, last_day, open_pause
from appeals.objection_effects import preview
from appeals.objection_enums import DECIDED_STATES, ObjectionState, Verdict
from appeals.objection_models import Objection
from appeals.objection_workflow import LABELS, Step, barred_from_second, hindrance
from core import audit
from core.crypto import masked
from desk.deadlines import due
from desk.effects import EffectView, in_one_line, views_kept, views_of
from desk.objections.claims import claims_of
from desk.objections.forms import (
    FORMS,
    ClaimForm,
    ReturnForm,
    SecondStageForm,
    StateForm,
    StepForm,
    claim_form,
    colleagues,
    first_values,
)
from desk.objections.steps import TAGS, course_of, owed_after, steps_of
from grading import selectors
from grading.dry_run import mark
from violations.errors import InvalidDecision

READERS = (Can.HANDLE_APPEAL, Can.DECIDE_APPEAL, Can.READ_AUDIT, Can.STATE_FOR_UNIT)
# In this order on the page; the first that is open stands open.
OFFERED = (
    Step.ACCEPT,
    Step.RESUME,
    Step.ASK_UNIT,
    Step.MARK,
    Step.REJECT,
    Step.PAUSE,
    Step.EXPLAIN,
    Step.WITHDRAW,
    Step.TRANSFER,
)
# What is no part of handling is open to those too who handled the first and not the second look.
_NOT_HANDLING = frozenset({Step.MARK, Step.TRANSFER, Step.EXPLAIN, Step.STATE})
_OPEN = frozenset({Step.ACCEPT, Step.RESUME})
_BUTTONS = {
    Step.ACCEPT: "受理此异议",
    Step.REJECT: "不予受理",
    Step.ASK_UNIT: "转交原单位核实",
    Step.PAUSE: "登记等待，暂停计时",
    Step.RESUME: "结束等待，继续计时",
    Step.EXPLAIN: "保存逾期原因",
    Step.WITHDRAW: "登记当事人撤回",
    Step.TRANSFER: "转办此异议",
    Step.MARK: "登记后续事项",
}


@dataclass(frozen=True, slots=True)
class Offered:
    """A step that this officer may take, or why not yet (``hindrance``)."""

    step: Step
    label: str
    button: str
    form: StepForm
    hindrance: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed at a step that was refused, or is only previewed."""

    forms: Mapping[str, Any]
    faults: Sequence[Mapping[str, str]] = ()


@requires(*READERS)
@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """The case; objections exist for those alone who handle or decide them (404)."""
    officer = current_officer(request)
    objection = found(officer, pk)
    audit.record(actor=officer, action="objection.view", target=objection)
    return page(request, officer, objection)


def found(officer: Officer, pk: int) -> Objection:
    """The case with what its page shows. Raises Http404."""
    rows = Objection.objects.visible_to(officer).select_related(
        "subject__merged_into",
        "subject__unit_in_charge",
        "handler__unit",
        "accepted_by",
        "proposed_by",
        "decided_by",
        "reviews",
        "receipt",
        "answer",
    )
    parts = ("claims", "pauses", "statements__unit", "statements__stated_by", "marks", "files")
    objection: Objection = get_object_or_404(rows.prefetch_related(*parts), pk=pk)
    return objection


def page(
    request: HttpRequest,
    officer: Officer,
    objection: Objection,
    *,
    typed: Typed | None = None,
    status: int = 200,
) -> HttpResponse:
    stands = clock(objection) if objection.is_open or objection.state == "decided" else None
    may_decide = hindrance(objection, Step.DECIDE, officer)
    barred = bar_of(officer, objection)
    forms = typed.forms if typed else {}
    claim_forms = forms.get("claims") or {
        one.pk: claim_form(one) for one in objection.claims.all() if one.is_open
    }
    views = [(one, claim_forms.get(one.claim.pk)) for one in claims_of(objection)]
    context = {
        "objection": objection,
        "grade": selectors.view(objection.subject.survivor_id).now.decided.grade,
        "tag": TAGS.get(ObjectionState(objection.state), ""),
        "clock": stands,
        "due": due(stands.deadline) if stands else None,
        "unit_due": due(stands.unit_deadline) if stands and stands.unit_deadline else None,
        "was_due": None if stands else last_day(objection),
        "pause": open_pause(objection),
        "steps": steps_of(objection),
        "claims": views,
        "applicant": _masked_name(objection.contact_name),
        "phone": masked(objection.contact_phone),
        "owed": owed_after(objection),
        "course": course_of(objection),
        "second": Objection.objects.filter(reviews=objection).first(),
        "faults": list(typed.faults) if typed else [],
        "offered": offered(officer, objection, forms),
        "barred": barred if objection.is_open else "",
        "may_propose": "" if barred else hindrance(objection, Step.PROPOSE, officer),
        "may_decide": may_decide,
        "return_form": forms.get("return") or ReturnForm(initial=first_values(objection)),
        "may_state": hindrance(objection, Step.STATE, officer) is None,
        "state_form": forms.get("state") or StateForm(initial=first_values(objection)),
        "may_add_file": may_add(OBJECTIONS, officer, objection),
        "may_answer": hindrance(objection, Step.ANSWER, officer),
        "may_receipt": objection.is_open
        and objection.by_party
        and objection.accepted_on is not None
        and objection.receipt is None
        and objection.handler_id == officer.pk,
        "second_form": forms.get("second") or _second_form(officer, objection),
        "handles": officer.may(Can.HANDLE_APPEAL),
        **_effects(objection, claim_forms),
    }
    return render(request, "desk/objections/case.html", context, status=status)


def offered(officer: Officer, objection: Objection, forms: Mapping[str, Any]) -> list[Offered]:
    """The steps of the office, each as a form of its own."""
    rows = []
    for step in OFFERED:
        why, mine = hindrance(objection, step, officer), forms.get(step.value)
        none = why == "" or _does_not_concern(objection, step) or bar_of(officer, objection, step)
        if none and mine is None:
            continue
        form = mine or FORMS[step](initial=first_values(objection), auto_id=f"id_{step}_%s")
        if step == Step.TRANSFER:
            form.fields["to"].widget.choices = [("", "请选择"), *colleagues(objection)]
        is_open = mine is not None or (step in _OPEN and why is None and not forms)
        rows.append(Offered(step, LABELS[step], _BUTTONS[step], form, why or "", is_open))
    return rows


def bar_of(officer: Officer, objection: Objection, step: Step = Step.PROPOSE) -> str:
    """Why this officer takes no step in handling a second look; empty where they may."""
    if step in _NOT_HANDLING or barred_from_second(officer, objection) is None:
        return ""
    return "您办理或认定过原异议，不能办理本件。请由其他经办人受理，或者转办给其他经办人。"


def _does_not_concern(objection: Objection, step: Step) -> bool:
    """What there is nothing to do about is not offered at all."""
    waiting = open_pause(objection) is not None
    if step == Step.RESUME:
        return not waiting
    if step in (Step.PAUSE, Step.ASK_UNIT) and waiting:
        return True
    if step == Step.ASK_UNIT:
        return all(one.unit_id is None for one in objection.claims.all())
    if step == Step.TRANSFER:
        return objection.state == ObjectionState.ANSWERED and not still_owes(objection)
    if step == Step.EXPLAIN:
        return due(last_day(objection)).kind != "over"
    if step == Step.MARK:
        changed = any(one.verdict not in ("", "dismissed") for one in objection.claims.all())
        return not changed or objection.marks.count() >= 2
    return False


def _second_form(officer: Officer, objection: Objection) -> SecondStageForm | None:
    """Once, after the answer, where something was not granted in full."""
    if objection.state != ObjectionState.ANSWERED or objection.reviews_id is not None:
        return None
    open_to = any(one.verdict in ("dismissed", "partly") for one in objection.claims.all())
    if not officer.may(Can.HANDLE_APPEAL) or not open_to:
        return None
    if Objection.objects.filter(reviews=objection).exists():
        return None
    return SecondStageForm(initial={"received_on": first_values(objection)["received_on"]})


def _effects(objection: Objection, forms: Mapping[int, ClaimForm]) -> dict[str, Any]:
    """What deciding would do now; what it did, once it is decided."""
    if objection.state in DECIDED_STATES:
        shown = views_kept(objection.effects)
        return {
            "effects": shown,
            "effects_line": in_one_line(shown),
            "effects_title": "认定时对等级的影响",
            "effects_foot": "认定时按当时的规则和记录计算。",
        }
    if not objection.is_open:
        return {"effects": [], "why_none": "没有认定，对等级没有影响。"}
    verdicts = {pk: form["verdict"].value() or "" for pk, form in forms.items()}
    title = "对等级的影响（预览）"
    if not any(verdicts.values()):
        verdicts = dict.fromkeys(verdicts, Verdict.UPHELD.value)
        title = "各项成立时对等级的影响（预览）"
    try:
        effects = preview(objection, verdicts)
    except InvalidDecision as refused:
        return {"effects": [], "why_none": refused.faults[0].message, "effects_title": title}
    shown_now: list[EffectView] = views_of(effects)
    return {
        "effects": shown_now,
        "effects_line": in_one_line(shown_now),
        "effects_title": title,
        "seen": mark(effects),
    }


def _masked_name(name: str) -> str:
    return f"{name[0]}某" if name else ""
