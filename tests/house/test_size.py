"""The house's sizes: no file over 500 lines, no function over 50, and each module says what it is for."""

import ast
from pathlib import Path

_ROOT = Path(__file__).parents[2]
_KINDS = {".py", ".html", ".scss", ".js", ".typ", ".css"}
_NOT_OURS = {"dist", "dist.new", "migrations", "__pycache__"}
_OURS = {
    str(path.relative_to(_ROOT)): path.read_text(encoding="utf-8")
    for top in ("src", "tests", "bench", "tools")
    for path in sorted((_ROOT / top).rglob("*"))
    if path.suffix in _KINDS and not _NOT_OURS & set(path.parts)
}
_MODULES = {name: ast.parse(text) for name, text in _OURS.items() if name.endswith(".py") and text.strip()}


def test_the_files_are_found() -> None:
    assert len(_MODULES) > 100


def test_no_file_is_longer_than_500_lines() -> None:
    lengths = {name: text.count("\n") for name, text in _OURS.items()}
    assert {name: length for name, length in lengths.items() if length > 500} == {}


def test_no_function_is_longer_than_50_lines() -> None:
    lengths = {
        f"{name}:{node.lineno} {node.name}": (node.end_lineno or node.lineno) - node.lineno + 1
        for name, module in _MODULES.items()
        for node in ast.walk(module)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert {name: length for name, length in lengths.items() if length > 50} == {}


def test_every_module_begins_by_saying_what_it_is_for() -> None:
    assert [name for name, module in _MODULES.items() if not ast.get_docstring(module)] == []
