"""What sanctions tells whoever stands above it.

``paper_served(sender, paper_id)`` is sent in the transaction that records the service of a paper:
deadlines run from that day on. ``paper_service_taken_back`` is sent likewise where that record was
wrong: the paper is not served.
"""

from django.dispatch import Signal

paper_served = Signal()
paper_service_taken_back = Signal()
