"""What policies of row-level security ask: who reads on this connection, and which agencies' rows they may have."""

from django.db import migrations

# A setting that was reset reads as '' and not as NULL. These are functions so that a policy stays one line; a policy
# wraps each call in a sub-select, which PostgreSQL answers once a statement and not once a row.
MAKE = """
CREATE FUNCTION agencies_reads_all() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(current_setting('motcua.reader', true), '') = 'system'
$$;
CREATE FUNCTION agencies_listed(setting text) RETURNS bigint[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT nullif(current_setting(setting, true), '')::bigint[]
$$;
CREATE FUNCTION agencies_own() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT nullif(current_setting('motcua.agency', true), '')::bigint
$$;
CREATE FUNCTION agencies_told() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT nullif(current_setting('motcua.told', true), '')::uuid[]
$$;
CREATE FUNCTION agencies_filer() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT nullif(current_setting('motcua.filer', true), '')::bigint
$$;
"""
UNDO = """
DROP FUNCTION agencies_told(); DROP FUNCTION agencies_filer(); DROP FUNCTION agencies_own(); DROP FUNCTION agencies_listed(text);
DROP FUNCTION agencies_reads_all();
"""


class Migration(migrations.Migration):
    dependencies = [("agencies", "0003_sign_in")]
    operations = [migrations.RunSQL(MAKE, UNDO)]
