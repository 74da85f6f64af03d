"""The rule set of the regulation itself, in force from 2022-01-01 (printed 2021-12-25)."""

from datetime import date

from django.db import migrations

NAME = "舞公〔2021〕394号"
# Law -> whether its records are sealed (law.md, "sealed records"); the rest counts as sealed.
LAWS = {
    "治安管理处罚法": True,
    "旅馆业治安管理办法": False,
    "保安服务管理条例": False,
    "娱乐场所管理条例": False,
    "企业事业单位内部治安保卫条例": False,
    "大型群众性活动安全管理条例": False,
    "烟花爆竹安全管理条例": False,
    "网络安全法": False,
    "互联网上网服务营业场所管理条例": False,
    "易制毒化学品管理条例": False,
    "道路交通安全法": False,
}


def load(apps, schema_editor):
    apps.get_model("grading", "RuleSet").objects.get_or_create(
        name=NAME,
        defaults={
            "effective_from": date(2022, 1, 1),
            "approved_on": date(2021, 12, 25),
            "laws": LAWS,
        },
    )


def unload(apps, schema_editor):
    """Taken away only while no grade rests on it: a step back must not need an empty register."""
    used = any(
        apps.get_model("grading", model).objects.filter(rule_set__name=NAME).exists()
        for model in ("Standing", "GradeChange")
    )
    if not used:
        apps.get_model("grading", "RuleSet").objects.filter(name=NAME).delete()


class Migration(migrations.Migration):
    dependencies = [("grading", "0001_initial")]
    operations = [migrations.RunPython(load, unload)]
