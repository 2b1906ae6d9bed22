"""Let the tree grow with the log and sign its heads: never one that is not an extension of the one before."""

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from motcua.dossiers.duties import Duty
from motcua.dossiers.followers import Follower
from motcua.law import merkle, signed_note
from motcua.law.signed_note import Checkpoint
from motcua.proofs import keys, queries
from motcua.proofs.keys import LogKeyTrouble, Signer
from motcua.proofs.models import Head, Key
from motcua.proofs.queries import Alarm, SignedHead
from motcua.proofs.tiles import WIDTH, Tiles, leaves, placed, roots

_LOG = logging.getLogger(__name__)
_LOCK = 0x6D63_7472  # "mctr": one process at a time lets the tree grow and signs
_RUN = 64  # tiles that are made and written at once

_HAVE = "SELECT index + 1 FROM proofs_tile WHERE level = %s AND width = 256 ORDER BY index DESC LIMIT 1"
_ADD = """
INSERT INTO proofs_tile (level, index, width, hashes, root)
SELECT * FROM unnest(%s::smallint[], %s::bigint[], %s::smallint[], %s::bytea[], %s::bytea[])
ON CONFLICT DO NOTHING
"""


class LogRewritten(RuntimeError):  # noqa: N818 - says what is the case
    """The log no longer begins with what was signed, so nothing is signed; the text says what was found."""

    def __init__(self, alarm: Alarm) -> None:
        signed = f"{alarm.head.size} ({alarm.head.short_root})"
        super().__init__(f"{alarm.kind}: there are {alarm.size} positions, signed were {signed}")
        self.alarm = alarm


def grow(upto: int) -> None:
    """Make every full tile over the first `upto` positions that is not there yet. Raises LogBroken."""
    with transaction.atomic():
        _lock()
        level, whole = 0, upto // WIDTH
        while whole:
            for begin in range(_have(level), whole, _RUN):
                _add(level, begin, _nodes(level, begin * WIDTH, min(begin + _RUN, whole) * WIDTH))
            level, whole = level + 1, whole // WIDTH


def sign() -> SignedHead | None:
    """Sign the head of the log as it stands now, if it has grown or the key is new; returns the head.

    Raises LogRewritten when the log is no extension of what was signed last, LogBroken, LogKeyTrouble.
    """
    with transaction.atomic():
        _lock()
        last, size = queries.latest(), placed()
        if last and (alarm := queries.alarm(last)):
            raise LogRewritten(alarm)
        if not size:
            return None
        signer = _signer(last)
        if last and last.size == size and last.key_id == signer.id:
            return None
        grow(size)
        if size % WIDTH:
            _add(0, size // WIDTH, leaves(size - size % WIDTH, size))
        head = _record(last, size, merkle.root(size, Tiles(size)), signer)
    _LOG.info("signed the head of %d positions, root %s", head.size, head.short_root)
    return head


def signing() -> Duty:
    """Signing as something that the worker does by time."""
    return Duty("sign_head", timedelta(minutes=settings.MOTCUA_HEAD_MINUTES), sign)


def _signer(last: SignedHead | None) -> Signer:
    """The key; made for the first head, and for the first after its file was put aside."""
    found = keys.signer()
    if found is None and last and last.key_id not in {each.id for each in keys.older()}:
        raise LogKeyTrouble(
            _("Thiếu khóa ký nhật ký %(path)s. Hãy đặt lại từ bản lưu, hoặc chạy motcua log-key --renew.")
            % {"path": keys.key_file()}
        )
    return found or keys.make()


def _record(last: SignedHead | None, size: int, root: bytes, signer: Signer) -> SignedHead:
    """Write the head. The first under a new key bears the old key's signature too, as long as its file is there."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT date_trunc('second', clock_timestamp())")
        at: datetime = cursor.fetchone()[0]
    name = queries.origin()
    text = Checkpoint(name, size, root, at).text
    before = [each for each in keys.older() if last and each.id == last.key_id and each.id != signer.id]
    note = signed_note.signed(text, *(each.sign(name, text) for each in (signer, *before)))
    Key.objects.get_or_create(key_id=signer.id, defaults={"public": signer.public, "first_used_at": at})
    number = last.number + 1 if last else 1
    Head.objects.create(number=number, size=size, root=root, signed_at=at, key_id=signer.id, note=note)
    return SignedHead(number, size, root, at, note, signer.id, signer.public)


def _lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _have(level: int) -> int:
    """How many full tiles a level has; they are made from left to right."""
    with connection.cursor() as cursor:
        cursor.execute(_HAVE, [level])
        found = cursor.fetchone()
    return found[0] if found else 0


def _nodes(level: int, begin: int, end: int) -> list[bytes]:
    return roots(level - 1, begin, end) if level else leaves(begin, end)


def _add(level: int, first: int, nodes: Sequence[bytes]) -> None:
    """Write a run of nodes as tiles from index `first` on; only the last of them may be not full."""
    rows = [nodes[start : start + WIDTH] for start in range(0, len(nodes), WIDTH)]
    columns: Iterable[list[object]] = (
        [level] * len(rows),
        list(range(first, first + len(rows))),
        [len(row) for row in rows],
        [b"".join(row) for row in rows],
        [merkle.tree_hash(row) if len(row) == WIDTH else None for row in rows],
    )
    with connection.cursor() as cursor:
        cursor.execute(_ADD, list(columns))


FOLLOWER = Follower("tree", lambda _events: None, types=frozenset(), reached=grow)
