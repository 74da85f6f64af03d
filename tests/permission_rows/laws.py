"""The law catalogue: read by whoever reads decisions, kept by the office."""

from __future__ import annotations

from typing import Any

from accounts.roles import Can
from tests.permission_table import READS_DECISIONS, RECORDS, Row, World, who_may
from violations.models import LawArticle

KEEPS = who_may(Can.KEEP_CATALOGUES)


def _entry(world: World) -> dict[str, Any]:
    return {"pk": LawArticle.objects.get(law="保安服务管理条例", number="43").pk}


ROWS: dict[str, Row] = {
    "desk:laws": Row(get=READS_DECISIONS | KEEPS),
    "desk:law-suggest": Row(get=RECORDS, query={"v-0-type": "保安"}),
    "desk:law-add": Row(get=KEEPS, post=KEEPS),
    "desk:law": Row(get=READS_DECISIONS | KEEPS, kwargs=_entry),
    "desk:law-change": Row(get=KEEPS, post=KEEPS, kwargs=_entry),
    "desk:law-end": Row(get=None, post=KEEPS, kwargs=_entry),
}
