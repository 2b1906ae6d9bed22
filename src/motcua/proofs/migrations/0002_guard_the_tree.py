"""The tree and its heads only grow, for every role; tiles are hashes, which no compression makes smaller."""

from django.db import migrations

TABLES = ("proofs_tile", "proofs_key", "proofs_head")
GUARD = "".join(
    f"CREATE TRIGGER {table}_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
    "FOR EACH STATEMENT EXECUTE FUNCTION dossiers_refuse_change();"
    for table in TABLES
)
UNGUARD = "".join(f"DROP TRIGGER {table}_only_grows ON {table};" for table in TABLES)
STORAGE = "ALTER TABLE proofs_tile ALTER COLUMN hashes SET STORAGE {};"


class Migration(migrations.Migration):
    dependencies = [("proofs", "0001_initial"), ("dossiers", "0002_guard_the_log")]
    operations = [
        migrations.RunSQL(GUARD + STORAGE.format("EXTERNAL"), UNGUARD + STORAGE.format("EXTENDED")),
    ]
