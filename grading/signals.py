"""What grading tells whoever stands above it.

``grades_changed(sender, change_ids)`` is sent once a batch, inside the transaction that wrote the
``GradeChange`` rows with these ids, whatever path led there (domain.md §4.5).
"""

from django.dispatch import Signal

grades_changed = Signal()
