"""`motcua play`: play a story of the law, written in YAML, and print what each act comes to. Needs no database."""

import json
from pathlib import Path
from typing import Any

import click
import yaml

from motcua.law.dossier.upcast import write
from motcua.law.stories import StoryError, Told, outcome, play, wall
from motcua.starter.calendar import starter_calendar

_LARGEST = 1_000_000  # bytes of a story; one written by a person is a few thousand


class _Refused(click.ClickException):
    """One clear line on standard error and exit code 2."""

    exit_code = 2


@click.command(name="play", short_help="Play a story of the law, without a database.")
@click.argument("stories", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--language", type=click.Choice(["vi", "en"]), default="vi", show_default=True, help="Of the reasons.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON: a list of acts, or for several stories of lists.")
def command(*, stories: tuple[Path, ...], language: str, as_json: bool) -> None:
    """Reads commands with their times and actors and prints what each comes to.

    In order: the events or the refusal, the state, both due times and the timeliness. How a story is written stands in
    docs/developer/stories.md. Exit code 1 when something came out otherwise than the story expects, 2 when a story
    cannot be read.
    """
    _speak(language)
    told = [_played(path) for path in stories]
    if as_json:
        lists = [[_data(each) for each in acts] for acts in told]
        click.echo(json.dumps(lists[0] if len(lists) == 1 else lists, ensure_ascii=False, indent=1))
    else:
        for path, acts in zip(stories, told, strict=True):
            _print(path, acts)
    if any(each.unexpected for acts in told for each in acts):
        raise click.exceptions.Exit(1)


def _played(path: Path) -> list[Told]:
    try:
        text = path.read_bytes()
        if len(text) > _LARGEST:
            raise _Refused(f"{path}: larger than a story can be")
        data = yaml.safe_load(text)
    except OSError as error:
        raise _Refused(f"{path}: {error.strerror}") from error
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        raise _Refused(f"{path}{line}: not YAML: {getattr(error, 'problem', None) or error}") from error
    try:
        return play(data, starter_calendar())
    except StoryError as error:
        raise _Refused(f"{path}: {error}") from error


def _speak(language: str) -> None:
    """Words for reasons come from the catalogues; nothing else of Django is needed."""
    import django
    from django.conf import settings
    from django.utils import translation

    if not settings.configured:
        locale = Path(__file__).parents[1] / "locale"
        settings.configure(USE_I18N=True, LANGUAGE_CODE="vi", LOCALE_PATHS=[str(locale)])
        django.setup()
    translation.activate(language)


def _reason(told: Told) -> str:
    from motcua.dossiers.wording import reason

    return reason(told.refusal) if told.refusal else ""


def _data(told: Told) -> dict[str, Any]:
    found = outcome(told)
    refusal = told.refusal
    return {
        "act": told.number,
        "at": wall(told.at),
        "by": told.by,
        "do": told.do,
        "events": [{"type": kind, "data": data} for kind, _version, data in map(write, told.events)],
        "refusal": refusal
        and {
            "code": refusal.code,
            "reason": _reason(told),
            "article": refusal.article or None,
            "recorded": refusal.recorded,
        },
        **{name: found[name] for name in ("status", "step", "due_original", "due_current", "timeliness", "rules")},
        "timeliness_current": found["timeliness_current"],
        "national_status": told.state.status.national if told.state else None,
        "unexpected": list(told.unexpected),
    }


def _print(path: Path, acts: list[Told]) -> None:
    click.echo(f"{path}")
    for told in acts:
        click.echo(f"{told.number:>3}. {wall(told.at)}  {told.by}: {told.do}")
        if told.refusal:
            article = f" ({told.refusal.article})" if told.refusal.article else ""
            click.echo(f"     ✗ {told.refusal.code}: {_reason(told)}{article}")
        if told.events:
            click.echo(f"     → {', '.join(event.TYPE for event in told.events)}")
        click.echo(f"     {_standing(told)}")
        for line in told.unexpected:
            click.echo(f"     ! {line}")


def _standing(told: Told) -> str:
    """How the dossier stands after an act, in a line."""
    found = outcome(told)
    shown = [found["status"] or "-"]
    if found["step"]:
        shown.append(f"step {found['step']}")
    if found["due_original"]:
        shown.append(f"due {found['due_original']}")
    if found["due_current"] != found["due_original"]:
        shown.append(f"now {found['due_current']}")
    if found["timeliness"]:
        shown.append(found["timeliness"])
    if found["timeliness_current"] != found["timeliness"]:
        shown.append(f"{found['timeliness_current']} against the new time")
    return ", ".join(shown)
