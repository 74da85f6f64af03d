import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("violations", "0012_factor_units")]
    operations = [
        migrations.AlterField(
            model_name="factor",
            name="unit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="factors",
                to="accounts.unit",
                verbose_name="提供单位",
            ),
        ),
    ]
