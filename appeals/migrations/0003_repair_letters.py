"""The letters of a repair, and what its decision did to both grades."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('appeals', '0002_objections'),
        ('sanctions', '0006_notices'),
    ]

    operations = [
        migrations.AddField(
            model_name='historicalrepair',
            name='answer',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='sanctions.paper', verbose_name='答复书'),
        ),
        migrations.AddField(
            model_name='historicalrepair',
            name='receipt',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='sanctions.paper', verbose_name='回执'),
        ),
        migrations.AddField(
            model_name='repair',
            name='answer',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sanctions.paper', verbose_name='答复书'),
        ),
        migrations.AddField(
            model_name='repair',
            name='effects',
            field=models.JSONField(default=dict, verbose_name='等级影响'),
        ),
        migrations.AddField(
            model_name='repair',
            name='receipt',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sanctions.paper', verbose_name='回执'),
        ),
    ]
