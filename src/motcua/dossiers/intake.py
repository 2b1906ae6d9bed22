"""What the desk can offer for a procedure: which agency decides, the limit, the process, and the next number."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from motcua.agencies import queries as agencies
from motcua.agencies.access import Reader, for_system
from motcua.dossiers.circumstances import actor, process
from motcua.dossiers.rules import pattern, rules_at
from motcua.law.dossier import reckoning
from motcua.law.dossier.commands import Claim, Context
from motcua.law.dossier.events import Appointment
from motcua.law.dossier.vocabulary import Channel
from motcua.law.process import Process
from motcua.law.worktime import LimitError, TimeLimit, WorkCalendar
from motcua.procedures import queries as procedures


class NotOffered(LookupError):  # noqa: N818 - a message for the person, not a fault
    """The reader's desk does not receive this procedure, or it has no process yet."""

    message = _("Bộ phận Một cửa này không tiếp nhận thủ tục đã chọn, hoặc thủ tục chưa có quy trình nội bộ.")


TAKE_SERIAL = """
    INSERT INTO dossiers_serial AS s (scope, last) VALUES (%s, 1)
    ON CONFLICT (scope) DO UPDATE SET last = s.last + 1 RETURNING last, clock_timestamp()"""


@dataclass(frozen=True, slots=True)
class Offer:
    """All that is fixed once the procedure and the channel are chosen."""

    procedure: str
    channel: Channel
    procedure_version: int
    receiving_agency: int
    competent_agency: int
    limit: TimeLimit | None
    calendar: WorkCalendar
    process: Process
    process_version: int
    unit: str
    code_pattern: str


@dataclass(frozen=True, slots=True)
class Number:
    """A dossier code just taken, and the database's moment in which it was."""

    code: str
    recorded_at: datetime


def offer(reader: Reader, code: str, channel: Channel) -> Offer:
    """The offer of the reader's desk for a procedure; raises NotOffered."""
    if reader.agency_id is None or not reader.permits_procedure(code):
        raise NotOffered(code)
    return offer_at(reader, reader.agency_id, code, channel)


def offer_at(reader: Reader, desk: int, code: str, channel: Channel) -> Offer:
    """The offer of any desk for a procedure; procedures and desks are public. Raises NotOffered."""
    found = procedures.offering(reader, desk, code)
    if found is None or found.process_version_id is None:
        raise NotOffered(code)
    if found.calendar_version_id is None:
        raise agencies.NoCalendar(agencies.NO_CALENDAR)
    limit = _limit(str(connection.settings_dict["NAME"]), found.version_id, channel.value)
    return Offer(
        code,
        channel,
        found.version_id,
        desk,
        found.competent_agency_id,
        limit,
        agencies.calendar_version(found.calendar_version_id),
        process(found.process_version_id),
        found.process_version_id,
        found.unit,
        found.code_pattern,
    )


def promised(reader: Reader, chosen: Offer, at: datetime) -> Appointment:
    """The appointment under an offer already read; raises CalendarEdgeError where the calendar ends."""
    context = Context(at, chosen.calendar, actor(reader), rules=rules_at(at))
    return reckoning.appoint(context, chosen.limit, None)


@lru_cache(maxsize=4096)
def _limit(database: str, version_id: int, channel: str) -> TimeLimit | None:
    """The limit of a procedure's version for a channel; versions never change, so it is read once."""
    page = procedures.version(for_system("limit of a procedure"), version_id)
    if page is None:
        raise LookupError(f"procedure version {version_id}")
    limit = page.content.limit_for(channel)
    if limit is None or limit.text is None:
        return None
    try:
        return TimeLimit.parse(limit.text)
    except LimitError:
        return None


def take_number(chosen: Offer, claim: Claim | None = None) -> Number:
    """The next code of the desk: one row of `Serial`, locked until commit, so there is no gap and no duplicate."""
    moment = claim.happened_at if claim else timezone.now()
    form = pattern(chosen.code_pattern or rules_at(moment).code_pattern)
    day = reckoning.local(moment).date()
    serial, recorded_at = _next(form.scope(chosen.unit, day))
    by_database = reckoning.local(recorded_at).date()
    if claim is None and by_database != day:  # the application's clock and the database's stand on two days
        day = by_database
        serial, recorded_at = _next(form.scope(chosen.unit, day))
    return Number(form.code(chosen.unit, day, serial), recorded_at)


def _next(scope: str) -> tuple[int, datetime]:
    """The next serial of a scope and the database's moment after its row was locked."""
    with connection.cursor() as cursor:
        cursor.execute(TAKE_SERIAL, [scope])
        serial, recorded_at = cursor.fetchone()
    return serial, recorded_at
