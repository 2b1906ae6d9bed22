"""The icons that pages may use, and the one SVG sprite that carries them."""

from __future__ import annotations

import json
from pathlib import Path

# Names of the lucide set. Each one costs about 100 compressed bytes on every first visit, so only what a page uses.
ICONS: frozenset[str] = frozenset(
    [
        "arrow-down",
        "arrow-left",
        "arrow-right",
        "arrow-up",
        "baby",
        "ban",
        "banknote",
        "bell",
        "book-open",
        "briefcase",
        "building-2",
        "calendar-days",
        "car",
        "chart-column",
        "check",
        "chevron-down",
        "chevron-left",
        "chevron-right",
        "circle-alert",
        "circle-check",
        "circle-help",
        "clipboard-list",
        "clock",
        "download",
        "external-link",
        "eye",
        "file-text",
        "files",
        "globe",
        "graduation-cap",
        "hand-heart",
        "heart",
        "history",
        "hourglass",
        "house",
        "id-card",
        "inbox",
        "info",
        "key-round",
        "keyboard",
        "landmark",
        "languages",
        "layers",
        "list-checks",
        "log-in",
        "log-out",
        "mail",
        "map",
        "map-pin",
        "menu",
        "package-check",
        "paperclip",
        "pause",
        "pencil",
        "phone",
        "play",
        "plus",
        "printer",
        "qr-code",
        "scale",
        "search",
        "send",
        "settings",
        "shield",
        "sprout",
        "stamp",
        "store",
        "trash-2",
        "trees",
        "triangle-alert",
        "undo-2",
        "upload",
        "user",
        "users",
        "workflow",
        "x",
    ]
)

# Shapes that go with the five colours of time; the typeface has no such signs. viewBox 0 0 16 16, filled.
SHAPES: dict[str, str] = {
    "early": '<path d="M8 2 15 14H1Z"/>',
    "on-time": '<circle cx="8" cy="8" r="6"/>',
    "soon": '<path d="m8 1 7 7-7 7-7-7Z"/>',
    "late": '<path d="M2 2h12v12H2Z"/>',
    "none": '<circle cx="8" cy="8" r="5" fill="none" stroke="currentColor" stroke-width="2"/>',
}

# The mark of the house: one open door under an arch.
MARK = (
    '<symbol id="mark" viewBox="0 0 32 32"><path fill="currentColor" d="M16 2a11 11 0 0 0-11 11v15a2 2 0 0 0 2 2h18'
    'a2 2 0 0 0 2-2V13A11 11 0 0 0 16 2Z"/><path fill="#fff" d="M16 8a6 6 0 0 0-6 6v12l9-3V9a6 6 0 0 0-3-1Z"/>'
    '<circle cx="16.4" cy="17" r="1.2" fill="currentColor"/></symbol>'
)


def sprite(lucide_json: Path) -> str:
    """The sprite's SVG text: lucide icons as `#i-NAME`, time shapes as `#s-NAME`, the mark as `#mark`.

    Raises KeyError with the name when the installed icon set lacks one.
    """
    data = json.loads(lucide_json.read_text(encoding="utf-8"))
    icons, aliases = data["icons"], data.get("aliases", {})
    symbols = [MARK]
    for name in sorted(ICONS):
        body = icons[name if name in icons else aliases[name]["parent"]]["body"]
        symbols.append(f'<symbol id="i-{name}" viewBox="0 0 24 24">{body}</symbol>')
    symbols += [
        f'<symbol id="s-{name}" viewBox="0 0 16 16" fill="currentColor">{body}</symbol>'
        for name, body in SHAPES.items()
    ]
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>\n'
