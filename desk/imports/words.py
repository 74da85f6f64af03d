"""How the states of an import look and read."""

from __future__ import annotations

from dataclasses import dataclass

from violations.import_models import ImportRun
from violations.import_models import ImportState as State

STATE_TAGS = {
    State.UPLOADED: "info",
    State.CHECKING: "info",
    State.FAULTY: "bad",
    State.CHECKED: "warn",
    State.SUBMITTED: "info",
    State.WRITING: "info",
    State.DONE: "ok",
    State.CANCELLED: "",
    State.UNDOING: "info",
    State.UNDONE: "",
    State.FAILED: "bad",
}

_READING = frozenset({State.UPLOADED, State.CHECKING})
_AT_CHECK = _READING | {State.FAULTY, State.CHECKED, State.FAILED, State.CANCELLED}


@dataclass(frozen=True, slots=True)
class StepShown:
    """One step of the process: what, in which state ("done", "now" or empty), and a remark."""

    label: str
    state: str
    remark: str


def steps(run: ImportRun) -> list[StepShown]:
    """Where the run stands, with who and how much."""
    at = _place(run)
    recognised = sum(1 for *_, known in run.columns if known)
    remarks = (
        f"{run.uploaded_by.name}",
        f"{recognised} 列已对应" if run.columns else "列名自动对应",
        _check_remark(run),
        _review_remark(run),
        _write_remark(run),
    )
    labels = ("上传文件", "核对列", "逐行校验", "第二人审核", "写入并评定")
    return [
        StepShown(label, "done" if n < at else "now" if n == at else "", remark)
        for n, (label, remark) in enumerate(zip(labels, remarks, strict=True))
    ]


def _place(run: ImportRun) -> int:
    if run.state in (State.DONE, State.UNDOING, State.UNDONE):
        return 5
    if run.state == State.WRITING:
        return 4
    if run.state in (State.SUBMITTED, State.CHECKED):
        return 3
    return 2 if run.columns else 1


def _check_remark(run: ImportRun) -> str:
    if run.state in _READING:
        return "正在校验，不写入数据"
    if run.faults_found:
        return f"{run.faulty_rows} 行需要更正" if run.faulty_rows else "需要更正"
    return "全部正确" if run.checked_at and run.state != State.FAILED else "不写入数据"


def _review_remark(run: ImportRun) -> str:
    if run.confirmed_by:
        return f"{run.confirmed_by.name} 同意"
    return "等待审核" if run.state == State.SUBMITTED else "由他人确认真实性"


def _write_remark(run: ImportRun) -> str:
    if run.state == State.UNDONE:
        return "已整批撤回"
    if run.state in (State.DONE, State.UNDOING):
        return f"写入 {run.new_decisions} 份决定"
    return "全部写入或全不写入"
