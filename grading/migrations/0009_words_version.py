from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("grading", "0008_reviews_in_full")]

    operations = [
        migrations.CreateModel(
            name="WordsVersion",
            fields=[
                (
                    "number",
                    models.PositiveSmallIntegerField(
                        primary_key=True, serialize=False, verbose_name="版本"
                    ),
                ),
                ("since", models.DateTimeField(verbose_name="使用起始")),
            ],
            options={"verbose_name": "说明文字版本", "verbose_name_plural": "说明文字版本"},
        ),
    ]
