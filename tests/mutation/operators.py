"""One small change to a syntax tree at a time: what a slip of the pen could have been."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass

COMPARED = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
WORKED = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Div,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.BitXor: ast.BitAnd,
}
JOINED = {ast.And: ast.Or, ast.Or: ast.And}
NAMED = {
    "minimum": "maximum",
    "min": "max",
    "any": "all",
    "floor": "ceil",
    "isfinite": "isnan",
    "less": "less_equal",
}
NAMED |= {after: before for before, after in NAMED.items()}
OUTSIDE = {"annotation", "returns", "decorator_list", "type_params"}
"""Fields that change no figure: types, and how a dataclass is declared."""


@dataclass(frozen=True)
class Mutant:
    """The changed module, the place and wording of the change, and the outermost function it lies in."""

    tree: ast.Module
    line: int
    change: str
    function: tuple[int, int] | None

    def code(self, path: str) -> object:
        return compile(ast.fix_missing_locations(self.tree), path, "exec")


def mutants_of(source: str) -> list[Mutant]:
    """Every mutant of a module, in the order of its lines."""
    tree = ast.parse(source)
    found = []
    for path, node, function in _places(tree, (), None):
        for change in _changes(node):
            mutated = copy.deepcopy(tree)
            _put(mutated, path, change)
            wording = f"{_text(node)} -> {_text(change)}"
            found.append(Mutant(mutated, node.lineno, wording, function))  # type: ignore[attr-defined]
    return found


def _places(
    node: ast.AST, path: tuple[tuple[str, int | None], ...], function: tuple[int, int] | None
) -> Iterator[tuple[tuple[tuple[str, int | None], ...], ast.AST, tuple[int, int] | None]]:
    if isinstance(node, ast.FunctionDef) and function is None:
        function = node.body[0].lineno, node.end_lineno or node.lineno
    for name, value in ast.iter_fields(node):
        if name in OUTSIDE or (isinstance(node, ast.If) and _text(node.test) == "TYPE_CHECKING"):
            continue
        children = [(None, value)] if isinstance(value, ast.AST) else []
        if isinstance(value, list):
            children = [(i, each) for i, each in enumerate(value) if isinstance(each, ast.AST)]
        for place, child in children:
            here = (*path, (name, place))
            # a default belongs to the signature, which every caller meets: it is worked at import
            inside = None if isinstance(child, ast.arguments) and len(path) <= 1 else function
            if hasattr(child, "lineno"):
                yield here, child, inside
            yield from _places(child, here, inside)


def _put(tree: ast.AST, path: tuple[tuple[str, int | None], ...], new: ast.AST) -> None:
    for name, place in path[:-1]:
        tree = getattr(tree, name) if place is None else getattr(tree, name)[place]
    name, place = path[-1]
    if place is None:
        setattr(tree, name, new)
    else:
        getattr(tree, name)[place] = new


def _changes(node: ast.AST) -> Iterator[ast.AST]:
    """The node as each slip would leave it."""
    new = copy.deepcopy(node)
    match new:
        case ast.Compare(ops=[op, *_]) if type(op) in COMPARED:
            new.ops[0] = COMPARED[type(op)]()
        case ast.BinOp(op=op) | ast.AugAssign(op=op) if type(op) in WORKED and not _is_text(new):
            new.op = WORKED[type(op)]()
        case ast.BoolOp(op=op):
            new.op = JOINED[type(op)]()
        case ast.UnaryOp():
            new = new.operand
        case ast.Constant(value=bool() as value):
            new.value = not value
        case ast.Constant(value=int() | float() as value):
            new.value = value + 1
        case ast.Return(value=ast.expr() as value) if not (
            isinstance(value, ast.Constant) and value.value is None
        ):
            new.value = ast.Constant(None)
        case ast.Raise():
            new = ast.Pass()
        case ast.If(test=test) | ast.IfExp(test=test) if _text(test) != "TYPE_CHECKING":
            new.test = ast.UnaryOp(ast.Not(), test)
        case ast.Break():
            new = ast.Continue()
        case ast.Continue():
            new = ast.Break()
        case ast.Attribute(attr=name) if name in NAMED:
            new.attr = NAMED[name]
        case ast.Name(id=name, ctx=ast.Load()) if name in NAMED:
            new.id = NAMED[name]
        case ast.Call(keywords=[*_]):
            for i, keyword in enumerate(node.keywords):
                if keyword.arg not in {None, "remedy", "dtype", "frozen"}:
                    less = copy.deepcopy(node)
                    del less.keywords[i]
                    yield ast.copy_location(less, node)
            return
        case _:
            return
    yield ast.copy_location(new, node)


def _is_text(node: ast.AST) -> bool:
    return any(isinstance(each, ast.JoinedStr) or _is_str(each) for each in ast.iter_child_nodes(node))


def _is_str(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _text(node: ast.AST) -> str:
    text = ast.unparse(ast.fix_missing_locations(copy.deepcopy(node))).split("\n")[0]
    return text if len(text) <= 90 else text[:87] + "..."
