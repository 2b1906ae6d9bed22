"""The data folder (MOTCUA_HOME): where the database, the keys, the files and the logs lie."""

import os
import secrets
from pathlib import Path

from motcua.config import env
from motcua.config.trouble import Trouble


def home() -> Path:
    """The data folder as an absolute path; it need not exist yet."""
    return Path(env.read("MOTCUA_HOME")).expanduser().absolute()


def make_private(folder: Path) -> Path:
    """Creates a folder, with its parents, that only its owner may enter; raises `Trouble` if it cannot be made."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Trouble(
            f"Không tạo được thư mục {folder}: {error.strerror}. Hãy kiểm tra quyền hoặc đặt MOTCUA_HOME nơi khác.",
            f"Cannot create the folder {folder}: {error.strerror}. Check its permissions or set MOTCUA_HOME elsewhere.",
        ) from None
    return folder


def key_path(name: str, folder: Path | None = None) -> Path:
    """Where the key `name` is kept: `keys/<name>.key` in the data folder."""
    return (folder or home()) / "keys" / f"{name}.key"


def secret(name: str, folder: Path | None = None) -> str:
    """The text of the key `name`, made at random (48 bytes) and kept under mode 0600 at first use.

    Two processes that start together agree: the first to link the file wins, the other reads it.
    """
    path = key_path(name, folder)
    if not path.exists():
        make_private(path.parent)
        draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
            file.flush()
            os.fsync(file.fileno())
        try:
            path.hardlink_to(draft)
        except FileExistsError:
            draft.unlink()
            return path.read_text(encoding="ascii").strip()
        draft.unlink()
    return path.read_text(encoding="ascii").strip()
