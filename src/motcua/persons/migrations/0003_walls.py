"""A record knows the agencies of its dossier, and PostgreSQL gives it to who may see names there."""

from django.db import migrations, models

MINE = """(SELECT agencies_reads_all())
    OR receiving_agency_id = ANY ((SELECT agencies_listed('motcua.name_receiving'))::bigint[])
    OR competent_agency_id = ANY ((SELECT agencies_listed('motcua.name_competent'))::bigint[])
    OR id = ANY ((SELECT agencies_told())::uuid[])"""
# `@>` is not leak-proof, so behind a policy no index would serve it: the search for names is a function of the owner
# that holds the same condition itself and gives ids only. Whether there is anything sealed at all, which decides whether
# a missing data key may be made anew, must not depend on who asks.
MAKE = f"""
ALTER TABLE persons_record ENABLE ROW LEVEL SECURITY;
CREATE POLICY persons_record_read ON persons_record FOR SELECT USING ({MINE});
CREATE POLICY persons_record_add ON persons_record FOR INSERT WITH CHECK (true);
CREATE POLICY persons_record_change ON persons_record FOR UPDATE USING ({MINE});
CREATE POLICY persons_record_remove ON persons_record FOR DELETE USING ((SELECT agencies_reads_all()));
CREATE FUNCTION persons_named(words bigint[], most integer) RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
    SELECT id FROM persons_record WHERE name_index @> words AND ({MINE}) ORDER BY id DESC LIMIT most
$$;
CREATE FUNCTION persons_any_sealed() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM persons_record WHERE sealed IS NOT NULL)
$$;
"""
UNDO = """
DROP FUNCTION persons_any_sealed(); DROP FUNCTION persons_named(bigint[], integer);
DROP POLICY persons_record_remove ON persons_record; DROP POLICY persons_record_change ON persons_record;
DROP POLICY persons_record_add ON persons_record; DROP POLICY persons_record_read ON persons_record;
ALTER TABLE persons_record DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [("persons", "0002_person_doors"), ("agencies", "0004_walls")]
    operations = [
        migrations.AddField("record", "receiving_agency_id", models.BigIntegerField("nơi tiếp nhận", null=True)),
        migrations.AddField("record", "competent_agency_id", models.BigIntegerField("nơi có thẩm quyền", null=True)),
        migrations.RunSQL(MAKE, UNDO),
    ]
