"""The checklist of papers at intake: each paper of the procedure with what was handed in of it, and its scan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from motcua.files.commands import store_upload
from motcua.files.inspect import UploadRefused
from motcua.law.dossier.vocabulary import Component, Ref
from motcua.procedures.content import Component as Listed
from motcua.procedures.content import ComponentKind, Content

_SALT = "motcua.office.scan"
_DAY = 24 * 3600
_MOST = 99
KINDS = {
    ComponentKind.SUBMIT: "",
    ComponentKind.PRESENT: _l("xuất trình"),
    ComponentKind.SUBMIT_IF: _l("nếu thuộc trường hợp"),
}


def keep_scan(upload: Any) -> tuple[Ref, str] | None:
    """An uploaded file kept sealed, with its name; raises ValidationError with what is wrong with it."""
    if upload is None:
        return None
    try:
        stored = store_upload(upload, upload.name or "tep", upload.content_type or "")
    except UploadRefused as refused:
        raise ValidationError(refused.message, code=refused.code) from refused
    return Ref(str(stored.id), stored.commitment), stored.name


def seal_kept(ref: Ref, name: str) -> str:
    """A kept file as a form carries it until it is sent again: only what this program gave out is believed."""
    return signing.dumps([ref.id, ref.commitment, name], salt=_SALT)


def open_kept(text: str) -> tuple[Ref, str] | None:
    """The kept file that a form carries; None for nothing, or for what we did not give out in the last day."""
    if not text:
        return None
    try:
        file_id, commitment, name = signing.loads(text, salt=_SALT, max_age=_DAY)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return Ref(file_id, commitment), name


class PaperForm(forms.Form):
    """One paper: handed in or not, how many of each kind, and its scan."""

    have = forms.BooleanField(required=False)
    originals = forms.IntegerField(label=_l("Bản chính"), min_value=0, max_value=_MOST, required=False)
    certified = forms.IntegerField(label=_l("Bản chứng thực"), min_value=0, max_value=_MOST, required=False)
    copies = forms.IntegerField(label=_l("Bản sao"), min_value=0, max_value=_MOST, required=False)
    scan = forms.FileField(label=_l("Tệp quét"), required=False)
    kept = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        number: int,
        listed: Listed,
        data: Mapping[str, Any] | None = None,
        files: MultiValueDict[str, Any] | None = None,
    ) -> None:
        self.number, self.listed = number, listed
        counts = (listed.originals, 0, listed.copies)
        if listed.kind is ComponentKind.PRESENT:
            counts = (0, 0, 0)  # shown and taken home again: the receipt must not say that the desk has it
        elif not any(counts):
            counts = (1, 0, 0)
        initial = dict(zip(("originals", "certified", "copies"), counts, strict=True))
        super().__init__(data, files, prefix=f"p{number}", initial=initial, use_required_attribute=False)
        self.kept_file: tuple[Ref, str] | None = None
        for name in ("originals", "certified", "copies"):
            label = f"{self.fields[name].label}: {listed.name}"
            self.fields[name].widget.attrs |= {"class": "form-control count", "aria-label": label}
        self.fields["scan"].widget.attrs |= {
            "class": "form-control",
            "aria-label": f"{self.fields['scan'].label}: {listed.name}",
        }
        self.fields["have"].label = listed.name
        if not listed.case and listed.kind is not ComponentKind.SUBMIT_IF:
            self.fields["have"].widget.attrs["data-usual"] = True

    @property
    def is_required(self) -> bool:
        """Whether the paper belongs to every case, so that a dossier without it is not complete."""
        return self.listed.kind is ComponentKind.SUBMIT and not self.listed.case

    @property
    def kind_words(self) -> str:
        """What is to be done with the paper, when it is not simply handed in."""
        return str(KINDS[self.listed.kind])

    def clean(self) -> dict[str, Any]:
        """A scan that was sent is kept at once, so that an error elsewhere in the form does not lose it."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        self.kept_file = open_kept(values.get("kept", ""))
        if values.get("scan") is not None:
            try:
                self.kept_file = keep_scan(values["scan"])
            except ValidationError as error:
                self.add_error("scan", error)
        return values

    @property
    def kept_again(self) -> str:
        """The kept scan for the hidden field of the page shown again."""
        return seal_kept(*self.kept_file) if self.kept_file else ""

    def component(self) -> Component | None:
        """The paper as the law knows it; None when it was not handed in."""
        values = self.cleaned_data
        if not (values.get("have") or self.kept_file):
            return None
        originals, certified, copies = (values.get(name) or 0 for name in ("originals", "certified", "copies"))
        file = self.kept_file[0] if self.kept_file else None
        return Component(self.number, originals, certified, copies, file)


@dataclass(frozen=True, slots=True)
class Case:
    """The papers of one case; an empty name means every case."""

    name: str
    papers: tuple[PaperForm, ...]


class Checklist:
    """All papers of a procedure as one part of the intake form."""

    def __init__(
        self,
        content: Content,
        data: Mapping[str, Any] | None = None,
        files: MultiValueDict[str, Any] | None = None,
    ) -> None:
        self.papers = tuple(
            PaperForm(number, listed, data, files) for number, listed in enumerate(content.components, start=1)
        )

    @property
    def cases(self) -> tuple[Case, ...]:
        """By case, those of every case first; within a case in the published order."""
        found: dict[str, list[PaperForm]] = {}
        for paper in self.papers:
            found.setdefault(paper.listed.case, []).append(paper)
        return tuple(Case(name, tuple(found[name])) for name in sorted(found, key=bool))

    def is_valid(self) -> bool:
        """Checks every paper, not only up to the first that is wrong."""
        checked = [paper.is_valid() for paper in self.papers]
        return all(checked)

    @property
    def missing(self) -> tuple[PaperForm, ...]:
        """Papers of every case that were not handed in."""
        return tuple(paper for paper in self.papers if paper.is_required and paper.component() is None)

    def components(self) -> tuple[Component, ...]:
        """What was handed in, as the law knows it."""
        return tuple(component for paper in self.papers if (component := paper.component()) is not None)

    def missing_words(self) -> str:
        """The papers that are missing, in one sentence."""
        return _("Còn thiếu: %(names)s.") % {"names": "; ".join(paper.listed.name for paper in self.missing)}
