"""What grading tells whoever stands above it.

``grades_changed(sender, change_ids, rows)`` is sent once a batch, inside the transaction that wrote
the ``GradeChange`` rows with these ids, whatever path led there (domain.md §4.5). ``rows`` are
these changes as they were written, where there are few; of a whole range they are ids alone (None).
"""

from django.dispatch import Signal

grades_changed = Signal()
