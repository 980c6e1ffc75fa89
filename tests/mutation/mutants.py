"""Small wrongs planted in the code of a function, one at a time: a comparison, a condition, a yes, an answer, a refusal.

Each is compiled to a code object that a live function is given, so nothing is written to disk and nothing starts anew.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd, ast.Sub: ast.Add, ast.Add: ast.Sub,
}  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """One wrong: where it is, what was done, and the code of the function with it."""

    module: str
    function: str
    line: int
    what: str
    code: CodeType

    def __str__(self) -> str:
        return f"{self.module}:{self.line} {self.function}: {self.what}"


def mutants_of(module: ModuleType) -> Iterator[Mutant]:
    """Yield every mutant of every function of a module, in the order of its lines."""
    path = Path(str(module.__file__))
    tree = ast.parse(path.read_text())
    for number, (node, _change) in enumerate(_changes(tree)):
        inside = _function_around(tree, node)
        if inside is None:
            continue  # what stands outside functions is a table or a name; other tests read those
        wrong = copy.deepcopy(tree)
        changed, change = list(_changes(wrong))[number]
        what = change(changed)
        ast.fix_missing_locations(wrong)
        code = _find(compile(wrong, str(path), "exec"), inside)
        if code is not None:
            yield Mutant(module.__name__, inside, node.lineno, what, code)


def _changes(tree: ast.AST) -> list[tuple[Any, Any]]:
    found: list[tuple[Any, Any]] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare) and type(node.ops[0]) in COMPARISONS:
            found.append((node, _flip))
        elif isinstance(node, ast.BoolOp):
            found.append((node, _other_join))
        elif isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
            found.append((node, _other_operator))
        elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
            found.append((node, _other_answer))
        elif isinstance(node, ast.If):
            found.append((node, _negate))
        elif isinstance(node, ast.Return) and node.value is not None:
            found.append((node, _nothing_back))
        elif isinstance(node, ast.Raise):
            found.append((node, _no_refusal))
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            found.append((node, _not_done))
    return sorted(found, key=lambda one: (one[0].lineno, one[0].col_offset, one[1].__name__))


def _flip(node: ast.Compare) -> str:
    before = type(node.ops[0])
    node.ops[0] = COMPARISONS[before]()
    return f"{before.__name__} becomes {COMPARISONS[before].__name__}"


def _other_join(node: ast.BoolOp) -> str:
    node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
    return f"becomes {type(node.op).__name__.lower()}"


def _other_operator(node: ast.BinOp) -> str:
    node.op = OPERATORS[type(node.op)]()
    return f"becomes {type(node.op).__name__}"


def _other_answer(node: ast.Constant) -> str:
    node.value = not node.value
    return f"becomes {node.value}"


def _negate(node: ast.If) -> str:
    node.test = ast.UnaryOp(ast.Not(), node.test)
    return "if becomes if not"


def _nothing_back(node: ast.Return) -> str:
    node.value = ast.Constant(None)
    return "returns nothing"


def _replace(node: Any) -> None:
    node.__class__ = ast.Pass
    node._fields = ()


def _no_refusal(node: ast.Raise) -> str:
    _replace(node)
    return "does not refuse"


def _not_done(node: ast.Expr) -> str:
    said = ast.unparse(node)[:40]
    _replace(node)
    return f"leaves out {said}"


def _function_around(tree: ast.AST, node: ast.AST) -> str | None:
    """Return the dotted name of the outermost function that holds the node."""

    def look(inside: ast.AST, names: tuple[str, ...]) -> str | None:
        for child in ast.iter_child_nodes(inside):
            if isinstance(child, ast.FunctionDef):
                if any(one is node for part in child.body for one in ast.walk(part)):
                    return ".".join((*names, child.name))
            elif isinstance(child, ast.ClassDef) and (found := look(child, (*names, child.name))):
                return found
        return None

    return look(tree, ())


def _find(code: CodeType, dotted: str) -> CodeType | None:
    for name in dotted.split("."):
        inner = [one for one in code.co_consts if isinstance(one, CodeType) and one.co_name == name]
        if not inner:
            return None
        code = inner[0]
    return code


def live(module: ModuleType, dotted: str) -> FunctionType | None:
    """Return the function of that name as it lives in the module, inside whatever wraps it."""
    found: Any = module
    for name in dotted.split("."):
        found = vars(found).get(name) if isinstance(found, type) else getattr(found, name, None)
    if isinstance(found, property):
        found = found.fget
    elif isinstance(found, (staticmethod, classmethod)):
        found = found.__func__
    while found is not None and hasattr(found, "__wrapped__"):
        found = found.__wrapped__
    return found if isinstance(found, FunctionType) else None


def plant(module: ModuleType, mutant: Mutant) -> bool:
    """Give the live function the wrong code; False where it cannot be reached."""
    function = live(module, mutant.function)
    if function is None or function.__code__.co_freevars != mutant.code.co_freevars:
        return False
    function.__code__ = mutant.code
    return True
