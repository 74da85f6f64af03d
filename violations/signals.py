"""What violations tells whoever stands above it.

``facts_written(sender, subject_ids, cause, source)`` is sent inside the transaction of every change
of facts, once a service call or batch, with the ids of the subjects concerned.
"""

from django.dispatch import Signal

facts_written = Signal()
