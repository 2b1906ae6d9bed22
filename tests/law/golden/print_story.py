"""Print one story as new golden lines, to be appended by hand: `print_story.py NAME events|state`.

It never writes a file: a golden line, once in the repository, is a promise that every later release can read it.
"""

import json
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from law.dossier_world import (
    BOTH,
    CASE,
    CHANGED,
    CITED,
    DESK,
    ELSEWHERE,
    HERE,
    IMPORTED,
    LEADER,
    LINEAR,
    LOOP,
    PAYMENT,
    PORTAL,
    RETURN,
    SUPPLEMENT,
    SUSPEND,
    THERE,
    Story,
    at,
    intake,
    limit,
    ref,
)
from motcua.law import codec
from motcua.law.bases import SupplementClock, compose
from motcua.law.dossier import commands as c
from motcua.law.dossier import write
from motcua.law.dossier.vocabulary import Channel, Component, PaidBy, ReturnMethod, SignedBy

SUCCESSOR = 5  # the agency that took THERE's place


def at_the_counter() -> Story:
    """Received, assigned, sent back once, a new appointment, finished late and returned by post."""
    came = intake(request=ref("request"), form=ref("form"))
    story = Story(LOOP).do(c.Receive(came, limit("5 ngày làm việc")), DESK, "2024-03-04 15:30")
    story.do(c.Assign(21), CASE, "2024-03-05 07:30")
    story.do(c.HandOver("done", 23, document=ref("draft")), CASE, "2024-03-06 10:00")
    story.do(c.HandOver("back", note=ref("one paper is missing")), LEADER, "2024-03-06 16:00")
    story.do(c.AppointAgain(at("2024-03-20 16:30"), ref("sorry")), LEADER, "2024-03-08 09:00")
    story.do(c.HandOver("done"), CASE, "2024-03-19 10:00")
    story.do(c.HandOver("signed", document=ref("certificate")), LEADER, "2024-03-20 16:00")
    story.do(c.MakeReady(), DESK, "2024-03-20 16:30")
    story.do(c.Correct(ref("owner, spelt right"), ref("father"), ref("new request")), DESK, "2024-03-21 08:00")
    return story.do(c.Return(ReturnMethod.POST, 50_000, ref("consignment")), DESK, "2024-03-22 08:00")


def filed_online() -> Story:
    """Filed online, papers asked for before and after acceptance, a payment, refused after appraisal."""
    story = Story(BOTH).do(c.Register(intake(channel=Channel.ONLINE, submitter=ref("submitter"))))
    story.do(SUPPLEMENT, DESK, "2024-03-05 08:00")
    story.do(c.Resume((Component(1, originals=1, file=ref("scan")),)), DESK, "2024-03-07 08:00")
    story.do(c.Accept(limit("15 ngày"), transfer=False), DESK, "2024-03-07 09:00")
    story.do(c.Transfer(ref("note")), DESK, "2024-03-07 10:00")
    story.do(c.HandOver("sent"), DESK, "2024-03-07 10:30")
    story.do(SUPPLEMENT, CASE, "2024-03-08 10:00").do(c.Resume(), DESK, "2024-03-14 10:00")
    story.do(PAYMENT, CASE, "2024-03-15 10:00").do(c.Resume(), DESK, "2024-03-18 10:00")
    story.do(c.HandOver("done"), CASE, "2024-03-19 10:00")
    return story.do(c.HandOver("refuse", note=ref("reason")), DESK, "2024-03-19 11:00")


def recounted() -> Story:
    """A changed calendar moved the due time; then the applicant took the dossier back."""
    rules = c.Rules(supplement_clock=SupplementClock.SHIFT)
    story = Story(rules=rules).do(c.Receive(intake(), limit("8 giờ")), DESK, "2024-03-13 15:00")
    story.do(SUPPLEMENT, CASE, "2024-03-13 16:00").do(c.Resume(), DESK, "2024-03-14 14:00")
    story.calendar = CHANGED
    story.do(c.Recount(), LEADER, "2024-03-14 15:00")
    return story.do(c.Withdraw(ref("reason")), DESK, "2024-03-14 16:00")


def stopped() -> Story:
    """A procedure without a limit, ended by the agency."""
    return Story().do(c.Receive(intake(), None), DESK).do(c.Stop(ref("reason")), LEADER)


def refused_at_the_desk() -> Story:
    """Sent by post and not accepted."""
    return Story().do(c.Register(intake(channel=Channel.POST))).do(c.RefuseIntake(ref("reason")), DESK)


def filed_by_another_system() -> Story:
    """Handed in by the national portal, which also brought what was asked for, and took it back for the applicant."""
    story = Story().do(c.Register(intake(channel=Channel.ONLINE, filer=ELSEWHERE)), PORTAL)
    story.do(SUPPLEMENT, DESK, "2024-03-05 08:00")
    story.do(c.Resume((Component(1, originals=1, file=ref("scan")),)), PORTAL, "2024-03-07 08:00")
    return story.do(c.Withdraw(ref("reason")), PORTAL, "2024-03-07 09:00")


def imported() -> Story:
    """A dossier of another system's log, with its own deadline and activities."""
    story = Story()
    story.now = at("2024-06-03 09:00")

    def claim(text: str) -> c.Claim:
        return c.Claim(at(text), IMPORTED)

    due = at("2024-03-08 17:00")
    story.do(c.Receive(intake(), None, transfer=False, given_due_at=due), claim=claim("2024-03-01 08:00"))
    story.do(c.NoteActivity("T02 Check confirmation of receipt", "Group 1", "R-1"), claim=claim("2024-03-04 08:00"))
    story.do(c.FinishImported(), claim=claim("2024-03-07 08:00"))
    return story.do(RETURN, claim=claim("2024-03-07 09:00"))


def erased() -> Story:
    """Returned; one person's record went early by an order, years later all the rest, and again after a restoration."""
    story = Story().do(c.Receive(intake(submitter=ref("submitter")), limit("5 ngày làm việc")), DESK)
    story.do(c.HandOver("done"), CASE).do(c.HandOver("signed"), LEADER).do(c.MakeReady(), DESK).do(RETURN, DESK)
    story.do(c.Erase("7/QĐ-UBND", (ref("submitter"),), early=True), LEADER)
    story.do(c.Erase("Quyết định số 12/QĐ-UBND ngày 05/01/2032"), LEADER)
    return story.do(c.Erase("Quyết định số 12/QĐ-UBND ngày 05/01/2032", again=True))


def by_the_decree_of_2025() -> Story:
    """Filed online and answered late, paid, opinions asked, suspended, scanned, signed, brought back, and corrected."""
    story = Story(LINEAR, rules=compose(date(2026, 7, 1)))
    story.do(c.Register(intake(channel=Channel.ONLINE)), DESK, "2024-03-04 15:00")
    story.do(c.Accept(limit("15 ngày làm việc")), DESK, "2024-03-06 08:00")
    story.do(c.Annotate(ref("remark")), CASE).do(c.Assign(21), CASE)
    story.do(c.Consult(ref("question"), at("2024-03-08 17:00"), ELSEWHERE), CASE)
    story.do(c.Consult(ref("question"), at("2024-03-08 17:00"), body=ref("a department")), CASE)
    story.do(c.AnswerConsultation(1, ref("answer"), ref("letter")), replace(CASE, agency=ELSEWHERE), "2024-03-11 09:00")
    story.do(SUPPLEMENT, CASE, "2024-03-12 10:00").do(c.Resume(), DESK, "2024-03-14 10:00")
    story.do(replace(SUPPLEMENT, legal_ground=CITED), CASE).do(c.Resume(), DESK, "2024-03-18 10:00")
    story.do(SUSPEND, LEADER, "2024-03-18 14:00").do(c.Resume(), LEADER, "2024-03-20 14:00")
    story.do(PAYMENT, CASE, "2024-03-20 15:00").do(c.Pay(200_000, PaidBy.CASH, "0001234"), DESK)
    story.do(c.Pay(1_000_000, PaidBy.TRANSFER), DESK, "2024-03-21 15:00")
    story.do(c.AppointAgain(at("2024-04-24 09:00"), ref("sorry")), LEADER, "2024-03-22 09:00")
    story.keep_attempt(c.AppointAgain(at("2024-04-25 09:00"), ref("sorry again")), LEADER)
    story.do(c.Digitise((Component(1, file=ref("scan")),), ref("result scan")), DESK)
    chief = replace(LEADER, agency=SUCCESSOR, stands_for=frozenset({THERE}))
    story.do(c.Relocate(THERE, SUCCESSOR, "12/QĐ-UBND"), chief)
    story.do(c.HandOver("done"), replace(CASE, agency=SUCCESSOR)).do(c.Sign(ref("signed file"), SignedBy.PERSON), chief)
    story.do(c.Approve(note=ref("note"), document=ref("certificate")), chief)
    story.do(c.MakeReady(ref("arrived")), DESK, "2024-03-26 09:00")
    story.do(c.Return(ReturnMethod.POST, consignment="EV123456789VN"), DESK)
    return story.do(c.CorrectError(ref("a wrong year"), ref("right certificate")), chief)


def refused_online() -> Story:
    """Filed online, papers asked for too late, and refused."""
    story = Story().do(c.Register(intake(channel=Channel.ONLINE)), DESK, "2024-03-04 15:00")
    story.do(SUPPLEMENT, DESK, "2024-03-06 08:00").do(c.Resume(), DESK, "2024-03-07 08:00")
    return story.do(c.RefuseIntake(ref("no")), DESK)


def refused_late() -> Story:
    """Filed online and refused after the time for the answer; the answer counts once."""
    story = Story().do(c.Register(intake(channel=Channel.ONLINE)), DESK, "2024-03-04 15:00")
    return story.do(c.RefuseIntake(ref("no")), DESK, "2024-03-06 08:00")


def one_agency() -> Story:
    """Received and decided by one agency: no result travels."""
    came = intake(competent_agency=HERE)
    story = Story().do(c.Receive(came, limit("5 ngày làm việc")), DESK)
    story.do(c.HandOver("done"), replace(CASE, agency=HERE))
    story.do(c.HandOver("signed", document=ref("certificate"), note=ref("note")), replace(LEADER, agency=HERE))
    return story.do(RETURN, DESK)


# Told under a law that has moved on: the result of another agency goes to the desk as an event of its own now.
RETIRED = frozenset({"at_the_counter", "erased"})
STORIES = {
    story.__name__: story
    for story in (
        at_the_counter,
        filed_online,
        recounted,
        stopped,
        refused_at_the_desk,
        imported,
        erased,
        filed_by_another_system,
        by_the_decree_of_2025,
        refused_online,
        refused_late,
        one_agency,
    )
}


def lines(name: str, what: str) -> list[str]:
    """The golden lines of a story as today's law tells it."""
    story = STORIES[name]()
    if what == "state":
        return [_line({"story": name, "state": codec.to_data(story.state)})]
    stored = [(*write(event), moment.isoformat()) for event, moment in story.log]
    return [_line({"story": name, "type": t, "version": v, "at": moment, "data": d}) for t, v, d, moment in stored]


def _line(data: dict[str, object]) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


if __name__ == "__main__":
    sys.stdout.write("".join(line + "\n" for line in lines(*sys.argv[1:])))
