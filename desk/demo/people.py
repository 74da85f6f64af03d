"""The units of the bureau and one demonstration officer a role (interfaces.md, "demo")."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from accounts.models import Officer, Unit
from accounts.roles import Role
from accounts.units import UnitRow, take_units
from core import audit
from core.models import OfficeSetting

UNITS = (
    ("WG-OFFICE", "局办公室"),
    ("WG-ZA", "治安管理大队"),
    ("WG-JD", "禁毒大队"),
    ("WG-JJ", "交通警察大队"),
    ("WG-WA", "网络安全保卫大队"),
    ("WG-YH", "垭口派出所"),
    ("WG-YL", "院岭派出所"),
    ("WG-SL", "寺坡派出所"),
    ("WG-ZL", "朱兰派出所"),
    ("WG-SG", "尚店派出所"),
)
RECORDER, REVIEWER = "410001", "410002"
OFFICE, APPROVER = "410003", "410004"
STATION_RECORDER, STATION_REVIEWER = "410008", "410011"
OFFICERS: tuple[tuple[str, str, str, Role], ...] = (
    (RECORDER, "赵录一", "WG-ZA", Role.RECORDER),
    (REVIEWER, "钱审一", "WG-ZA", Role.UNIT_REVIEWER),
    (OFFICE, "孙办一", "WG-OFFICE", Role.OFFICE),
    (APPROVER, "李批一", "WG-OFFICE", Role.APPROVER),
    ("410005", "周举一", "WG-OFFICE", Role.TIP_HANDLER),
    ("410006", "吴计一", "WG-OFFICE", Role.AUDITOR),
    ("410007", "郑管一", "WG-OFFICE", Role.ADMINISTRATOR),
    (STATION_RECORDER, "王录二", "WG-YH", Role.RECORDER),
    ("410009", "冯办二", "WG-OFFICE", Role.OFFICE),
    ("410010", "陈管二", "WG-OFFICE", Role.ADMINISTRATOR),
    (STATION_REVIEWER, "褚审二", "WG-YH", Role.UNIT_REVIEWER),
    ("410012", "卫窗一", "WG-ZA", Role.WINDOW),
)
TAKEOVER_UNTIL = "2099-12-31"


def password_of(number: str) -> str:
    """The published password of a demonstration officer; such accounts exist nowhere else."""
    return f"demo-{number}"


@transaction.atomic
def make_people() -> int:
    """Units, officers and an open ``takeover_until``, as far as missing; how many officers came."""
    take_units(UnitRow(at, code, name) for at, (code, name) in enumerate(UNITS, start=2))
    units = {unit.code: unit for unit in Unit.objects.all()}
    known = set(Officer.objects.values_list("number", flat=True))
    missing = [one for one in OFFICERS if one[0] not in known]
    for number, name, unit_code, role in missing:
        officer = Officer.objects.create_user(
            number, password_of(number), roles=(role.value,), name=name, unit=units[unit_code]
        )
        audit.record(actor=None, action="demo.officer", target=officer, details={"role": role})
    if not OfficeSetting.objects.filter(key="takeover_until").exists():
        setting = OfficeSetting.objects.create(
            key="takeover_until",
            value=TAKEOVER_UNTIL,
            effective_from=date(2022, 1, 1),
            reason="演示环境开放接收",
        )
        audit.record(actor=None, action="demo.setting", target=setting)
    return len(missing)
