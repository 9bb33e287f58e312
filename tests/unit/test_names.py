"""No name in the program consists of a past participle alone: `found`, `said`, `kept` say nothing of what they hold."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "assistant"
MODULES = sorted(PACKAGE.rglob("*.py"))

PARTICIPLES = frozenset(
    [
        "asked",
        "brought",
        "checked",
        "chosen",
        "done",
        "drawn",
        "found",
        "given",
        "gone",
        "heard",
        "held",
        "kept",
        "known",
        "laid",
        "listed",
        "lost",
        "made",
        "meant",
        "met",
        "said",
        "seen",
        "shown",
        "spoken",
        "stated",
        "taken",
        "told",
        "typed",
        "wanted",
        "written",
    ]
)
# Columns of the database, which are renamed by a migration only.
COLUMNS = frozenset({("storage/draft_tables.py", "typed"), ("storage/roster_tables.py", "chosen")})


def names_in(tree: ast.AST) -> list[tuple[str, int]]:
    """Return (name, line) of everything that a module names: functions, classes, parameters, variables, fields."""
    names = []
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.append((node.name, node.lineno))
        elif isinstance(node, ast.arg):
            names.append((node.arg, node.lineno))
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.append((node.id, node.lineno))
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and ast.unparse(node.value) == "self":
            names.append((node.attr, node.lineno))
        elif isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name:
            names.append((node.name, node.lineno))
        elif isinstance(node, ast.alias) and node.asname:
            names.append((node.asname, node.lineno))
    return names


def is_bare(name: str) -> bool:
    """Say whether a name is a participle of the list and nothing else."""
    return name.strip("_").casefold() in PARTICIPLES


def test_a_participle_is_noticed_wherever_a_name_may_stand() -> None:
    tree = ast.parse(
        "KEPT = 1\n"
        "class Found: said: str\n"
        "def _told(seen, *held, **given): made = lambda known: known\n"
        "for x, (shown, text) in (): self.taken = x\n"
        "import a as drawn\n"
    )
    bare = {name for name, _ in names_in(tree) if is_bare(name)}
    assert bare == {
        "KEPT",
        "Found",
        "said",
        "_told",
        "seen",
        "held",
        "given",
        "made",
        "known",
        "shown",
        "taken",
        "drawn",
    }
    assert not any(map(is_bare, ("known_pages", "is_seen", "text", "left", "read")))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_name_is_a_bare_participle(path: Path) -> None:
    place = path.relative_to(PACKAGE)
    assert not is_bare(path.stem), "name the module by what it holds or does"
    bare = [f"{name}, line {line}" for name, line in names_in(ast.parse(path.read_bytes())) if is_bare(name)]
    bare = [row for row in bare if (place.as_posix(), row.partition(",")[0]) not in COLUMNS]
    assert bare == [], "name it by what it holds: `pages`, `known_names`, `declared_day`, not `found`, `known`, `said`"
