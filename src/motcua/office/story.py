"""The whole story of a dossier as the control slip tells it: each event with who, when, and how long it took."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from motcua.dossiers.queries import Detail, Happening
from motcua.dossiers.slip import NOTES, Stretch, ref_id, stretches
from motcua.dossiers.wording import FUNCTIONS
from motcua.law.dossier import events as e
from motcua.law.dossier.state import AT_DESK_AGAIN
from motcua.law.dossier.vocabulary import Channel, PaidBy, ReturnMethod, Status
from motcua.law.process import Process
from motcua.office import words
from motcua.ui import formats


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened, goes on (`state` open) or will come (future)."""

    title: str
    when: datetime | None = None
    who: str = ""
    lines: tuple[str, ...] = ()
    note: str = ""
    tone: str = ""
    tone_words: str = ""
    state: str = "done"
    claim: str = ""


@dataclass(frozen=True, slots=True)
class Teller:
    """What a story is told from."""

    detail: Detail
    story: Sequence[Happening]
    now: datetime
    notes: Mapping[UUID, str] = field(repr=False)
    staff: Mapping[int, str]

    def who(self, staff: int | None) -> str:
        """The name of a member of staff; empty for the system's acts."""
        return self.staff.get(staff, "") if staff is not None else ""

    def said(self, happening: Happening) -> str:
        """The note or reason that an event refers to, as far as it may be read."""
        found = (ref_id(happening.data, name) for name in NOTES)
        return "\n".join(said for note in found if note and (said := self.notes.get(note, "")))

    def entries(self) -> list[Entry]:
        """The story in order, and what comes after on the shortest way."""
        detail = self.detail
        steps = {each.seq: each for each in stretches(self.story, detail.process, detail.calendar, self.now)}
        taken = {(each.taken_by, each.taken_at) for each in steps.values()}
        told = []
        for happening in self.story:
            if happening.seq in steps:
                told.append(self._step(steps[happening.seq], happening))
            elif happening.type != e.Assigned.TYPE:
                told.append(self._event(happening))
            elif (happening.data["staff"], happening.at) not in taken:  # the last taker stands with the step itself
                name = self.who(happening.data["staff"])
                told.append(
                    Entry(_("Giao cho %(name)s") % {"name": name}, happening.at, self.who(happening.actor_staff))
                )
        return told + future(detail)

    def _event(self, happening: Happening) -> Entry:
        title, lines, tone, tone_words = _TELL[happening.type](happening)
        return Entry(
            title,
            happening.at,
            self.who(happening.actor_staff),
            lines,
            self.said(happening),
            tone,
            tone_words,
            claim=claim_words(happening),
        )

    def _step(self, step: Stretch, happening: Happening) -> Entry:
        tone, said = words.TIMELINESS.get(step.timeliness or "", ("", ""))
        running = step.left_at is None
        if running and self.detail.state.paused_at is None and step.due_at is not None and self.now > step.due_at:
            tone, said = words.TIMELINESS["overdue"]
        agency = self.detail.agency_names.get(step.agency_id, "")
        function = FUNCTIONS.get(step.function, step.function)
        name = _("Nhận kết quả từ cơ quan giải quyết") if step.step == AT_DESK_AGAIN else step.name
        return Entry(
            name,
            step.handed_at,
            f"{agency}, {function}",
            tuple(line for line in (self._hands(step), _time(step), _outcome(step)) if line),
            self.said(happening),
            tone,
            str(said),
            state="open" if running else "done",
            claim=claim_words(happening),
        )

    def _hands(self, step: Stretch) -> str:
        giver, taker = self.who(step.given_by), self.who(step.taken_by)
        if step.taken_at is not None and taker:
            taker = _("%(name)s lúc %(moment)s") % {"name": taker, "moment": formats.moment(step.taken_at)}
        parts = [_("Giao: %(name)s") % {"name": giver}] if giver else []
        if taker:
            parts.append(_("Nhận: %(name)s") % {"name": taker})
        elif step.left_at is None:
            parts.append(_("Nhận: chưa có người"))
        return " · ".join(parts)


def _time(step: Stretch) -> str:
    """How long the step took, or takes, against its allowance."""
    if step.spent is None:
        return ""
    spent = formats.duration(step.spent)
    if not step.allotted:
        return _("Mất %(spent)s làm việc") % {"spent": spent}
    values = {"spent": spent, "allotted": formats.duration(step.allotted)}
    if step.left_at is None:
        return _("Đã dùng %(spent)s trong %(allotted)s làm việc") % values
    return _("Mất %(spent)s trong %(allotted)s làm việc") % values


def _outcome(step: Stretch) -> str:
    if not step.outcome or step.left_at is None:
        return ""
    return _("%(outcome)s lúc %(moment)s") % {"outcome": step.outcome, "moment": formats.moment(step.left_at)}


def claim_words(happening: Happening) -> str:
    """Says when an event was recorded later than it is said to have happened, and on what ground that counts."""
    if happening.ground is None:
        return ""
    return _("Ghi nhận lúc %(moment)s; thời điểm trên theo %(ground)s") % {
        "moment": formats.moment(happening.recorded_at),
        "ground": words.GROUNDS.get(happening.ground, happening.ground),
    }


def future(detail: Detail) -> list[Entry]:
    """The steps still to come on the shortest way, then the return of the result."""
    state, process = detail.state, detail.process
    if state.is_terminal:
        return []
    coming: list[Entry] = []
    if state.status is Status.REGISTERED:
        coming = [Entry(_("Kiểm tra hồ sơ tại quầy"), state="open")]
    if state.ready_at is None and process is not None:
        coming += [Entry(name, state="future") for name in _ahead(process, state.step)]
    return [*coming, Entry(_("Trả kết quả cho người nộp"), state="future")]


def _ahead(process: Process, step: str | None) -> list[str]:
    if step == AT_DESK_AGAIN:
        return []
    way = process.way_to_grant
    names: list[str] = []
    code = step or process.start
    if step is None:
        names.append(process.by_code[code].name)
    while True:
        onward = [o.to for o in process.by_code[code].outcomes if o.end is None and way.get(o.to, 99) < way[code]]
        if not onward:
            return names
        code = onward[0]
        names.append(process.by_code[code].name)


Told = tuple[str, tuple[str, ...], str, str]


def _came(happening: Happening) -> tuple[str, ...]:
    return (str(words.CHANNELS[Channel(happening.data["intake"]["channel"])]),)


def _due(happening: Happening) -> tuple[str, ...]:
    due = happening.data.get("appointment", happening.data).get("due_at")
    return (_("Hẹn trả %(moment)s") % {"moment": formats.moment(datetime.fromisoformat(due))},) if due else ()


def _paused(happening: Happening) -> Told:
    if happening.data["kind"] == "payment":
        amount = formats.money(happening.data.get("amount"))
        return _("Yêu cầu nộp tiền"), (amount,), "soon", _("dừng tính hạn")
    ground = (_("Căn cứ: %(ground)s") % {"ground": said},) if (said := happening.data.get("legal_ground")) else ()
    if happening.data["kind"] == "suspension":
        return _("Tạm dừng giải quyết"), ground, "soon", _("dừng tính hạn")
    late = (_("Yêu cầu sau thời hạn trả lại hồ sơ không đủ điều kiện"),) if happening.data.get("after_deadline") else ()
    return _("Yêu cầu bổ sung giấy tờ"), (*ground, *late), "soon", _("dừng tính hạn")


def _resumed(happening: Happening) -> Told:
    title = _RESUMED[happening.data["kind"]]()
    again = (_("Thời hạn tính lại từ đầu"),) if happening.data.get("restarted") else ()
    return title, (*again, *_due(happening)), "", ""


_RESUMED: Mapping[str, Callable[[], str]] = {
    "payment": lambda: _("Đã nộp tiền"),
    "supplement": lambda: _("Đã bổ sung giấy tờ"),
    "suspension": lambda: _("Giải quyết tiếp"),
}


def _again(happening: Happening) -> Told:
    late = (_("Gửi sau thời điểm phải xin lỗi (chậm nhất 1 ngày trước hạn)"),)
    return _("Xin lỗi và hẹn lại"), (*_due(happening), *(late if happening.data["after_deadline"] else ())), "", ""


def _finished(happening: Happening) -> Told:
    tone, said = words.TIMELINESS.get(happening.data.get("timeliness") or "", ("none", _("không có thời hạn")))
    granted = happening.data["result"] == "granted"
    return _("Đã có kết quả") if granted else _("Từ chối giải quyết"), (), tone, str(said)


def _paid(happening: Happening) -> Told:
    data = happening.data
    lines = [formats.money(data["amount"]), str(words.PAID_BY[PaidBy(data["method"])])]
    if data.get("receipt"):
        lines.append(_("Biên lai %(number)s") % {"number": data["receipt"]})
    return _("Người nộp đã trả tiền"), tuple(lines), "", ""


def _consulted(happening: Happening) -> Told:
    due = formats.moment(datetime.fromisoformat(happening.data["answer_due_at"]))
    return _("Lấy ý kiến lần %(number)s") % happening.data, (_("Trả lời trước %(moment)s") % {"moment": due},), "", ""


def _answered(happening: Happening) -> Told:
    tone, said = words.TIMELINESS[happening.data["timeliness"]]
    return _("Trả lời ý kiến lần %(number)s") % happening.data, (), tone, str(said)


def _returned(happening: Happening) -> Told:
    fee = happening.data.get("fee_paid") or 0
    lines = [str(words.RETURNS[ReturnMethod(happening.data["method"])])]
    if happening.data.get("consignment"):
        lines.append(_("Vận đơn %(number)s") % {"number": happening.data["consignment"]})
    if fee:
        lines.append(_("Đã thu %(money)s") % {"money": formats.money(fee)})
    return _("Đã trả kết quả"), tuple(lines), "", ""


def _erased(happening: Happening) -> Told:
    data = happening.data
    lines = [_("Theo %(order)s") % {"order": data["order"]}]
    if data["parts"]:
        lines.append(_("Chỉ xóa dữ liệu của người khác chủ hồ sơ"))
    if data["early"]:
        lines.append(_("Trước khi hết thời hạn lưu giữ"))
    if data["again"]:
        lines.append(_("Xóa lại sau khi khôi phục bản sao lưu cũ"))
    return _("Xóa dữ liệu cá nhân"), tuple(lines), "", ""


_TELL: Mapping[str, Callable[[Happening], Told]] = {
    e.Registered.TYPE: lambda h: (_("Nộp hồ sơ"), _came(h), "", ""),
    e.Received.TYPE: lambda h: (_("Tiếp nhận hồ sơ"), (*_came(h), *_due(h)), "", ""),
    e.Accepted.TYPE: lambda h: (_("Hồ sơ đủ, tiếp nhận"), _due(h), "", ""),
    e.RefusedAtIntake.TYPE: lambda _h: (_("Từ chối tiếp nhận"), (), "", ""),
    e.HandedOver.TYPE: lambda h: (h.data["to_step"], (), "", ""),
    e.SentBack.TYPE: lambda _h: (_("Chuyển kết quả về nơi tiếp nhận"), (), "", ""),
    e.Paid.TYPE: _paid,
    e.Consulted.TYPE: _consulted,
    e.ConsultationAnswered.TYPE: _answered,
    e.Signed.TYPE: lambda h: (str(words.SIGNED[h.data["by"]]), (), "", ""),
    e.Digitised.TYPE: lambda h: (
        _("Số hóa kết quả") if h.data.get("document") else _("Số hóa giấy tờ"),
        (),
        "",
        "",
    ),
    e.Annotated.TYPE: lambda _h: (_("Ghi chú nội bộ"), (), "", ""),
    e.ErrorCorrected.TYPE: lambda h: (
        _("Cơ quan sửa sai sót của kết quả"),
        (_("Người nộp đã nhận kết quả trước đó"),) if h.data["returned"] else (),
        "late",
        _("cơ quan phải xin lỗi"),
    ),
    e.Relocated.TYPE: lambda h: (
        _("Chuyển sang cơ quan kế tục"),
        (_("Theo %(order)s") % {"order": h.data["order"]},),
        "",
        "",
    ),
    e.AttemptRefused.TYPE: lambda h: (
        _("Thử hẹn lại lần nữa, bị từ chối"),
        (h.data["article"],),
        "late",
        _("không được phép"),
    ),
    e.Paused.TYPE: _paused,
    e.Resumed.TYPE: _resumed,
    e.AppointedAgain.TYPE: _again,
    e.Recounted.TYPE: lambda h: (_("Tính lại ngày hẹn theo lịch mới"), _due(h), "", ""),
    e.Finished.TYPE: _finished,
    e.Returned.TYPE: _returned,
    e.Withdrawn.TYPE: lambda _h: (_("Người nộp rút hồ sơ"), (), "", ""),
    e.Stopped.TYPE: lambda _h: (_("Dừng giải quyết"), (), "", ""),
    e.Corrected.TYPE: lambda _h: (_("Sửa thông tin người nộp"), (), "", ""),
    e.Erased.TYPE: _erased,
    e.Noted.TYPE: lambda h: (
        h.data["activity"],
        tuple(filter(None, (h.data.get("unit"), h.data.get("worker")))),
        "",
        "",
    ),
}
