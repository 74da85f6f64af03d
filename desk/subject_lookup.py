"""The organisation behind a code while it is typed: check digit, card, or boxes for a new one.

``lookup_context`` serves both the fragment (htmx) and the whole entry page after an error, so that
nothing typed is lost on either way.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.access import check
from accounts.roles import Can
from desk.entry_key import read_key
from desk.trail import subject_found
from grading.models import Standing
from subjects import credit_codes
from subjects.enums import Industry, SubjectKind
from subjects.lookup import find_by_code
from subjects.models import Subject

MAX_TYPED = 40


@dataclass(frozen=True, slots=True)
class Lookup:
    """What a code leads to.

    ``fault`` is None for a right code and while fewer than 18 characters stand there;
    ``is_former`` where the code is not the organisation's present one.
    """

    code: str
    fault: credit_codes.CodeFault | None = None
    kind: SubjectKind | None = None
    subject: Subject | None = None
    standing: Standing | None = None

    @property
    def is_incomplete(self) -> bool:
        return not self.fault and not self.subject and len(self.code) < credit_codes.LENGTH

    @property
    def is_former(self) -> bool:
        return self.subject is not None and self.subject.credit_code != self.code

    @property
    def may_be_exception(self) -> bool:
        """Whether an authority may have issued the code all the same: a reason is asked."""
        return self.fault is not None and self.fault.code == "check_character"

    @property
    def is_new(self) -> bool:
        """Whether the organisation can be registered with the decision: its boxes are shown."""
        unknown = not self.subject and not self.is_incomplete
        return unknown and (self.fault is None or self.may_be_exception)


class NewSubjectBoxes(forms.Form):
    """The boxes of the fragment; the names are those that the entry form reads."""

    use_required_attribute = False

    code_exception = forms.CharField(
        label="校验位例外理由",
        required=False,
        max_length=200,
        help_text="登记机关实际核发的代码如此时填写：看过什么证照、向哪个机关核实过",
        widget=forms.TextInput(attrs={"autocomplete": "off", "maxlength": "200"}),
    )
    subject_name = forms.CharField(
        label="监管对象名称",
        required=False,
        help_text="按营业执照或登记证书填写全称",
        widget=forms.TextInput(attrs={"autocomplete": "off", "maxlength": "200"}),
    )
    subject_address = forms.CharField(
        label="住所",
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "maxlength": "200"}),
    )
    subject_principal = forms.CharField(
        label="法定代表人（负责人）",
        required=False,
        help_text="只填姓名，不填身份证号码",
        widget=forms.TextInput(attrs={"autocomplete": "off", "maxlength": "64"}),
    )
    subject_industry = forms.ChoiceField(
        label="行业",
        required=False,
        choices=[("", "请选择行业"), *Industry.choices],
    )


def look_up(code: str) -> Lookup:
    """What ``code`` as it was typed leads to; at most three queries."""
    normal = credit_codes.normalise(code[:MAX_TYPED])
    if not normal:
        return Lookup("")
    fault = credit_codes.check(normal)
    if fault is None or fault.code == "check_character":
        subject = find_by_code(normal)
        if subject:
            standing = Standing.objects.filter(pk=subject.pk).first()
            return Lookup(normal, None, SubjectKind(subject.kind), subject, standing)
        return Lookup(normal, fault, credit_codes.kind_of(normal))
    if fault.code == "length" and len(normal) < credit_codes.LENGTH:
        return Lookup(normal)
    return Lookup(normal, fault)


def lookup_context(
    code: str, typed: Mapping[str, str] | None = None, boxes: forms.Form | None = None
) -> dict[str, object]:
    """For ``desk/subject_lookup.html``: ``found``, and ``boxes`` with what was typed in them.

    The entry page passes its own bound form as ``boxes``; the fragment what came in ``typed``.
    """
    return {
        "found": look_up(code),
        "boxes": boxes if boxes is not None else NewSubjectBoxes(initial=dict(typed or {})),
    }


@require_GET
def fragment(request: HttpRequest) -> HttpResponse:
    """The fragment for ``?credit_code=``; a found organisation leaves a row in the trail."""
    officer = check(request, Can.RECORD_DECISION, Can.EDIT_SUBJECT)
    typed = {name: request.GET[name] for name in NewSubjectBoxes.base_fields if name in request.GET}
    context = lookup_context(request.GET.get("credit_code", ""), typed)
    found = context["found"]
    if isinstance(found, Lookup) and found.subject:
        form = read_key(request.GET)
        subject_found(request, officer, found.subject, code=found.code, form=form)
    return render(request, "desk/subject_lookup.html", context)
