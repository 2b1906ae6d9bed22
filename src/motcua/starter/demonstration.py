"""Demonstration dossiers: plausible lives of plainly invented people, through the same law as real ones.

A few go through the room's commands one by one; many are told in memory and written set-wise, by two processes. Both
leave the same log, and every moment in it is a claim on the ground "demonstration": nothing passes for recorded then.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from itertools import repeat, zip_longest
from multiprocessing import get_context
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db import connections, transaction
from django.utils import timezone

from motcua.agencies import queries as agencies
from motcua.agencies.access import Reader, for_staff, for_system
from motcua.dossiers import bulk, commands, intake, queries
from motcua.dossiers.bulk import Story
from motcua.dossiers.intake import Offer
from motcua.dossiers.rules import pattern, remember, rules_at
from motcua.law import worktime
from motcua.law.dossier import commands as law
from motcua.law.dossier.events import Intake
from motcua.law.dossier.reckoning import aware, local
from motcua.law.dossier.state import State
from motcua.law.dossier.vocabulary import Channel, Component, Ground, Pause, Ref, ReturnMethod
from motcua.law.process import Function
from motcua.law.worktime import WorkCalendar
from motcua.persons.commands import Kept, Pair, keep_many
from motcua.persons.identity import ApplicantData, ApplicantKind, IdKind
from motcua.procedures import queries as procedures
from motcua.starter import lives, province
from motcua.starter.lives import Deed, Life, Next, arrivals

BATCH = 2500
ONE_BY_ONE = 200  # up to so many go through the commands
_RECENT = timedelta(days=60)
_LATELY = 5 * 8 * 60  # working minutes
_FIRST_DAY = date(2024, 1, 2)
_CHANNELS = ((Channel.DIRECT, 70), (Channel.ONLINE, 25), (Channel.POST, 5))
_HASTE = {"MAU-01": 0.5, "MAU-02": 0.62, "MAU-03": 0.78}  # the wards differ, so that the map has something to say
_SECOND_NAMES = ("An", "Bình", "Chi", "Dũng", "Giang", "Hạnh", "Khánh", "Linh", "Nam", "Oanh", "Phúc", "Quỳnh", "Yến")
_COMPONENTS = (Component(1, originals=1), Component(2, copies=1))
_READER = for_system("demonstration")
_EVERYDAY = {"2.000815": 34, "1.001193": 9, "1.004873": 9, "2.000635": 8, "1.004222": 6, "1.000894": 5}


@dataclass(frozen=True, slots=True)
class Batch:
    """A stretch of time with its share of the dossiers; what one process writes in one transaction."""

    number: int
    start: datetime
    end: datetime
    count: int
    seed: int


@dataclass(frozen=True, slots=True)
class Cast:
    """The demo province as the lives need it: staff by agency and function, what each desk offers, and numbering."""

    staff: dict[tuple[int, Function], tuple[int, ...]]
    offers: dict[int, tuple[tuple[str, int], ...]]
    units: dict[int, tuple[str, str]]
    haste: dict[int, float]
    calendar: WorkCalendar
    known: dict[tuple[int, str, Channel], tuple[Offer, int]] = field(default_factory=dict)

    def offer(self, desk: int, code: str, channel: Channel) -> tuple[Offer, int]:
        """The offer of a desk and the fee as published, looked up once."""
        key = (desk, code, channel)
        if key not in self.known:
            offer = intake.offer_at(_READER, desk, code, channel)
            page = procedures.version(_READER, offer.procedure_version)
            filings = page.content.filings_for(channel.value) if page else ()
            amounts = [fee.amount for filing in filings for fee in filing.fees if fee.amount]
            self.known[key] = (offer, amounts[0] if amounts else 0)
        return self.known[key]


def make(count: int, *, seed: int = 1, progress: Callable[[int], None] = lambda _: None) -> int:
    """Make `count` demonstration dossiers; returns how many. Raises LookupError without the demo province."""
    if not province.exists():
        raise LookupError(province.PROVINCE)
    _cast.cache_clear()  # what was looked up for another database is not for this one
    batches = _batches(count, seed)
    made = 0
    if count <= ONE_BY_ONE:
        return sum(_one_by_one(batch, progress) for batch in batches)
    if count <= BATCH:
        for batch in batches:
            made += write_batch(batch)
            progress(batch.count)
        return made
    connections.close_all()  # the processes come from this one, and a connection is not to be shared
    with ProcessPoolExecutor(2, mp_context=get_context("fork")) as pool:
        for done in as_completed([pool.submit(write_batch, batch) for batch in _apart(batches)]):
            made += done.result()
            progress(done.result())
    return made


def _batches(count: int, seed: int) -> list[Batch]:
    """The office hours until now cut into stretches by working time, because a stretch of days may be all Tết.

    Few dossiers: the last sixty days, and every other one in the last five working days, so that desks have work lying
    there.
    """
    calendar, end = _cast().calendar, local(timezone.now())
    few = count <= BATCH
    start = end - _RECENT if few else datetime.combine(_FIRST_DAY, datetime.min.time())
    total = worktime.elapsed(calendar, start, end)
    if few:
        cuts, sizes = [0, max(1, total - _LATELY), total], [count - count // 2, count // 2]
    else:
        pieces = -(-count // BATCH)
        cuts = [total * number // pieces for number in range(pieces + 1)]
        sizes = [count // pieces + (number < count % pieces) for number in range(pieces)]
    moments = [worktime.add_minutes(calendar, start, minute) for minute in cuts]
    return [
        Batch(number, moments[number], moments[number + 1], size, seed * 1_000_003 + number)
        for number, size in enumerate(sizes)
        if size
    ]


def _apart(batches: Sequence[Batch]) -> list[Batch]:
    """The batches in an order in which two that are written at once lie far apart.

    Neighbours often share a day and with it the row of a desk's last number: the second would wait for the first.
    """
    half = -(-len(batches) // 2)
    return [batch for pair in zip_longest(batches[:half], batches[half:]) for batch in pair if batch is not None]


@cache
def _cast() -> Cast:
    """Looked up once in each process."""
    staff: dict[tuple[int, Function], tuple[int, ...]] = {}
    units: dict[int, tuple[str, str]] = {}
    haste: dict[int, float] = {}
    offers: dict[int, tuple[tuple[str, int], ...]] = {}
    for agency in agencies.agencies(_READER):
        if not agency.code.startswith(province.PROVINCE):
            continue
        units[agency.id] = (agency.identifier, agency.code_pattern)
        haste[agency.id] = _HASTE.get(agency.code, 0.55)
        for person in agencies.staff_of(_READER, agency.id):
            for function in Function:
                if function.value in person.functions:
                    staff[agency.id, function] = (*staff.get((agency.id, function), ()), person.id)
        if agency.code in province.WARDS:
            codes = sorted(procedures.offerings(_READER, agency.id))
            offers[agency.id] = tuple((code, _EVERYDAY.get(code, 2)) for code in codes)
    calendar, _version = agencies.calendar_for(min(offers))
    return Cast(staff, offers, units, haste, calendar)


def invented(rng: random.Random, number: int) -> ApplicantData:
    """A person who plainly does not exist: the name says so, and no identity number begins with 000."""
    family = rng.choice(("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Hồ"))
    return ApplicantData(
        ApplicantKind.CITIZEN,
        f"{family} {rng.choice(('Văn', 'Thị', 'Minh', 'Ngọc'))} Mẫu {rng.choice(_SECOND_NAMES)}",
        f"000{number % 1_000_000_000:09}",
        IdKind.CCCD,
        address=f"Tổ {rng.randint(1, 30)}, {rng.choice(('phường Hoa Sen', 'phường Bến Nước', 'xã Đồi Chè'))}, tỉnh Mẫu",
        phone=f"0900{number % 1_000_000:06}",
    )


@dataclass(frozen=True, slots=True)
class Arrival:
    """One dossier before it is received."""

    offer: Offer
    channel: Channel
    at: datetime
    fee: int


def _arrivals(cast: Cast, batch: Batch, rng: random.Random) -> Iterator[Arrival]:
    desks = sorted(cast.offers)
    for at in arrivals(rng, cast.calendar, batch.start, batch.end, batch.count):
        desk = rng.choices(desks, (5, 3, 2)[: len(desks)])[0]
        codes, weights = zip(*cast.offers[desk], strict=True)
        channel = rng.choices([c for c, _ in _CHANNELS], [w for _, w in _CHANNELS])[0]
        offer, fee = cast.offer(desk, rng.choices(codes, weights)[0], channel)
        yield Arrival(offer, channel, aware(at), fee)


def write_batch(batch: Batch) -> int:
    """Tell and write one batch in one transaction; returns how many dossiers."""
    rng = random.Random(batch.seed)  # noqa: S311 - a demonstration must come out the same again
    cast = _cast()
    with transaction.atomic():
        coming = list(_arrivals(cast, batch, rng))
        codes = _codes(cast, coming)
        people = [invented(rng, batch.seed * 7919 + index) for index in range(len(coming))]
        refs = [_ref(kept) for kept in keep_many(people, [_pair(arrival.offer) for arrival in coming])]
        notes = {pair: _notes(pair) for pair in sorted({_pair(arrival.offer) for arrival in coming})}
        now = bulk.database_now()
        for rules in {rules_at(arrival.at) for arrival in coming}:
            remember(rules)
        stories = [
            _tell(cast, arrival, code, owner, notes[_pair(arrival.offer)], now, rng)
            for arrival, code, owner in zip(coming, codes, refs, strict=False)
        ]
        bulk.write(stories)
    return len(stories)


def _ref(kept: Kept) -> Ref:
    return Ref(str(kept.record_id), kept.commitment)


def _pair(offer: Offer) -> Pair:
    return offer.receiving_agency, offer.competent_agency


def _notes(pair: Pair) -> dict[str, Ref]:
    """The notes that the dossiers of these two agencies share."""
    return dict(zip(lives.NOTES, map(_ref, keep_many(lives.NOTES, repeat(pair))), strict=True))


def _codes(cast: Cast, coming: Sequence[Arrival]) -> list[str]:
    """Reserve all numbers of a batch in one statement and share them out in the order of arrival."""
    keys = []
    for each in coming:
        identifier, text = cast.units[each.offer.receiving_agency]
        keys.append(((identifier, pattern(text or rules_at(each.at).code_pattern)), local(each.at).date()))
    scopes = [form.scope(identifier, day) for (identifier, form), day in keys]
    following = bulk.take_serials(Counter(scopes))
    codes = []
    for ((identifier, form), day), scope in zip(keys, scopes, strict=True):
        codes.append(form.code(identifier, day, following[scope]))
        following[scope] += 1
    return codes


def _tell(
    cast: Cast, arrival: Arrival, code: str, owner: Ref, notes: dict[str, Ref], now: datetime, rng: random.Random
) -> Story:
    """The whole life of one dossier up to now, in memory."""
    offer, rules = arrival.offer, rules_at(arrival.at)
    story = Story.of(commands.new_id(), code)
    came = Intake(
        code, arrival.channel, offer.receiving_agency, offer.competent_agency, offer.procedure,
        offer.procedure_version, owner, _COMPONENTS, 1, arrival.fee, ReturnMethod.DESK,
    )  # fmt: skip

    def tell(command: law.Command, at: datetime, agency: int, function: Function) -> State:
        staff = _who(cast, story.state, agency, function, rng)
        chosen = law.Assign(staff) if isinstance(command, law.Assign) else command
        actor, claim = law.Actor(agency, staff, frozenset({function})), law.Claim(at, Ground.DEMONSTRATION)
        context = law.Context(now, offer.calendar, actor, offer.process, offer.process_version, rules, claim)
        return story.tell(chosen, context, commands.new_id())

    receive = law.Receive(came, offer.limit)
    state = tell(receive, arrival.at, offer.receiving_agency, Function.DESK_OFFICER)
    life = _life(cast, arrival, rng)
    while (following := life.next(state)) is not None and following.at <= now:
        command = _command(following, state, notes)
        state = tell(command, following.at, following.agency, following.function)
    return story


def _life(cast: Cast, arrival: Arrival, rng: random.Random) -> Life:
    """Three dossiers in a hundred lie for long; the wards differ."""
    luck = 6.0 if rng.random() < 0.03 else 1.0
    offer = arrival.offer
    return Life(rng, offer.calendar, offer.process, cast.haste[offer.competent_agency] * luck)


def _who(cast: Cast, state: State | None, agency: int, function: Function, rng: random.Random) -> int:
    """The one who holds the step, if it is held, else anyone with the function."""
    people = cast.staff[agency, function]
    return state.holder_staff if state and state.holder_staff in people else rng.choice(people)


def _command(following: Next, state: State, notes: dict[str, Ref]) -> law.Command:
    """The law's command for a deed; who takes a step is filled in by the teller."""
    if following.deed == Deed.APOLOGISE and following.due_at is not None:
        return law.AppointAgain(following.due_at, notes[lives.APOLOGY_REASON])
    simple: dict[Deed, law.Command] = {
        Deed.TAKE: law.Assign(0),
        Deed.PAUSE: law.PauseFor(Pause.SUPPLEMENT, notes[lives.SUPPLEMENT_REASON]),
        Deed.RESUME: law.Resume(),
        Deed.RETURN: law.Return(state.intake.return_method, state.intake.fee),
        Deed.MAKE_READY: law.MakeReady(),
        Deed.WITHDRAW: law.Withdraw(notes[lives.WITHDRAWAL_REASON]),
    }
    refusal = notes[lives.REFUSAL_REASON] if following.refuses else None
    return simple.get(following.deed) or law.HandOver(following.outcome, note=refusal)


def _one_by_one(batch: Batch, progress: Callable[[int], None]) -> int:
    """The same lives through the room's commands, each in its own transactions, as staff would do them."""
    rng = random.Random(batch.seed)  # noqa: S311 - a demonstration must come out the same again
    cast = _cast()
    readers = _readers()
    notes = cache(_notes)
    for index, arrival in enumerate(_arrivals(cast, batch, rng)):
        offer = arrival.offer
        new = commands.NewDossier(
            offer.procedure, invented(rng, batch.seed * 7919 + index), channel=arrival.channel, components=_COMPONENTS,
            fee=arrival.fee,
        )  # fmt: skip
        desk = readers[_who(cast, None, offer.receiving_agency, Function.DESK_OFFICER, rng)]
        claim = law.Claim(arrival.at, Ground.DEMONSTRATION)
        answer = commands.receive(desk, new, command_id=commands.new_id(), claim=claim)
        _live(cast, arrival, answer.dossier_id, readers, notes(_pair(offer)), rng)
        progress(1)
    return batch.count


def _live(
    cast: Cast,
    arrival: Arrival,
    dossier_id: UUID,
    readers: dict[int, Reader],
    notes: dict[str, Ref],
    rng: random.Random,
) -> None:
    life = _life(cast, arrival, rng)
    while True:
        now = timezone.now()
        state = queries.detail(_READER, dossier_id, now).state
        following = life.next(state)
        if following is None or following.at > now:
            return
        staff = _who(cast, state, following.agency, following.function, rng)
        command = law.Assign(staff) if following.deed == Deed.TAKE else _command(following, state, notes)
        claim = law.Claim(following.at, Ground.DEMONSTRATION)
        commands.act(readers[staff], dossier_id, command, command_id=commands.new_id(), claim=claim)


def _readers() -> dict[int, Reader]:
    """A reader for each member of staff of the demo province."""
    people = [
        person
        for agency in agencies.agencies(_READER)
        if agency.code.startswith(province.PROVINCE)
        for person in agencies.staff_of(_READER, agency.id)
    ]
    users = get_user_model().objects.in_bulk([person.user_id for person in people])
    return {person.id: for_staff(users[person.user_id]) for person in people}
