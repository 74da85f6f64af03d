"""The states of an import: one table says what leads where, who may, and what must hold.

As for decisions: every service locks the run first, then asks here, then acts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from accounts.models import Officer
from accounts.roles import Can
from violations.errors import NotAllowed
from violations.import_models import ImportRun
from violations.import_models import ImportState as State


class Step(StrEnum):
    MEND = "mend"  # cells in the page; the sheet is checked again
    REPLACE = "replace"  # the file itself; so is that
    SUBMIT = "submit"
    RETURN = "return"
    CONFIRM = "confirm"
    CANCEL = "cancel"
    ASK_UNDO = "ask_undo"
    AGREE_UNDO = "agree_undo"
    REFUSE_UNDO = "refuse_undo"


_LABELS = {
    Step.MEND: "更正",
    Step.REPLACE: "重新上传",
    Step.SUBMIT: "提交审核",
    Step.RETURN: "退回",
    Step.CONFIRM: "同意写入",
    Step.CANCEL: "取消",
    Step.ASK_UNDO: "申请撤回",
    Step.AGREE_UNDO: "同意撤回",
    Step.REFUSE_UNDO: "不同意撤回",
}


class RunMoved(Exception):  # noqa: N818
    """The run is not in a state, or not in the version, for this step (409)."""

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)


# Says why the officer may not, or None.
Guard = Callable[[Officer, ImportRun], str | None]


def uploader(officer: Officer, run: ImportRun) -> str | None:
    """A sheet is one officer's: whoever handed it in mends it, states that it is true, cancels."""
    if officer.pk == run.uploaded_by_id:
        return None
    return f"这批由{run.uploaded_by.name}上传，由其本人办理。"


def second_person(officer: Officer, run: ImportRun) -> str | None:
    """Never the uploader; the reviewer of the unit, or the office (2-1)."""
    if ImportRun.objects.second_person(officer).filter(pk=run.pk).exists():
        return None
    if officer.pk == run.uploaded_by_id:
        return "上传与审核须由两人完成，上传人不能审核自己的导入。"
    if run.rows_unit is None or run.takeover:
        return "这批由局办公室的另一人审核。"
    return f"这批由{run.rows_unit}的审核人审核；该单位没有可审核的人时，由局办公室审核。"


def agrees_to_undo(officer: Officer, run: ImportRun) -> str | None:
    if run.undo_asked_by_id is None:
        return "还没有人申请撤回这批。"
    if officer.pk == run.undo_asked_by_id:
        return "申请撤回与同意撤回须由两人完成。"
    return second_person(officer, run)


def not_asked_yet(officer: Officer, run: ImportRun) -> str | None:
    if run.undo_asked_by_id is not None:
        return "已有人申请撤回这批，等待同意。"
    return None


def ends_it(officer: Officer, run: ImportRun) -> str | None:
    """The uploader; while it is written also whoever confirmed it."""
    if run.state == State.WRITING and officer.pk == run.confirmed_by_id:
        return None
    return uploader(officer, run)


@dataclass(frozen=True)
class Transition:
    """Where a step leads, who may take it (any one of ``permissions``), and its guard."""

    to: State
    permissions: frozenset[Can]
    guard: Guard


IMPORTS = frozenset({Can.RECORD_DECISION, Can.CONFIRM_FOR_ANY_UNIT})
REVIEWS = frozenset({Can.CONFIRM_DECISION, Can.CONFIRM_FOR_ANY_UNIT})

TABLE: dict[tuple[State, Step], Transition] = {
    (State.FAULTY, Step.MEND): Transition(State.UPLOADED, IMPORTS, uploader),
    (State.FAULTY, Step.REPLACE): Transition(State.UPLOADED, IMPORTS, uploader),
    (State.CHECKED, Step.REPLACE): Transition(State.UPLOADED, IMPORTS, uploader),
    (State.FAILED, Step.REPLACE): Transition(State.UPLOADED, IMPORTS, uploader),
    (State.CHECKED, Step.SUBMIT): Transition(State.SUBMITTED, IMPORTS, uploader),
    (State.SUBMITTED, Step.RETURN): Transition(State.CHECKED, REVIEWS, second_person),
    (State.SUBMITTED, Step.CONFIRM): Transition(State.WRITING, REVIEWS, second_person),
    (State.DONE, Step.ASK_UNDO): Transition(State.DONE, IMPORTS | REVIEWS, not_asked_yet),
    (State.DONE, Step.AGREE_UNDO): Transition(State.UNDOING, REVIEWS, agrees_to_undo),
    (State.DONE, Step.REFUSE_UNDO): Transition(State.DONE, REVIEWS, agrees_to_undo),
    **{
        (state, Step.CANCEL): Transition(State.CANCELLED, IMPORTS | REVIEWS, ends_it)
        for state in (
            State.UPLOADED,
            State.CHECKING,
            State.FAULTY,
            State.CHECKED,
            State.SUBMITTED,
            State.WRITING,
            State.FAILED,
        )
    },
}


def locked(run_id: int) -> ImportRun:
    """The run, locked until the end of the transaction. Raises ImportRun.DoesNotExist."""
    return ImportRun.objects.select_for_update().get(pk=run_id)


def require(run: ImportRun, step: Step, *, officer: Officer, version: int | None = None) -> State:
    """Where ``step`` leads from here. Raises NotAllowed, RunMoved; changes nothing.

    ``version`` is the one that the officer read.
    """
    permitted = frozenset().union(*(t.permissions for (_, s), t in TABLE.items() if s == step))
    if not any(officer.may(can) for can in permitted):
        raise NotAllowed(f"您的角色不能{_LABELS[step]}批量导入。需要办理的，请联系局办公室。")
    transition = TABLE.get((State(run.state), step))
    if transition is None:
        raise RunMoved(
            f"这批现为“{run.get_state_display()}”，不能{_LABELS[step]}。请查看现在的状态。"
        )
    if version is not None and version != run.version:
        raise RunMoved("这批在您打开之后已有改动。请先查看现在的内容，再办理。")
    refusal = transition.guard(officer, run)
    if refusal:
        raise NotAllowed(refusal)
    return transition.to


def allows(run: ImportRun, step: Step, officer: Officer) -> bool:
    """Whether ``officer`` may take ``step`` now: which buttons a page shows."""
    transition = TABLE.get((State(run.state), step))
    return (
        transition is not None
        and any(officer.may(can) for can in transition.permissions)
        and transition.guard(officer, run) is None
    )
