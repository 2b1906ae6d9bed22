"""`motcua replay`: load a municipal event log as dossiers with their own deadlines."""

import json
from pathlib import Path

import click

from motcua.config.trouble import Trouble, say

_DIRT = {
    "row_without_case": ("dòng không có mã vụ việc", "rows without a case"),
    "activity_without_moment": ("việc không có thời điểm", "activities without a moment"),
    "unreadable_moment": ("thời điểm không đọc được", "moments that cannot be read"),
    "moment_without_offset": ("thời điểm không có múi giờ (đọc là UTC)", "moments without offset (read as UTC)"),
    "case_without_start": ("vụ việc không có ngày bắt đầu", "cases without a start"),
    "case_without_deadline": ("vụ việc không có hạn", "cases without a deadline"),
    "end_before_start": ("kết thúc trước khi bắt đầu", "cases that end before they start"),
    "deadline_before_start": ("hạn trước khi bắt đầu", "deadlines before the start"),
    "mixed_offsets": ("vụ việc lẫn nhiều múi giờ", "cases with mixed offsets"),
    "activity_before_start": ("việc làm trước khi bắt đầu", "activities before the start"),
    "activity_after_end": ("việc làm sau khi kết thúc", "activities after the end"),
    "case_without_readable_activity": ("vụ việc không có việc nào đọc được", "cases without a readable activity"),
    "repeated_activity": ("việc ghi lặp", "activities written twice"),
}


@click.command(help="Load a municipal event log (CSV, plain or gzip) as dossiers; the same log again adds nothing.")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--name", default="", help="The log's name in the system; by default the file's.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def command(file: Path, name: str, as_json: bool) -> None:
    """Replay a log and report what it came to."""
    from motcua.cli.django import setup

    setup()
    from motcua.agencies.queries import NoCalendar
    from motcua.dossiers.eventlog import LogUnreadable
    from motcua.dossiers.importers import replay
    from motcua.dossiers.worker import catch_up

    try:
        report = replay(file, name=name)
    except OSError as error:
        raise Trouble(
            f"Không đọc được {file}: {error.strerror}.", f"Cannot read {file}: {error.strerror}.", code=2
        ) from error
    except LogUnreadable as error:
        raise Trouble(
            f"{file} không phải nhật ký vụ việc đọc được: {error}.",
            f"{file} is no readable event log: {error}.",
            code=2,
        ) from error
    except NoCalendar as error:
        raise Trouble(
            "Chưa có lịch làm việc. Chạy “motcua run” một lần trước.",
            "There is no calendar yet. Run `motcua run` once.",
        ) from error
    catch_up()
    if as_json:
        click.echo(json.dumps(report.to_data(), ensure_ascii=False))
        return
    data = report.to_data()
    dirt = data.pop("dirt")
    for key, value in data.items():
        click.echo(f"{key:<24}{value}")
    for key, count in dirt.items():
        words = _DIRT.get(key) or (f"vụ việc bị từ chối: {key}", f"cases refused: {key}")
        click.echo(f"  {say(*words):<44}{count}")
