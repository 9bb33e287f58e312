"""Put a mutant in the place of the real thing, in modules that are loaded already."""

from __future__ import annotations

import ast
import sys
from dataclasses import replace
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any

from assistant.cache import LruCache
from assistant.rules import registry as answers_registry
from assistant.rules.agreement import registry as document_registry

if TYPE_CHECKING:
    from types import ModuleType

    from tests.mutation.mutants import Mutant


def put_in_place(mutant: Mutant) -> bool:
    """Put a mutant in place; return whether it could be: where its code does not even run, that is noticed."""
    module = next(m for m in list(sys.modules.values()) if getattr(m, "__file__", None) == str(mutant.file))
    for value in vars(module).values():
        if callable(clear := getattr(value, "cache_clear", None)):
            clear()
        if isinstance(value, LruCache):
            value.clear()
    if mutant.inside.startswith("@"):
        return _decorated(module, mutant)
    if mutant.inside:
        return _function(module, mutant)
    return _constants(module, mutant)


def _function(module: ModuleType, mutant: Mutant) -> bool:
    holder, _, name = mutant.inside.removesuffix("()").rpartition(".")
    wanted = compile(mutant.tree, str(mutant.file), "exec", dont_inherit=True)
    code = _code_of(wanted, [holder, name] if holder else [name])
    owner: Any = vars(module)[holder] if holder else module
    found = vars(owner)[name]
    function = getattr(found, "fget", None) or getattr(found, "__wrapped__", None) or found
    if code is None or not isinstance(function, FunctionType):
        return False
    function.__code__ = code
    if code.co_freevars != function.__code__.co_freevars:
        return False
    node = next(n for n in ast.walk(mutant.tree) if isinstance(n, ast.FunctionDef) and n.name == name)
    function.__defaults__ = tuple(eval(ast.unparse(d), vars(module)) for d in node.args.defaults) or None  # noqa: S307
    names = [(a.arg, d) for a, d in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True) if d]
    function.__kwdefaults__ = {arg: eval(ast.unparse(d), vars(module)) for arg, d in names}  # noqa: S307
    return True


def _code_of(code: CodeType, path: list[str]) -> CodeType | None:
    for name in path:
        inner = (c for c in code.co_consts if isinstance(c, CodeType) and c.co_name == name)
        found = next(inner, None)
        if found is None:
            return None
        code = found
    return code


def _constants(module: ModuleType, mutant: Mutant) -> bool:
    """Work the module's own values out anew, and put those that came out otherwise wherever they were imported."""
    for node in mutant.tree.body:
        if not isinstance(node, ast.Assign | ast.AnnAssign) or node.value is None:
            continue
        target = node.targets[0] if isinstance(node, ast.Assign) else node.target
        if not isinstance(target, ast.Name) or target.id not in vars(module) or target.id.startswith("_registry"):
            continue
        old = vars(module)[target.id]
        try:
            new = eval(ast.unparse(node.value), vars(module))  # noqa: S307 - our own code
        except Exception:  # noqa: BLE001 - whatever goes wrong would go wrong at the import
            return False
        if new != old:
            _everywhere(old, new)
    return True


def _everywhere(old: object, new: object) -> None:
    for module in list(sys.modules.values()):
        if getattr(module, "__name__", "").startswith(("assistant", "tests", "test_")):
            for name in [name for name, value in vars(module).items() if value is old]:
                setattr(module, name, new)


def _decorated(module: ModuleType, mutant: Mutant) -> bool:
    """Give a rule the card that its changed decorator would have given it."""
    name = mutant.inside.removeprefix("@")
    node = next(n for n in mutant.tree.body if isinstance(n, ast.FunctionDef) and n.name == name)
    call = node.decorator_list[0]
    if not isinstance(call, ast.Call) or ast.unparse(call.func) not in {"rule", "document_rule"}:
        return False
    code = ast.literal_eval(call.args[0])
    said = {k.arg: ast.literal_eval(k.value) for k in call.keywords if k.arg and isinstance(k.value, ast.Constant)}
    function = vars(module)[name]
    for registry in (answers_registry._registry, document_registry._registry):
        for key, (card, kept) in list(registry.items()):
            if kept is function:
                registry[key] = (replace(card, code=code, **said), kept)
    return True
