"""Signing on the dossier's page: which papers, with what, and how a file that was signed elsewhere is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.agencies.access import Reader
from motcua.dossiers import queries as dossiers
from motcua.dossiers.queries import Detail, Happening
from motcua.files.inspect import UploadRefused
from motcua.law.dossier.vocabulary import SignedBy
from motcua.office import words
from motcua.office.act_forms import SignedElsewhereForm, SignForm
from motcua.office.printing import TITLES
from motcua.papers import queries as papers
from motcua.papers.kinds import NEEDS, Kind
from motcua.papers.queries import NoSuchPaper
from motcua.papers.render import UnprintableTextError
from motcua.signatures import commands, queries
from motcua.signatures.commands import CannotSign
from motcua.signatures.pades import NotSigned
from motcua.signatures.remote import ServiceRefused
from motcua.signatures.sources import KeyUnusable

# What can stand in the way of signing a paper, each with words for the officer.
TROUBLES = (CannotSign, KeyUnusable, NotSigned, ServiceRefused, UploadRefused, NoSuchPaper, UnprintableTextError)
# The slip goes on with each hand-over: what was signed of it would be old the next hour.
_NEVER = frozenset({Kind.SLIP})


@dataclass(frozen=True, slots=True)
class Signable:
    """The choices of the form: papers that the dossier has come to, the latest asked for first, and with what."""

    papers: Sequence[tuple[str, str]] = ()
    by: Sequence[tuple[str, str]] = ()


NOTHING = Signable()


def signable(reader: Reader, detail: Detail, story: Sequence[Happening]) -> Signable:
    """What the reader can sign here now; nothing for who has no certificate and no seal."""
    found = {each.by: each for each in reversed(queries.offered_identities(reader, timezone.now()))}
    if not found:
        return NOTHING
    pair = {
        "receiving_agency_id": detail.row.receiving_agency_id, "competent_agency_id": detail.row.competent_agency_id,
    }  # fmt: skip
    kinds = [Kind(name) for name in reversed(papers.which(detail.state, story))]
    listed = [kind for kind in kinds if kind not in _NEVER and reader.may(NEEDS[kind], **pair)]
    by = [(each.value, f"{words.SIGN_WITH[each]}: {found[each].name}") for each in SignedBy if each in found]
    return Signable([(kind.value, str(TITLES[kind][1])) for kind in listed], by)


def sign(reader: Reader, dossier_id: UUID, form: SignForm, common: Mapping[str, Any]) -> object:
    """Issue and sign the chosen paper."""
    values = form.cleaned_data
    try:
        kind = Kind(values["paper"])
    except ValueError:
        raise NoSuchPaper from None
    return commands.sign_paper(reader, dossier_id, kind, SignedBy(values["by"]), form.tracking, **common)


def keep(reader: Reader, dossier_id: UUID, form: SignedElsewhereForm, common: Mapping[str, Any]) -> object:
    """Check and keep a file that was signed elsewhere."""
    row = dossiers.detail(reader, dossier_id, timezone.now()).row
    document, by = form.file_ref, SignedBy(form.cleaned_data["by"])
    if document is None:
        raise NoSuchPaper
    pair = (row.receiving_agency_id, row.competent_agency_id)
    return commands.keep_signed(reader, dossier_id, document, by, pair=pair, code=row.code, **common)


def words_of(trouble: Exception) -> str:
    """What stands in the way, and what to do."""
    if isinstance(trouble, UnprintableTextError):
        said = _("Không in được vì có ký tự lạ: %(signs)s. Hãy sửa thông tin bằng chữ Latinh rồi in lại.")
        return said % {"signs": trouble.characters}
    return str(getattr(trouble, "message", None) or trouble)
