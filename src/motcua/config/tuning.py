"""The embedded server's settings, fitted to the machine it finds itself on."""

import os
import shutil
from pathlib import Path

_MB = 1024 * 1024
_CGROUP_LIMITS = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))
_SHM = Path("/dev/shm")  # noqa: S108 - only its size is looked at


def memory() -> int:
    """Bytes of memory this process may use: the machine's, or less where a container limits it."""
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    for path in _CGROUP_LIMITS:
        if path.exists() and (limit := path.read_text(encoding="ascii").strip()).isdigit():
            total = min(total, int(limit))
    return total


def settings(socket: Path, *, available: int | None = None) -> dict[str, str]:
    """Server settings as `-c` options: durable (fsync, full commits) and sized for `available` bytes of memory."""
    megabytes = (available or memory()) // _MB
    cramped = not _SHM.exists() or shutil.disk_usage(_SHM).total < 256 * _MB
    return {
        "listen_addresses": "",
        "unix_socket_directories": str(socket),
        "unix_socket_permissions": "0700",
        "password_encryption": "scram-sha-256",
        "max_connections": "120",
        "shared_buffers": f"{min(max(megabytes // 8, 64), 2048)}MB",
        "effective_cache_size": f"{max(megabytes // 2, 128)}MB",
        "maintenance_work_mem": f"{min(max(megabytes // 32, 32), 512)}MB",
        "work_mem": "16MB",
        "synchronous_commit": "on",
        "fsync": "on",
        "full_page_writes": "on",
        "max_wal_size": "2GB",
        "checkpoint_timeout": "15min",
        # A backup folder that cannot be written to must not fill this disk with changes kept back for it.
        "max_slot_wal_keep_size": "4GB",
        "random_page_cost": "1.1",
        "jit": "off",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "dynamic_shared_memory_type": "mmap" if cramped else "posix",
        # Statements and details of errors quote values, and values may be personal data: neither is logged.
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
        "log_parameter_max_length": "0",
        "log_parameter_max_length_on_error": "0",
        "log_line_prefix": "%m [%p] %q%u@%d ",
        "logging_collector": "off",
        # The tools that read this log for the cause of a failed start know the English texts.
        "lc_messages": "C",
    }
