"""PostgreSQL gives signed papers to who may see the dossier, and by two doors to whoever holds the paper itself."""

from django.db import migrations

PAIR = """(SELECT agencies_reads_all())
    OR receiving_agency_id = ANY ((SELECT agencies_listed('motcua.see_receiving'))::bigint[])
    OR competent_agency_id = ANY ((SELECT agencies_listed('motcua.see_competent'))::bigint[])"""
MAKE = f"""
ALTER TABLE signatures_signedpaper ENABLE ROW LEVEL SECURITY;
CREATE POLICY signatures_signedpaper_read ON signatures_signedpaper FOR SELECT USING ({PAIR});
CREATE POLICY signatures_signedpaper_add ON signatures_signedpaper FOR INSERT WITH CHECK (true);
CREATE POLICY signatures_signedpaper_change ON signatures_signedpaper FOR UPDATE USING ((SELECT agencies_reads_all()));
CREATE POLICY signatures_signedpaper_remove ON signatures_signedpaper FOR DELETE USING ((SELECT agencies_reads_all()));
CREATE FUNCTION signatures_of_issue(dossier uuid, of_kind text, number integer)
RETURNS TABLE (by varchar, signer varchar, signed_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT s.by, s.signer, s.signed_at FROM signatures_signedpaper s
    WHERE s.dossier_id = dossier AND s.kind = of_kind AND s.ordinal = number ORDER BY s.recorded_at, s.id
$$;
CREATE FUNCTION signatures_behind_digest(asked bytea)
RETURNS TABLE (dossier varchar, kind varchar, ordinal smallint, recorded_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT d.code, s.kind, s.ordinal, s.recorded_at FROM signatures_signedpaper s
    JOIN dossiers_dossier d ON d.id = s.dossier_id WHERE s.digest = asked ORDER BY s.recorded_at LIMIT 1
$$;
"""
UNDO = """
DROP FUNCTION signatures_behind_digest(bytea); DROP FUNCTION signatures_of_issue(uuid, text, integer);
DROP POLICY signatures_signedpaper_remove ON signatures_signedpaper;
DROP POLICY signatures_signedpaper_change ON signatures_signedpaper;
DROP POLICY signatures_signedpaper_add ON signatures_signedpaper;
DROP POLICY signatures_signedpaper_read ON signatures_signedpaper;
ALTER TABLE signatures_signedpaper DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [("signatures", "0001_initial"), ("papers", "0002_walls")]
    operations = [migrations.RunSQL(MAKE, UNDO)]
