"""The ways out: a mail server, and gateways for text messages and chat that speak one small HTTP contract.

A gateway is asked by POST with JSON {"to", "text", "key"}, a bearer token, and the key once more as Idempotency-Key:
who gets the same key twice sends once. Any 2xx takes the message.
"""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final, Protocol

import requests
from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from motcua.config.home import key_path
from motcua.notices.kinds import Channel

_SECONDS: Final = (5, 15)  # to connect, and for the answer
_PASSING: Final = frozenset({408, 409, 425, 429})
_OURS: Final = frozenset({401, 403, 404, 405, 407})  # the operator's to mend; no message may be lost by it


@dataclass(frozen=True, slots=True)
class Parcel:
    """One message ready to go; `key` never changes, however often it is sent."""

    key: str
    to: str = field(repr=False)
    subject: str = field(repr=False)
    text: str = field(repr=False)


class Closed(OSError):  # noqa: N818 - says what is the case
    """Nobody takes messages there now; `code` says how it failed. All wait in their order."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Returned(Exception):  # noqa: N818 - says what is the case
    """This message was not taken, though others would be; `for_good` when it would be refused again."""

    def __init__(self, code: str, *, for_good: bool) -> None:
        super().__init__(code)
        self.code, self.for_good = code, for_good


class Sender(Protocol):
    """Sends one message. Raises Closed or Returned."""

    def send(self, parcel: Parcel) -> None: ...


@contextmanager
def opened(channel: Channel) -> Iterator[Sender]:
    """The way out of a channel, kept open for several messages. Raises Closed."""
    if channel is Channel.MAIL:
        with _mail_server() as sender:
            yield sender
        return
    url = settings.MOTCUA_SMS_GATEWAY if channel is Channel.SMS else settings.MOTCUA_CHAT_GATEWAY
    with requests.Session() as session:
        session.trust_env = False  # a proxy of the environment is nobody's decision here
        yield _Gateway(session, url, _token(channel))


class _Mail:
    def __init__(self) -> None:
        self._server = get_connection()

    def send(self, parcel: Parcel) -> None:
        domain = sender_address().rpartition("@")[2]
        headers = {"Message-ID": f"<{parcel.key}@{domain}>", "Auto-Submitted": "auto-generated"}
        mail = EmailMessage(
            parcel.subject, parcel.text, sender_address(), [parcel.to], connection=self._server, headers=headers
        )
        try:
            mail.send()
        except smtplib.SMTPRecipientsRefused as refused:
            raise _returned(max((code for code, _words in refused.recipients.values()), default=0)) from None
        except (smtplib.SMTPSenderRefused, smtplib.SMTPServerDisconnected) as failure:
            # A refused sender is the installation's fault, as a broken line is nobody's.
            raise Closed(type(failure).__name__) from None
        except smtplib.SMTPResponseException as failure:
            raise _returned(failure.smtp_code) from None
        except smtplib.SMTPNotSupportedError:  # an address that this server cannot write: nobody else's message waits
            raise Returned("not_supported", for_good=True) from None
        except OSError as failure:  # smtplib's other errors are among these
            raise Closed(type(failure).__name__) from None
        except ValueError:  # a line end in an address, or one that cannot be written
            raise Returned("not_an_address", for_good=True) from None

    def open(self) -> None:
        self._server.open()

    def close(self) -> None:
        self._server.close()


@contextmanager
def _mail_server() -> Iterator[Sender]:
    server = _Mail()
    try:
        server.open()
    except OSError as failure:
        raise Closed(type(failure).__name__) from None
    try:
        yield server
    finally:
        server.close()


def _returned(code: int) -> Returned | Closed:
    """4xx passes, 5xx stays; 421 and what is no code at all concern the server, not the message."""
    if code == 421 or not 400 <= code < 600:
        return Closed(str(code))
    return Returned(str(code), for_good=code >= 500)


def sender_address() -> str:
    """Who the mails come from, as the operator set it or as the log is named."""
    origin = str(settings.MOTCUA_LOG_ORIGIN or settings.ALLOWED_HOSTS[0].strip(".[]"))
    return str(settings.MOTCUA_MAIL_FROM or f"motcua@{origin.partition('/')[0]}")


def _token(channel: Channel) -> str:
    """The bearer token that the gateway gave: the file keys/sms.key or keys/chat.key; empty if it wants none."""
    path = key_path(channel.value)
    return path.read_text(encoding="ascii").strip() if path.exists() else ""


@dataclass(frozen=True, slots=True)
class _Gateway:
    session: requests.Session
    url: str
    token: str = field(repr=False)

    def send(self, parcel: Parcel) -> None:
        headers = {"Idempotency-Key": parcel.key, "User-Agent": "Motcua"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        body = {"to": parcel.to, "text": parcel.text, "key": parcel.key}
        try:
            answer = self.session.post(self.url, json=body, headers=headers, timeout=_SECONDS, allow_redirects=False)
        except requests.RequestException as failure:
            raise Closed(type(failure).__name__) from None
        status = answer.status_code
        if 200 <= status < 300:
            return
        if status >= 500 or status in _OURS or status < 400:
            raise Closed(f"http_{status}")
        raise Returned(f"http_{status}", for_good=status not in _PASSING)
