"""The words of papers: versions of each block, drafted, looked at on a real case, published."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import check, current_officer, requires
from accounts.models import Officer
from accounts.roles import Can
from core import audit
from core.clock import today
from desk.fault_forms import FaultForm, day, line, words
from desk.papers.files import pdf
from sanctions.models import Paper, PaperText
from sanctions.paper_kinds import KINDS, Block, PaperKind, paper_kind
from sanctions.paper_layout import known_words
from sanctions.paper_preview import preview as preview_of
from sanctions.paper_text_models import TextState
from sanctions.paper_text_services import MAX_REASON, discard_text, draft_text, publish_text
from sanctions.paper_texts import in_force
from violations.errors import InvalidDecision, NotAllowed

CASES = 15


class TextForm(FaultForm):
    text = words("文本", "一行为一段", 2000)
    reason = line("修改理由", "例如：按新办法调整申请途径", MAX_REASON)


class PublishForm(FaultForm):
    valid_from = day("启用日期", "写成 2026-12-01 这样的形式；此前的文书不变")


@requires(Can.KEEP_TEXTS)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """All blocks of all kinds with the version in force and open drafts."""
    drafts = {
        (row.kind, row.block)
        for row in PaperText.objects.filter(state=TextState.DRAFT).only("kind", "block")
    }
    published: dict[tuple[str, str], PaperText] = {}
    rows = PaperText.objects.filter(state=TextState.PUBLISHED, valid_from__lte=today())
    for row in rows.order_by("valid_from", "version"):
        published[row.kind, row.block] = row
    kinds = [
        (
            kind,
            [
                (block, published.get((kind.code, block.code)), (kind.code, block.code) in drafts)
                for block in kind.blocks
            ],
        )
        for kind in KINDS
        if kind.blocks
    ]
    return render(request, "desk/papers/texts.html", {"kinds": kinds})


@requires(Can.KEEP_TEXTS)
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, kind: str, block: str) -> HttpResponseBase:
    """GET: the versions of one block; POST keeps a draft."""
    officer = current_officer(request)
    found, part = _block(kind, block)
    if request.method != "POST":
        return _page(request, officer, found, part)
    form = TextForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            row = draft_text(
                officer=officer, kind=kind, block=block, text=given["text"], reason=given["reason"]
            )
        except InvalidDecision as refused:
            form.add_faults(refused.faults)
        else:
            said = f"已保存第 {row.version} 版草稿，由局办公室另一人核对后发布。"
            messages.success(request, said)
            return redirect("desk:paper-text", kind=kind, block=block)
    return _page(request, officer, found, part, form=form)


@require_POST
def preview(request: HttpRequest, kind: str, block: str) -> HttpResponseBase:
    """The draft as it stands in the form, on a paper that was issued: its content, these words."""
    officer = check(request, Can.KEEP_TEXTS)
    found, part = _block(kind, block)
    case = request.POST.get("case", "")
    papers = Paper.objects.visible_to(officer).filter(kind=kind)
    paper = papers.filter(pk=int(case)).first() if case.isdecimal() and len(case) < 19 else None
    if paper is None:
        messages.warning(request, "没有选择用于预览的文书。请先选择一份已出具的文书。")
        return redirect("desk:paper-text", kind=kind, block=block)
    audit.record(actor=officer, action="paper_text.view", target=paper, details={"block": block})
    typed = {part.code: request.POST.get("text", "")[:2000]}
    data = preview_of(kind, paper.unit, paper.subject, paper.content, texts=typed)
    return pdf(data, f"预览-{found.label}.pdf")


@require_POST
def publish(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Somebody else's draft, in force from a day on."""
    officer = check(request, Can.KEEP_TEXTS)
    row = get_object_or_404(PaperText, pk=pk)
    found, part = _block(row.kind, row.block)
    form = PublishForm(request.POST)
    if form.is_valid():
        try:
            done = publish_text(
                officer=officer, text_id=pk, valid_from=form.cleaned_data["valid_from"]
            )
        except InvalidDecision as refused:
            form.add_faults(refused.faults)
        except NotAllowed as refused:
            form.add_error(None, refused.message)
        else:
            messages.success(request, f"第 {done.version} 版自 {done.valid_from} 起启用。")
            return redirect("desk:paper-text", kind=row.kind, block=row.block)
    return _page(request, officer, found, part, publishing=form)


@require_POST
def discard(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A draft that is not wanted; it stays to be read."""
    officer = check(request, Can.KEEP_TEXTS)
    row = get_object_or_404(PaperText, pk=pk)
    try:
        discard_text(officer=officer, text_id=pk)
    except InvalidDecision as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, f"已弃用第 {row.version} 版草稿。")
    return redirect("desk:paper-text", kind=row.kind, block=row.block)


def _block(kind: str, block: str) -> tuple[PaperKind, Block]:
    try:
        found = paper_kind(kind)
    except KeyError:
        raise Http404 from None
    for part in found.blocks:
        if part.code == block:
            return found, part
    raise Http404


def _page(
    request: HttpRequest,
    officer: Officer,
    kind: PaperKind,
    block: Block,
    *,
    form: TextForm | None = None,
    publishing: PublishForm | None = None,
) -> HttpResponse:
    versions = list(
        PaperText.objects.filter(kind=kind.code, block=block.code)
        .select_related("drafted_by", "published_by")
        .order_by("-version")
    )
    draft = next((row for row in versions if row.state == TextState.DRAFT), None)
    now = in_force(kind.code, today()).get(block.code)
    text = draft.text if draft else now.text if now else block.default
    first = TextForm(initial={"text": text, "reason": draft.reason if draft else ""})
    tried = form or publishing
    cases = Paper.objects.visible_to(officer).filter(kind=kind.code).select_related("subject")
    context: dict[str, Any] = {
        "kind": kind,
        "part": block,  # "block" is Django's own within a template's block
        "versions": versions,
        "draft": draft,
        "now": now,
        "is_own": draft is not None and draft.drafted_by_id == officer.pk,
        "form": form or first,
        "publishing": publishing or PublishForm(initial={"valid_from": today()}),
        "lines": tried.summary() if tried else [],
        "known": ["{" + word + "}" for word in known_words(kind)],
        "cases": cases.defer("content", "texts")[:CASES],
    }
    return render(request, "desk/papers/text.html", context)
