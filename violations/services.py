"""Everything that writes decisions, in one place to import from.

Each service takes keyword arguments, locks first, then asks ``violations.workflow`` whether it may,
writes facts with history, and records the audit trail in the same transaction.
"""

from violations.confirming import (
    confirm_decision,
    return_decision,
    submit_decision,
    withdraw_decision,
)
from violations.outcomes import (
    contest_decision,
    end_contest,
    repair_violation,
    revoke_violation,
    withdraw_in_force,
)
from violations.recording import edit_decision, record_decision

__all__ = [
    "confirm_decision",
    "contest_decision",
    "edit_decision",
    "end_contest",
    "record_decision",
    "repair_violation",
    "return_decision",
    "revoke_violation",
    "submit_decision",
    "withdraw_decision",
    "withdraw_in_force",
]
