"""Two periods hold after a repair as well, and are named so."""

from django.db import migrations

NAMES = {
    "objection_share_working_days": "outcome_share_working_days",
    "objection_withdraw_working_days": "outcome_withdraw_working_days",
}


def rename(apps, names):
    for model in ("OfficeSetting", "HistoricalOfficeSetting"):
        rows = apps.get_model("core", model).objects
        for old, new in names.items():
            rows.filter(key=old).update(key=new)


def forwards(apps, schema_editor):
    rename(apps, NAMES)


def backwards(apps, schema_editor):
    rename(apps, {new: old for old, new in NAMES.items()})


class Migration(migrations.Migration):
    dependencies = [("core", "0004_holidays")]
    operations = [migrations.RunPython(forwards, backwards)]
