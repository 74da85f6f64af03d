"""What a published entry must have behind it, once the rows were brought into line."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("violations", "0009_list_process")]

    operations = [
        migrations.RemoveConstraint(
            model_name="listentry",
            name="list_entry_notified_before_listed",
        ),
        migrations.AddConstraint(
            model_name="listentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "published"), _negated=True),
                    models.Q(
                        ("notified_on__isnull", False), ("notified_on__lt", models.F("listed_on"))
                    ),
                    _connector="OR",
                ),
                name="list_entry_notified_before_listed",
                violation_error_message="须先告知（公示），后列入。",
            ),
        ),
        migrations.AddConstraint(
            model_name="listentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "published"), _negated=True),
                    ("taken_over", True),
                    models.Q(
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
        migrations.AddConstraint(
            model_name="listentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("list", "black"), ("state", "published"), _negated=True),
                    ("taken_over", True),
                    ("hearing__in", ["none", "partly", "rejected"]),
                    _connector="OR",
                ),
                name="list_entry_party_heard",
                violation_error_message="须先听取当事人的陈述申辩，采纳的不得列入。",
            ),
        ),
        migrations.AddConstraint(
            model_name="listentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("closing_approved_by__isnull", True),
                    models.Q(
                        ("closing_proposed_by__isnull", False),
                        models.Q(
                            ("closing_approved_by", models.F("closing_proposed_by")), _negated=True
                        ),
                    ),
                    _connector="OR",
                ),
                name="list_entry_closed_by_two",
                violation_error_message="提请人不能批准自己提请的移出或撤销。",
            ),
        ),
        migrations.AddConstraint(
            model_name="listentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("removed_on__isnull", True), models.Q(("state", "revoked"), _negated=True)
                    ),
                    ("closing_approved_by__isnull", False),
                    _connector="OR",
                ),
                name="list_entry_closing_is_approved",
                violation_error_message="移出或撤销须经另一人批准。",
            ),
        ),
    ]
