"""What an officer had on screen when they decided: sealed into the page, read back with the answer.

With it a page can say what has changed meanwhile. The seal keeps it from being made up.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.core import signing

from violations.entry_data import RawEntry
from violations.models import Decision

_SALT = "desk.seen"


def sealed(decision: Decision) -> str:
    """The content of ``decision`` for a hidden box."""
    data = {"pk": decision.pk, "entry": RawEntry.from_decision(decision).to_json()}
    return signing.dumps(data, salt=_SALT, compress=True)


def read_seen(post: Mapping[str, str], decision: Decision) -> tuple[int, RawEntry]:
    """Version and content that the officer had on screen; version 0 where the seal is broken."""
    try:
        data = signing.loads(post.get("seen", ""), salt=_SALT)
    except signing.BadSignature:
        return 0, RawEntry()
    if data["pk"] != decision.pk:
        return 0, RawEntry()
    entry = RawEntry.from_json(data["entry"])
    return int(entry.head["version"]), entry
