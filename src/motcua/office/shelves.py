"""The register books by year: what each holds, its print and its spreadsheet, and the closing of a year."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from motcua.agencies import queries as agencies
from motcua.agencies.access import Role, staff_required
from motcua.agencies.limited import limited
from motcua.office.downloads import printed, spreadsheet
from motcua.office.shell import REGISTER_ROLES, StaffRequest, page
from motcua.papers import books, commands
from motcua.papers.books import NoSuchBook, Shelf
from motcua.papers.forms import DossierRegister
from motcua.papers.register import span_of
from motcua.papers.spreadsheet import workbook


@staff_required(roles=REGISTER_ROLES)
@require_safe
def listing(request: StaffRequest) -> HttpResponse:
    """The years of the own desk with their books; a leader closes a year that is over."""
    reader = request.reader
    found = books.shelves(reader)
    names = agencies.agency_names(reader, {each.agency_id for each in found}) if found else {}
    staff = agencies.staff_names(reader, {each.closed_by for each in found if each.closed_by}) if found else {}
    this_year = timezone.localdate().year
    shown = [
        {
            "shelf": each,
            "agency": names[each.agency_id],
            "own": each.agency_id == reader.agency_id,
            "books": _books(each),
            "closed_by": staff.get(each.closed_by or 0, ""),
            "closable": _leads(request) and each.closed_at is None and each.year < this_year
            and each.agency_id == reader.agency_id,
        }
        for each in found
    ]  # fmt: skip
    return page(request, "office/books.html", {"shelves": shown, "several": len(names) > 1}, place="office:register")


def _books(of: Shelf) -> list[dict[str, int]]:
    found = []
    for number in range(1, of.books + 1):
        first, last = span_of(number, of.book_rows)
        found.append({"number": number, "first": min(first, of.entries), "last": min(last, of.entries)})
    return found


def _leads(request: StaffRequest) -> bool:
    return Role.LEADER in request.reader.roles


@staff_required(roles=REGISTER_ROLES)
@require_safe
@limited("register-print")
def printed_book(request: StaffRequest, agency_id: int, year: int, book: int) -> HttpResponse:
    """One book as PDF (form M06)."""
    return printed(request, _form(request, agency_id, year, book), f"so-theo-doi-{year}-{book:02d}")


@staff_required(roles=REGISTER_ROLES)
@require_safe
@limited("register-print")
def sheet(request: StaffRequest, agency_id: int, year: int, book: int) -> HttpResponse:
    """One book as a spreadsheet with the columns of form M06."""
    return spreadsheet(workbook(_form(request, agency_id, year, book)), f"so-theo-doi-{year}-{book:02d}")


def _form(request: StaffRequest, agency_id: int, year: int, book: int) -> DossierRegister:
    found = books.shelf(request.reader, year, agency_id)
    if found is None:
        raise Http404(year)
    try:
        return books.book_form(request.reader, found, book)
    except NoSuchBook as error:
        raise Http404(book) from error


@staff_required(roles={Role.LEADER})
@require_POST
def close(request: StaffRequest, agency_id: int, year: int) -> HttpResponse:
    """Closes the own desk's register of a year that is over; what stands in it then stays."""
    if agency_id != request.reader.agency_id:
        raise Http404(agency_id)
    try:
        found = commands.close_year(request.reader, year)
    except commands.NotClosable as error:
        messages.error(request, str(error))
    else:
        said: dict[str, Any] = {"year": year, "count": found.entries}
        messages.success(request, _("Đã khóa sổ năm %(year)s, gồm %(count)s hồ sơ.") % said)
    return redirect("office:books")
