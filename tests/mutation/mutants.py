"""Small changes of a module's code, each of which some test should notice: one mutant, one change.

Left alone: docstrings, annotations, imports, ``__all__``, and what stands under ``if TYPE_CHECKING``.
"""

from __future__ import annotations

import ast
import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
REVERSED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr, ast.FloorDiv: ast.Mult, ast.Mod: ast.Mult,
}  # fmt: skip
SWAPPED = {
    "any": "all", "all": "any", "min": "max", "max": "min", "startswith": "endswith", "endswith": "startswith",
    "partition": "rpartition", "rpartition": "partition", "removeprefix": "removesuffix", "search": "match",
    "lstrip": "rstrip", "rstrip": "lstrip", "casefold": "upper", "fullmatch": "match",
}  # fmt: skip
ANOTHER = "XX"
"""What stands in place of a text; an empty text gets it too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """A module with one change; ``inside`` is the outermost function or method changed, "" for the module's level."""

    file: Path
    line: int
    what: str
    inside: str
    tree: ast.Module


def mutants_of(file: Path) -> Iterator[Mutant]:
    """Yield every mutant of a module, from the top."""
    source = file.read_text(encoding="utf-8")
    count = sum(len(_changes(node)) for node, _ in _places(ast.parse(source)))
    for wanted in range(count):
        tree, at = ast.parse(source), 0
        for node, inside in _places(tree):
            changes = _changes(node)
            if wanted < at + len(changes):
                before = ast.unparse(node)
                line = getattr(node, "lineno", 0)
                _apply(node, changes[wanted - at])
                what = f"{before} -> {ast.unparse(node)}"
                yield Mutant(file=file, line=line, what=what, inside=inside, tree=ast.fix_missing_locations(tree))
                break
            at += len(changes)


def _places(tree: ast.AST, inside: str = "") -> Iterator[tuple[ast.AST, str]]:
    """Yield every node that may be changed, with the outermost function that it stands in."""
    for name, value in ast.iter_fields(tree):
        if name in {"annotation", "returns", "type_comment", "bases"}:
            continue
        for node in value if isinstance(value, list) else [value]:
            if not isinstance(node, ast.AST) or _left_alone(node, tree):
                continue
            within = inside
            if isinstance(node, ast.FunctionDef) and (not inside or inside.endswith(".")):
                within = f"{inside}{node.name}()"
            elif isinstance(node, ast.ClassDef) and not inside:
                within = f"{node.name}."
            if isinstance(tree, ast.FunctionDef) and name == "decorator_list":
                yield from _in_decorator(node, f"@{tree.name}")
                continue
            yield node, within
            yield from _places(node, within)


def _in_decorator(node: ast.AST, inside: str) -> Iterator[tuple[ast.AST, str]]:
    """Yield what a rule's decorator says in so many words: its code and severity."""
    if isinstance(node, ast.Call):
        plain = [*node.args, *(keyword.value for keyword in node.keywords)]
        yield from ((value, inside) for value in plain if isinstance(value, ast.Constant))


def _left_alone(node: ast.AST, parent: ast.AST) -> bool:
    if isinstance(node, ast.Import | ast.ImportFrom) or (
        isinstance(parent, ast.ClassDef) and not isinstance(node, ast.FunctionDef)
    ):
        return True
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return True
    if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
        return True
    if isinstance(node, ast.Assign | ast.AnnAssign) and not isinstance(parent, ast.FunctionDef):
        target = node.targets[0] if isinstance(node, ast.Assign) else node.target
        return ast.unparse(target) == "__all__"
    return isinstance(parent, ast.JoinedStr) and isinstance(node, ast.Constant)


def _changes(node: ast.AST) -> list[str]:  # noqa: PLR0911 - one row a kind of node
    """Return the names of the changes that a node allows."""
    match node:
        case ast.Constant(value=bool()):
            return ["turn"]
        case ast.Constant(value=int() | float()):
            return ["add one"]
        case ast.Constant(value=str()) | ast.JoinedStr():
            return ["another text"]
        case ast.Compare():
            return [f"compare {n}" for n, op in enumerate(node.ops) if type(op) in COMPARED]
        case ast.BoolOp():
            return ["and or"]
        case ast.UnaryOp(op=ast.Not()):
            return ["drop not"]
        case ast.BinOp() if type(node.op) in REVERSED:
            return ["reverse"]
        case ast.Name() if node.id in SWAPPED and isinstance(node.ctx, ast.Load):
            return ["swap name"]
        case ast.Attribute() if node.attr in SWAPPED:
            return ["swap attribute"]
        case ast.Return() if node.value is not None and not isinstance(node.value, ast.Constant):
            return ["nothing"]
        case ast.YieldFrom():
            return ["nothing yielded"]
        case ast.If() | ast.IfExp() | ast.While() if isinstance(node.test, ast.Name | ast.Attribute | ast.Call):
            return ["turn test"]
        case ast.Continue() | ast.Break():
            return ["pass"]
    return []


def _apply(node: ast.AST, change: str) -> None:
    match node:
        case ast.Constant(value=bool()):
            node.value = not node.value
        case ast.Constant(value=int() | float() as number):
            node.value = number + 1
        case ast.Constant():
            node.value = ANOTHER
        case ast.JoinedStr():
            node.values = [ast.Constant(ANOTHER)]
        case ast.Compare():
            n = int(change.split()[1])
            node.ops[n] = COMPARED[type(node.ops[n])]()
        case ast.BoolOp():
            node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        case ast.UnaryOp():
            # Twice "not" is the truth of what stands there.
            node.operand = ast.UnaryOp(op=ast.Not(), operand=node.operand)
        case ast.BinOp():
            node.op = REVERSED[type(node.op)]()
        case ast.Name():
            node.id = SWAPPED[node.id]
        case ast.Attribute():
            node.attr = SWAPPED[node.attr]
        case ast.Return():
            node.value = ast.Constant(None)
        case ast.YieldFrom():
            node.value = ast.Tuple(elts=[], ctx=ast.Load())
        case ast.Continue() | ast.Break():
            node.__class__ = ast.Pass  # type: ignore[assignment]
        case ast.If() | ast.IfExp() | ast.While():
            node.test = ast.UnaryOp(op=ast.Not(), operand=copy.deepcopy(node.test))
