"""The box itself. The windows see this page and nothing else."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts.access import check
from accounts.models import Officer
from accounts.roles import Can
from core import audit
from sanctions.measure_answers import MOST, Answer, answers_for
from subjects.credit_codes import normalise

MAX_TEXT = 100_000
_BETWEEN = re.compile(r"[,，;；、|\n\r\t]+")


@dataclass(frozen=True, slots=True)
class Line:
    """One piece of what was typed, as typed, with the number of its place."""

    place: int
    text: str


def only_asks(officer: Officer) -> bool:
    """Whether this box is all that the officer has: the windows."""
    return officer.may(Can.ASK_DESK) and not officer.may(Can.SEE_REGISTER)


@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    """Codes are sent in the body, so that none stands in an address or a log of addresses."""
    officer = check(request, Can.ASK_DESK)
    internal = officer.may(Can.SEE_REGISTER)
    context: dict[str, object] = {
        "internal": internal,
        "most": MOST,
        "typed": "",
        "may_handle": officer.may(Can.RECORD_HANDLING),
    }
    if request.method != "POST":
        return render(request, "desk/ask/page.html", context)
    typed = request.POST.get("codes", "")[:MAX_TEXT]
    lines = _lines(typed)
    context["typed"] = typed
    if not lines:
        context["refused"] = "没有填写代码。请输入或粘贴统一社会信用代码，一行一个。"
        return render(request, "desk/ask/page.html", context, status=422)
    if len(lines) > MOST:
        context["refused"] = (
            f"一次最多查询 {MOST} 个代码，现为 {len(lines)} 个。请分几次查询，内容仍在框中。"
        )
        return render(request, "desk/ask/page.html", context, status=422)
    answers = answers_for([line.text for line in lines], internal=internal)
    # Only what is a code goes into the trail: anything else might be a person's number.
    asked = [answer.asked for answer in answers if answer.fault is None]
    audit.record(
        actor=officer,
        action="desk.ask",
        details={"codes": asked, "internal": internal, "not_codes": len(answers) - len(asked)},
    )
    context |= _sorted(lines, answers)
    return render(request, "desk/ask/page.html", context)


def _lines(typed: str) -> list[Line]:
    pieces = (piece.strip() for piece in _BETWEEN.split(typed))
    found = [piece for piece in pieces if piece]
    # Several codes in one line with blanks between; a code typed in groups keeps its blanks.
    split: list[str] = []
    for piece in found:
        parts = piece.split() if len(normalise(piece)) > 18 else [piece]
        split += parts
    return [Line(place, text) for place, text in enumerate(split, start=1)]


def _sorted(lines: Sequence[Line], answers: Sequence[Answer]) -> dict[str, object]:
    places: dict[str, Line] = {}
    for line in lines:
        places.setdefault(normalise(line.text), line)
    faults = [
        {"line": places[one.asked], "fault": one.fault} for one in answers if one.fault is not None
    ]
    good = [one for one in answers if one.fault is None]
    return {
        "answers": good,
        "faults": faults,
        "asked": len(lines),
        "twice": len(lines) - len(answers),
        "found": sum(1 for one in good if one.subject is not None),
    }
