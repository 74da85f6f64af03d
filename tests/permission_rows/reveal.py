"""Who may open an encrypted field: what is not registered exists for nobody.

Each topic tries its own fields in its own tests.
"""

from __future__ import annotations

from tests.permission_table import SIGNED_IN, Row

ROWS: dict[str, Row] = {
    "desk:reveal": Row(
        get=SIGNED_IN,
        post=SIGNED_IN,
        hidden=SIGNED_IN,
        kwargs=lambda world: {"what": "nothing.there", "pk": world.subject.pk},
    ),
}
