"""Sessions of staff: listed for their holder, ended one by one or all, and swept away when they are over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.agencies.models import Session, User
from motcua.agencies.session_store import BEGAN, CITIZEN, DEVICE, SessionStore, row_key

# The first that fits counts: Edge and Opera call themselves Chrome as well, and Chrome calls itself Safari.
_BROWSERS: Final = (
    ("Edg", "Edge"), ("OPR", "Opera"), ("coc_coc", "Cốc Cốc"), ("Firefox", "Firefox"), ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
_SYSTEMS: Final = (
    ("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Mac OS", "macOS"),
    ("CrOS", "ChromeOS"), ("Linux", "Linux"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SessionView:
    """One session as its holder sees it; `key` names it in a form and opens nothing."""

    key: str
    device: str
    since: datetime
    last_seen_at: datetime
    current: bool


def device_words(user_agent: str) -> str:
    """Browser and system in two words, as in "Chrome · Windows": enough to know one's own, too little to trace."""
    known = [next((name for sign, name in table if sign in user_agent), "") for table in (_BROWSERS, _SYSTEMS)]
    return " · ".join(word for word in known if word)


def mark_beginning(request: HttpRequest) -> None:
    """Notes in the session that an officer's use of it begins now, and on what; a citizen's ends with that."""
    request.session.pop(CITIZEN, None)
    request.session[BEGAN] = timezone.now().timestamp()
    request.session[DEVICE] = device_words(request.headers.get("User-Agent", ""))


def holder(request: HttpRequest) -> User:
    """The account that is signed in; raises PermissionDenied when none is."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def sessions_of(user: User, current: str | None) -> tuple[SessionView, ...]:
    """The account's sessions that have not ended, the last used first; `current` is the key of the one that asks."""
    rows = Session.objects.filter(user=user, expire_date__gt=timezone.now()).order_by("-last_seen_at", "pk")
    here = row_key(current) if current else ""
    return tuple(_view(row, data, here) for row in rows if (data := SessionStore().decode(row.session_data)))


def end_session(user: User, key: str) -> int:
    """Ends one of the account's sessions, named as in `SessionView.key`; gives how many ended."""
    return _end(Session.objects.filter(user=user, pk=key))


def end_sessions(user: User, *, but: str | None = None) -> int:
    """Ends all sessions of the account, but the one of this cookie value when one is given; gives how many ended."""
    others = Session.objects.filter(user=user)
    return _end(others.exclude(pk=row_key(but)) if but else others)


def sweep() -> int:
    """Removes the sessions that are over; gives how many."""
    return _end(Session.objects.filter(expire_date__lte=timezone.now()))


def _end(rows: Any) -> int:
    count: int = rows.delete()[0]
    return count


def _view(row: Session, data: dict[str, Any], here: str) -> SessionView:
    since = datetime.fromtimestamp(data[BEGAN], UTC)
    device = data.get(DEVICE) or _("Thiết bị không rõ")
    return SessionView(row.pk, device, since, row.last_seen_at, row.pk == here)
