"""Carries out what changes something, once for each Idempotency-Key, and answers a repetition with the first answer."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.http.request import RawPostDataException
from ninja import Header, Status

from motcua.agencies.access import NotPermitted, Reader
from motcua.api.gate import Request
from motcua.dossiers import listing
from motcua.dossiers.circumstances import NoSuchDossier
from motcua.exchange import answers as kept

Key = Annotated[
    UUID, Header(alias="Idempotency-Key", description="A UUID made by the caller; the same again is never done twice.")
]


def once(request: Request, key: UUID, work: Callable[[UUID], dict[str, Any]], *, status: int = 200) -> Status[Any]:
    """Do the work with the id of its command, or give the answer it had. Raises answers.KeyReused."""
    client = request.auth.client_id
    answered = kept.once(client, key, fingerprint(request), lambda: (status, work(kept.command_id(client, key))))
    repeated = answered.repeated or bool(answered.body.get("repeated"))
    return Status(answered.status, {**answered.body, "repeated": repeated})


@contextmanager
def unseen_is_absent(reader: Reader, dossier_id: UUID) -> Iterator[None]:
    """Who may not even know of the dossier gets the answer for one that is not there, whatever was refused."""
    try:
        yield
    except NotPermitted:
        if not listing.is_visible(reader, dossier_id):
            raise NoSuchDossier(dossier_id) from None
        raise


def fingerprint(request: HttpRequest) -> bytes:
    """What makes a request the same: its method, its address and its body or, of a form with a file, what is in it."""
    parts = [request.method or "", request.get_full_path()]
    upload = request.FILES.get("file")
    if isinstance(upload, UploadedFile):
        digest = hashlib.sha256()
        for chunk in upload.chunks():
            digest.update(chunk)
        upload.seek(0)
        parts += [upload.name or "", digest.hexdigest()]
        return "\n".join(parts).encode(errors="surrogateescape")
    try:
        body = request.body
    except RawPostDataException:  # it was read as a form of several parts, and no file was in it
        body = request.POST.urlencode().encode()
    return "\n".join(parts).encode() + b"\n" + body
