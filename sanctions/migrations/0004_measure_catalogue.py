"""The clauses of chapter four; the office keeps their bases, terms and guidance from here on."""

from django.db import migrations
from django.utils import timezone

from sanctions.catalogue import ISSUED_ON, SEEDS


def fill(apps, schema_editor):
    Measure = apps.get_model("sanctions", "Measure")
    History = apps.get_model("sanctions", "HistoricalMeasure")
    if Measure.objects.exists():  # undone and done again
        return
    for seed in SEEDS:
        values = {
            "clause": seed.clause,
            "grade": seed.grade,
            "kind": seed.kind,
            "words": seed.words,
            "guidance": seed.guidance,
            "legal_basis": seed.legal_basis,
            "valid_from": ISSUED_ON,
        }
        made = Measure.objects.create(**values)
        History.objects.create(
            id=made.pk,
            **values,
            version=made.version,
            created_at=made.created_at,
            history_date=timezone.now(),
            history_type="+",
            history_change_reason="建库",
        )


class Migration(migrations.Migration):
    dependencies = [("sanctions", "0003_measures")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
