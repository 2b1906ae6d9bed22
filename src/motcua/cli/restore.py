"""`motcua restore`: brings an empty data folder back from a backup, up to any second, and proves what came of it."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from motcua.config import env, home
from motcua.config.trouble import Trouble, say

_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


class _Moment(click.ParamType[datetime]):
    """A moment such as 2026-11-23T08:30:00, of Vietnam where it names no offset."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            self.fail(
                say(f"{value} không phải thời điểm như 2026-11-23T08:30", f"{value} is no time like 2026-11-23T08:30")
            )
        return moment if moment.tzinfo else moment.replace(tzinfo=_ZONE)


@click.command(help="Bring an empty MOTCUA_HOME back from SOURCE: a backup folder, or a file of `motcua dump`.")
@click.argument("source", type=click.Path(exists=True, path_type=Path))
@click.option("--until", type=_Moment(), help="As it was at this time (Vietnam's, or with an offset). [default: all]")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def command(source: Path, until: datetime | None, as_json: bool) -> None:
    """Restore: all of it or nothing; exit code 1 when what came of it is not sound."""
    if source.is_file() and until is not None:
        raise Trouble(
            "Tệp dump không có mốc thời gian: hãy bỏ --until.", "A dump is one moment: leave out --until.", code=2
        )
    _require_key()
    told = _from_file(source) if source.is_file() else _from_folder(source, until)
    told |= _erase_again()
    told |= _prove_log()
    told["good"] = told["good"] and not told["faults"]
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
    else:
        _tell(source, told)
    raise SystemExit(0 if told["good"] else 1)


def _require_key() -> None:
    """What was sealed stays sealed without its key, and a new key would only hide that."""
    key = home.key_path("data")
    if not key.exists() and not env.read("MOTCUA_DATA_KEY"):
        raise Trouble(
            f"Thiếu khoá dữ liệu {key}. Hãy chép thư mục keys đã cất riêng vào {home.home()} trước.",
            f"The data key {key} is missing. Copy the folder keys, which was kept apart, into {home.home()} first.",
        )


def _from_file(source: Path) -> dict[str, Any]:
    """A file of `motcua dump`, into the empty database that the settings name."""
    from motcua.cli.django import setup

    setup(owner=True)
    from motcua.backups.restoring import connect_restored, prove
    from motcua.config import backup, database, migrating

    migrating.check_server()
    backup.restore(source, database.current_entry())
    with connect_restored() as connection:
        proof = prove(connection, None, exactly=False)
    migrating.bring_up_to_date()
    return {"copy": str(source), "kind": "dump", **proof.to_data(), "good": proof.good}


def _from_folder(source: Path, until: datetime | None) -> dict[str, Any]:
    """The newest copy that was complete at that time, the changes after it, and the uploads."""
    from motcua.backups import erased, recovering, uploads
    from motcua.backups.dumps import FILE
    from motcua.backups.restoring import connect_restored, mark_for, prove
    from motcua.backups.shelf import Shelf
    from motcua.cli.django import setup
    from motcua.config import backup, database, migrating

    shelf = Shelf(source)
    copy = shelf.copy_before(until)
    told: dict[str, Any] = {"copy": str(copy.folder), "kind": copy.kind}
    if copy.kind == "base":
        _only_embedded(copy.folder)
        recovered = recovering.recover(copy, home.home(), recovering.Target(until))
        told |= {"last_commit": _text(recovered.last_commit), "ended_early": recovered.ended_early}
    setup(owner=True)
    migrating.check_server()
    if copy.kind == "dump":
        backup.restore(copy.folder / FILE, database.current_entry())
    with connect_restored() as connection:
        proof = prove(connection, mark_for(shelf, copy, until), exactly=copy.kind == "dump")
    migrating.bring_up_to_date()
    erased.bring_back(shelf, home.home())
    return told | proof.to_data() | {"uploads": uploads.bring_back(shelf, home.home() / "files"), "good": proof.good}


def _only_embedded(folder: Path) -> None:
    if env.read("DATABASE_URL"):
        raise Trouble(
            f"{folder} là bản chép của cơ sở dữ liệu kèm theo: hãy bỏ DATABASE_URL để khôi phục, rồi `motcua dump`.",
            f"{folder} is a copy of the embedded database: unset DATABASE_URL to restore it, then `motcua dump`.",
        )


def _erase_again() -> dict[str, Any]:
    """What was erased by order after the backup was taken was brought back by it, and goes again."""
    from motcua.config import database

    database.use("app")
    from motcua.agencies.access import for_system
    from motcua.dossiers import erasing, erasures

    entries = {entry.id: entry for entry in [*erasures.in_table(), *erasures.in_file(erasures.path())]}
    done = erasing.erase_again(for_system("erasure after a restoration"), entries.values())
    return {"erased_again": done.records + done.files}


def _prove_log() -> dict[str, Any]:
    from motcua.dossiers.verify import verify

    report = verify()
    return {"dossiers": report.dossiers, "events": report.events, "faults": report.fault_count}


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(_ZONE).isoformat(timespec="seconds")


def _tell(source: Path, told: dict[str, Any]) -> None:
    click.echo(say(f"Đã khôi phục từ {source} ({told['copy']}).", f"Restored from {source} ({told['copy']})."))
    if told.get("last_commit"):
        click.echo(say(f"  thay đổi cuối: {told['last_commit']}", f"  last change: {told['last_commit']}"))
    if told.get("ended_early"):
        click.echo(
            say(
                "  các thay đổi được lưu kết thúc trước thời điểm đó",
                "  the changes that were kept end before that time",
            )
        )
    dossiers, events, position = told["dossiers"], told["events"], told["position"]
    click.echo(
        say(
            f"  {dossiers} hồ sơ, {events} sự kiện, vị trí {position}, mã băm {told['business']}",
            f"  {dossiers} dossiers, {events} events, position {position}, hash {told['business']}",
        )
    )
    if told["erased_again"]:
        count = told["erased_again"]
        click.echo(
            say(f"  đã xóa lại {count} dữ liệu theo quyết định", f"  erased {count} items again, by their orders")
        )
    if told["log_same"] is False:
        click.echo(say("  NHẬT KÝ KHÁC với lúc sao lưu", "  THE LOG DIFFERS from what it was"))
    for table in told["differing"] or ():
        click.echo(say(f"  bảng khác: {table}", f"  table differs: {table}"))
    if told["faults"]:
        click.echo(
            say(f"  {told['faults']} lỗi: xem `motcua verify`", f"  {told['faults']} faults: see `motcua verify`")
        )
