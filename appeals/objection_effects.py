"""What an objection does to the two grades: before it is decided, and if it were upheld (5-9).

A preview writes the very rows that deciding writes, weighs them by the rules, and takes them back.
For many objections at once (lists, the queue) the facts are loaded once and the contested ones left
out, which is the same: what is revoked counts on no day.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from appeals.objection_enums import BY_CORRECTION, Verdict
from appeals.objection_models import Objection, ObjectionClaim
from core.clock import today
from grading.corrections import target_of
from grading.counting import Both, Facts, evaluate_both
from grading.dry_run import Effect, dry_run
from grading.facts import load, rule_versions, scope_of
from grading.models import Grade
from violations.correction_models import Correction
from violations.correction_targets import changed
from violations.enums import Closing, ListState
from violations.list_closing import removal_day
from violations.outcomes import revoke_without_asking
from violations.writing import save_as

# The better the lower; nothing on record stands between the red list and a record.
_RANK = {Grade.A.value: 0, "": 1, Grade.B.value: 2, Grade.C.value: 3}
_TRIED = "（预览）"


@dataclass(frozen=True, slots=True)
class IfUpheld:
    """Both grades of an objection's organisation, now and with everything contested gone."""

    now: Both
    then: Both

    @property
    def improves(self) -> bool:
        """Whether one of the two grades becomes better."""
        return self.gain[0] > 0

    @property
    def gain(self) -> tuple[int, int, int]:
        """To sort by: steps of the grade, limits no longer reached, records that count no more."""
        pairs = (
            (self.now.internal, self.then.internal),
            (self.now.disclosable, self.then.disclosable),
        )
        steps = max(_RANK[a.decided.grade] - _RANK[b.decided.grade] for a, b in pairs)
        limits = max(len(a.decided.exceeded) - len(b.decided.exceeded) for a, b in pairs)
        records = max(len(a.counted) - len(b.counted) for a, b in pairs)
        return steps, limits, records


def if_upheld(objections: Collection[Objection], *, day: date | None = None) -> dict[int, IfUpheld]:
    """For each of these objections (claims prefetched), by its id; a fixed number of queries."""
    if not objections:
        return {}
    on, versions = day or today(), rule_versions()
    scope = scope_of({one.subject_id for one in objections})
    found = load(scope, on, versions)
    answer = {}
    for one in objections:
        facts = found.get(scope.survivor(one.subject_id), Facts())
        claims = [claim for claim in one.claims.all() if claim.is_open]
        acts = {claim.violation_id for claim in claims}
        entries = {claim.list_entry_id for claim in claims}
        less = Facts(
            [act for act in facts.acts if act.violation_id not in acts],
            [entry for entry in facts.entries if entry.entry_id not in entries],
            facts.signals,
        )
        answer[one.pk] = IfUpheld(
            evaluate_both(facts, on, versions), evaluate_both(less, on, versions)
        )
    return answer


def preview(
    objection: Objection, verdicts: Mapping[int, str], *, day: date | None = None
) -> list[Effect]:
    """What deciding the claims so would do now; ``verdicts`` by claim, and nothing remains.

    A correction that is named but not proposed yet does nothing here.
    """
    claims = list(
        objection.claims.filter(is_open=True).select_related("violation__decision", "list_entry")
    )

    def carry_out() -> None:
        for correction in corrections_of(claims, verdicts):
            target = target_of(correction)
            target.lock()
            wanted = changed(target.state(), correction.changes)
            target.write(wanted, officer=correction.proposed_by, correction=correction)
        for claim in claims:
            if verdicts.get(claim.pk) == Verdict.UPHELD:
                _strike(claim)

    return dry_run(carry_out, [objection.subject.survivor_id], day=day)


def corrections_of(
    claims: Iterable[ObjectionClaim], verdicts: Mapping[int, str]
) -> list[Correction]:
    """The waiting corrections that these verdicts carry out, each once."""
    found: dict[int, Correction] = {}
    for claim in claims:
        if verdicts.get(claim.pk) in BY_CORRECTION:
            correction = claim.correction or waiting_correction(claim)
            if correction is not None and correction.is_waiting:
                found[correction.pk] = correction
    return list(found.values())


def waiting_correction(claim: ObjectionClaim) -> Correction | None:
    """What is proposed, and not decided yet, about the record of this claim."""
    rows = Correction.objects.waiting()
    if claim.violation is not None:
        return rows.filter(decision=claim.violation.decision_id).first()
    if claim.list_entry_id is not None:
        return rows.filter(list_entry=claim.list_entry_id).first()
    return None


def _strike(claim: ObjectionClaim) -> None:
    """Write what falls; the caller rolls it back."""
    if claim.violation is not None and claim.violation.revoked_on is None:
        officer = claim.violation.decision.recorded_by
        revoke_without_asking(
            claim.violation, officer=officer, on=today(), reason=_TRIED, document=_TRIED, basis=""
        )
    entry = claim.list_entry
    if entry is not None and entry.awaits_closing:
        if entry.closing == Closing.REVOCATION:
            entry.state = ListState.REVOKED
        else:
            entry.removed_on = removal_day(entry)
        save_as(entry.proposed_by, entry, reason=_TRIED)
