"""Registering an organisation and mending what the register says about it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts.access import check
from accounts.models import Officer, Unit
from accounts.roles import Can
from core import audit
from desk.conflict import CONFLICT, Row
from subjects import services
from subjects.enums import Industry, RegistryStatus
from subjects.models import Subject
from subjects.services import DuplicateSubject, InvalidSubject, StaleSubject, version_of

_TEXT = {"autocomplete": "off"}


def _text(label: str, hint: str = "", longest: int = 200) -> forms.CharField:
    """A box whose content the service checks: the form only carries it there and back."""
    widget = forms.TextInput(attrs={**_TEXT, "maxlength": str(longest)})
    return forms.CharField(label=label, required=False, help_text=hint, widget=widget)


class ParticularsForm(forms.Form):
    """What may be mended; the service says what is wrong with it."""

    use_required_attribute = False

    name = _text("名称", "按营业执照或登记证书填写全称")
    address = _text("住所")
    principal = _text("法定代表人（负责人）", "只填姓名，不填身份证号码", 64)
    industry = forms.ChoiceField(
        label="行业",
        required=False,
        choices=Industry.choices,
        error_messages={"invalid_choice": "行业不在选项之内。请从列表中选择。"},
    )
    unit_in_charge = forms.ModelChoiceField(
        label="归口单位",
        required=False,
        queryset=Unit.objects.filter(is_active=True),
        empty_label="暂不指定",
        error_messages={"invalid_choice": "归口单位不在选项之内。请从列表中选择。"},
    )

    def add_faults(self, error: InvalidSubject) -> None:
        """Put each fault beside its box."""
        for fault in error.faults:
            self.add_error(fault.field if fault.field in self.fields else None, fault.message)

    def summary(self) -> list[dict[str, str]]:
        """The faults for ``components/error_summary.html``, in the order of the boxes."""
        lines = [
            {"id": self[name].id_for_label, "message": str(message)}
            for name in self.fields
            for message in self.errors.get(name, [])
        ]
        return lines + [{"id": "", "message": str(line)} for line in self.non_field_errors()]


class RegisterForm(ParticularsForm):
    credit_code = _text(
        "统一社会信用代码", "18 位，见营业执照或登记证书；自然人不是监管对象", longest=40
    )
    code_exception = _text(
        "校验位例外理由", "只有登记机关实际核发的代码校验位不符时填写：看过什么证照、向谁核实过"
    )
    field_order = ("credit_code", "code_exception", "name")


class EditForm(ParticularsForm):
    """``seen`` is the version of the register that the officer began with."""

    registry_status = forms.ChoiceField(
        label="登记状态",
        choices=RegistryStatus.choices,
        error_messages={
            "required": "没有选择登记状态。请从列表中选择。",
            "invalid_choice": "登记状态不在选项之内。请从列表中选择。",
        },
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)


@require_http_methods(["GET", "HEAD", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """登记监管对象. What was typed stays on the page after an error."""
    officer = check(request, Can.EDIT_SUBJECT)
    form = RegisterForm(request.POST or None, initial=_suggested(request, officer))
    existing = None
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in RegisterForm.base_fields}
        try:
            subject = services.register_subject(officer=officer, **values)
        except InvalidSubject as error:
            form.add_faults(error)
        except DuplicateSubject as error:
            form.add_error("credit_code", str(error))
            existing = error.existing
        else:
            messages.success(request, f"已登记“{subject.name}”。")
            return redirect("desk:subject", subject.pk)
    return _page(request, form, {"title": "登记监管对象", "existing": existing})


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Mend name and particulars; the code is never changed here."""
    officer = check(request, Can.EDIT_SUBJECT)
    subject = get_object_or_404(Subject.objects.surviving(), pk=pk)
    form = EditForm(request.POST or None, initial=_present(subject))
    if request.method != "POST":
        audit.record(actor=officer, action="subject.view", target=subject)
    if request.method == "POST" and form.is_valid():
        try:
            services.update_subject(officer=officer, subject=subject, **form.cleaned_data)
        except InvalidSubject as error:
            form.add_faults(error)
        except StaleSubject as stale:
            return _conflict(request, form, stale)
        else:
            messages.success(request, "已更正登记事项。")
            return redirect("desk:subject", subject.pk)
    return _page(request, form, {"title": "更正登记事项", "subject": subject})


def _conflict(request: HttpRequest, form: EditForm, stale: StaleSubject) -> HttpResponse:
    """409: what was typed beside what stands now; kept in the boxes, to be saved over it or not."""
    current = _present(stale.subject)
    kept = EditForm({**request.POST.dict(), "seen": current["seen"]})
    theirs = EditForm(initial=current)
    rows = [
        Row(str(box.label), _in_words(kept[box.name]), _in_words(box))
        for box in theirs.visible_fields()
    ]
    context = {
        "title": "更正登记事项",
        "subject": stale.subject,
        "form": kept,
        "faults": [],
        "conflict": str(stale),
        "rows": rows,
    }
    return render(request, "desk/subject_form.html", context, status=CONFLICT)


def _in_words(box: forms.BoundField) -> str:
    """What a box holds, in the words of its choices."""
    value = str(box.value() or "").strip()
    words = {str(key): str(word) for key, word in getattr(box.field, "choices", ())}
    return words.get(value, value) if value else ""


def _page(request: HttpRequest, form: ParticularsForm, context: dict[str, Any]) -> HttpResponse:
    faults = form.summary() if form.is_bound else []
    status = 400 if faults else 200
    shown = {**context, "form": form, "faults": faults}
    return render(request, "desk/subject_form.html", shown, status=status)


def _suggested(request: HttpRequest, officer: Officer) -> dict[str, Any]:
    """From the search that found nothing: a code or a name; the officer's own unit in charge."""
    typed = request.GET.get("q", "").strip()[:200]
    is_name = any("一" <= character <= "鿿" for character in typed)
    return {
        "name" if is_name else "credit_code": typed,
        "industry": Industry.OTHER,
        "unit_in_charge": officer.unit_id,
    }


def _present(subject: Subject) -> dict[str, Any]:
    return {
        "name": subject.name,
        "address": subject.address,
        "principal": subject.principal,
        "industry": subject.industry,
        "registry_status": subject.registry_status,
        "unit_in_charge": subject.unit_in_charge_id,
        "seen": version_of(subject),
    }
