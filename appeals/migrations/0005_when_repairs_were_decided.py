from datetime import datetime, time

from django.db import migrations
from django.utils import timezone


def date_the_decided(apps, schema_editor):
    """Those decided before the moment was kept: the first of their day."""
    for row in apps.get_model("appeals", "Repair").objects.filter(decided_on__isnull=False):
        at = datetime.combine(row.decided_on, time.min, timezone.get_current_timezone())
        apps.get_model("appeals", "Repair").objects.filter(pk=row.pk).update(decided_at=at)


class Migration(migrations.Migration):
    dependencies = [("appeals", "0004_repair_files")]
    operations = [migrations.RunPython(date_the_decided, migrations.RunPython.noop)]
