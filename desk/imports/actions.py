"""The steps of a run: a new file, handing in, the second person's answer, cancelling, undoing."""

from __future__ import annotations

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from accounts.models import Officer
from accounts.roles import Can
from core.workbook_guard import SheetError
from desk.imports.listing import IMPORTERS, run_for
from desk.imports.run_page import page, who_confirms
from violations import import_runs
from violations.errors import InvalidDecision
from violations.forms import ErrorLine
from violations.import_models import ImportRun
from violations.import_states import RunMoved

REVIEWERS = (Can.CONFIRM_DECISION, Can.CONFIRM_FOR_ANY_UNIT)
EITHER = (Can.RECORD_DECISION, *REVIEWERS)
CONFLICT = 409


def _version(request: HttpRequest) -> int:
    value = request.POST.get("version", "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 9 else 0


def _moved(
    request: HttpRequest, officer: Officer, run: ImportRun, moved: RunMoved
) -> HttpResponseBase:
    """Somebody was faster: the run as it is now, and what was not done."""
    messages.warning(request, moved.message)
    _, now = run_for(request, run.pk, *EITHER, Can.SEE_ALL_DECISIONS)
    return page(request, officer, now, status=CONFLICT)


def _refused(
    request: HttpRequest,
    officer: Officer,
    run: ImportRun,
    label: str,
    box: str,
    refused: InvalidDecision,
) -> HttpResponseBase:
    lines = [ErrorLine(label, fault.message, box) for fault in refused.faults]
    typed = {name: str(request.POST.get(name, "")) for name in ("remark", "reason", "verdict")}
    return page(request, officer, run, lines=lines, typed=typed)


@require_POST
def replace(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The same sheet in a new version."""
    officer, run = run_for(request, pk, *IMPORTERS)
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile):
        lines = [ErrorLine("文件", "没有选择文件。请选择更正后的文件。", "id_file")]
        return page(request, officer, run, lines=lines)
    try:
        import_runs.replace_file(
            officer=officer, run_id=run.pk, version=_version(request), file=file
        )
    except SheetError as error:
        lines = [ErrorLine("文件", str(error), "id_file")]
        return page(request, officer, run, lines=lines)
    except RunMoved as moved:
        return _moved(request, officer, run, moved)
    messages.success(request, "已收到更正后的文件，正在重新校验。")
    return redirect("desk:import-run", pk=run.pk)


@require_POST
def submit(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Hand a checked sheet in."""
    officer, run = run_for(request, pk, *IMPORTERS)
    try:
        import_runs.submit(
            officer=officer,
            run_id=run.pk,
            version=_version(request),
            truth_stated=bool(request.POST.get("truth_stated")),
        )
    except InvalidDecision as refused:
        return _refused(request, officer, run, "真实性声明", "id_truth_stated", refused)
    except RunMoved as moved:
        return _moved(request, officer, run, moved)
    messages.success(request, f"已提交，由 {who_confirms(run)} 审核。审核同意后才写入。")
    return redirect("desk:import-run", pk=run.pk)


@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The second person agrees or returns."""
    officer, run = run_for(request, pk, *REVIEWERS)
    version = _version(request)
    verdict = request.POST.get("verdict", "")
    try:
        if verdict == "return":
            remark = request.POST.get("remark", "")
            import_runs.send_back(officer=officer, run_id=run.pk, version=version, remark=remark)
            messages.success(request, f"已退回，由 {run.uploaded_by.name} 办理。")
            return redirect("desk:import-run", pk=run.pk)
        lines = _missing(request)
        if lines:
            typed = {"remark": request.POST.get("remark", ""), "verdict": verdict}
            return page(request, officer, run, lines=lines, typed=typed)
        import_runs.confirm(officer=officer, run_id=run.pk, version=version)
    except InvalidDecision as refused:
        return _refused(request, officer, run, "退回意见", "id_remark", refused)
    except RunMoved as moved:
        return _moved(request, officer, run, moved)
    messages.success(request, "已同意，正在后台写入。写入前会再校验一次；可以离开本页。")
    return redirect("desk:import-run", pk=run.pk)


def _missing(request: HttpRequest) -> list[ErrorLine]:
    if request.POST.get("verdict") != "agree":
        return [ErrorLine("审核意见", "请选择“同意”或“退回更正”。", "id_agree")]
    if not request.POST.get("compared"):
        return [ErrorLine("对照原件", "请对照法律文书原件后勾选，未勾选不能同意。", "id_compared")]
    return []


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Give the sheet up; nothing of it stays."""
    officer, run = run_for(request, pk, *EITHER)
    try:
        now = import_runs.cancel(officer=officer, run_id=run.pk)
    except RunMoved as moved:
        return _moved(request, officer, run, moved)
    if now.is_working:
        messages.info(request, "已要求取消。写入会停止，不会留下任何一行。")
    else:
        messages.success(request, "已取消，没有写入任何一行。")
    return redirect("desk:import-run", pk=run.pk)


@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Ask that a written batch be taken back, or answer who asked."""
    officer, run = run_for(request, pk, *EITHER)
    verdict = request.POST.get("verdict", "")
    try:
        if verdict == "agree":
            import_runs.agree_to_undo(officer=officer, run_id=run.pk)
            said = "已同意撤回，正在后台办理。"
        elif verdict == "refuse":
            import_runs.refuse_undo(officer=officer, run_id=run.pk)
            said = "已不同意撤回，这批保持原样。"
        else:
            reason = request.POST.get("reason", "")
            import_runs.ask_undo(officer=officer, run_id=run.pk, reason=reason)
            said = "已申请撤回，由另一人同意后办理。"
    except InvalidDecision as refused:
        return _refused(request, officer, run, "撤回理由", "id_reason", refused)
    except RunMoved as moved:
        return _moved(request, officer, run, moved)
    messages.success(request, said)
    return redirect("desk:import-run", pk=run.pk)
