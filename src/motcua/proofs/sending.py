"""Send the last head of each day to addresses outside: at least once, under a Message-ID that never changes, in order.

No connection and temporary refusals are tried again without limit, with pauses that grow to an hour; meanwhile later
days wait. A permanent refusal is tried three times, then given up and shown, and the later days go on.
"""

import hashlib
import logging
import smtplib
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone

from motcua.dossiers.duties import Duty
from motcua.law.dossier.reckoning import local
from motcua.law.retry import wait
from motcua.proofs import queries
from motcua.proofs.models import Delivery
from motcua.proofs.queries import SignedHead

_LOG = logging.getLogger(__name__)
PATIENCE = 3  # permanent refusals after which a day is given up
_DAYS = 366  # of heads that were signed while nobody sent anything


def recipient(address: str) -> str:
    """What the database keeps of an address: a hash, so that it names nobody."""
    return hashlib.sha256(address.strip().lower().encode()).hexdigest()[:32]


def send_all() -> int:
    """Note which days are due for each address of the settings, send what is due now; returns how many were sent."""
    if not settings.EMAIL_HOST:
        return 0
    now = timezone.now()
    heads = queries.by_day(local(now).date(), _DAYS)
    sent = 0
    for address in settings.MOTCUA_LOG_RECIPIENTS:
        _enqueue(recipient(address), heads, now)
        sent += _send_due(address)
    return sent


def sending() -> Duty:
    """Sending as something that the worker does by time."""
    return Duty("mail_heads", timedelta(minutes=1), send_all)


def _enqueue(key: str, heads: Sequence[SignedHead], now: datetime) -> None:
    """Days after the last one noted; a new address begins with the latest day."""
    last = Delivery.objects.filter(recipient=key).order_by("-day").values_list("day", flat=True).first()
    days = [(local(head.signed_at).date(), head) for head in reversed(heads)]
    due = [each for each in days if last is None or each[0] > last]
    rows = [
        Delivery(recipient=key, day=day, head_id=head.number, next_at=now) for day, head in (due if last else due[-1:])
    ]
    Delivery.objects.bulk_create(rows, ignore_conflicts=True)


def _send_due(address: str) -> int:
    """Send the waiting days of one address in order, up to the first that has to wait."""
    waiting = Delivery.objects.filter(recipient=recipient(address), sent_at=None, given_up_at=None).order_by("day")
    sent = 0
    for delivery in waiting.select_related("head", "head__key"):
        if delivery.next_at > timezone.now():
            break
        _try(delivery, address)
        sent += delivery.sent_at is not None
        if not (delivery.sent_at or delivery.given_up_at):
            break
    return sent


def _try(delivery: Delivery, address: str) -> None:
    """One try, noted when it has ended: a worker that is killed between the two sends the same message once more."""
    permanent, error = False, ""
    try:
        message(address, delivery).send()
    except (smtplib.SMTPException, OSError) as failure:
        permanent, error = _answer(failure)
        _LOG.warning("the head of %s was not sent: %s", delivery.day, error)
    with transaction.atomic():
        now = timezone.now()
        delivery.tries += 1
        delivery.refusals += permanent
        delivery.error = error
        delivery.next_at = now + wait(delivery.refusals if permanent else delivery.tries)
        delivery.sent_at = None if error else now
        delivery.given_up_at = now if delivery.refusals >= PATIENCE else None
        delivery.save()


def _answer(failure: Exception) -> tuple[bool, str]:
    """Whether a failure is a permanent refusal of this message, and its kind: a number or a name, nobody's words."""
    code = 0
    if isinstance(failure, smtplib.SMTPRecipientsRefused):
        code = max((code for code, _text in failure.recipients.values()), default=0)
    elif isinstance(failure, smtplib.SMTPResponseException):
        code = failure.smtp_code
    # A refused sign-in is the installation's fault: it is mended one day, and nothing may be lost until then.
    refused = 500 <= code < 600 and not isinstance(failure, smtplib.SMTPAuthenticationError | smtplib.SMTPConnectError)
    return refused, str(code) if code > 0 else type(failure).__name__


def message(address: str, delivery: Delivery) -> EmailMessage:
    """The message for one address and day, the same whenever it is made."""
    head = delivery.head
    origin = head.note.partition("\n")[0]
    domain = origin.partition("/")[0]
    root = bytes(head.root).hex()
    day = f"{delivery.day:%d/%m/%Y}"
    mail = EmailMessage(
        f"[Motcua] Đầu nhật ký ngày {day} · {origin} · {head.size}",
        _BODY.format(day=day, origin=origin, size=head.size, root=root, note=head.note),
        settings.MOTCUA_MAIL_FROM or f"motcua@{domain}",
        [address],
        headers={
            # Short enough not to be folded into two lines, which some servers do not read.
            "Message-ID": f"<head.{head.size}.{root[:16]}.{delivery.recipient[:12]}@{domain}>",
            "Auto-Submitted": "auto-generated",
        },
    )
    # As bytes: no server on the way may change the ends of lines, which the signature covers.
    mail.attach(f"head-{delivery.day.isoformat()}-{head.size}.txt", head.note.encode(), "application/octet-stream")
    return mail


_BODY = """\
Đây là đầu nhật ký đã ký của {origin}, cuối ngày {day}: {size} vị trí, mã gốc
{root}
Hãy giữ thư này. Sau này, ai giữ nó đều kiểm tra được rằng không ai sửa, xóa hay chèn gì vào phần đã ghi đến lúc ấy:
lưu tệp đính kèm, rồi chạy motcua verify --head TỆP tại nơi có nhật ký, hoặc docs/verifier/verify.py ở bất cứ đâu.

This is the signed head of the log of {origin} at the end of {day}: {size} positions, the root is above.
Keep this message. Whoever keeps it can check that nothing recorded until then was changed, removed or slipped in:
save the attachment and run motcua verify --head FILE where the log is, or docs/verifier/verify.py anywhere.

{note}"""
