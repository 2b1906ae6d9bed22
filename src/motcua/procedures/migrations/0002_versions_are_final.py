"""Refuses, in the database itself, to alter what a published version says: only the end of its validity may change."""

from django.db import migrations

_FUNCTION = """
CREATE FUNCTION procedures_version_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a published version is never deleted (% %)', TG_TABLE_NAME, OLD.id;
    END IF;
    IF to_jsonb(NEW) - 'valid_to' IS DISTINCT FROM to_jsonb(OLD) - 'valid_to' THEN
        RAISE EXCEPTION 'a published version is never altered (% %)', TG_TABLE_NAME, OLD.id;
    END IF;
    RETURN NEW;
END $$
"""
_TABLES = ("procedures_procedureversion", "procedures_processversion")


class Migration(migrations.Migration):
    dependencies = [("procedures", "0001_initial")]

    operations = [
        migrations.RunSQL(_FUNCTION, "DROP FUNCTION procedures_version_is_final()"),
        *(
            migrations.RunSQL(
                f"CREATE TRIGGER version_is_final BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION procedures_version_is_final()",
                f"DROP TRIGGER version_is_final ON {table}",
            )
            for table in _TABLES
        ),
    ]
