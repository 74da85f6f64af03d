"""One reminder or interview: what stands in it, where it is, and each step as a form of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.access import check
from accounts.models import Officer
from accounts.roles import Can
from core import audit
from core.clock import today
from core.crypto import masked
from desk.notices import forms
from desk.notices.course import REPORTING, next_of, steps_of, without_invitation
from desk.notices.listing import READERS, TAGS
from sanctions import notice_after, notice_office, notice_papers, notice_register
from sanctions.notice_enums import NoticeState
from sanctions.notice_fallen import fallen_of, has_fallen, with_fallen
from sanctions.notice_files import NoticeFile
from sanctions.notice_models import Notice
from sanctions.notice_workflow import LABELS, TABLE, Step, allows
from sanctions.paper_kinds import paper_kind
from sanctions.paper_models import Paper
from violations.errors import CaseRefused, InvalidDecision, NotAllowed

CONFLICT = 409


@dataclass(frozen=True, slots=True)
class Act:
    """One step on the page: its form, its service, the button, and what is said once done."""

    step: Step
    form: type[forms.StepForm]
    service: Callable[..., object]
    button: str
    done: str
    hint: str = ""

    @property
    def label(self) -> str:
        return LABELS[self.step]

    @property
    def url_name(self) -> str:
        return "desk:notice-verdict" if self.step in VERDICTS else "desk:notice-act"


ACTS: dict[Step, Act] = {
    act.step: act
    for act in (
        Act(
            Step.REPORT,
            forms.StepForm,
            notice_register.report_notice,
            "登记并报局办公室留存",
            "已登记，已报局办公室留存。",
            "报送后由局办公室核对；不完整的会退回补正。",
        ),
        Act(
            Step.KEEP,
            forms.StepForm,
            notice_office.keep_notice,
            "内容完整，留存",
            "已留存。是否推送另行决定。",
        ),
        Act(
            Step.RETURN,
            forms.ReturnForm,
            notice_office.return_notice,
            "退回补正",
            "已退回登记单位补正。",
        ),
        Act(
            Step.PUSH,
            forms.PushForm,
            notice_office.decide_push,
            "作出决定",
            "已作出决定。",
            "由局办公室根据情况逐件决定（制度五），系统不预选。",
        ),
        Act(
            Step.FOLLOW_UP,
            forms.FollowUpForm,
            notice_after.record_follow_up,
            "登记回访",
            "已登记回访。",
        ),
        Act(
            Step.CANCEL,
            forms.CancelForm,
            notice_register.cancel_notice,
            "作废登记",
            "已作废，所涉记录重新列入待办。",
        ),
        Act(Step.ISSUE, forms.IssueForm, notice_papers.issue_paper, "出具并编号", "已出具。"),
    )
}
VERDICTS = frozenset(step for step in ACTS if TABLE[step].permission is Can.KEEP_NOTICES)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One paper of a notice: issued, or still to be."""

    kind: str
    label: str
    paper: Paper | None
    may_issue: bool
    form: forms.StepForm


@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """The page; another unit's does not exist (404)."""
    officer = check(request, *READERS)
    notice = found(officer, pk)
    audit.record(actor=officer, action="notice.view", target=notice)
    return _page(request, officer, notice)


@require_POST
def act(request: HttpRequest, pk: int, step: str) -> HttpResponseBase:
    """A step of the unit."""
    return _take(request, pk, step, Can.RECORD_NOTICE, office=False)


@require_POST
def verdict(request: HttpRequest, pk: int, step: str) -> HttpResponseBase:
    """A step of the office."""
    return _take(request, pk, step, Can.KEEP_NOTICES, office=True)


def _take(
    request: HttpRequest, pk: int, name: str, needed: Can, *, office: bool
) -> HttpResponseBase:
    officer = check(request, needed)
    taken = ACTS.get(Step(name)) if name in list(Step) else None
    if taken is None or (taken.step in VERDICTS) is not office:
        raise Http404
    notice = found(officer, pk)
    form = taken.form(request.POST, auto_id=f"id_{taken.step}_%s")
    values = form.values()
    values["version"] = values.get("version") or 0
    status = 400
    try:
        if form.is_valid():
            taken.service(officer=officer, notice_id=notice.pk, **values)
            messages.success(request, taken.done)
            return redirect("desk:notice", pk=notice.pk)
    except InvalidDecision as refused:
        form.add_faults(refused.faults)
    except NotAllowed:
        raise
    except CaseRefused as refused:
        form.add_error(None, refused.message)
        audit.record(
            actor=officer,
            action="notice.refused",
            target=notice,
            reason=refused.message,
            details={"step": taken.step.value},
        )
        status = CONFLICT
        notice = found(officer, pk)
    return _page(request, officer, notice, typed=(taken.step, form), status=status)


def found(officer: Officer, pk: int) -> Notice:
    visible = Notice.objects.visible_to(officer).select_related(
        "subject",
        "unit",
        "recorded_by",
        "kept_by",
        "push_decided_by",
        "paper__superseded_by",
        "record_paper__superseded_by",
    )
    return get_object_or_404(with_fallen(visible), pk=pk)


def _page(
    request: HttpRequest,
    officer: Officer,
    notice: Notice,
    *,
    typed: tuple[Step, forms.StepForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    chosen = notice_register.chosen_of(notice)
    context: dict[str, Any] = {
        "notice": notice,
        "subject": notice.subject,
        "tag": TAGS[NoticeState(notice.state)],
        "next": next_of(notice),
        "steps": steps_of(notice),
        "fallen": fallen_of(chosen),
        "all_fell": has_fallen(notice),
        "without_invitation": without_invitation(notice),
        "decisions": [(one, _reads(officer, one.unit_id)) for one in chosen.decisions],
        "entries": chosen.entries,
        "phone": masked(notice.phone) if notice.phone else "",
        "may_reveal": officer.may(Can.RECORD_NOTICE) or officer.may(Can.KEEP_NOTICES),
        "sheets": _sheets(officer, notice),
        "offered": list(_offered(officer, notice, typed)),
        "may_edit": allows(notice, Step.EDIT, officer),
        "files": NoticeFile.objects.filter(notice=notice).order_by("pk"),
        "may_add_file": allows(notice, Step.ADD_FILE, officer),
        "faults": typed[1].summary() if typed else [],
        "history": notice.history.select_related("history_user__unit").order_by("-history_id"),
    }
    return render(request, "desk/notices/notice.html", context, status=status)


def _reads(officer: Officer, unit_id: int) -> bool:
    return officer.may(Can.SEE_ALL_DECISIONS) or unit_id == officer.unit_id


def _sheets(officer: Officer, notice: Notice) -> list[Sheet]:
    may = allows(notice, Step.ISSUE, officer)
    sheets = []
    for kind in notice_papers.KINDS.get(notice.way, ()):
        paper = notice_papers.paper_of(notice, kind)
        form = forms.IssueForm(
            initial={"version": notice.version, "kind": kind}, auto_id=f"id_{kind}_%s"
        )
        if paper is not None or notice.is_open:
            may_issue = may and paper is None
            sheets.append(Sheet(kind, paper_kind(kind).label, paper, may_issue, form))
    return sheets


@dataclass(frozen=True, slots=True)
class Offered:
    """A step that this officer may take, with its form."""

    act: Act
    form: forms.StepForm
    is_open: bool


def _offered(
    officer: Officer, notice: Notice, typed: tuple[Step, forms.StepForm] | None
) -> list[Offered]:
    found: list[Offered] = []
    wanted = _wanted(notice)
    for step, taken in ACTS.items():
        mine = typed is not None and typed[0] == step
        if step == Step.ISSUE or not (mine or allows(notice, step, officer)):
            continue
        if step == Step.REPORT and not mine and _waits_for_service(notice):
            continue
        first: dict[str, Any] = {"version": notice.version, "on": today()}
        blank = taken.form(initial=first, auto_id=f"id_{step}_%s")
        is_next = typed is None and not found and step in wanted
        found.append(Offered(taken, typed[1] if typed and mine else blank, mine or is_next))
    return found


def _wanted(notice: Notice) -> frozenset[Step]:
    """The steps that may stand open by themselves: not what comes later, nor what nobody asks."""
    if has_fallen(notice):
        is_draft = notice.state == NoticeState.DRAFT
        return frozenset({Step.CANCEL} if is_draft else {Step.KEEP})
    waits = notice.state == NoticeState.DRAFT and any(
        look == "now" and label != REPORTING for label, _, look in steps_of(notice)
    )
    return frozenset(Step) - {Step.CANCEL, *({Step.REPORT} if waits else ())}


def _waits_for_service(notice: Notice) -> bool:
    """A written reminder takes place when it is served: before that nothing can be reported."""
    if not notice.is_written:
        return False
    paper = notice_papers.paper_of(notice, notice_papers.REMINDER)
    return paper is None or paper.served_on is None
