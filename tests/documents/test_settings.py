"""The operator's page lists exactly the settings that exist, with their defaults and meanings."""

from pathlib import Path

from motcua.config.env import DECLARED

_PAGE = Path(__file__).parents[2] / "docs" / "operator" / "install.md"


def _shown(default: object) -> str:
    if default is None:
        return "–"
    if isinstance(default, tuple):
        return f"`{', '.join(map(str, default))}`"
    return f"`{int(default) if isinstance(default, bool) else default}`"


def test_every_setting_is_on_the_operators_page_as_it_is_declared() -> None:
    rows = [
        line for line in _PAGE.read_text(encoding="utf-8").splitlines() if line.startswith(("| `MOTCUA_", "| `DATA"))
    ]
    declared = [f"| `{name}` | {_shown(setting.default)} | {setting.meaning} |" for name, setting in DECLARED.items()]
    assert rows == declared
