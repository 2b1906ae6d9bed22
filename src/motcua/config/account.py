"""Under which account the embedded server runs: PostgreSQL refuses root, so root lends it a system account."""

import os
import pwd
import stat
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from motcua.config.trouble import Trouble

NAME = "motcua"
# Capability numbers of Linux, the weaker first: read and traverse; read, traverse and write.
_CAPABILITIES = {"dac_read_search": 2, "dac_override": 1}


@dataclass(frozen=True, slots=True)
class Account:
    """An account to run the server's programs as."""

    uid: int
    gid: int

    @property
    def is_self(self) -> bool:
        """Whether this is who we are already, so that nothing needs changing."""
        return self.uid == os.geteuid()

    def give(self, path: Path) -> None:
        """Hands a folder or file over to the account."""
        if not self.is_self:
            os.chown(path, self.uid, self.gid)

    def command(self, arguments: Sequence[str], *needs: Path) -> tuple[list[str], dict[str, Any]]:
        """The arguments and the `subprocess` options that run a program as this account.

        Where a folder on the way to one of `needs` is closed to the account (a checkout under /root), the program is
        lent the capability to pass closed folders instead of opening the folders to everyone on the machine.
        """
        if self.is_self:
            return list(arguments), {}
        if all(self._reaches(path) for path in needs):
            return list(arguments), {"user": self.uid, "group": self.gid, "extra_groups": []}
        capability = _available_capability()
        switch = ["setpriv", f"--reuid={self.uid}", f"--regid={self.gid}", "--clear-groups"]
        # The last one makes access(2) count the capability as well; initdb looks for its companions by it.
        lent = [f"--inh-caps=+{capability}", f"--ambient-caps=+{capability}", "--securebits=+no_setuid_fixup"]
        return [*switch, *lent, "--", *arguments], {}

    def _reaches(self, path: Path) -> bool:
        """Whether the account may enter every folder above `path`."""
        return all(self._enters(folder.stat()) for folder in path.resolve().parents)

    def _enters(self, status: os.stat_result) -> bool:
        if status.st_uid == self.uid:
            return bool(status.st_mode & stat.S_IXUSR)
        return bool(status.st_mode & (stat.S_IXGRP if status.st_gid == self.gid else stat.S_IXOTH))


def server_account(data: Path) -> Account:
    """The account for the cluster in `data`: ourselves, or for root the folder's owner, or a system account.

    Raises `Trouble` when the folder belongs to somebody else and we are not root.
    """
    owner = data.stat() if data.exists() else None
    if os.geteuid() != 0:
        if owner and owner.st_uid != os.geteuid():
            raise Trouble(
                f"Thư mục cơ sở dữ liệu {data} thuộc người dùng khác (uid {owner.st_uid}). "
                "Hãy chạy bằng người dùng đó, hoặc đặt MOTCUA_HOME nơi khác.",
                f"The database folder {data} belongs to another user (uid {owner.st_uid}). "
                "Run as that user, or set MOTCUA_HOME elsewhere.",
            )
        return Account(os.geteuid(), os.getegid())
    if owner and owner.st_uid != 0:
        return Account(owner.st_uid, owner.st_gid)
    entry = _system_account()
    return Account(entry.pw_uid, entry.pw_gid)


def _system_account() -> pwd.struct_passwd:
    """The account `motcua`, made when missing; `nobody` on a system that cannot make accounts."""
    try:
        return pwd.getpwnam(NAME)
    except KeyError:
        make = ["useradd", "--system", "--no-create-home", "--home-dir", "/nonexistent"]
        try:
            subprocess.run([*make, "--shell", "/usr/sbin/nologin", NAME], check=True, capture_output=True)
            return pwd.getpwnam(NAME)
        except (OSError, subprocess.CalledProcessError, KeyError):
            return pwd.getpwnam("nobody")


def _available_capability() -> str:
    """The weakest capability this process may lend; raises `Trouble` where there is none."""
    status = Path("/proc/self/status")
    lines = status.read_text(encoding="ascii").splitlines() if status.exists() else []
    bounding = next((int(line.split()[1], 16) for line in lines if line.startswith("CapBnd:")), 0)
    for name, bit in _CAPABILITIES.items():
        if bounding >> bit & 1:
            return name
    raise Trouble(
        "Chạy bằng root nhưng tài khoản của cơ sở dữ liệu không vào được thư mục này. "
        "Hãy để mã nguồn và MOTCUA_HOME ở nơi mọi người đi qua được (ví dụ /opt), hoặc chạy bằng người dùng thường.",
        "Running as root, but the database's account cannot enter this folder. "
        "Keep the source and MOTCUA_HOME where everyone may pass (for example /opt), or run as an ordinary user.",
    )
