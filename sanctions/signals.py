"""What sanctions tells whoever stands above it.

``paper_served(sender, paper_id)`` is sent in the transaction that records the service of a paper:
deadlines run from that day on.
"""

from django.dispatch import Signal

paper_served = Signal()
