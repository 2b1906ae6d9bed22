"""When what opened sessions changes, they end: a new password, a second factor gone."""

from typing import Any

from allauth.account import signals as account_signals
from allauth.mfa import signals as mfa_signals

from motcua.agencies import sessions


def connect() -> None:
    """Listens to what allauth tells; called once, when the room is ready."""
    for signal in (account_signals.password_changed, account_signals.password_set, mfa_signals.authenticator_removed):
        signal.connect(end_others, dispatch_uid="motcua.agencies.endings")


def end_others(sender: Any, request: Any, user: Any, **told: Any) -> None:
    """Ends the account's sessions but the one in which the change was made."""
    sessions.end_sessions(user, but=request.session.session_key)
