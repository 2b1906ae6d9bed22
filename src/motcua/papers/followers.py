"""What the papers' room does after the log: gives register serials, lists papers asked for, erases issued ones."""

from __future__ import annotations

import json
from collections.abc import Sequence

from motcua.dossiers.followers import Follower, Placed
from motcua.law.dossier import events as e
from motcua.papers import commands
from motcua.papers.commands import Accepted, Asked
from motcua.papers.kinds import ACCEPTS, ASKING, asked


def _enter(batch: Sequence[Placed]) -> None:
    """The accepted dossiers of a run, in the order of the log: the order in which the register counts them."""
    commands.enter([Accepted(each.dossier_id, each.at, each.receiving_agency, each.competent_agency) for each in batch])


def _list(batch: Sequence[Placed]) -> None:
    found = [(each, asked(each.type, json.loads(each.data))) for each in batch]
    commands.ask(
        [
            Asked(each.dossier_id, each.seq, kind, each.at, each.receiving_agency, each.competent_agency)
            for each, kind in found
            if kind is not None
        ]
    )


def _erase(batch: Sequence[Placed]) -> None:
    for each in batch:
        event = each.event
        if isinstance(event, e.Erased):
            commands.erase(each.dossier_id, event.order)


FOLLOWERS = (
    Follower(commands.REGISTER, _enter, ACCEPTS),
    Follower("papers_asked", _list, ASKING),
    Follower("papers_erased", _erase, frozenset({e.Erased.TYPE})),
)
