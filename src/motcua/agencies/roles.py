"""Who may do what to a dossier: roles, relations of agency to dossier, acts, and the one table that joins them."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from django.core.exceptions import PermissionDenied


class NotPermitted(PermissionDenied):
    """The reader may not do this; the answer is 403, and the text never says whether the thing asked for exists."""


class Role(StrEnum):
    """What a member of staff is appointed to do (vai trò)."""

    DESK_OFFICER = "desk_officer"  # cán bộ tiếp nhận và trả kết quả
    CASE_OFFICER = "case_officer"  # công chức thụ lý
    LEADER = "leader"  # lãnh đạo
    REFORM_OFFICER = "reform_officer"  # cán bộ theo dõi cải cách hành chính
    ADMINISTRATOR = "administrator"  # quản trị hệ thống
    INSPECTOR = "inspector"  # thanh tra


class Relation(StrEnum):
    """How the reader's agency stands to a dossier, the closest first."""

    OWN_DESK = "own_desk"  # its desk received the dossier
    COMPETENT = "competent"  # it settles the dossier
    PARENT = "parent"  # it stands above the agency that received or settles the dossier
    NONE = "none"


class Act(StrEnum):
    """What can be done to a dossier; which act fits which step is decided in the dossiers' room."""

    SEE = "see"
    SEE_NAME = "see_name"
    SEE_ID = "see_id"
    SEE_FILES = "see_files"
    ACT = "act"
    SEE_OFFICERS = "see_officers"


_NOTHING: Final[frozenset[Act]] = frozenset()
_FIGURES: Final = frozenset({Act.SEE})
_ALL: Final = frozenset(Act) - {Act.SEE_OFFICERS}
_OFFICERS: Final = frozenset({Act.SEE_OFFICERS})

ALLOWED: Final[Mapping[tuple[Role, Relation], frozenset[Act]]] = MappingProxyType(
    {
        (Role.DESK_OFFICER, Relation.OWN_DESK): _ALL,
        # A desk is told whose dossier comes from elsewhere and no more: it is the case officer who needs the papers.
        (Role.DESK_OFFICER, Relation.COMPETENT): frozenset({Act.SEE, Act.SEE_NAME}),
        (Role.DESK_OFFICER, Relation.PARENT): _NOTHING,
        (Role.DESK_OFFICER, Relation.NONE): _NOTHING,
        (Role.CASE_OFFICER, Relation.OWN_DESK): _FIGURES,
        (Role.CASE_OFFICER, Relation.COMPETENT): _ALL,
        (Role.CASE_OFFICER, Relation.PARENT): _NOTHING,
        (Role.CASE_OFFICER, Relation.NONE): _NOTHING,
        # How well officers settle is for who leads them; everybody sees their own (Circular 01/2018, Art. 15).
        (Role.LEADER, Relation.OWN_DESK): _ALL | _OFFICERS,
        (Role.LEADER, Relation.COMPETENT): _ALL | _OFFICERS,
        (Role.LEADER, Relation.PARENT): _FIGURES,
        (Role.LEADER, Relation.NONE): _NOTHING,
        # Reform officers follow progress and figures; whose dossier it is does not concern them.
        (Role.REFORM_OFFICER, Relation.OWN_DESK): _FIGURES,
        (Role.REFORM_OFFICER, Relation.COMPETENT): _FIGURES,
        (Role.REFORM_OFFICER, Relation.PARENT): _FIGURES,
        (Role.REFORM_OFFICER, Relation.NONE): _NOTHING,
        # Administrators keep calendars, staff and procedures in order; dossiers are none of their business.
        (Role.ADMINISTRATOR, Relation.OWN_DESK): _NOTHING,
        (Role.ADMINISTRATOR, Relation.COMPETENT): _NOTHING,
        (Role.ADMINISTRATOR, Relation.PARENT): _NOTHING,
        (Role.ADMINISTRATOR, Relation.NONE): _NOTHING,
        # Inspectors see who opened personal data and what for, and how officers settle, in the own agency and below;
        # never the data, and no dossier.
        (Role.INSPECTOR, Relation.OWN_DESK): _OFFICERS,
        (Role.INSPECTOR, Relation.COMPETENT): _OFFICERS,
        (Role.INSPECTOR, Relation.PARENT): _OFFICERS,
        (Role.INSPECTOR, Relation.NONE): _NOTHING,
    }
)


def permissions_markdown() -> str:
    """The table of permissions as Markdown, a row for each role and relation; docs/permissions.md shows it verbatim."""
    head = ["| role | relation | " + " | ".join(act.value for act in Act) + " |", "|---|---|" + "---|" * len(Act)]
    rows = [
        f"| {role} | {relation} | " + " | ".join("yes" if act in acts else "–" for act in Act) + " |"
        for (role, relation), acts in ALLOWED.items()
    ]
    return "\n".join([*head, *rows]) + "\n"
