"""The field an act belongs to (2-2), for sheets that do not name it.

Taken from the law where it is in the table (it says it exactly), else from
the unit: its work is its field, and a police station's is public order. An officer can correct it.
"""

from __future__ import annotations

from violations.enums import Field

# For the field alone; which laws are mapped at all, the rule set says (``violations.known_laws``).
_BY_LAW = {
    "治安管理处罚法": Field.PUBLIC_ORDER,
    "旅馆业治安管理办法": Field.PUBLIC_ORDER,
    "保安服务管理条例": Field.PUBLIC_ORDER,
    "娱乐场所管理条例": Field.PUBLIC_ORDER,
    "企业事业单位内部治安保卫条例": Field.PUBLIC_ORDER,
    "大型群众性活动安全管理条例": Field.PUBLIC_ORDER,
    "烟花爆竹安全管理条例": Field.PUBLIC_ORDER,
    "网络安全法": Field.CYBER_SECURITY,
    "互联网上网服务营业场所管理条例": Field.CYBER_SECURITY,
    "易制毒化学品管理条例": Field.DRUG_CONTROL,
    "道路交通安全法": Field.TRAFFIC,
}

# What a unit's name says about its work; the first that stands in the name decides.
_BY_UNIT = (
    ("禁毒", Field.DRUG_CONTROL),
    ("交通", Field.TRAFFIC),
    ("交警", Field.TRAFFIC),
    ("网络安全", Field.CYBER_SECURITY),
    ("网安", Field.CYBER_SECURITY),
    ("治安", Field.PUBLIC_ORDER),
    ("派出所", Field.PUBLIC_ORDER),
)


def field_of(law_key: str, unit_name: str) -> Field:
    """The field of an act that broke the laws of ``law_key``, dealt with by a unit of that name."""
    for law in law_key.split("|"):
        if law in _BY_LAW:
            return _BY_LAW[law]
    for word, field in _BY_UNIT:
        if word in unit_name:
            return field
    return Field.OTHER
