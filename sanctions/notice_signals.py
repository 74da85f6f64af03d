"""What the register of notices tells whoever publishes and pushes.

``push_decided(sender, notice_id, push)`` is sent in the transaction in which the office decided
about one notice (5-6); nothing is pushed by itself.
"""

from django.dispatch import Signal

push_decided = Signal()
