"""Where sessions are kept (Django's SESSION_ENGINE): found by a hash of the cookie, sealed, ended when idle or old.

The database alone gives nobody a session: a row is found by the SHA-256 of the cookie's value, which cannot be turned
back, and its content is sealed under a key outside the database. Only the synchronous side is used.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone

from motcua.agencies.sealing import Broken, seal, unseal

if TYPE_CHECKING:
    from motcua.agencies.models import Session

BEGAN: Final = "_began"  # when whoever uses the session came in, in seconds since 1970
DEVICE: Final = "_device"  # browser and system in two words, see `sessions.device_words`
CITIZEN: Final = "_citizen"  # index tokens of the citizen who is signed in
_ACCOUNT: Final = "_auth_user_id"  # Django's own
_USE: Final = "session"
# How exactly a row says when it was last used: a page costs no statement more within this time.
_EXACT: Final = timedelta(seconds=60)


def row_key(cookie: str) -> str:
    """What the table holds for a cookie's value."""
    return hashlib.sha256(cookie.encode()).hexdigest()


def ends_at(data: dict[str, Any], now: datetime) -> datetime:
    """When the session ends unless it is used again: after idleness, and at the latest some hours after sign-in."""
    idle = settings.MOTCUA_CITIZEN_IDLE_MINUTES if CITIZEN in data else settings.MOTCUA_SESSION_IDLE_MINUTES
    latest = datetime.fromtimestamp(data[BEGAN], UTC) + timedelta(hours=settings.MOTCUA_SESSION_HOURS)
    return min(now + timedelta(minutes=idle), latest)


class SessionStore(DatabaseStore):
    """Sessions in the table `agencies_session`."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """The table."""
        from motcua.agencies.models import Session

        return Session

    def load(self) -> dict[str, Any]:
        """The content of the cookie's session; empty when there is none, it has ended or cannot be opened."""
        now = timezone.now()
        key = row_key(self.session_key) if self.session_key else ""
        row = self.get_model_class().objects.filter(session_key=key, expire_date__gt=now).first()
        data = self.decode(row.session_data) if row else {}
        if row is None or BEGAN not in data:
            self._session_key = None
            return {}
        if now - row.last_seen_at > _EXACT:
            self.get_model_class().objects.filter(pk=row.pk).update(last_seen_at=now, expire_date=ends_at(data, now))
        return data

    def exists(self, session_key: str) -> bool:
        """Whether a session has this key."""
        return self.model.objects.filter(pk=row_key(session_key)).exists()

    def encode(self, session_dict: dict[str, Any]) -> str:
        """The content as it is kept."""
        return seal(json.dumps(session_dict, separators=(",", ":")).encode(), _USE)

    def decode(self, session_data: str | bytes) -> dict[str, Any]:
        """The content; empty when it cannot be opened, as after a change of the signing key."""
        try:
            data: dict[str, Any] = json.loads(unseal(str(session_data), _USE))
        except Broken:
            return {}
        return data

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """The row for this content."""
        now = timezone.now()
        data.setdefault(BEGAN, now.timestamp())
        return self.get_model_class()(
            session_key=row_key(self._get_or_create_session_key()),  # type: ignore[attr-defined]
            session_data=self.encode(data),
            expire_date=ends_at(data, now),
            last_seen_at=now,
            user_id=data.get(_ACCOUNT),
        )

    def delete(self, session_key: str | None = None) -> None:
        """Ends the session of this key, by default its own."""
        key = session_key or self.session_key
        if key is not None:
            self.model.objects.filter(pk=row_key(key)).delete()
