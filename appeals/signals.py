"""What appeals tell whoever stands above them (publication, pushes).

``objection_decided(sender, objection_id, violation_ids, list_entry_ids)`` is sent in the
transaction that carried an outcome through, with the acts and entries that it changed; what was
published or pushed about them is withdrawn (条例 art. 42, 行政处罚法 art. 48).
"""

from django.dispatch import Signal

objection_decided = Signal()
