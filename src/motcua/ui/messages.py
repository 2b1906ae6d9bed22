"""Keeps the message catalogues: collects texts from templates and code, checks and compiles them, by Babel alone.

`python -m motcua.ui.messages` brings `locale/en` up to date with the sources; `--check` only looks and fails when an
English text is missing, left over, fuzzy or does not fit its Vietnamese one; `--compile` writes the `.mo` files.

Texts are written in Vietnamese in the sources, so `locale/vi` holds nothing but Vietnamese words for texts of Django
and django-allauth, whose sources are English.
"""

from __future__ import annotations

import ast
import io
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from babel.messages.catalog import Catalog, Message, TranslationError
from babel.messages.checkers import num_plurals, python_format
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

PACKAGE = Path(__file__).resolve().parent.parent
LOCALE = PACKAGE / "locale"
Positions = tuple[int | tuple[int, str], ...] | None  # which arguments are texts; None: the first
KEYWORDS: Mapping[str, Positions] = {
    name + lazy: positions
    for lazy in ("", "_lazy")
    for name, positions in {
        "gettext": None,
        "ngettext": (1, 2),
        "pgettext": ((1, "c"), 2),
        "npgettext": ((1, "c"), 2, 3),
    }.items()
} | {"_": None, "gettext_noop": None}
PLURALS = {"en": "nplurals=2; plural=(n != 1);", "vi": "nplurals=1; plural=0;"}
TITLES = {
    "en": "English texts of Motcua; the message ids are the Vietnamese texts of the sources.",
    "vi": "Vietnamese words for texts that come from Django and django-allauth.",
}
Key = tuple[str, str | None]


def main(arguments: list[str] | None = None) -> int:
    """Runs the command line. Returns 0, or 1 when `--check` finds something."""
    wanted = sys.argv[1:] if arguments is None else arguments
    if wanted == ["--compile"]:
        compile_all()
        return 0
    if wanted == ["--check"]:
        problems = check()
        sys.stdout.writelines(f"{line}\n" for line in problems)
        if problems:
            sys.stdout.write(
                f"{len(problems)} messages to mend: run python -m motcua.ui.messages, then fill {po_file('en')}\n"
            )
        return 1 if problems else 0
    if wanted:
        sys.stderr.write("usage: python -m motcua.ui.messages [--check | --compile]\n")
        return 2
    empty = update()
    sys.stdout.write(f"{po_file('en')}: {empty} texts have no English yet\n")
    return 0


def po_file(language: str) -> Path:
    """Where the catalogue of a language stands."""
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def collect(package: Path = PACKAGE) -> Catalog:
    """All texts to translate in the templates and modules of the package."""
    catalog = Catalog(charset="utf-8")
    for path, line, texts, context in _found(package):
        name = path.relative_to(package).as_posix()
        catalog.add(texts, None, [(name, line)], context=context)
    return catalog


def _found(package: Path) -> Iterator[tuple[Path, int, str | tuple[str, str], str | None]]:
    for path in sorted(package.rglob("*")):
        if path.suffix == ".py" and "migrations" not in path.parts:
            source = path.read_bytes()
            keywords = _imported(source)
        elif path.suffix in {".html", ".txt"} and "templates" in path.parts:
            source = _as_python(path).encode()
            keywords = KEYWORDS
        else:
            continue
        for line, texts, _comments, context in extract("python", io.BytesIO(source), keywords):
            yield path, line, texts, context  # type: ignore[misc]


def _imported(source: bytes) -> Mapping[str, Positions]:
    """The functions of Django's translation that a module imports, under the names that it gives them."""
    return {
        name.asname or name.name: KEYWORDS[name.name]
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for name in node.names
        if name.name in KEYWORDS
    }


def _as_python(template: Path) -> str:
    """The template as Python calls of gettext; indentation goes, since Babel reads it with Python's own tokenizer."""
    from django.utils.translation.template import templatize

    text = templatize(template.read_text(encoding="utf-8"), origin=str(template))
    return "\n".join(line.strip() for line in text.splitlines())


def read(language: str) -> Catalog:
    """The catalogue of a language as it stands; an empty one when there is none."""
    path = po_file(language)
    if not path.exists():
        return Catalog(locale=language, charset="utf-8")
    with path.open("rb") as stream:
        return read_po(stream, locale=language, charset="utf-8")


def update() -> int:
    """Rewrites the English catalogue for the present sources. Returns how many texts still have no English."""
    english, found = read("en"), collect()
    fresh = Catalog(locale="en", charset="utf-8")
    for message in _entries(found):
        known = english.get(message.id, message.context)
        fits = known is not None and isinstance(known.string, str) == isinstance(message.id, str)
        blank: str | tuple[str, ...] = "" if isinstance(message.id, str) else ("", "")
        fresh.add(message.id, known.string if known and fits else blank, message.locations, context=message.context)
    write(fresh, "en")
    return sum(not _complete(message) for message in _entries(fresh))


def write(catalog: Catalog, language: str) -> None:
    """Writes a catalogue without dates and line numbers, so that it changes only when a text does."""
    header = (
        f"# {TITLES[language]}\n"
        'msgid ""\nmsgstr ""\n'
        f'"Language: {language}\\n"\n"MIME-Version: 1.0\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
        f'"Content-Transfer-Encoding: 8bit\\n"\n"Plural-Forms: {PLURALS[language]}\\n"\n\n'
    )
    body = io.BytesIO()
    write_po(body, catalog, width=110, omit_header=True, sort_by_file=True, include_lineno=False)
    path = po_file(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(header.encode() + body.getvalue())


def check() -> list[str]:
    """What is wrong with the catalogues, one line each; empty when they are complete."""
    english, found = read("en"), collect()
    problems = [f"en: missing: {_show(message)}" for message in _entries(found) if not _has(english, message)]
    for message in _entries(english):
        if not _has(found, message):
            problems.append(f"en: no longer used: {_show(message)}")
        elif not _complete(message):
            problems.append(f"en: no English: {_show(message)}")
        problems += _faults("en", english, message)
    problems += [f"en: left over: {_show(message)}" for message in english.obsolete.values()]
    foreign = _foreign_ids()
    vietnamese = read("vi")
    for message in _entries(vietnamese):
        if _key(message) not in foreign:
            problems.append(f"vi: neither Django nor allauth says this any more: {_show(message)}")
        problems += _faults("vi", vietnamese, message)
    return problems


def _faults(language: str, catalog: Catalog, message: Message) -> list[str]:
    faults = [f"{language}: fuzzy: {_show(message)}"] if message.fuzzy else []
    if _complete(message):
        for checker in (num_plurals, python_format):
            try:
                checker(catalog, message)
            except TranslationError as error:
                faults.append(f"{language}: {error}: {_show(message)}")
    return faults


def compile_all() -> None:
    """Writes every language's `.mo` file beside its `.po` file."""
    for path in sorted(LOCALE.glob("*/LC_MESSAGES/*.po")):
        catalog = read(path.parts[-3])
        with path.with_suffix(".mo").open("wb") as stream:
            write_mo(stream, catalog)


def _entries(catalog: Catalog) -> list[Message]:
    return [message for message in catalog if message.id]


def _key(message: Message) -> Key:
    return (message.id if isinstance(message.id, str) else message.id[0], message.context)


def _has(catalog: Catalog, message: Message) -> bool:
    other = catalog.get(message.id, message.context)
    return other is not None and isinstance(other.id, str) == isinstance(message.id, str)


def _complete(message: Message) -> bool:
    return bool(message.string) if isinstance(message.string, str) else all(message.string or [""])


def _show(message: Message) -> str:
    where = ", ".join(sorted({name for name, _line in message.locations}))
    return f"{_key(message)[0]!r}" + (f" ({where})" if where else "")


def _foreign_ids() -> set[Key]:
    import allauth
    import django

    ids: set[Key] = set()
    for package in (allauth, django):
        for path in Path(str(package.__file__)).parent.rglob("locale/en/LC_MESSAGES/django.po"):
            with path.open("rb") as stream:
                ids |= {_key(message) for message in _entries(read_po(stream))}
    return ids


if __name__ == "__main__":
    sys.exit(main())
