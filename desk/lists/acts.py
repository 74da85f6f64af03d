"""One entry: where it stands, who acts next, and each step as a form of its own.

A step that is refused shows the same page again, with what was typed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.access import check, current_officer, requires
from accounts.models import Officer
from accounts.roles import Can
from core import audit
from desk.lists.forms import FORMS, StepForm, first_values
from desk.lists.preview import Shown, closing_preview, listing_preview
from desk.lists.steps import STANDINGS, next_of, standing, steps_of
from desk.papers.cards import entry_papers
from violations import list_approval, list_closing, list_hearing, list_proposals
from violations.enums import Closing
from violations.errors import CaseRefused, InvalidDecision, NotAllowed
from violations.list_notice import period
from violations.list_workflow import LABELS, TABLE, Step, hindrance
from violations.models import ListEntry, ListObjection

CONFLICT = 409


@dataclass(frozen=True, slots=True)
class Act:
    """One step on the page: its service, the button, and what is said once it is done."""

    step: Step
    service: Callable[..., object]
    button: str
    done: str
    hint: str = ""


ACTS: dict[Step, Act] = {
    act.step: act
    for act in (
        Act(Step.NOTIFY, list_hearing.record_notice, "登记，起算期限", "已登记，期限自次日起算。"),
        Act(
            Step.HEAR,
            list_hearing.record_hearing,
            "登记陈述申辩",
            "已登记陈述申辩及听取结果。",
            "当事人的陈述申辩和是否采纳；期满未提出的，选“期内未陈述申辩”。",
        ),
        Act(
            Step.WAIVE,
            list_hearing.record_waiver,
            "登记放弃声明",
            "已登记放弃声明，可以不等期满。",
            "当事人书面放弃陈述申辩的，不必等期满即可审批。",
        ),
        Act(Step.OBJECT, list_hearing.record_objection, "登记异议", "已登记异议，处理后才能批准。"),
        Act(Step.SETTLE, list_hearing.settle_objection, "处理异议", "已处理异议。"),
        Act(
            Step.WITHDRAW,
            list_proposals.withdraw_list_entry,
            "撤回提请",
            "已撤回，该条目未列入。",
        ),
        Act(
            Step.APPROVE,
            list_approval.approve_list_entry,
            "批准列入",
            "已批准列入，正在重新评定。",
        ),
        Act(Step.RETURN, list_approval.return_list_entry, "退回局办公室", "已退回局办公室补正。"),
        Act(
            Step.CLOSE,
            list_closing.propose_closing,
            "提请移出或撤销",
            "已提请，待另一人审批；审批前条目仍然有效。",
        ),
        Act(
            Step.AGREE_CLOSING,
            list_closing.agree_to_closing,
            "",  # as the label: it names what is agreed to
            "已批准，正在重新评定。",
        ),
        Act(
            Step.REFUSE_CLOSING,
            list_closing.refuse_closing,
            "退回，条目仍然有效",
            "已退回，条目仍然有效。",
        ),
    )
}
OFFICE_STEPS = frozenset(s for s in ACTS if TABLE[s].permission is Can.PROPOSE_LIST_ENTRY)


@dataclass(frozen=True, slots=True)
class Offered:
    """A step that this officer may take, or why not yet (``hindrance``)."""

    act: Act
    label: str
    form: StepForm
    hindrance: str
    is_open: bool
    objection: ListObjection | None = None

    @property
    def url_name(self) -> str:
        return "desk:list-act" if self.act.step in OFFICE_STEPS else "desk:list-verdict"


@requires(Can.SEE_REGISTER)
@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """The page; proposals exist for those alone who read every record (404)."""
    officer = current_officer(request)
    entry = _found(officer, pk)
    audit.record(actor=officer, action="list_entry.view", target=entry)
    return _page(request, officer, entry)


@require_POST
def act(request: HttpRequest, pk: int, step: str) -> HttpResponseBase:
    """A step of the office."""
    return _take(request, pk, step, Can.PROPOSE_LIST_ENTRY)


@require_POST
def verdict(request: HttpRequest, pk: int, step: str) -> HttpResponseBase:
    """A step of the second person."""
    return _take(request, pk, step, Can.APPROVE_LIST_ENTRY)


def _take(request: HttpRequest, pk: int, name: str, needed: Can) -> HttpResponseBase:
    officer = check(request, needed)
    taken = ACTS.get(Step(name)) if name in list(Step) else None
    if taken is None or TABLE[taken.step].permission is not needed:
        raise Http404
    entry = _found(officer, pk)
    objection = request.POST.get("objection_id", "")
    form = FORMS[taken.step](request.POST, auto_id=_auto_id(taken.step, objection))
    form.suit(entry)
    values = form.values()
    values["version"] = values.get("version") or 0
    status = 400
    try:
        if form.is_valid():
            taken.service(officer=officer, entry_id=entry.pk, **_named(taken.step, values))
            messages.success(request, taken.done)
            return redirect("desk:list-entry", pk=entry.pk)
    except InvalidDecision as refused:
        form.add_faults(refused.faults)
    except ListObjection.DoesNotExist:
        raise Http404 from None
    except (CaseRefused, NotAllowed) as refused:
        form.add_error(None, refused.message)
        audit.record(
            actor=officer,
            action="list_entry.refused",
            target=entry,
            reason=refused.message,
            details={"step": taken.step.value},
        )
        status = CONFLICT if isinstance(refused, CaseRefused) else 403
        if status == CONFLICT:
            entry = _found(officer, pk)
    return _page(request, officer, entry, typed=(taken.step, objection, form), status=status)


def _named(step: Step, values: dict[str, Any]) -> dict[str, Any]:
    """The form's values under the names of the service."""
    if step == Step.SETTLE:
        values["reason"] = values.pop("settled_reason")
        values["objection_id"] = values["objection_id"] or 0
    return values


def _found(officer: Officer, pk: int) -> ListEntry:
    visible = ListEntry.objects.visible_to(officer).select_related(
        "subject__merged_into",
        "condition",
        "renews",
        "proposed_by__unit",
        "approved_by",
        "closing_proposed_by",
        "closing_approved_by",
    )
    found: ListEntry = get_object_or_404(visible.prefetch_related("objections", "renewals"), pk=pk)
    return found


def _auto_id(step: Step, objection: str = "") -> str:
    return f"id_{step}{objection}_%s" if objection.isdigit() else f"id_{step}_%s"


def _page(
    request: HttpRequest,
    officer: Officer,
    entry: ListEntry,
    *,
    typed: tuple[Step, str, StepForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    offered = list(_offered(officer, entry, typed))
    now = standing(entry)
    shown_preview = _preview(entry) if officer.may(Can.SEE_ALL_DECISIONS) else None
    context = {
        "entry": entry,
        "in_full": officer.may(Can.SEE_ALL_DECISIONS),
        "standing": STANDINGS[now],
        "steps": steps_of(entry),
        "next": next_of(entry),
        "period": period(entry) if entry.is_proposed else None,
        "objections": list(entry.objections.all()),
        "offered": offered,
        "faults": typed[2].summary() if typed else [],
        "preview": shown_preview,
        "may_edit": hindrance(entry, Step.EDIT, officer) is None,
        "may_renew": entry.is_red
        and now in ("in_force", "expired")
        and officer.may(Can.PROPOSE_LIST_ENTRY),
        **entry_papers(entry, officer),
    }
    return render(request, "desk/lists/entry.html", context, status=status)


def _preview(entry: ListEntry) -> Shown | None:
    """The grade before and after what waits for its second person."""
    if entry.is_proposed:
        return listing_preview(
            entry.subject,
            list_kind=entry.list,
            listed_on=entry.listed_on,
            expires_on=entry.expires_on,
        )
    if entry.awaits_closing:
        on = list_closing.removal_day(entry) if entry.closing == Closing.REMOVAL else None
        return closing_preview(entry, closing=entry.closing, on=on)
    return None


def _offered(
    officer: Officer, entry: ListEntry, typed: tuple[Step, str, StepForm] | None
) -> list[Offered]:
    found: list[Offered] = []
    for step, taken in ACTS.items():
        why = hindrance(entry, step, officer)
        is_typed = typed is not None and typed[0] == step
        if (why == "" or _does_not_concern(entry, step)) and not is_typed:
            continue
        targets: list[ListObjection | None] = [None]
        if step == Step.SETTLE:
            targets = [one for one in entry.objections.all() if not one.settlement]
        for objection in targets:
            key = str(objection.pk) if objection else ""
            mine = typed is not None and is_typed and typed[1] == key
            form = typed[2] if typed and mine else _blank(step, entry, key)
            is_next = why is None and not any(one.is_open for one in found)
            is_open = mine or (typed is None and is_next and _is_next(entry, step))
            label = _label(entry, step)
            found.append(Offered(taken, label, form, why or "", is_open, objection))
    return found


def _label(entry: ListEntry, step: Step) -> str:
    if step in (Step.AGREE_CLOSING, Step.REFUSE_CLOSING):
        words = entry.get_closing_display() or "移出或撤销"
        return f"{'批准' if step == Step.AGREE_CLOSING else '退回'}{words}"
    if step != Step.NOTIFY:
        return LABELS[step]
    return f"{'重新' if entry.notified_on else ''}登记{'公示' if entry.is_red else '告知送达'}"


def _blank(step: Step, entry: ListEntry, objection: str) -> StepForm:
    first = first_values(step, entry)
    if objection:
        first["objection_id"] = objection
    form = FORMS[step](initial=first, auto_id=_auto_id(step, objection))
    form.suit(entry)
    return form


def _does_not_concern(entry: ListEntry, step: Step) -> bool:
    """What this kind of list does not know is not offered at all."""
    only_black, only_red = {Step.HEAR, Step.WAIVE}, {Step.OBJECT, Step.SETTLE}
    if step in (Step.AGREE_CLOSING, Step.REFUSE_CLOSING):
        return not entry.awaits_closing
    if step == Step.CLOSE:
        return entry.awaits_closing or entry.removed_on is not None
    if step in (Step.WAIVE, Step.HEAR, Step.OBJECT) and entry.notified_on is None:
        return True
    return step in (only_black if entry.is_red else only_red)


def _is_next(entry: ListEntry, step: Step) -> bool:
    """Whether the form stands open: the step that the entry waits for."""
    if step == Step.NOTIFY:
        return entry.notified_on is None
    if step == Step.HEAR:
        return not entry.hearing
    return step in (Step.SETTLE, Step.APPROVE, Step.AGREE_CLOSING)
