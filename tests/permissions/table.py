"""The table of permissions, written from the law and the design and not from the code, and what it says in letters."""

from collections.abc import Iterator

from motcua.agencies.roles import Act, Relation, Role

# The letters are see, name, id, files, act, officers' figures.
EXPECTED = """
               own_desk  competent  parent  none
desk_officer   snifa     sn         -       -
case_officer   s         snifa      -       -
leader         snifao    snifao     s       -
reform_officer s         s          s       -
administrator  -         -          -       -
inspector      o         o          o       -
"""
LETTERS = {"s": Act.SEE, "n": Act.SEE_NAME, "i": Act.SEE_ID, "f": Act.SEE_FILES, "a": Act.ACT, "o": Act.SEE_OFFICERS}


def cells() -> Iterator[tuple[Role, Relation, frozenset[str]]]:
    """Every cell of the table with its letters."""
    header, *lines = EXPECTED.strip().splitlines()
    for line in lines:
        role, *letters = line.split()
        for relation, cell in zip(header.split(), letters, strict=True):
            yield Role(role), Relation(relation), frozenset(cell.strip("-"))


TABLE = {(role, relation): letters for role, relation, letters in cells()}
