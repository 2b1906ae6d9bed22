"""All that is held about a person as one ZIP: data for machines, a page for people, and the files; always Vietnamese.

It is written piece by piece into the answer: nothing of it lies on a disk in the clear.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any, Final
from uuid import UUID

from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from motcua.dossiers.about import AboutPerson, HeldDossier
from motcua.dossiers.wording import EVENTS, STATUS
from motcua.files.queries import OpenFile
from motcua.files.vault import VaultBroken

FORMAT: Final = "motcua-person-1"
MEDIA_TYPE: Final = "application/zip"


def headers() -> dict[str, str]:
    """The headers of the answer that hands it over; the name of the file names nobody."""
    return {
        "Content-Disposition": f'attachment; filename="du-lieu-ca-nhan-{timezone.localdate():%Y%m%d}.zip"',
        "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff",
    }


@dataclass(frozen=True, slots=True)
class _Enclosed:
    """A file and its name in the ZIP."""

    file: OpenFile
    name: str


class _Sink:
    """Takes what the ZIP writes until it is fetched; a stream that cannot go back."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, piece: bytes, /) -> int:
        """Keeps a piece."""
        self._pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """Nothing waits anywhere else."""

    def close(self) -> None:
        """Nothing is open."""

    def fetch(self) -> bytes:
        """What has been written since the last time."""
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)


def stream(about: AboutPerson) -> Iterator[bytes]:
    """The ZIP, piece by piece. A file that cannot be read is said to be so in its place."""
    sink = _Sink()
    enclosed = {each.id: _enclosed(number, each) for number, each in enumerate(about.dossiers, start=1)}
    with translation.override("vi"), zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("du-lieu.json", json.dumps(to_data(about, enclosed), ensure_ascii=False, indent=1))
        archive.writestr("doc-truoc.html", page(about, enclosed))
        yield sink.fetch()
        for files in enclosed.values():
            for each in files:
                _put(archive, each)
                yield sink.fetch()
    yield sink.fetch()


def _put(archive: zipfile.ZipFile, each: _Enclosed) -> None:
    try:
        content = b"".join(each.file.chunks)
    except VaultBroken:
        archive.writestr(each.name + ".txt", _("Không đọc được tệp này. Hãy báo bộ phận một cửa."))
        return
    archive.writestr(each.name, content)


def _enclosed(number: int, dossier: HeldDossier) -> list[_Enclosed]:
    """The names keep what the person called the files; two of one name stay apart by their number."""
    names = (f"tep/{number:02}-{place:02}-{file.name}" for place, file in enumerate(dossier.files, start=1))
    return [_Enclosed(file, name) for file, name in zip(dossier.files, names, strict=True)]


def page(about: AboutPerson, enclosed: Mapping[UUID, list[_Enclosed]]) -> str:
    """The readable page."""
    dossiers = [
        {
            "held": each,
            "status": STATUS[each.status],
            "story": [(told, EVENTS.get(told.type, told.type)) for told in each.story],
            "files": [file.name for file in enclosed[each.id]],
        }
        for each in about.dossiers
    ]
    accesses = [(opened, act_words(opened.act)) for opened in about.accesses]
    return render_to_string("dossiers/about.html", {"about": about, "dossiers": dossiers, "accesses": accesses})


def act_words(act: str) -> str:
    """What was done, as the access log calls it, in words."""
    words = {
        "see_id": _("xem đầy đủ thông tin"),
        "see_files": _("mở tệp"),
        "export": _("xuất dữ liệu cho người được hỏi"),
        "own": _("tự tải dữ liệu của mình"),
    }
    return words.get(act, act)


def to_data(about: AboutPerson, enclosed: Mapping[UUID, list[_Enclosed]]) -> dict[str, Any]:
    """Everything as JSON-able data."""
    return {
        "format": FORMAT,
        "made_at": about.made_at.isoformat(),
        "agency": about.agency or None,
        "id_number_masked": about.number,
        "dossiers": [_dossier(each, enclosed[each.id]) for each in about.dossiers],
        "accesses": [_plain(asdict(each)) for each in about.accesses],
    }


def _dossier(each: HeldDossier, enclosed: list[_Enclosed]) -> dict[str, Any]:
    return {
        "code": each.code,
        "procedure": each.procedure,
        "receiving_agency": each.receiving,
        "competent_agency": each.competent,
        "status": int(each.status),
        "status_words": str(STATUS[each.status]),
        "opened_at": each.opened_at.isoformat(),
        "due_at": each.due_at.isoformat() if each.due_at else None,
        "closed_at": each.closed_at.isoformat() if each.closed_at else None,
        "owner": each.owned,
        "records": [_plain(asdict(record)) for record in each.records],
        "request": each.request or None,
        "story": [
            _plain(asdict(told)) | {"words": str(EVENTS.get(told.type, told.type))} for told in each.story
        ],
        "files": [
            {"name": file.file.name, "size": file.file.size, "media_type": file.file.media_type, "in": file.name}
            for file in enclosed
        ],
        "files_erased": each.erased_files,
    }  # fmt: skip


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as JSON has them, empty ones left out."""
    return {name: _written(value) for name, value in values.items() if value not in (None, "")}


def _written(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    return str(value) if isinstance(value, UUID) else value
