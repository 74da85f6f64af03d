"""The law catalogue: read by whoever reads decisions, kept by the office."""

from __future__ import annotations

from tests.permission_table import RECORDS, Row

ROWS: dict[str, Row] = {
    "desk:law-suggest": Row(get=RECORDS, query={"v-0-type": "保安"}),
}
