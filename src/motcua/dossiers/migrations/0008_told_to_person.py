"""All that is held about a citizen who has signed in, for the index tokens of the id number; functions, since a citizen
may list no table."""

from django.db import migrations

# The same dossiers as `people.involving` finds. The story is told to the owner only.
MAKE = """
CREATE FUNCTION dossiers_told(tokens bytea[])
RETURNS TABLE (id uuid, record_ids uuid[], owned boolean, code varchar, procedure_code varchar,
               procedure_version_id bigint, receiving_agency_id bigint, competent_agency_id bigint, status smallint,
               opened_at timestamptz, due_at timestamptz, closed_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH mine AS MATERIALIZED (SELECT ARRAY(SELECT r.id FROM persons_record r WHERE r.id_index = ANY(tokens)) AS ids),
    found AS (
        SELECT d.id AS dossier_id, d.owner_id AS record_id
        FROM dossiers_dossier d WHERE d.owner_id = ANY((SELECT ids FROM mine)::uuid[])
        UNION
        SELECT d.id, (d.state #>> '{intake,submitter,id}')::uuid FROM dossiers_dossier d
        WHERE d.state -> 'intake' ? 'submitter'
          AND d.state #>> '{intake,submitter,id}' = ANY((SELECT ids FROM mine)::text[])
        UNION
        SELECT e.dossier_id, ref.id::uuid
        FROM dossiers_event c
        JOIN dossiers_event e ON e.dossier_id = c.dossier_id AND e.type IN ('registered', 'received', 'corrected')
        CROSS JOIN LATERAL (VALUES (e.data #>> '{intake,owner,id}'), (e.data #>> '{intake,submitter,id}'),
            (e.data #>> '{owner,id}'), (e.data #>> '{submitter,id}')) AS ref (id)
        WHERE c.type = 'corrected' AND ref.id = ANY((SELECT ids FROM mine)::text[])
    )
    SELECT d.id, array_agg(f.record_id ORDER BY f.record_id), bool_or(d.owner_id = f.record_id), d.code,
           d.procedure_code, d.procedure_version_id, d.receiving_agency_id, d.competent_agency_id, d.status,
           d.opened_at, d.due_at_current, d.closed_at
    FROM found f JOIN dossiers_dossier d ON d.id = f.dossier_id GROUP BY d.id ORDER BY d.opened_at DESC, d.id DESC
$$;
CREATE FUNCTION dossiers_told_story(tokens bytea[])
RETURNS TABLE (dossier_id uuid, seq integer, type varchar, at timestamptz, recorded_at timestamptz, ground varchar,
               actor_agency bigint, data jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT e.dossier_id, e.seq, e.type, coalesce(e.happened_at, e.recorded_at), e.recorded_at, e.ground, e.actor_agency,
           e.data
    FROM persons_record r JOIN dossiers_dossier d ON d.owner_id = r.id JOIN dossiers_event e ON e.dossier_id = d.id
    WHERE r.id_index = ANY(tokens) ORDER BY e.dossier_id, e.seq
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0007_person_door")]
    operations = [
        migrations.RunSQL(MAKE, "DROP FUNCTION dossiers_told_story(bytea[]); DROP FUNCTION dossiers_told(bytea[])")
    ]
