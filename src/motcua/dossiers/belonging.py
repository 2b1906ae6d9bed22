"""Tell records and files whose dossier they are, when who kept them did not; a follower of the log.

What is kept for a dossier is kept with its two agencies, which row-level security asks. Installations from before that
have records without them: the follower begins at the log's first event and goes through all of it once.
"""

import json
from collections.abc import Sequence

from motcua.dossiers.followers import Follower, Placed
from motcua.dossiers.refs import file_ids, record_refs
from motcua.files.commands import attach_all
from motcua.persons.commands import Pair, assign

NAME = "belonging"
_SIGN = '"commitment"'


def belong(batch: Sequence[Placed]) -> None:
    """Give what a run of events refers to the agencies of its dossiers, where it has none: two statements at most."""
    records: dict[str, Pair] = {}
    files: dict[str, Pair] = {}
    for placed in batch:
        if _SIGN in placed.data:
            data, pair = json.loads(placed.data), (placed.receiving_agency, placed.competent_agency)
            records |= {str(record): pair for record, _commitment in record_refs(data)}
            files |= {str(file): pair for file in file_ids(data)}
    assign(records)
    attach_all(files)


FOLLOWER = Follower(NAME, belong)
