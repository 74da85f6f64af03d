"""On PostgreSQL an index over pieces of names and initials; everywhere the indexes of filters."""

import django.db.models.functions.comparison
from django.db import migrations, models

CAPITALS, SMALL = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz"

# The cost keeps the planner from asking it row by row where the index can answer; PARALLEL UNSAFE
# from starting workers for it, which takes ten times as long as the answer.
FUNCTION = f"""
CREATE FUNCTION text_pieces(value text, longest integer) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL UNSAFE COST 1000
AS $$
DECLARE
    lower_case text := translate(value, '{CAPITALS}', '{SMALL}');
    found text[] := '{{}}';
BEGIN
    FOR size IN 2..longest LOOP
        FOR place IN 1..length(lower_case) - size + 1 LOOP
            found := found || substr(lower_case, place, size);
        END LOOP;
    END LOOP;
    RETURN found;
END
$$
"""

# A short list of what is not yet sorted in: each search reads it from end to end.
INDEX = "CREATE INDEX {name} ON {table} USING gin (text_pieces({column}, {longest})) WITH (gin_pending_list_limit = 512)"

INDEXES = {
    "subject_name_pieces": ("subjects_subject", "name", 2),
    "subject_initials_pieces": ("subjects_subject", "name_initials", 3),
    "subject_former_pieces": ("subjects_subjectname", "name", 2),
    "subject_former_initials": ("subjects_subjectname", "name_initials", 3),
}


def create(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    # A million names take longer than a request may.
    schema_editor.execute("SET LOCAL statement_timeout = 0", params=None)
    schema_editor.execute(FUNCTION, params=None)
    for name, (table, column, longest) in INDEXES.items():
        schema_editor.execute(
            INDEX.format(name=name, table=table, column=column, longest=longest), params=None
        )
    # Without figures about the pieces the planner knows no frequent from a rare one.
    schema_editor.execute("ANALYZE subjects_subject, subjects_subjectname", params=None)


def drop(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    for name in INDEXES:
        schema_editor.execute(f"DROP INDEX {name}", params=None)
    schema_editor.execute("DROP FUNCTION text_pieces(text, integer)", params=None)


class Migration(migrations.Migration):

    dependencies = [
        ("subjects", "0001_initial"),
    ]

    operations = [
        migrations.RunPython(create, drop, elidable=False),
        migrations.RemoveIndex(model_name="subject", name="subject_name"),
        migrations.RemoveIndex(model_name="subject", name="subject_initials"),
        migrations.AddIndex(
            model_name="subject",
            index=models.Index(fields=["industry"], name="subject_industry"),
        ),
        migrations.AddIndex(
            model_name="subject",
            index=models.Index(
                django.db.models.functions.comparison.Coalesce("merged_into", "id"),
                name="subject_survivor",
            ),
        ),
        migrations.AddIndex(
            model_name="subject",
            index=models.Index(
                condition=models.Q(("registry_status", "active"), _negated=True),
                fields=["registry_status"],
                name="subject_not_active",
            ),
        ),
    ]
