"""The nine indicators by which settlement is judged (Circular 01/2018, Art. 13 to 15): what each is, and its points.

Each gives 2, 1 or 0 points. What nobody has recorded gives no points at all and is left out of the sum (Art. 15.4b):
None is not zero.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Final

from motcua.law.dossier import events as e
from motcua.law.timeliness import Timeliness

MOST: Final = 2  # points of one indicator
_TENTH: Final = Decimal("0.1")


class Of(StrEnum):
    """What is scored: each dossier, or the agency as a whole (Art. 14.1, 14.2)."""

    DOSSIER = "dossier"
    AGENCY = "agency"
    BOTH = "both"


class Source(StrEnum):
    """Where an indicator's facts come from here."""

    LOG = "log"  # the dossiers' log
    LOG_AND_CATALOGUE = "log_and_catalogue"  # the same, and the procedures that the agency offers
    NOT_RECORDED = "not_recorded"  # ballots, complaints, feedback, inspections: nothing of them is recorded here yet


@dataclass(frozen=True, slots=True)
class Indicator:
    """An indicator of Art. 13: its number, what is scored, whether it counts for a person, and where its facts are."""

    number: int
    of: Of
    of_staff: bool
    source: Source

    @property
    def article(self) -> str:
        """Where it stands."""
        return f"TT 01/2018/TT-VPCP, Điều 13.{self.number}"


INDICATORS: Final = (
    Indicator(1, Of.DOSSIER, True, Source.LOG),  # total time against the limit
    Indicator(2, Of.DOSSIER, True, Source.LOG),  # the time of each agency that takes part
    Indicator(3, Of.DOSSIER, True, Source.LOG),  # contacts with the desk to complete the dossier
    Indicator(4, Of.DOSSIER, True, Source.LOG),  # bodies to be contacted to complete it
    Indicator(5, Of.AGENCY, False, Source.NOT_RECORDED),  # reception, settlement and return at the desk
    Indicator(6, Of.BOTH, False, Source.NOT_RECORDED),  # publication of procedures
    Indicator(7, Of.DOSSIER, True, Source.NOT_RECORDED),  # attitude of staff
    Indicator(8, Of.AGENCY, False, Source.NOT_RECORDED),  # handling of feedback
    Indicator(9, Of.AGENCY, False, Source.LOG_AND_CATALOGUE),  # online services
)
OF_STAFF: Final = tuple(each.number for each in INDICATORS if each.of_staff)


def of_time(found: Timeliness | None) -> int | None:
    """Indicators 1 and 2: shorter than the limit, equal to it, or longer; without a limit nothing is measured."""
    points = {Timeliness.EARLY: 2, Timeliness.ON_TIME: 1, Timeliness.OVERDUE: 0}
    return None if found is None else points[found]


def took_part(event: e.Event) -> tuple[bool, Timeliness | None]:
    """Whether who caused the event did part of the settlement, and how that part stood against its own time."""
    match event:
        case e.HandedOver() | e.SentBack() | e.Finished():
            return True, event.step_timeliness
        case e.ConsultationAnswered():
            return True, event.timeliness
        case e.Received() | e.Accepted() | e.Returned():
            return True, None
    return False, None


def of_contacts(times: int, *, applicants_fault: bool = False) -> int:
    """Indicator 3: how often the applicant had to turn to the desk; more than once costs nothing by their own fault."""
    if times == 0:
        return 2
    return 1 if times == 1 or applicants_fault else 0


def of_agencies_contacted(number: int, *, required_by_law: int = 0) -> int:
    """Indicator 4: with how many bodies the applicant had to deal; those who lead a verification by law are allowed."""
    if number == 0:
        return 2
    return 1 if number <= 1 + required_by_law else 0


class Level(StrEnum):
    """Where an agency stands, as indicator 5 distinguishes."""

    MINISTRY = "ministry"
    PROVINCE = "province"
    DISTRICT = "district"
    COMMUNE = "commune"


# The least share of procedures settled from end to end at the desk for two points, in percent (Art. 13.5a).
AT_THE_DESK: Final[Mapping[Level, int]] = {
    Level.MINISTRY: 20,
    Level.PROVINCE: 20,
    Level.DISTRICT: 50,
    Level.COMMUNE: 100,
}


@dataclass(frozen=True, slots=True)
class DeskFacts:
    """For indicator 5: procedures on the desk's list, those settled there end to end, and received and returned."""

    level: Level
    listed: int
    end_to_end: int
    through_desk: int


def of_desk(facts: DeskFacts | None) -> int | None:
    """Indicator 5: how much is done at the desk."""
    if facts is None or facts.listed == 0:
        return None
    if facts.end_to_end * 100 >= AT_THE_DESK[facts.level] * facts.listed:
        return 2
    return 1 if facts.through_desk >= facts.listed else 0


def of_publication(*, posted: bool | None, electronic: bool | None) -> int | None:
    """Indicator 6: published exactly, fully and in time on the wall and electronically, in one way, or in none."""
    return None if posted is None or electronic is None else int(posted) + int(electronic)


def of_attitude(found: Timeliness | None, complaint: bool | None) -> int | None:
    """Indicator 7: no complaint, and early or on time; `complaint` leaves out those found to be untrue.

    Late without a complaint is not named by the circular: nothing is given for it.
    """
    if complaint is None:
        return None
    return 0 if complaint else of_time(found)


@dataclass(frozen=True, slots=True)
class FeedbackFacts:
    """For indicator 8: feedback that came, how much of it was handled in time, and whether any drags on."""

    received: int
    in_time: int
    dragging: int


def of_feedback(facts: FeedbackFacts | None) -> int | None:
    """Indicator 8: all in time or none came; at least nine in ten; less."""
    if facts is None:
        return None
    if facts.dragging:
        return 0
    if facts.in_time >= facts.received:
        return 2
    return 1 if facts.in_time * 100 >= 90 * facts.received else 0


@dataclass(frozen=True, slots=True)
class OnlineFacts:
    """For indicator 9: procedures offered and online, dossiers received and online, and online ones that are late."""

    offered: int
    offered_online: int
    received: int
    received_online: int
    late_online: int


def of_online(facts: OnlineFacts | None) -> int | None:
    """Indicator 9: a fifth of procedures and 30 % of dossiers online; 15 %; and no online dossier late or unsettled."""
    if facts is None or facts.offered == 0 or facts.received == 0:
        return None
    share = facts.received_online * 100
    if facts.late_online or facts.offered_online == 0 or share < 15 * facts.received:
        return 0
    enough = facts.offered_online * 100 >= 20 * facts.offered and share >= 30 * facts.received
    return 2 if enough else 1


@dataclass(frozen=True, slots=True)
class Scored:
    """An indicator of an agency or a person: points summed over what had any, and over how much that was."""

    points: int
    of: int

    @property
    def score(self) -> Decimal | None:
        """Points ÷ number, to one decimal, halves upwards (Art. 15.2a); None when nothing had any."""
        if not self.of:
            return None
        return (Decimal(self.points) / self.of).quantize(_TENTH, ROUND_HALF_UP)


class ClassBy(StrEnum):
    """What the limits of a class are held against while some indicators have no data; the circular does not say."""

    SUM = "sum"  # the sum of those that have
    SCALED = "scaled"  # the same, as if the missing ones were like the others
    COMPLETE = "complete"  # nothing, until all have


class Class(StrEnum):
    """How an agency is classed (Art. 15.3b), or how much of their task an officer has done (Art. 15.3a)."""

    EXCELLENT = "excellent"  # xuất sắc
    GOOD = "good"  # tốt
    FAIR = "fair"  # khá
    AVERAGE = "average"  # trung bình
    WEAK = "weak"  # yếu
    ALL = "all"  # hoàn thành 100 %
    MOST = "most"  # hoàn thành từ 70 % đến dưới 100 %
    LESS = "less"  # hoàn thành dưới 70 %


# The least total of each class.
AGENCY_CLASSES: Final = (
    (Decimal(15), Class.EXCELLENT),
    (Decimal(12), Class.GOOD),
    (Decimal(9), Class.FAIR),
    (Decimal(6), Class.AVERAGE),
    (Decimal(0), Class.WEAK),
)
STAFF_CLASSES: Final = ((Decimal(5), Class.ALL), (Decimal("3.5"), Class.MOST), (Decimal(0), Class.LESS))


@dataclass(frozen=True, slots=True)
class Sum:
    """The total over the indicators that have data: of how many, the most they could give, and the class if any."""

    total: Decimal
    present: int
    asked: int
    named: Class | None

    @property
    def most(self) -> int:
        """The most that the indicators with data could give."""
        return MOST * self.present

    @property
    def complete(self) -> bool:
        """Whether every indicator has data."""
        return self.present == self.asked


def of_agency(scores: Iterable[Decimal | None], by: ClassBy = ClassBy.SUM) -> Sum:
    """Total and class of an agency (Art. 15.3b); the scores of all nine indicators, None for those without data."""
    return _summed(tuple(scores), AGENCY_CLASSES, by)


def of_person(scores: Iterable[Decimal | None], by: ClassBy = ClassBy.SUM) -> Sum:
    """Total and class of an officer (Art. 15.3a); the scores of indicators 1, 2, 3, 4 and 7."""
    return _summed(tuple(scores), STAFF_CLASSES, by)


def _summed(scores: tuple[Decimal | None, ...], classes: tuple[tuple[Decimal, Class], ...], by: ClassBy) -> Sum:
    known = [score for score in scores if score is not None]
    total = sum(known, Decimal(0))
    if not known or (by is ClassBy.COMPLETE and len(known) < len(scores)):
        return Sum(total, len(known), len(scores), None)
    held = total * len(scores) / len(known) if by is ClassBy.SCALED else total
    return Sum(total, len(known), len(scores), next(name for least, name in classes if held >= least))
