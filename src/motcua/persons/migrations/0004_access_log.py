"""The access log knows agency and dossier, and PostgreSQL gives it to inspectors of the agency and of those above."""

from importlib import import_module

from django.db import migrations, models

doors = import_module("motcua.persons.migrations.0002_person_doors")

MINE = """(SELECT agencies_reads_all())
    OR agency_id = ANY ((SELECT agencies_listed('motcua.inspect'))::bigint[])
    OR (agency_id IS NULL AND staff_id IN (
        SELECT s.id FROM agencies_staff s WHERE s.agency_id = ANY ((SELECT agencies_listed('motcua.inspect'))::bigint[])
    ))"""
# `&&` is not leak-proof, so behind a policy no index would serve it: who holds the ids may ask who opened them. The
# person concerned is told of files and notes of the own dossiers too, and at which agency that was.
MAKE = f"""
ALTER TABLE persons_access ENABLE ROW LEVEL SECURITY;
CREATE POLICY persons_access_read ON persons_access FOR SELECT USING ({MINE});
CREATE POLICY persons_access_add ON persons_access FOR INSERT WITH CHECK (true);
CREATE FUNCTION persons_openings(ids uuid[]) RETURNS TABLE (at timestamptz, staff_id bigint, act varchar, purpose varchar)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT at, staff_id, act, purpose FROM persons_access WHERE record_ids && ids ORDER BY id DESC
$$;
DROP FUNCTION persons_accesses_of(bytea[], integer);
CREATE FUNCTION persons_accesses_of(tokens bytea[], codes varchar[], most integer)
RETURNS TABLE (at timestamptz, agency_id bigint, act varchar, purpose varchar)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT a.at, coalesce(a.agency_id, s.agency_id), a.act, a.purpose
    FROM persons_access a LEFT JOIN agencies_staff s ON s.id = a.staff_id
    WHERE a.record_ids && ARRAY(SELECT id FROM persons_record WHERE id_index = ANY (tokens))
        OR (a.dossier <> '' AND a.dossier = ANY (codes))
    ORDER BY a.id DESC LIMIT most
$$;
"""
UNDO = f"""
DROP FUNCTION persons_accesses_of(bytea[], varchar[], integer);
{doors.MAKE}
DROP FUNCTION persons_openings(uuid[]);
DROP POLICY persons_access_add ON persons_access; DROP POLICY persons_access_read ON persons_access;
ALTER TABLE persons_access DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [("persons", "0003_walls"), ("agencies", "0004_walls")]
    operations = [
        migrations.AddField("access", "agency_id", models.BigIntegerField("cơ quan", null=True)),
        migrations.AddField(
            "access", "dossier", models.CharField("mã hồ sơ", max_length=60, db_default="", db_collation="C")
        ),
        migrations.RunSQL(MAKE, UNDO),
    ]
