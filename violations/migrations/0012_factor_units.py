"""Each factor names the unit that answers for it: so far that of whoever recorded it (2-3)."""

from django.conf import settings
from django.db import migrations
from django.db.models import OuterRef, Subquery


def fill(apps, schema_editor):
    Factor = apps.get_model("violations", "Factor")
    Officer = apps.get_model(settings.AUTH_USER_MODEL)
    unit = Officer.objects.filter(pk=OuterRef("recorded_by")).values("unit_id")[:1]
    Factor._base_manager.filter(unit__isnull=True).update(unit_id=Subquery(unit))


class Migration(migrations.Migration):
    dependencies = [("violations", "0011_factors_in_full")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
