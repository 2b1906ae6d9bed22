"""Makes `.venv` from the hashed lock files, installs motcua into it and builds the interface; standard library only.

    python3 tools/setup.py run    what `make run` needs
    python3 tools/setup.py dev    what the tests, the linters and the benchmarks need besides

A stamp of the locks lets a second run end at once. The stamp is written last, so that an interrupted run is repeated.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT / "src"))

from motcua.config.trouble import Trouble, say  # noqa: E402 - the package is not installed yet

VENV = PROJECT / ".venv"
PYTHON = VENV / "bin" / "python"
LOCKS = {"run": ("build.lock", "run.lock"), "dev": ("build.lock", "run.lock", "dev.lock")}
OLDEST = (3, 11)


def main(level: str) -> int:
    """Sets up one level; returns the exit code."""
    if sys.version_info < OLDEST:
        return _tell(say("Cần Python 3.11 trở lên.", "Python 3.11 or newer is needed."))
    try:
        if not _is_current(level):
            _step(say("Tạo môi trường .venv", "Making .venv"), _make_venv)
            _step(say("Cài các gói đã khoá", "Installing the locked packages"), lambda: _install(level))
            _step(say("Cài motcua", "Installing motcua"), _install_motcua)
        if _run([PYTHON, "-m", "motcua.ui.build"], quiet=False).returncode:
            return 1
        for done in LOCKS if level == "dev" else (level,):
            _stamp_file(done).write_text(_stamp(done), encoding="ascii")
    except Trouble as trouble:
        return _tell(str(trouble))
    return 0


def _tell(line: str) -> int:
    sys.stderr.write(f"{line}\n")
    return 1


def _step(name: str, work: Callable[[], None]) -> None:
    """Runs one step, named before it begins and timed when it ends."""
    sys.stdout.write(f"{name} … ")
    sys.stdout.flush()
    begun = time.monotonic()
    try:
        work()
    except BaseException:
        sys.stdout.write("\n")
        raise
    sys.stdout.write(f"{time.monotonic() - begun:.1f} s\n")
    sys.stdout.flush()


def _stamp(level: str) -> str:
    """A hash over the level's locks, the project's metadata, the interpreter and the place of the checkout."""
    digest = hashlib.sha256(f"{sys.version}\0{PROJECT}\0".encode())
    for path in [PROJECT / "pyproject.toml", *(PROJECT / "requirements" / name for name in LOCKS[level])]:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _stamp_file(level: str) -> Path:
    return VENV / f".motcua-{level}"


def _is_current(level: str) -> bool:
    file = _stamp_file(level)
    return file.exists() and file.read_text(encoding="ascii") == _stamp(level) and (VENV / "bin" / "motcua").exists()


def _works() -> bool:
    """Whether `.venv` has a Python that starts and a pip in it."""
    return PYTHON.exists() and _run([PYTHON, "-m", "pip", "--version"]).returncode == 0


def _make_venv() -> None:
    """Makes `.venv` with pip in it; a broken one (its Python was removed) is made anew."""
    if _works():
        return
    shutil.rmtree(VENV, ignore_errors=True)
    if _run([sys.executable, "-m", "venv", VENV]).returncode == 0 and _works():
        return
    # Debian keeps what venv needs for pip in a package of its own.
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    shutil.rmtree(VENV, ignore_errors=True)
    if os.geteuid() == 0 and shutil.which("apt-get"):
        _run(["apt-get", "update", "-q"])
        for name in (package, "python3-venv"):
            installed = _run(["apt-get", "install", "-y", "-q", "--no-install-recommends", name]).returncode == 0
            if installed and _run([sys.executable, "-m", "venv", VENV]).returncode == 0 and _works():
                return
    raise Trouble(
        f"Không tạo được .venv: Python này thiếu mô-đun ensurepip. Hãy cài gói {package} rồi chạy lại.",
        f"Cannot make .venv: this Python lacks the module ensurepip. Install the package {package} and run again.",
    )


def _install(level: str) -> None:
    """Every package of the level at exactly the locked versions, each file checked against its hash."""
    command = [PYTHON, "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check", "--no-deps"]
    for name in LOCKS[level]:
        locked = [*command, "--require-hashes", "--only-binary=:all:", "-r", PROJECT / "requirements" / name]
        _demand(_run(locked), say(f"không cài được {name}", f"cannot install {name}"))


def _install_motcua() -> None:
    """This checkout as an editable package: `.venv/bin/motcua` runs the sources that lie here."""
    command = [PYTHON, "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"]
    done = _run([*command, "--no-deps", "--no-build-isolation", "-e", PROJECT])
    _demand(done, say("không cài được motcua", "cannot install motcua"))


def _demand(done: subprocess.CompletedProcess[str], what: str) -> None:
    if done.returncode:
        lines = [line for line in (done.stderr or done.stdout or "").splitlines() if line.strip()]
        reason = next((line for line in reversed(lines) if "ERROR" in line), lines[-1] if lines else "?")
        if any("No space left on device" in line for line in lines):
            reason = say("ổ đĩa đã đầy", "the disk is full")
        raise Trouble(
            f"{what}: {reason.strip()} Hãy sửa nguyên nhân trên rồi chạy lại.",
            f"{what}: {reason.strip()} Mend that cause and run again.",
        )


def _run(command: list[str | Path], *, quiet: bool = True) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "PYTHONHOME"}}
    return subprocess.run(
        [str(part) for part in command], cwd=PROJECT, env=environment, text=True, check=False, capture_output=quiet
    )


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in LOCKS:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
