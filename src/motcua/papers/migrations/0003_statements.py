"""An issued paper is found by the digest in its QR code, by a door for people without an account."""

from django.db import migrations, models

DOOR = """
CREATE FUNCTION papers_behind_digest(asked bytea)
RETURNS TABLE (dossier_id uuid, code varchar, kind varchar, ordinal smallint, issued_at timestamptz, record_id uuid,
               receiving_agency_id bigint, competent_agency_id bigint, latest smallint, engine varchar)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT i.dossier_id, d.code, i.kind, i.ordinal, i.issued_at, i.record_id, i.receiving_agency_id,
           i.competent_agency_id,
           (SELECT max(o.ordinal) FROM papers_issue o WHERE o.dossier_id = i.dossier_id AND o.kind = i.kind),
           i.engine
    FROM papers_issue i JOIN dossiers_dossier d ON d.id = i.dossier_id WHERE i.digest = asked
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("papers", "0002_walls")]
    operations = [
        migrations.AddField(
            "issue", "digest", models.BinaryField("mã băm trong mã QR", null=True, unique=True)
        ),
        migrations.RunSQL(DOOR, "DROP FUNCTION papers_behind_digest(bytea);"),
    ]
