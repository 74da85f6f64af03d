"""Forms that carry boxes to a service and put its faults beside them."""

from __future__ import annotations

from typing import Any

from django import forms

from violations.form_fields import DayField
from violations.inputs import Fault

_NUM = {"class": "form-control num", "autocomplete": "off", "inputmode": "numeric"}
_DAY_HINT = "写成 2026-11-20 这样的形式"


def day(label: str, hint: str = _DAY_HINT) -> DayField:
    return DayField(label=label, required=False, help_text=hint, widget=forms.TextInput(attrs=_NUM))


def line(label: str, hint: str = "", longest: int = 100) -> forms.CharField:
    attrs = {"class": "form-control", "autocomplete": "off", "maxlength": str(longest)}
    widget = forms.TextInput(attrs=attrs)
    return forms.CharField(label=label, required=False, help_text=hint, widget=widget)


def words(label: str, hint: str = "", longest: int = 1000) -> forms.CharField:
    attrs = {"class": "form-control", "rows": "3", "maxlength": str(longest)}
    return forms.CharField(
        label=label, required=False, help_text=hint, widget=forms.Textarea(attrs=attrs)
    )


class FaultForm(forms.Form):
    """A form whose faults come from a service: each goes beside its box."""

    use_required_attribute = False
    needs: tuple[str, ...] = ()  # days without which nothing can be weighed
    # What a preview takes where nothing is typed yet; the services ask for the real words.
    stand_ins: dict[str, Any] = {}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in self.needs:
            if cleaned.get(name) is None and name not in self.errors:
                label = self.fields[name].label
                self.add_error(name, f"没有填写{label}。请写成 2026-11-20 这样的形式。")
        return cleaned

    def add_faults(self, faults: list[Fault]) -> None:
        for fault in faults:
            name = fault.path if fault.path in self.fields else None
            if name is None or name not in self.errors:
                self.add_error(name, fault.message)

    def summary(self) -> list[dict[str, str]]:
        """The faults for ``components/error_summary.html``, in the order of the boxes."""
        lines = [
            {"id": self[name].id_for_label, "message": str(message)}
            for name in self.fields
            for message in self.errors.get(name, [])
        ]
        return lines + [{"id": "", "message": str(line)} for line in self.non_field_errors()]

    def values(self) -> dict[str, Any]:
        """What was typed, as the service takes it; what could not be read is None."""
        return {name: self.cleaned_data.get(name) for name in self.fields}

    def previewed(self) -> dict[str, Any]:
        """The values of this form, or the stand-ins where a box is empty."""
        typed = (
            self.values()
            if self.is_bound
            else {n: self.get_initial_for_field(f, n) for n, f in self.fields.items()}
        )
        return {name: value or self.stand_ins.get(name, value) for name, value in typed.items()}
