"""What a citizen whose identity was confirmed is told: who opened the own records. A function, since no reader of the
table of permissions may list the log."""

from django.db import migrations

MAKE = """
CREATE FUNCTION persons_accesses_of(tokens bytea[], most integer)
RETURNS TABLE (at timestamptz, agency_id bigint, act varchar, purpose varchar)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT a.at, s.agency_id, a.act, a.purpose
    FROM persons_access a LEFT JOIN agencies_staff s ON s.id = a.staff_id
    WHERE a.record_ids && ARRAY(SELECT id FROM persons_record WHERE id_index = ANY(tokens))
    ORDER BY a.id DESC LIMIT most
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("persons", "0001_initial"), ("agencies", "0003_sign_in")]
    operations = [migrations.RunSQL(MAKE, "DROP FUNCTION persons_accesses_of(bytea[], integer)")]
