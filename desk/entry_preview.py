"""The live preview of an entry form: what the grade would become, and how each act counts.

Writes nothing but that an organisation was looked up. The evaluation is ``grading.preview``'s, the
same that decides after confirmation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from accounts.access import check
from accounts.models import Officer
from accounts.roles import Can
from core.clock import today
from core.templatetags.ui import FLAG_WORDS
from desk.entry_key import read_key
from desk.entry_kinds import KINDS
from desk.trail import subject_found
from grading.counting import Evaluation
from grading.explanations import conclusion, headroom, money
from grading.preview import Preview, preview
from subjects import credit_codes
from subjects.lookup import find_by_code
from violations.cleaning import cleaned
from violations.entry_data import RawEntry
from violations.enums import Bucket, DecisionKind, DispositionKind
from violations.forms import EntryForm
from violations.inputs import DecisionInput, DispositionInput, ViolationInput
from violations.severity import bucket_of, heaviest, money_fen
from violations.twins import twins_of_input
from violations.warnings import acts_to_explain, grounds, warnings_of


@dataclass(frozen=True, slots=True)
class Row:
    """One counter before and after; money in fen where ``is_money``."""

    label: str
    short: str
    unit: str
    before: int
    after: int
    limit: int
    is_money: bool = False

    @property
    def move(self) -> str:
        """ "行政处罚 2 → 3 件", or empty where nothing moves."""
        if self.before == self.after:
            return ""
        old, new = (
            (money(self.before), money(self.after))
            if self.is_money
            else (str(self.before), str(self.after))
        )
        return f"{self.label} {old} → {new} {self.unit}"

    @property
    def brief(self) -> str:
        """The same for the one line of a narrow screen: "处罚 2→3 件", "罚没款 65,320 元"."""
        if self.is_money:
            return f"{self.short} {money(self.after)} {self.unit}"
        return f"{self.short} {self.before}→{self.after} {self.unit}"


def preview_context(kind: str, raw: RawEntry, officer: Officer) -> dict[str, Any]:
    """For ``desk/entry_preview.html``: either ``why_not``, or ``shown`` with rows and sentences."""
    form = EntryForm(kind, raw, check=True)
    data = form.to_input(unit_code=officer.unit.code)
    lines = [(index, counted_as(kind, act)) for index, act in enumerate(data.violations)]
    why_not = _why_not(data)
    context: dict[str, Any] = {
        "act_lines": lines,
        "act_warnings": list(enumerate(to_explain(data))),
        "twins": twins_of_input(data, find_by_code(data.credit_code), officer),
        "why_not": why_not,
        "preview_line": why_not,
    }
    if why_not:
        return context
    return context | _shown(preview(credit_codes.normalise(data.credit_code), _weighable(data)))


def to_explain(data: DecisionInput) -> list[list[str]]:
    """For each act what does not fit its article, so that the unit has to say why."""
    said: list[list[str]] = [[] for _ in data.violations]
    if data.kind == DecisionKind.PENALTY:
        for fault in warnings_of(cleaned(data), grounds()):
            for at in acts_to_explain([fault]):
                said[at].append(fault.message)
    return said


def counted_as(kind: str, act: ViolationInput) -> str:
    """How one act counts (3-H), as the line under it says; empty while nothing is chosen."""
    known = _known(act.dispositions)
    if kind == DecisionKind.BREACH:
        return "计入：违反许可承诺 1 次"
    top = heaviest([one.kind for one in known])
    if top is None:
        return ""
    bucket = bucket_of(kind, [one.kind for one in known])
    said = f"以最重的“{top.label}”计入：" if len(known) > 1 else "计入："
    if bucket == Bucket.PENALTY:
        fen = money_fen(bucket, known)
        return f"{said}行政处罚 1 件" + (f"，{money(fen)} 元" if fen else "")
    what = "警告" if top is DispositionKind.WARNING else "责令改正"
    return f"{said}{what} 1 次"


@require_POST
def fragment(request: HttpRequest, kind: str) -> HttpResponse:
    """The preview for what stands in the form now; asked for by htmx while typing."""
    officer = check(request, Can.RECORD_DECISION)
    if kind not in KINDS:
        raise Http404
    context = preview_context(KINDS[kind], RawEntry.from_post(request.POST), officer)
    subject = context.get("previewed")
    if subject is not None:
        form, code = read_key(request.POST), subject.credit_code
        subject_found(request, officer, subject, code=code, form=form)
    return render(request, "desk/entry_preview_fragment.html", context)


def _known(dispositions: Sequence[DispositionInput]) -> list[DispositionInput]:
    """Those whose kind can be weighed; the checks speak about the others."""
    return [one for one in dispositions if one.kind in DispositionKind.values]


def _weighable(data: DecisionInput) -> DecisionInput:
    acts = [replace(act, dispositions=tuple(_known(act.dispositions))) for act in data.violations]
    if data.kind != DecisionKind.BREACH:
        acts = [act for act in acts if act.dispositions]
    return replace(data, violations=tuple(acts))


def _why_not(data: DecisionInput) -> str:
    """Why there is no preview yet; empty where there is one."""
    code = credit_codes.normalise(data.credit_code)
    fault = credit_codes.check(code)
    known = fault is not None and find_by_code(code) is not None
    excepted = fault is not None and fault.code == "check_character" and data.code_exception
    if fault is not None and not known and not excepted:
        return "代码校验通过后，这里显示提交后的计数与等级。"
    if data.decided_on is None:
        return "填写决定日期后，这里显示提交后的计数与等级。"
    if data.decided_on > today():
        return "决定日期晚于今天，更正后显示提交后的计数与等级。"
    if not _weighable(data).violations:
        return "选择处理种类后，这里显示提交后的计数与等级。"
    return ""


def _shown(seen: Preview) -> dict[str, Any]:
    rows = _rows(seen.now, seen.then)
    old, new = seen.now.decided, seen.then.decided
    moves = [row.move for row in rows if row.move]
    same = old == new and not moves
    new_flags = [flag for flag in new.flags if flag not in old.flags]
    return {
        "shown": True,
        "previewed": seen.subject,
        "is_new_subject": seen.subject is None,
        "before_grade": old.grade,
        "after_grade": new.grade,
        "new_flags": new_flags,
        "rows": rows,
        "moves": moves,
        "same": same and seen.then.rules is not None,
        "sentence": conclusion(seen.then),
        "headroom": headroom(seen.then),
        "rule_set": seen.then.rules.name if seen.then.rules else "",
        "preview_line": "计数与等级不变" if same else _line(old.grade, new.grade, new_flags, rows),
    }


def _line(old: str, new: str, new_flags: list[str], rows: list[Row]) -> str:
    """The preview in one line, for the bar of a narrow screen."""
    parts = [f"仍为 {_letter(new)}" if old == new else f"{_letter(old)} → {_letter(new)}"]
    parts += [FLAG_WORDS.get(flag, flag) for flag in new_flags]
    return " · ".join([*parts, *(row.brief for row in rows if row.move)])


def _letter(grade: str) -> str:
    return f"{grade} 级" if grade else "未定级"


def _rows(now: Evaluation, then: Evaluation) -> list[Row]:
    rules = then.rules
    if rules is None:
        return []
    limits, a, b = rules.limits, now.counts, then.counts
    return [
        Row("行政处罚", "处罚", "件", a.penalties, b.penalties, limits.penalties),
        Row("警告、责令改正", "警告责令", "次", a.warnings, b.warnings, limits.warnings),
        Row("罚没款", "罚没款", "元", a.amount_fen, b.amount_fen, limits.amount_fen, is_money=True),
        Row("违反许可承诺", "违反承诺", "次", a.breaches, b.breaches, limits.breaches),
    ]
