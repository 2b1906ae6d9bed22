"""`motcua import-procedures`: brings the national portal's files of procedures into the catalogue."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from motcua.cli.django import setup
from motcua.config.trouble import say

if TYPE_CHECKING:
    from motcua.procedures.importers import ImportReport

_SHOWN = 20


class _Refused(click.ClickException):
    """One clear line on standard error and exit code 2."""

    exit_code = 2


@click.command(name="import-procedures", short_help="Bring in the national portal's procedures.")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the whole report as JSON.")
def command(files: tuple[Path, ...], as_json: bool) -> None:
    """Import the portal's list (.xlsx) and full records (.jsonl, .jsonl.gz).

    Running it again changes nothing. Rows that cannot be used are listed with row, field and reason; values that were
    kept as they stand are listed as warnings. Exit code 2 when a file cannot be opened: then nothing is imported.
    """
    for path in files:
        try:
            with path.open("rb"):
                pass
        except OSError as error:
            why = error.strerror or str(error)
            text = say(f"{path}: {why}; chưa nhập gì", f"{path}: {why}; nothing was imported")
            raise _Refused(text) from error
    setup()
    from motcua.procedures.importers import import_files

    report = import_files(files)
    if as_json:
        click.echo(json.dumps(report.to_data(), ensure_ascii=False, indent=1))
        return
    from django.utils import translation

    with translation.override(say("vi", "en")):
        for line in _lines(report):
            click.echo(line)


def _lines(report: ImportReport) -> Iterator[str]:
    """The report in words: the counts, then the first rejections and warnings."""
    from django.utils.translation import gettext as _

    from motcua.procedures.wording import reason

    counts = (report.read, report.created, report.updated, report.unchanged, len(report.rejected), len(report.warnings))
    yield _("Đọc %d · thêm %d · cập nhật %d · giữ nguyên %d · từ chối %d · lưu ý %d") % counts
    for title, findings in ((_("Từ chối"), report.rejected), (_("Lưu ý"), report.warnings)):
        for finding in findings[:_SHOWN]:
            where = _("%(file)s dòng %(row)d, %(field)s") % asdict(finding)
            value = f" [{finding.value}]" if finding.value else ""
            yield f"{title}: {where}: {reason(finding.reason)}{value}"
        if len(findings) > _SHOWN:
            yield _("… và %d dòng nữa; xem tất cả bằng --json") % (len(findings) - _SHOWN)
