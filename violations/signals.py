"""What violations tells whoever stands above it.

``facts_written(sender, subject_ids, cause, source)`` is sent inside the transaction of every change
of facts, once a service call or batch, with the ids of the subjects concerned.

``outcome_decided(sender, decision_id, violation_ids, basis, document, officer)`` is sent in the
same way when acts were revoked or repaired or a contest ended: whoever has a case open about these
acts closes it. ``basis`` is that of ``violations.outcome_basis``.
"""

from django.dispatch import Signal

facts_written = Signal()
outcome_decided = Signal()
