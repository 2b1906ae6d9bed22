"""Which statements of a migration lock a table that grows for as long as it takes to read or write all of it."""

import re
from collections.abc import Iterator

# Tables that hold a few thousand rows in the largest installation: configuration, catalogue, people of the staff, and
# the worker's own notes. A table that is not named here grows with the dossiers.
SMALL = re.compile(
    r"agencies_(?!allowance)\w+|places_\w+|procedures_\w+|django_migrations|django_content_type|django_site|auth_\w+"
    r"|account_\w+|mfa_\w+|socialaccount_\w+|usersessions_\w+"
    r"|dossiers_(bookmark|followerfault|duty|serial)|proofs_(recipient|key|head)\w*"
)
_TABLE = r'(?:IF EXISTS )?(?:ONLY )?(?:public\.)?"?(?P<table>\w+)"?'
# Pattern, and what it does while it holds the table.
RULES: tuple[tuple[str, str], ...] = (
    (rf"CREATE (?:UNIQUE )?INDEX (?!CONCURRENTLY).*? ON {_TABLE}", "builds an index while nobody may write"),
    (rf"REINDEX (?!.*CONCURRENTLY).*?TABLE {_TABLE}", "builds indexes while nobody may write"),
    (rf"ALTER TABLE {_TABLE} .*ALTER COLUMN \S+ (?:SET DATA )?TYPE", "writes every row anew"),
    (rf"ALTER TABLE {_TABLE} .*ALTER COLUMN \S+ SET NOT NULL", "reads every row while nobody may read or write"),
    (
        rf"ALTER TABLE {_TABLE} .*ADD COLUMN .*DEFAULT .*?(?:random|gen_random_uuid|clock_timestamp|nextval)\s*\(",
        "writes every row anew, each with a value of its own",
    ),
    (rf"ALTER TABLE {_TABLE} .*ADD COLUMN .*GENERATED ALWAYS AS \(.*STORED", "writes every row anew"),
    (rf"ALTER TABLE {_TABLE} .*ADD COLUMN (?!.*DEFAULT).*\bNOT NULL", "fails as soon as there is a row"),
    (
        rf"ALTER TABLE {_TABLE} .*ADD (?:CONSTRAINT|UNIQUE|PRIMARY|FOREIGN|CHECK)(?!.*NOT VALID)(?!.*USING INDEX)",
        "reads every row while nobody may write; add it NOT VALID and validate it in a migration of its own",
    ),
    (rf"ALTER TABLE {_TABLE} SET (?:UN)?LOGGED", "writes every row anew"),
    (rf"(?:CLUSTER|VACUUM FULL|TRUNCATE|LOCK TABLE) {_TABLE}", "keeps everybody out"),
    (rf"UPDATE {_TABLE} SET", "changes data within a migration"),
    (rf"DELETE FROM {_TABLE}", "changes data within a migration"),
    (rf"INSERT INTO {_TABLE} .*SELECT", "changes data within a migration"),
)
_VALIDATE = re.compile(rf"ALTER TABLE {_TABLE} .*VALIDATE CONSTRAINT", re.IGNORECASE | re.DOTALL)
_MADE = re.compile(rf"CREATE (?:UNLOGGED )?TABLE (?:IF NOT EXISTS )?{_TABLE}", re.IGNORECASE)
_BODY = re.compile(r"\$(\w*)\$.*?\$\1\$", re.DOTALL)
_UNSEEN = "THIS OPERATION CANNOT BE WRITTEN AS SQL"


def long_locks(sql: str) -> list[str]:
    """What in these statements of one migration would hold a growing table, each with the reason; empty if nothing."""
    statements = [" ".join(part.split()) for part in _BODY.sub("''", _without_comments(sql)).split(";")]
    made = {found["table"] for each in statements for found in _MADE.finditer(each)}
    return [*_by_rules(statements, made), *_of_python(sql), *_validated_at_once(statements, made)]


def _by_rules(statements: list[str], made: set[str]) -> Iterator[str]:
    for each in statements:
        for pattern, reason in RULES:
            found = re.match(pattern, each, re.IGNORECASE | re.DOTALL)
            if found and _grows(found["table"], made):
                yield f"{found['table']}: {reason} ({each[:80]})"


def _of_python(sql: str) -> Iterator[str]:
    if _UNSEEN in sql:
        yield "a step in Python: data is changed by a duty or a follower in runs, not by a migration"


def _validated_at_once(statements: list[str], made: set[str]) -> Iterator[str]:
    """A constraint validated in the transaction that added it keeps that lock while it reads every row."""
    for found in filter(None, map(_VALIDATE.match, statements)):
        added = any(re.match(rf"ALTER TABLE .*{found['table']}.* ADD CONSTRAINT", each) for each in statements)
        if added and _grows(found["table"], made):
            yield f"{found['table']}: validated in the migration that added it, under that lock"


def _grows(table: str, made: set[str]) -> bool:
    return table not in made and SMALL.fullmatch(table) is None


def _without_comments(sql: str) -> str:
    return re.sub(r"--[^\n]*", "", sql)
