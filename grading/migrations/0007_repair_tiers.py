"""The tiers of credit repair in every rule set; those in force get the map of the law."""

import grading.tier_checks
import grading.tiers
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('grading', '0006_cause_correction'),
    ]

    operations = [
        migrations.AddField(
            model_name='historicalruleset',
            name='tiers',
            field=models.JSONField(default=grading.tiers.regulation, help_text='轻微、一般、严重三档各按哪些程序、处理种类和罚款数额认定，最短和最长公示几个月。', validators=[grading.tier_checks.tiers_are_lawful], verbose_name='信用修复分档与公示月数'),
        ),
        migrations.AddField(
            model_name='ruleset',
            name='tiers',
            field=models.JSONField(default=grading.tiers.regulation, help_text='轻微、一般、严重三档各按哪些程序、处理种类和罚款数额认定，最短和最长公示几个月。', validators=[grading.tier_checks.tiers_are_lawful], verbose_name='信用修复分档与公示月数'),
        ),
    ]
