"""What an officer is warned about before a decision goes on: no fault, nothing is stopped.

Form, pages, API and import all ask ``warnings_of``. A new kind of warning is one more function in
``LOOKS``. Where kind or amount leaves what the article gives, the unit says why before it submits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from core.templatetags.ui import money
from violations.enums import DecisionKind, DispositionKind
from violations.import_cells import shown
from violations.inputs import DecisionInput, Fault, ViolationInput
from violations.known_laws import are_known, known_laws
from violations.law_catalogue import Catalogue, catalogue
from violations.law_models import LawArticle
from violations.laws import law_key

KIND, AMOUNT = "kind_not_in_article", "amount_outside_article"
# With these the act needs its ``deviation_reason`` before the decision is submitted.
TO_EXPLAIN = frozenset({KIND, AMOUNT})
MIN_REASON = 5
# An order to correct goes with every penalty (行政处罚法, art. 28), whatever the article says.
_WITH_ANY = frozenset({DispositionKind.ORDER_TO_CORRECT.value})


@dataclass(frozen=True)
class Grounds:
    """What warnings are judged by; read once, for however many decisions."""

    catalogue: Catalogue
    laws: frozenset[str]  # the normalised names of those that the rule set maps


Look = Callable[[DecisionInput, Grounds], Iterator[Fault]]


def grounds() -> Grounds:
    """As of now."""
    return Grounds(catalogue(), known_laws())


def warnings_of(data: DecisionInput, given: Grounds) -> list[Fault]:
    """Everything to be warned about in ``data``, each with ``warning`` set."""
    return [fault for look in LOOKS for fault in look(data, given)]


def acts_to_explain(warnings: Iterable[Fault]) -> set[int]:
    """The acts, from 0, for which the unit has to say why it left what the article gives."""
    return {
        int(fault.path.partition("[")[2].partition("]")[0])
        for fault in warnings
        if fault.code in TO_EXPLAIN
    }


def unexplained(data: DecisionInput, warnings: Iterable[Fault]) -> list[Fault]:
    """What stands against submitting: a reason that is wanting or says too little."""
    return [
        Fault(
            f"violations[{at}].deviation_reason",
            "unexplained",
            "处理与法律目录不符，没有写明理由。"
            f"请对照决定书更正，或写明理由（不少于 {MIN_REASON} 字）。",
        )
        for at in sorted(acts_to_explain(warnings))
        if len(data.violations[at].deviation_reason.strip()) < MIN_REASON
    ]


def _unmapped_laws(data: DecisionInput, given: Grounds) -> Iterator[Fault]:
    """The rule set does not say whether their records are sealed: until it does, they are."""
    for at, act in enumerate(data.violations):
        if act.law and not are_known(law_key(act.law), given.laws):
            message = f"“{shown(act.law)}”不在法律目录内，映射之前按封存处理，不对外公开。"
            yield Fault(f"violations[{at}].law", "unknown_law", message, warning=True)


def _kinds_not_in_article(data: DecisionInput, given: Grounds) -> Iterator[Fault]:
    for at, act, entries in _judged(data, given):
        allowed = _WITH_ANY.union(*(entry.kind_values for entry in entries))
        for row, one in enumerate(act.dispositions):
            if one.kind in DispositionKind.values and one.kind not in allowed:
                labels = "、".join(dict.fromkeys(k for e in entries for k in e.kind_labels))
                message = (
                    f"{_names(entries)}没有规定“{DispositionKind(one.kind).label}”，"
                    f"规定的处理为{labels}。请对照决定书核对。"
                )
                path = f"violations[{at}].dispositions[{row}].kind"
                yield Fault(path, KIND, message, warning=True)


def _amounts_outside_article(data: DecisionInput, given: Grounds) -> Iterator[Fault]:
    for at, act, entries in _judged(data, given):
        ranges = [entry for entry in entries if DispositionKind.FINE in entry.kind_values]
        for row, one in enumerate(act.dispositions):
            amount = one.amount
            if one.kind != DispositionKind.FINE or amount is None or not amount.is_finite():
                continue
            if ranges and not any(
                (entry.fine_min is None or amount >= entry.fine_min)
                and (entry.fine_max is None or amount <= entry.fine_max)
                for entry in ranges
            ):
                message = (
                    f"罚款 {money(amount)} 元不在{_names(ranges)}规定的幅度内"
                    f"（{'；'.join(map(fine_range, ranges))}）。请对照决定书核对。"
                )
                path = f"violations[{at}].dispositions[{row}].amount"
                yield Fault(path, AMOUNT, message, warning=True)


LOOKS: tuple[Look, ...] = (_unmapped_laws, _kinds_not_in_article, _amounts_outside_article)


def _judged(
    data: DecisionInput, given: Grounds
) -> Iterator[tuple[int, ViolationInput, list[LawArticle]]]:
    """The acts of a penalty that the catalogue knows, with the entries they fall under."""
    if data.kind != DecisionKind.PENALTY:
        return
    for at, act in enumerate(data.violations):
        entries = given.catalogue.entries_for(act, judged_on(act, data))
        if entries:
            yield at, act, entries


def judged_on(act: ViolationInput, data: DecisionInput) -> date | None:
    """The day whose law decides: that of the act, or of the decision where that is not known."""
    return act.committed_on or data.decided_on


def _names(entries: Iterable[LawArticle]) -> str:
    return "、".join(dict.fromkeys(str(entry) for entry in entries))


def fine_range(entry: LawArticle) -> str:
    """10,000 至 50,000 元, 50,000 元以下, 10,000 元以上, or 未规定幅度."""
    low, high = entry.fine_min, entry.fine_max
    if low is not None and high is not None:
        return f"{money(low)} 至 {money(high)} 元"
    if high is not None:
        return f"{money(high)} 元以下"
    return f"{money(low)} 元以上" if low is not None else "未规定幅度"
