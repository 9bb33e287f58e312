"""The modules stand as docs/architecture.md draws them: imports point down, and each library stays in its room."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "assistant"
BASE = {
    "__init__", "answers", "cache", "config", "disk", "errors", "garbage", "geometry", "logs", "text",
}  # fmt: skip
CONTENT = {
    "agencies", "bundle", "documents", "editions", "mapping", "messages", "program", "reading", "roster", "rules",
    "spreadsheets", "verifying",
}  # fmt: skip
BELOW_SERVICES = BASE | {"pdf", "storage"} | CONTENT
"""All but ``scans``: whoever runs outside the sandbox loads no OpenCV."""

# Room -> rooms it may import from, besides itself; here because imports for types count too, which import-linter leaves
# out. What may import what inside pdf, services and web is in pyproject.toml, [tool.importlinter].
MAY_IMPORT: dict[str, set[str]] = {
    **dict.fromkeys(BASE, BASE),
    "pdf": BASE,
    "scans": BASE,
    **dict.fromkeys(CONTENT, BASE | {"pdf", "scans"} | CONTENT),
    "storage": BASE,
    "services": BELOW_SERVICES,
    "web": BELOW_SERVICES | {"services"},
    "app": BELOW_SERVICES | {"services", "web"},
    "cli": BELOW_SERVICES | {"services", "app"},
    "__main__": {"cli"},
}
# Library -> the rooms that know it.
KNOWN_IN = {
    "flask": {"app", "web", "cli"},
    "werkzeug": {"app", "web"},
    "jinja2": {"app", "web"},
    "flask_wtf": {"app", "web"},
    "wtforms": {"web"},
    "pypdf": {"pdf", "documents"},
    "pypdfium2": {"pdf", "documents"},
    "reportlab": {"pdf", "documents"},
    "sqlalchemy": {"storage", "services"},
    "alembic": {"storage"},
    "psycopg": {"storage"},
    "procrastinate": {"storage", "services"},
    "click": {"cli"},
    "cv2": {"scans"},
    "pyhanko": {"verifying"},
    "tesserocr": {"scans", "verifying"},
    "pi_heif": {"pdf"},
    "numpy": {"scans", "reading", "verifying"},
    "waitress": {"cli"},
    "onnxruntime": {"scans"},
    "icalendar": {"documents"},
    "olefile": {"messages"},
    "holidays": {"program"},
}
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "misc"}
EMPTY_VERBS = {"validate", "process", "handle", "manage"}
# WTForms, SQLAlchemy and the parser of HTML call these by name, so a class of ours must have them.
GIVEN_NAMES = {
    "process", "process_formdata", "process_data", "validate", "pre_validate", "post_validate",
    "process_bind_param", "process_result_value", "handle_starttag", "handle_endtag", "handle_data",
}  # fmt: skip
LONGEST = 450

MODULES = sorted(PACKAGE.rglob("*.py"))


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def imports(path: Path, *, types: bool = True) -> Iterator[str]:
    """Yield every module that a file imports, wherever in it, with or without those for types only."""
    tree = ast.parse(path.read_text("utf-8"))
    for_types = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for part in node.body
        for inner in ast.walk(part)
    }
    for node in ast.walk(tree):
        if not types and node in for_types:
            continue
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: write the whole name of the module"
            assert node.module
            # `from assistant import config` names a room, `from assistant.pdf import fill` a part of one.
            for name in node.names:
                yield f"{node.module}.{name.name}" if node.module == "assistant" else node.module


def test_every_room_has_its_place() -> None:
    assert {room(path) for path in MODULES} <= MAY_IMPORT.keys(), "give the new room a row in MAY_IMPORT"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_down(path: Path) -> None:
    here = room(path)
    for name in imports(path):
        parts = name.split(".")
        if parts[0] == "assistant" and len(parts) > 1:
            there = "__init__" if parts[1].startswith("__version") else parts[1]
            assert there == here or there in MAY_IMPORT[here], f"{here} must not import {there}"
    # A session passed through is named in the types of a view; only a room that uses the library loads it.
    for name in imports(path, types=False):
        parts = name.split(".")
        if parts[0] in KNOWN_IN:
            assert here in KNOWN_IN[parts[0]], f"{parts[0]} has no place in {here}"


def test_rooms_do_not_go_round_in_circles() -> None:
    edges: dict[str, set[str]] = {}
    for path in MODULES:
        for name in imports(path):
            parts = name.split(".")
            if parts[0] == "assistant" and len(parts) > 1 and parts[1] in MAY_IMPORT and parts[1] != room(path):
                edges.setdefault(room(path), set()).add(parts[1])
    while edges:
        ends = {here for here, there in edges.items() if not there & edges.keys()}
        assert ends, f"these import each other: {edges}"
        for here in ends:
            del edges[here]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_file_is_short_and_says_what_it_does(path: Path) -> None:
    text = path.read_text("utf-8")
    assert len(text.splitlines()) <= LONGEST
    assert path.stem not in EMPTY_NAMES
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name not in GIVEN_NAMES:
            first = node.name.strip("_").split("_")[0]
            assert first not in EMPTY_VERBS, f"{node.name}: say what it does"


def test_help_loads_no_large_library() -> None:
    code = (
        "import sys; from assistant.cli.main import run; run(['--help']); "
        "print(sorted({name.split('.')[0] for name in sys.modules}), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    loaded = set(ast.literal_eval(done.stderr))
    assert not loaded & {"flask", "reportlab", "pypdf", "sqlalchemy", "PIL", "cryptography", "wtforms"}


def tracked() -> list[Path]:
    """Return the files that git knows, or every file of a copy without git that could be in it."""
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if done.returncode:
        pytest.skip("only in a clone: git does not know this folder")
    return [ROOT / name for name in done.stdout.decode().split("\0") if name]


def test_no_file_names_a_registry() -> None:
    # Put together here, so that this file is none of them.
    hosts = [
        "pypi" + r"\.(org|python)", "python" + r"hosted\.org", "npm" + r"js\.(org|com)", "yarn" + r"pkg\.com",
        "deb" + r"\.debian\.org", "crates" + r"\.io", "un" + r"pkg\.com", "js" + r"delivr\.net",
    ]  # fmt: skip
    pattern = re.compile("|".join(hosts).encode())
    named = [str(path) for path in tracked() if path.is_file() and pattern.search(path.read_bytes())]
    assert named == []


def test_no_official_form_is_in_git() -> None:
    assert [str(path) for path in tracked() if path.suffix.lower() == ".pdf"] == []


def test_no_python_among_the_forms() -> None:
    assert [str(path) for path in (ROOT / "forms").rglob("*.py")] == []


def test_one_public_type_name_has_one_meaning() -> None:
    found: dict[str, list[str]] = {}
    for path in MODULES:
        for node in ast.parse(path.read_text("utf-8")).body:
            names = [node.name] if isinstance(node, ast.ClassDef) else []
            if isinstance(node, ast.Assign):
                names = [target.id for target in node.targets if isinstance(target, ast.Name)]
            elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                names = [node.target.id]
            for name in names:
                # A type's name is in capitals and small letters; a constant's has no small ones.
                if name[0].isupper() and not name.isupper():
                    found.setdefault(name, []).append(str(path.relative_to(PACKAGE)))
    assert {name: places for name, places in found.items() if len(places) > 1} == {}
