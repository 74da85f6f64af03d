"""The database compares the day of approval with the end of the period."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("violations", "0014_list_approved_on")]

    operations = [
        migrations.RemoveField(
            model_name="historicallistentry",
            name="approved_at",
        ),
        migrations.RemoveField(
            model_name="listentry",
            name="approved_at",
        ),
        migrations.AddConstraint(
            model_name="listentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "published"), _negated=True),
                    ("taken_over", True),
                    models.Q(
                        ("approved_on__gt", models.F("notice_ends_on")),
                        ("approved_on__isnull", False),
                        ("notice_ends_on__gt", models.F("notified_on")),
                        ("notice_ends_on__isnull", False),
                        ("notice_ends_on__lt", models.F("listed_on")),
                    ),
                    models.Q(
                        ("list", "black"),
                        ("waived_on__gte", models.F("notified_on")),
                        ("waived_on__isnull", False),
                        ("waived_on__lte", models.F("listed_on")),
                        models.Q(("waiver_document", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="list_entry_period_has_run",
                violation_error_message="告知（公示）期满后才能列入；放弃陈述申辩的，须有书面声明。",
            ),
        ),
    ]
