"""What the entry form suggests from the law catalogue, and what choosing a suggestion fills in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.access import check
from accounts.roles import Can
from core.clock import today
from violations.entry_data import RawEntry
from violations.law_search import search
from violations.law_selectors import in_force
from violations.models import LawArticle

SHOWN = 8
_BUTTON = re.compile(r"find-(\d{1,4})|take-(\d{1,4})-(\d{1,18})")
_TYPED = re.compile(r"v-(\d{1,4})-type")


@dataclass(frozen=True, slots=True)
class Suggestions:
    """For the act ``act`` (from 0): entries in force that fit, and how many more there are."""

    act: int
    query: str
    entries: Sequence[LawArticle]
    more: int


def suggestions(act: int, query: str) -> Suggestions:
    """What the catalogue of today has for ``query``."""
    found = search(query, in_force(today()))
    return Suggestions(act, query.strip(), found[:SHOWN], max(len(found) - SHOWN, 0))


def is_help(button: str) -> bool:
    """Whether ``button`` asks for suggestions or takes one."""
    return _BUTTON.fullmatch(button) is not None


def press(raw: RawEntry, button: str) -> tuple[Suggestions | None, str]:
    """Do what ``find-0`` or ``take-0-12`` says to ``raw``.

    Returns the suggestions to show, if any, and the id of the box to go on with. What is typed for
    the type is looked for, else the law, else everything is shown. Whatever points at nothing that
    stands here or is in force changes nothing.
    """
    found = _BUTTON.fullmatch(button)
    act = int(found[1] or found[2]) if found else 0
    if found is None or act >= len(raw.acts):
        return None, ""
    values = raw.acts[act].values
    if found[1]:
        query = values.get("type", "").strip() or values.get("law", "").strip()
        return suggestions(act, query), f"id_v-{act}-type"
    entry = in_force(today()).filter(pk=int(found[3])).first()
    if entry is None:
        return None, f"id_v-{act}-type"
    values |= {
        "type": entry.violation_type,
        "field": entry.field,
        "law": entry.law,
        "article": entry.article,
    }
    return None, f"id_v-{act}-committed_on"


@require_GET
def suggest(request: HttpRequest) -> HttpResponse:
    """The suggestions for what stands in the box 违法行为类型 now, asked for while typing."""
    check(request, Can.RECORD_DECISION)
    typed = next((name for name in request.GET if _TYPED.fullmatch(name)), "v-0-type")
    query = request.GET.get(typed, "")
    found = suggestions(int(typed.split("-")[1]), query) if query.strip() else None
    context = {"suggestions": found, "typing": True}
    return render(request, "desk/laws/_suggestions.html", context)
