"""What every test stands on: an own data folder, real PostgreSQL as the application's role, and no network."""

import os
import sys
import tempfile
from pathlib import Path

# Before Django reads its settings. xdist's workers inherit the folder that their controller made.
if "PYTEST_XDIST_WORKER" not in os.environ:
    for name in [
        name for name in os.environ if name.startswith("MOTCUA_") and name not in {"MOTCUA_SHARED", "MOTCUA_CHROMIUM"}
    ]:
        del os.environ[name]
    os.environ["MOTCUA_HOME"] = tempfile.mkdtemp(prefix="motcua-test-")
os.environ["DJANGO_SETTINGS_MODULE"] = "motcua.config.settings"
sys.path.insert(0, str(Path(__file__).parent))

from motcua.config.database import read_as_system

read_as_system()  # a test looks at everything; a request that it makes meets the wall (support.walls)

pytest_plugins = [
    "support.session",
    "support.database",
    "support.network",
    "support.server",
    "support.browser",
    "support.caches",
    "support.identity_provider",
    "support.forms",
    "support.signatures",
    "support.walls",
]
