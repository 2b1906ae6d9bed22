"""A citizen's own dossiers for the index tokens of the id number; a function, since a citizen may list no table."""

from django.db import migrations

MAKE = """
CREATE FUNCTION dossiers_of_person(tokens bytea[], most integer)
RETURNS TABLE (code varchar, status smallint, procedure_version_id bigint, receiving_agency_id bigint,
               competent_agency_id bigint, opened_at timestamptz, due_at timestamptz, due_at_original timestamptz,
               closed_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT d.code, d.status, d.procedure_version_id, d.receiving_agency_id, d.competent_agency_id, d.opened_at,
           d.due_at_current, d.due_at_original, d.closed_at
    FROM dossiers_dossier d JOIN persons_record r ON r.id = d.owner_id
    WHERE r.id_index = ANY(tokens) ORDER BY d.opened_at DESC, d.id DESC LIMIT most
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0006_erasing_indexes"), ("persons", "0001_initial")]
    operations = [migrations.RunSQL(MAKE, "DROP FUNCTION dossiers_of_person(bytea[], integer)")]
