"""The life of a dossier: decide what follows from a command, evolve the state by what happened.

Pure: no database, no clock, no language. `decide(state, command, context)` returns events or a `Refusal`;
`evolve(state, event, at)` returns the next state; `read` and `write` are the stored form of events.
"""

from motcua.law.dossier.citing import is_citation, is_order
from motcua.law.dossier.decide import Decision, attempt, decide, possible
from motcua.law.dossier.evolve import evolve, fold
from motcua.law.dossier.state import State, broken_invariants
from motcua.law.dossier.upcast import UnknownEventError, read, write

__all__ = [
    "Decision",
    "State",
    "UnknownEventError",
    "attempt",
    "broken_invariants",
    "decide",
    "evolve",
    "fold",
    "is_citation",
    "is_order",
    "possible",
    "read",
    "write",
]
