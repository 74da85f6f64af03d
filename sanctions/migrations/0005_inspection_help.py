import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_window_role'),
        ('sanctions', '0004_measure_catalogue'),
    ]

    operations = [
        migrations.AddField(
            model_name='historicalinspection',
            name='helped_by',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='accounts.unit', verbose_name='支援单位'),
        ),
        migrations.AddField(
            model_name='inspection',
            name='helped_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.unit', verbose_name='支援单位'),
        ),
        migrations.AlterField(
            model_name='poolmember',
            name='group',
            field=models.CharField(choices=[('a', 'A 级（免于日常检查）'), ('n', '未定级及措施尚未适用的'), ('b', 'B 级'), ('c', 'C 级'), ('key', '重点行业'), ('key_a', '重点行业中的 A 级')], max_length=5, verbose_name='组别'),
        ),
    ]
