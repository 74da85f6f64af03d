"""A form that only carries what is typed to a service and its faults back beside the boxes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from violations.form_fields import DayField, YuanField
from violations.inputs import Fault


class ServiceForm(forms.Form):
    """All boxes are optional to the parser; the service says what is missing or wrong."""

    use_required_attribute = False

    def values(self) -> dict[str, Any]:
        """Every box as a value; the empty value of its kind where it could not be read."""
        self.is_valid()
        empty: dict[str, Any] = {
            name: None if isinstance(field, DayField | YuanField) else ""
            for name, field in self.fields.items()
        }
        return {**empty, **self.cleaned_data}

    def add_faults(self, faults: Iterable[Fault]) -> None:
        """Put each fault beside its box; a box that could not be read keeps that error alone."""
        for fault in faults:
            name = fault.path if fault.path in self.fields else None
            if name is None or name not in self.errors:
                self.add_error(name, fault.message)

    def summary(self) -> list[dict[str, str]]:
        """For ``components/error_summary.html``, in the order of the boxes."""
        lines = [
            {"id": self[name].id_for_label, "message": f"{self.fields[name].label}：{message}"}
            for name in self.fields
            for message in self.errors.get(name, [])
        ]
        return lines + [{"id": "", "message": str(line)} for line in self.non_field_errors()]


def text_box(label: str, hint: str = "", longest: int = 200, **attrs: str) -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "off", "maxlength": str(longest), **attrs})
    return forms.CharField(label=label, required=False, help_text=hint, widget=widget)


def long_box(label: str, hint: str = "", longest: int = 500) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": "2", "maxlength": str(longest)})
    return forms.CharField(label=label, required=False, help_text=hint, widget=widget)


def day_box(label: str, hint: str = "写成 2026-11-20 这样的形式") -> DayField:
    widget = forms.TextInput(
        attrs={"class": "form-control num", "autocomplete": "off", "inputmode": "numeric"}
    )
    return DayField(label=label, required=False, help_text=hint, widget=widget)


def yuan_box(label: str, hint: str = "") -> YuanField:
    widget = forms.TextInput(
        attrs={"class": "form-control num", "autocomplete": "off", "inputmode": "numeric"}
    )
    return YuanField(label=label, required=False, help_text=hint, widget=widget)


def choice_box(
    label: str, choices: Iterable[tuple[str, str]], empty: str = "", hint: str = ""
) -> forms.CharField:
    """A list to choose from that carries any other value to the service, which refuses it."""
    first = [("", empty)] if empty else []
    widget = forms.Select(attrs={"class": "form-select"}, choices=[*first, *choices])
    return forms.CharField(label=label, required=False, help_text=hint, widget=widget)
