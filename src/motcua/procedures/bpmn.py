"""What reading and writing BPMN 2.0 share: namespaces, the names of our own attributes, notes on what was read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MODEL: Final = "http://www.omg.org/spec/BPMN/20100524/MODEL"
DIAGRAM: Final = "http://www.omg.org/spec/BPMN/20100524/DI"
COORDINATES: Final = "http://www.omg.org/spec/DD/20100524/DC"
INTERCHANGE: Final = "http://www.omg.org/spec/DD/20100524/DI"
OURS: Final = "urn:motcua:process:1"
# Our attributes. `data` holds as JSON what a definition says beyond the parts that have an attribute of their own.
CODE, FUNCTION, AGENCY, MINUTES, END, DATA = (
    f"{{{OURS}}}{name}" for name in ("code", "function", "agency", "allottedMinutes", "end", "data")
)
SUFFIX: Final = ".bpmn"
CONTENT_TYPE: Final = "application/xml"


class BpmnError(ValueError):
    """A file that no process can be read from; `code` says why and `value` what was met."""

    def __init__(self, code: str, value: object = "") -> None:
        super().__init__(f"{code} {value}".strip())
        self.code = code
        self.value = str(value)

    @property
    def message(self) -> str:
        """Why, and what to do, in the reader's language."""
        return str(ERRORS[self.code]) % {"value": self.value}


ERRORS: Mapping[str, Promise | str] = {
    "too_large": _("Tệp lớn hơn 2 MB. Hãy xuất riêng một quy trình ra tệp."),
    "not_xml": _("Tệp không phải XML đọc được (%(value)s). Hãy xuất lại dạng BPMN 2.0 (XML)."),
    "hostile": _("Tệp có khai báo DTD hoặc thực thể XML nên bị từ chối. Hãy xuất lại từ công cụ vẽ quy trình."),
    "too_deep": _("Tệp có quá nhiều phần tử hoặc lồng nhau quá sâu nên bị từ chối."),
    "not_bpmn": _("Tệp là XML nhưng không phải BPMN 2.0 (phần tử gốc là %(value)s)."),
    "too_many_steps": _("Quy trình trong tệp có %(value)s bước; nhiều nhất là 100."),
    "no_process": _("Tệp BPMN không có quy trình nào có bước."),
}


class NoteKind(StrEnum):
    """What became of something in a file that is not ours."""

    LEFT_OUT = "left_out"  # it means something for the way of a dossier and was not understood
    ASSUMED = "assumed"  # the file does not say it, so it was taken to be so
    IGNORED = "ignored"  # it means nothing for the way of a dossier


@dataclass(frozen=True, slots=True)
class Note:
    """One element that was not simply understood: what it is, its id and name, and a code for what was made of it."""

    kind: NoteKind
    code: str
    element: str
    id: str = ""
    name: str = ""

    @property
    def message(self) -> str:
        """The note in the reader's language."""
        named = f"{self.element} “{self.name or self.id}”" if self.name or self.id else self.element
        return str(NOTES[self.code]) % {"element": named}


NOTES: Mapping[str, Promise | str] = {
    "not_known": _("%(element)s: không hiểu phần tử này nên bỏ ra; đường đi qua đó cần nối lại."),
    "other_process": _("%(element)s: tệp có nhiều quy trình, chỉ nhập quy trình đầu tiên có bước."),
    "other_start": _("%(element)s: quy trình chỉ có một điểm bắt đầu, bỏ điểm này ra."),
    "start_forks": _("%(element)s: điểm bắt đầu rẽ nhiều nhánh, chỉ theo nhánh đầu."),
    "no_start": _("%(element)s: không có điểm bắt đầu, lấy bước không có gì dẫn đến."),
    "gateway_loop": _("%(element)s: các điểm rẽ dẫn vòng vào nhau nên bỏ ra."),
    "flow_nowhere": _("%(element)s: đường nối không đến phần tử nào trong quy trình."),
    "kind_of_task": _("%(element)s: coi là một bước do người làm."),
    "fork": _("%(element)s: nhiều đường ra từ một bước, coi là các kết quả để chọn một."),
    "granted": _("%(element)s: coi là kết thúc có kết quả."),
    "refused": _("%(element)s: coi là kết thúc từ chối, theo tên."),
    "who": _("%(element)s: không rõ ai làm, coi là công chức thụ lý của cơ quan giải quyết."),
    "no_minutes": _("%(element)s: không có thời gian, ghi 0 phút."),
    "unused": _("%(element)s: không ảnh hưởng đường đi của hồ sơ, không giữ lại."),
}


@dataclass(frozen=True, slots=True)
class Read:
    """A definition read from a file, which may have defects, and what was not simply understood."""

    definition: Mapping[str, Any]
    notes: tuple[Note, ...]

    @property
    def left_out(self) -> tuple[Note, ...]:
        """What was not understood and changes the way."""
        return tuple(note for note in self.notes if note.kind is NoteKind.LEFT_OUT)
