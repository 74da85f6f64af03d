"""Correcting what the register says about an organisation: particulars, code, and mergers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar

from accounts.models import Officer, Unit
from subjects import codes, credit_codes, merging
from subjects.enums import Industry, RegistryStatus
from subjects.initials import initials
from subjects.models import Subject
from subjects.particulars import SubjectInput, faults_of
from violations.correction_models import Correction, CorrectionKind, CorrectionState
from violations.correction_targets import State, Target, reason_of
from violations.inputs import Fault
from violations.signals import facts_written
from violations.writing import save_as

TEXTS = ("credit_code", "code_exception", "name", "address", "principal")
CHOSEN = {"industry": dict(Industry.choices), "registry_status": dict(RegistryStatus.choices)}


class SubjectTarget(Target):
    kind = CorrectionKind.SUBJECT

    def lock(self) -> None:
        self.subject = merging.lock([self.subject.pk])[self.subject.pk]

    def state(self) -> State:
        subject = self.subject
        return {
            **{name: getattr(subject, name) for name in (*TEXTS, *CHOSEN)},
            "unit_in_charge": subject.unit_in_charge_id,
            "former_codes": codes.former_codes(subject),
        }

    def fixed(self) -> State:
        return {"merged_into": self.subject.merged_into_id}

    def label(self, path: str) -> str:
        if path == "former_codes":
            return "曾用代码"
        return str(Subject._meta.get_field(path).verbose_name)  # type: ignore[union-attr]

    def words(self, path: str, value: Any) -> str:
        if path == "former_codes":
            return "、".join(value)
        if path == "unit_in_charge":
            unit = Unit.objects.filter(pk=value).first()
            return unit.name if unit else ""
        return str(CHOSEN.get(path, {}).get(value, value) or "")

    def barred(self, officer: Officer) -> str:
        return ""

    def standing_faults(self) -> list[Fault]:
        if self.subject.merged_into_id is None:
            return []
        message = "该监管对象已并入其他档案，不再更正。请打开并入后的档案办理。"
        return [Fault("", "merged", message)]

    def cleaned(self, wanted: State) -> State:
        given = self._input(wanted)
        texts = {name: getattr(given, name) for name in TEXTS}
        return wanted | texts | {"industry": given.industry}

    def faults(self, wanted: State) -> list[Fault]:
        given = self._input(wanted)
        same_code = given.credit_code == self.subject.credit_code
        found = [
            Fault(fault.field, fault.code, fault.message)
            for fault in faults_of(given)
            # A code that stands was accounted for when it was registered.
            if not (same_code and fault.field in ("credit_code", "code_exception"))
        ]
        if wanted["registry_status"] not in RegistryStatus.values:
            found.append(Fault("registry_status", "unknown", "登记状态不在选项之内。请重选。"))
        if not found and not same_code:
            found += self._taken(given.credit_code)
        return found

    def _taken(self, code: str) -> list[Fault]:
        """A code has one owner: two entries that want it are one organisation, or one errs."""
        owner = codes.owner_of(code, self.subject)
        if owner is None:
            return []
        message = (
            f"代码 {code} 已登记在“{owner.name}”名下。如为同一单位，请办理并档；"
            "如代码有误，请对照营业执照核对。"
        )
        return [Fault("credit_code", "taken", message)]

    def _input(self, wanted: State) -> SubjectInput:
        given = SubjectInput(
            **{name: wanted[name] for name in TEXTS},
            industry=wanted["industry"],
            unit_in_charge_id=wanted["unit_in_charge"],
        ).cleaned()
        return replace(given, credit_code=credit_codes.normalise(given.credit_code))

    def write(self, wanted: State, *, officer: Officer, correction: Correction) -> None:
        subject, given, reason = self.subject, self._input(wanted), reason_of(correction)
        if given.name != subject.name:
            subject.name_initials = initials(given.name)
        if given.credit_code != subject.credit_code:
            subject.kind = credit_codes.kind_of(given.credit_code)
        for name in TEXTS:
            setattr(subject, name, getattr(given, name))
        subject.industry = given.industry
        subject.registry_status = wanted["registry_status"]
        subject.unit_in_charge_id = wanted["unit_in_charge"]
        save_as(officer, subject, reason=reason)
        codes.set_former_codes(subject, wanted["former_codes"], officer=officer, reason=reason)


class MergeTarget(Target):
    """``subject`` into ``survivor``; the state is where each entry of both families points."""

    kind = CorrectionKind.MERGE
    cause: ClassVar[str] = "merge"

    def __init__(self, subject: Subject, survivor: Subject) -> None:
        super().__init__(subject)
        self.survivor = survivor

    def columns(self) -> dict[str, Any]:
        return super().columns() | {"survivor": self.survivor}

    def lock(self) -> None:
        # Both families in one go: whoever takes them bit by bit waits for another in a circle.
        rows = merging.lock(merging.pointers_of(self.subject, self.survivor))
        self.subject, self.survivor = rows[self.subject.pk], rows[self.survivor.pk]

    def state(self) -> State:
        pointers = merging.pointers_of(self.subject, self.survivor)
        return {f"merged_into[{pk}]": target for pk, target in pointers.items()}

    def fixed(self) -> State:
        return {}

    def wanted(self) -> State:
        """The state after the merger."""
        moved = merging.merged(self.subject, self.survivor)
        return self.state() | {f"merged_into[{pk}]": target for pk, target in moved.items()}

    def label(self, path: str) -> str:
        return f"{self._name(_pk(path))} 并入"

    def words(self, path: str, value: Any) -> str:
        return self._name(value) if value else "未并入"

    def _name(self, pk: int) -> str:
        for one in (self.subject, self.survivor):
            if one.pk == pk:
                return str(one)
        return str(Subject.objects.get(pk=pk))

    def barred(self, officer: Officer) -> str:
        return ""

    def standing_faults(self) -> list[Fault]:
        # An undone merger is looked at the other way round: whether it still stands is its state.
        return []

    def faults(self, wanted: State) -> list[Fault]:
        if self.subject.pk == self.survivor.pk or wanted != self.state():
            found = self._merge_faults(wanted)
            return [Fault(one.field, one.code, one.message) for one in found]
        return []

    def _merge_faults(self, wanted: State) -> list[Any]:
        if wanted.get(f"merged_into[{self.subject.pk}]") is None:
            return list(merging.unmerge_faults(self.subject))
        return list(merging.merge_faults(self.subject, self.survivor))

    def subject_ids(self) -> list[int]:
        pointers = merging.pointers_of(self.subject, self.survivor)
        return sorted({self.subject.pk, self.survivor.pk, *pointers})

    def write(self, wanted: State, *, officer: Officer, correction: Correction) -> None:
        pointers = {_pk(path): target for path, target in wanted.items()}
        merging.point(pointers, officer=officer, reason=reason_of(correction))
        self.lock()
        facts_written.send(
            sender=Subject,
            subject_ids=sorted(pointers),
            cause=self.cause,
            source=f"{correction.get_kind_display()} {self.subject.credit_code}",
        )


class UnmergeTarget(MergeTarget):
    """The same two entries, taken apart again."""

    kind = CorrectionKind.UNMERGE

    def wanted(self) -> State:
        """The state after: what had come along when the entry was merged goes back with it."""
        path = f"merged_into[{self.subject.pk}]"
        state = self.state()
        merger = (
            Correction.objects.filter(
                kind=CorrectionKind.MERGE,
                subject=self.subject,
                survivor=self.survivor,
                state=CorrectionState.CARRIED_OUT,
                undoes__isnull=True,
            )
            .order_by("-id")
            .first()
        )
        changes = merger.changes if merger else []
        came_along = {
            one["path"]: one["from"]
            for one in changes
            if one["path"] != path and state.get(one["path"]) == self.survivor.pk
        }
        return state | came_along | {path: None}


def _pk(path: str) -> int:
    return int(path.removeprefix("merged_into[").removesuffix("]"))
